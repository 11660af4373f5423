"""A small bench for RML: a mapping and files in, lines of N-Quads and issues out."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qcp_graph.model.issue import Issue
from qcp_graph.pipeline import rml_run

HEAD = """
@prefix rml: <http://w3id.org/rml/> .
@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rmlo: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@prefix fnml: <http://semweb.mmlab.be/ns/fnml#> .
@prefix fno: <https://w3id.org/function/ontology#> .
@prefix grel: <http://users.ugent.be/~bjdmeest/function/grel.ttl#> .
@prefix fn: <https://w3id.org/qcp-graph/function#> .
@prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <http://ex.org/> .
@base <http://base.org/> .
"""


@dataclass
class Outcome:
    """What a run left behind."""

    lines: list[str]
    issues: list[Issue]
    report: rml_run.Report

    @property
    def objects(self) -> list[str]:
        """The third members of all lines."""
        return [line.split(" ", 2)[2].rsplit(" .", 1)[0] for line in self.lines]

    @property
    def codes(self) -> list[str]:
        """The codes of all issues."""
        return [issue.code for issue in self.issues]


def run(folder: Path, mapping: str, files: Mapping[str, str | bytes], **options: object) -> Outcome:
    """Run a mapping whose prefixes are :data:`HEAD`."""
    path = write(folder, mapping, files)
    issues: list[Issue] = []
    output = folder / "out.nq"
    given = rml_run.Options(output=output, **options)  # type: ignore[arg-type]
    report = rml_run.run(path, given, issues.append)
    lines = output.read_bytes().decode("utf-8").removesuffix("\n").split("\n")
    return Outcome(sorted(line for line in lines if line), issues, report)


def write(folder: Path, mapping: str, files: Mapping[str, str | bytes]) -> Path:
    """Write a mapping and its files; return the mapping."""
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    path = folder / "mapping.ttl"
    path.write_text(HEAD + mapping, encoding="utf-8")
    return path


def source(name: str, kind: str, iterator: str = "") -> str:
    """Return a logical source as Turtle."""
    step = f'; rml:iterator "{iterator}"' if iterator else ""
    return (
        "rml:logicalSource [ rml:source [ a rml:FilePath; rml:root rml:MappingDirectory; "
        f'rml:path "{name}" ]; rml:referenceFormulation rml:{kind}{step} ]'
    )


def one(kind: str, object_map: str, iterator: str = "", subject: str = "s/{id}") -> str:
    """Return a mapping of one triples map with one object."""
    name = {"CSV": "a.csv", "JSONPath": "a.json", "XPath": "a.xml"}[kind]
    return (
        f"<#A> {source(name, kind, iterator)}; "
        f'rml:subjectMap [ rml:template "{subject}" ]; '
        f"rml:predicateObjectMap [ rml:predicate ex:p; rml:objectMap [ {object_map} ] ] ."
    )
