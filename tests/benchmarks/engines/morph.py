"""The same mapping for morph-kgc, as RML: run in its own environment, which has nothing of ours.

``morph.py <format> <file> <target>`` in that environment; everything else is called by us.
"""

import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

PINNED = Path(__file__).parent.parent / "peers" / "morph-kgc.txt"
ELM = "http://data.europa.eu/snb/model/elm/"
QCP = "https://w3id.org/qcp-graph/ns#"
DCT = "http://purl.org/dc/terms/"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
GRAPH = "https://example.org/graph/xx/bench/"
BASE = "https://example.org/id/"
QUALIFICATION = BASE + "qualification/xx/bench/{number}"
LITERALS = (
    ("number", "http://www.w3.org/2004/02/skos/core#notation", "", "data"),
    ("titleOther", f"{DCT}title", 'rr:language "cy"', "data"),
    ("title", f"{DCT}title", 'rr:language "en"', "data"),
    ("summary", f"{DCT}description", 'rr:language "en"', "data"),
    ("purpose", f"{ELM}additionalNote", 'rr:language "en"', "data"),
    ("entry", f"{ELM}entryRequirement", 'rr:language "en"', "data"),
    ("assessment", f"{ELM}provenBy", 'rr:language "en"', "data"),
    ("progression", f"{ELM}entitlesTo", 'rr:language "en"', "data"),
    ("sector", f"{ELM}thematicArea", 'rr:language "en"', "data"),
    ("bodyName", f"{ELM}awardingBodyName", 'rr:language "en"', "data"),
    ("credits", f"{ELM}creditPoint", f"rr:datatype <{XSD}integer>", "data"),
    ("hours", f"{ELM}volumeOfLearning", f"rr:datatype <{XSD}integer>", "data"),
    ("start", f"{QCP}validFrom", f"rr:datatype <{XSD}date>", "provenance"),
    ("review", f"{QCP}reviewDate", f"rr:datatype <{XSD}date>", "provenance"),
    ("end", f"{QCP}validUntil", f"rr:datatype <{XSD}date>", "provenance"),
    ("updated", f"{DCT}modified", f"rr:datatype <{XSD}dateTime>", "provenance"),
)
TEMPLATES = (
    ("https://example.org/status/{status}", f"{QCP}status", "provenance"),
    (BASE + "level/{level}", f"{ELM}NQFLevel", "data"),
    (BASE + "organisation/xx/bench/{bodyCode}", f"{ELM}awardingBody", "data"),
)
CONSTANTS = (
    (f"{ELM}Qualification", TYPE),
    (BASE + "organisation/xx/bench/publisher", f"{DCT}publisher"),
)
SOURCES = {
    "csv": ("CSV", ""),
    "json": ("JSONPath", "$.records[*]"),
    "xml": ("XPath", "/register/record"),
}
INNER = {"json": "$.records[*].outcomes[*]", "xml": "/register/record/outcomes/outcome"}


def rml(form: str, file: Path) -> str:
    """Return the mapping; an outcome names its qualification, for nothing climbs out of it."""
    maps = [_map("qualification", form, file, SOURCES[form][1], QUALIFICATION, _main())]
    if form == "csv":
        for n in range(1, 6):
            outcome = f"{BASE}outcome/xx/bench/{{number}}-{n}"
            link = _objects(f"{ELM}learningOutcome", f'rr:template "{outcome}"', "data")
            maps.append(_map(f"link{n}", form, file, "", QUALIFICATION, [link]))
            maps.append(_map(f"outcome{n}", form, file, "", outcome, _outcome(f"outcome{n}")))
        return "\n".join([_PREFIXES, *maps])
    outcome = BASE + "outcome/xx/bench/{id}"
    link = _objects(f"{ELM}learningOutcome", f'rr:template "{outcome}"', "data")
    subject = QUALIFICATION.replace("{number}", "{of}")
    maps.append(_map("link", form, file, INNER[form], subject, [link]))
    maps.append(_map("outcome", form, file, INNER[form], outcome, _outcome("text")))
    return "\n".join([_PREFIXES, *maps])


_PREFIXES = """@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@base <http://example.org/bench/> ."""


def _map(
    name: str, form: str, file: Path, iterator: str, subject: str, rules: list[str]
) -> str:  # fmt: skip
    along = f' ; rml:iterator "{iterator}"' if iterator else ""
    source = f'rml:source "{file}" ; rml:referenceFormulation ql:{SOURCES[form][0]}{along}'
    body = " ;\n  ".join(rules)
    return (
        f"<{name}> rml:logicalSource [ {source} ] ;\n"
        f'  rr:subjectMap [ rr:template "{subject}" ] ;\n  {body} .'
    )


def _main() -> list[str]:
    return [
        *(_objects(p, f"rr:constant <{iri}>", "data") for iri, p in CONSTANTS),
        *(_objects(p, f'rr:template "{text}"', graph) for text, p, graph in TEMPLATES),
        _objects(
            "http://xmlns.com/foaf/0.1/page", 'rml:reference "page" ; rr:termType rr:IRI', "data"
        ),
        *(
            _objects(p, f'rml:reference "{field}"' + (f" ; {more}" if more else ""), graph)
            for field, p, more, graph in LITERALS
        ),
    ]


def _outcome(field: str) -> list[str]:
    return [
        _objects(TYPE, f"rr:constant <{ELM}LearningOutcome>", "data"),
        _objects(f"{DCT}title", f'rml:reference "{field}" ; rr:language "en"', "data"),
    ]


def _objects(predicate: str, term: str, graph: str) -> str:
    return (
        f"rr:predicateObjectMap [ rr:predicate <{predicate}> ; rr:objectMap [ {term} ] ; "
        f"rr:graphMap [ rr:constant <{GRAPH}{graph}> ] ]"
    )


def environment(folder: Path) -> Path | None:
    """Return the interpreter of an environment with morph-kgc, made on demand; None without."""
    python = folder / "bin" / "python"
    done = folder / PINNED.name
    if not done.is_file() or done.read_text() != PINNED.read_text():
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "-r", str(PINNED)]
        if subprocess.run(command, check=False).returncode:
            return None
        done.write_text(PINNED.read_text())
    return python


def configuration(form: str, source: Path, target: Path) -> Iterator[str]:
    """Write mapping and settings beside the target; yield the settings."""
    mapping = target.with_suffix(".rml.ttl")
    mapping.write_text(rml(form, source), encoding="utf-8")
    yield "[CONFIGURATION]\noutput_format = N-QUADS\nnumber_of_processes = 1\n"
    yield f"output_file = {target}\nlogging_level = ERROR\n[source]\nmappings = {mapping}\n"


def main(form: str, source: str, target: str) -> None:
    """Write the N-Quads of a file, as ``python -m morph_kgc`` does."""
    import runpy

    settings = Path(target).with_suffix(".ini")
    settings.write_text("".join(configuration(form, Path(source), Path(target))))
    sys.argv = ["morph_kgc", str(settings)]
    runpy.run_module("morph_kgc", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])
