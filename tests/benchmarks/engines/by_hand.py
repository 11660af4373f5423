"""What a programmer would write instead of a mapping: ``by_hand.py <format> <file> <target>``.

It reads with the standard library, knows every field by heart, escapes literals, and checks
nothing: no date, no IRI, no field that is new, no record that is damaged.
"""

import csv
import json
import re
import sys
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

BASE = "https://example.org/id/"
DATA = "<https://example.org/graph/xx/bench/data> .\n"
PROVENANCE = "<https://example.org/graph/xx/bench/provenance> .\n"
ELM = "http://data.europa.eu/snb/model/elm/"
QCP = "https://w3id.org/qcp-graph/ns#"
DCT = "http://purl.org/dc/terms/"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
XSD = "http://www.w3.org/2001/XMLSchema#"
ENGLISH = (
    ("title", f"<{DCT}title>"),
    ("summary", f"<{DCT}description>"),
    ("purpose", f"<{ELM}additionalNote>"),
    ("entry", f"<{ELM}entryRequirement>"),
    ("assessment", f"<{ELM}provenBy>"),
    ("progression", f"<{ELM}entitlesTo>"),
    ("sector", f"<{ELM}thematicArea>"),
    ("bodyName", f"<{ELM}awardingBodyName>"),
)
TYPED = (
    ("credits", f"<{ELM}creditPoint>", "integer", DATA),
    ("hours", f"<{ELM}volumeOfLearning>", "integer", DATA),
    ("start", f"<{QCP}validFrom>", "date", PROVENANCE),
    ("review", f"<{QCP}reviewDate>", "date", PROVENANCE),
    ("end", f"<{QCP}validUntil>", "date", PROVENANCE),
    ("updated", f"<{DCT}modified>", "dateTime", PROVENANCE),
)
STATUS = {
    "live": "<https://example.org/status/live>",
    "closed": "<https://example.org/status/closed>",
    "draft": "<https://example.org/status/draft>",
}
_ODD = re.compile(r'[\\"\n\r]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}


def escaped(text: str) -> str:
    """Escape a literal where it needs it."""
    if _ODD.search(text):
        return _ODD.sub(lambda match: _ESCAPES[match.group()], text)
    return text


def lines(record: dict[str, Any]) -> Iterator[str]:
    """Yield the N-Quads of a record."""
    number = record["number"]
    s = f"<{BASE}qualification/xx/bench/{number}>"
    yield f"{s} {TYPE} <{ELM}Qualification> {DATA}"
    yield f"{s} <{DCT}publisher> <{BASE}organisation/xx/bench/publisher> {DATA}"
    yield f"{s} <{QCP}status> {STATUS[record['status']]} {PROVENANCE}"
    yield f"{s} <{ELM}NQFLevel> <{BASE}level/{record['level']}> {DATA}"
    yield f'{s} <http://www.w3.org/2004/02/skos/core#notation> "{escaped(number)}" {DATA}'
    yield f'{s} <{DCT}title> "{escaped(record["titleOther"])}"@cy {DATA}'
    for name, predicate in ENGLISH:
        yield f'{s} {predicate} "{escaped(record[name])}"@en {DATA}'
    yield f"{s} <{ELM}awardingBody> <{BASE}organisation/xx/bench/{record['bodyCode']}> {DATA}"
    for name, predicate, datatype, graph in TYPED:
        yield f'{s} {predicate} "{record[name]}"^^<{XSD}{datatype}> {graph}'
    yield f"{s} <http://xmlns.com/foaf/0.1/page> <{record['page']}> {DATA}"
    for outcome in record["outcomes"]:
        o = f"<{BASE}outcome/xx/bench/{outcome['id']}>"
        yield f"{s} <{ELM}learningOutcome> {o} {DATA}"
        yield f"{o} {TYPE} <{ELM}LearningOutcome> {DATA}"
        yield f'{o} <{DCT}title> "{escaped(outcome["text"])}"@en {DATA}'


def read_csv(path: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table."""
    with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123
        rows = csv.reader(file)
        names = next(rows)
        for row in rows:
            record: dict[str, Any] = dict(zip(names, row, strict=True))
            number = record["number"]
            record["outcomes"] = [
                {"id": f"{number}-{n}", "text": record[f"outcome{n}"]} for n in range(1, 6)
            ]
            yield record


def read_json(path: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a document."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        yield from json.load(file)["records"]


def read_xml(path: str) -> Iterator[dict[str, Any]]:
    """Yield the records of a document, by the events of expat."""
    ready: list[dict[str, Any]] = []
    record: dict[str, Any] = {}
    outcome: dict[str, Any] = {}
    text: list[str] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal record, outcome
        text.clear()
        if name == "record":
            record = {"outcomes": []}
        elif name == "outcome":
            outcome = {}

    def end(name: str) -> None:
        if name == "record":
            ready.append(record)
        elif name == "outcome":
            record["outcomes"].append(outcome)
        elif name in {"id", "of", "text"}:
            outcome[name] = "".join(text)
        elif name != "outcomes":
            record[name] = "".join(text)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    with open(path, "rb") as file:  # noqa: PTH123
        while chunk := file.read(256 * 1024):
            parser.Parse(chunk, False)
            yield from ready
            ready.clear()
        parser.Parse(b"", True)
    yield from ready


def main(form: str, source: str, target: str) -> None:
    """Write the N-Quads of a file."""
    reader = {"csv": read_csv, "json": read_json, "xml": read_xml}[form]
    with open(target, "w", encoding="utf-8") as out:  # noqa: PTH123
        for record in reader(source):
            out.writelines(lines(record))


if __name__ == "__main__":
    main(*sys.argv[1:4])
