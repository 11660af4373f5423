"""Records per second of the mapping engine against a generator written by hand.

``python tests/benchmarks/bench_mapping.py [records]``: flat (CSV-like) and nested (JSON-like)
records of 37 triples each, key, digest and audit included; the hand-written side makes the same
quads without any check but escaping. CPU seconds of this process.
"""

import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from qcp_graph import mapping
from qcp_graph.iris import Iris
from qcp_graph.model.record import JsonValue, Locator, PreparedRecord, SourceRecord
from qcp_graph.model.source import Licence, Owner, Source
from qcp_graph.namespaces import expand
from qcp_graph.terms import Quad

BASE = "http://localhost:8000/"
TEXTS = 12  # plain texts
DATES = 4
SKILLS = 5  # nested items of three triples each

FLAT = """
sources:
  s: {{access: "*.csv", referenceFormulation: csv, key: $(id)}}
codelists:
  status: {{file: status.csv}}
mappings:
  q:
    subjects: qualification:$(id)
    predicateobjects:
      - [a, elm:Qualification]
      - [dcterms:publisher, organisation:publisher]
      - {{p: qcp:status, o: {{value: $(status), lookup: status, type: iri}}, graph: provenance}}
{rules}
"""
NESTED = FLAT.replace("csv, key", "jsonlines, key")


def main(count: int) -> None:
    """Print one line per kind of record."""
    folder = Path(tempfile.mkdtemp())
    (folder / "status.csv").write_text("source,target\nlive,qcp:Registered\nold,qcp:Expired\n")
    for name, text, make, by_hand in (
        ("flat", FLAT.format(rules=_rules(flat=True)), _flat, _flat_by_hand),
        ("nested", NESTED.format(rules=_rules(flat=False)), _nested, _nested_by_hand),
    ):
        (folder / "mapping.yaml").write_text(text)
        source = Source(
            "xx-bench", {"en": "b"}, "FRA", Owner("o"), Licence("l"), "DAILY", folder,
            languages=("en",),
        )  # fmt: skip
        plan = mapping.load(folder, source, Iris(BASE), {})
        records = [SourceRecord(make(n), Locator("b", f"row {n}")) for n in range(count)]
        mapping_only = _timed(lambda r=records, p=plan: _map_only(p, r))[0]
        ours, quads = _timed(lambda r=records, p=plan: _run(p, r))
        theirs, expected = _timed(lambda r=records, f=by_hand: [q for x in r for q in f(x.data)])
        assert sorted(quads) == sorted(expected), _difference(quads, expected)
        print(
            f"{name}: {len(quads) / count:.0f} triples/record, {count / ours:,.0f} records/s, "
            f"by hand {count / theirs:,.0f} records/s, ratio {ours / theirs:.2f} "
            f"({mapping_only / theirs:.2f} without key, digest and audit)"
        )


def _difference(ours: list[Quad], theirs: list[Quad]) -> str:
    return str(sorted(set(ours) ^ set(theirs))[:4])


def _timed(work: Callable[[], list[Quad]]) -> tuple[float, list[Quad]]:
    best, quads = float("inf"), []
    for _ in range(3):
        start = time.process_time()
        quads = work()
        best = min(best, time.process_time() - start)
    return best, quads


def _run(plan: mapping.Plan, records: list[SourceRecord]) -> list[Quad]:
    quads: list[Quad] = []
    for record in records:
        prepared = plan.prepare(record, "s")
        assert isinstance(prepared, PreparedRecord)
        quads += plan.map(prepared, "s").quads
    return quads


def _map_only(plan: mapping.Plan, records: list[SourceRecord]) -> list[Quad]:
    quads: list[Quad] = []
    for record in records:
        quads += plan.map(PreparedRecord(str(record.data["id"]), b"", record), "s").quads
    return quads


def _rules(flat: bool) -> str:
    lines = [f"      - [skos:p{n}, $(t{n}), en~lang]" for n in range(TEXTS)]
    lines += [
        f"      - {{p: qcp:d{n}, o: {{value: $(d{n}), transform: [date_dmy], datatype: xsd:date}}}}"
        for n in range(DATES)
    ]
    if flat:
        lines += [f"      - [elm:s{n}, $(s{n}), en~lang]" for n in range(SKILLS * 3)]
        lines += ["      - [elm:points, $(points), xsd:integer]", "      - [foaf:page, $(url)~iri]"]
        lines += ["      - [elm:last, $(last)]"]
        return "\n".join(lines)
    lines += ["      - {p: elm:learningOutcome, o: {mapping: outcome}}"]
    lines += [
        "      - [dcterms:title, $(name.fi), fi~lang]",
        "      - [elm:points, $(points), xsd:integer]",
    ]
    lines += ["  outcome:", "    foreach: skills", "    subjects: outcome:$(^id)/$(code)"]
    lines += ["    predicateobjects:", "      - [a, elm:LearningOutcome]"]
    lines += ["      - [dcterms:title, $(text), en~lang]"]
    return "\n".join(lines)


def _common(n: int) -> dict[str, JsonValue]:
    chance = random.Random(n)
    words = ["plan", "a project", "weld pipes", 'read "plans"', "repair engines", "teach"]
    data: dict[str, JsonValue] = {"id": f"Q{n:06d}", "status": chance.choice(["live", "old"])}
    for i in range(TEXTS):
        data[f"t{i}"] = f"{chance.choice(words)} number {i} of {n}"
    for i in range(DATES):
        data[f"d{i}"] = f"{chance.randint(1, 28):02d}/{chance.randint(1, 12):02d}/2024"
    return data


def _flat(n: int) -> dict[str, JsonValue]:
    skills = {f"s{i}": f"skill {i} of {n}" for i in range(SKILLS * 3)}
    rest = {"points": str(n % 60), "url": f"https://example.org/q/{n}", "last": "yes"}
    return {**_common(n), **skills, **rest}


def _nested(n: int) -> dict[str, JsonValue]:
    skills = [{"code": f"S{i}", "text": f"skill {i} of {n}"} for i in range(SKILLS)]
    return {**_common(n), "skills": skills, "name": {"fi": f"nimi {n}"}, "points": n % 60}


_STATUS = {"live": f"<{expand('qcp:Registered')}>", "old": f"<{expand('qcp:Expired')}>"}
_DATE = f'"^^<{expand("xsd:date")}>'
_INTEGER = f'"^^<{expand("xsd:integer")}>'
_TYPE = f"<{expand('rdf:type')}>"
_QUALIFICATION = f"<{expand('elm:Qualification')}>"
_OUTCOME = f"<{expand('elm:LearningOutcome')}>"
_HAS_OUTCOME = f"<{expand('elm:learningOutcome')}>"
_PUBLISHER = f"<{BASE}id/organisation/xx/bench/publisher>"
_PUBLISHED = f"<{expand('dcterms:publisher')}>"
_HAS_STATUS = f"<{expand('qcp:status')}>"
_POINTS = f"<{expand('elm:points')}>"
_TITLE = f"<{expand('dcterms:title')}>"
_PAGE = f"<{expand('foaf:page')}>"
_LAST = f"<{expand('elm:last')}>"
_TEXTS = [(f"t{n}", f"<{expand('skos:p')}{n}>") for n in range(TEXTS)]
_DATES = [(f"d{n}", f"<{expand('qcp:d')}{n}>") for n in range(DATES)]
_SKILLS = [(f"s{n}", f"<{expand('elm:s')}{n}>") for n in range(SKILLS * 3)]
_UNUSUAL = re.compile(r'[\\"\n\r]')


def _escaped(text: str) -> str:
    if _UNUSUAL.search(text):
        return (
            text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
        )
    return text


def _common_by_hand(data: dict[str, Any], subject: str) -> Iterator[Quad]:
    yield subject, _TYPE, _QUALIFICATION, "data"
    yield subject, _PUBLISHED, _PUBLISHER, "data"
    yield subject, _HAS_STATUS, _STATUS[data["status"]], "provenance"
    for field, predicate in _TEXTS:
        yield subject, predicate, f'"{_escaped(data[field])}"@en', "data"
    for field, predicate in _DATES:
        day, month, year = data[field].split("/")
        yield subject, predicate, f'"{date(int(year), int(month), int(day))}{_DATE}', "data"
    yield subject, _POINTS, f'"{data["points"]}{_INTEGER}', "data"


def _flat_by_hand(data: dict[str, Any]) -> Iterator[Quad]:
    subject = f"<{BASE}id/qualification/xx/bench/{data['id']}>"
    yield from _common_by_hand(data, subject)
    for field, predicate in _SKILLS:
        yield subject, predicate, f'"{_escaped(data[field])}"@en', "data"
    yield subject, _PAGE, f"<{data['url']}>", "data"
    yield subject, _LAST, f'"{_escaped(data["last"])}"', "data"


def _nested_by_hand(data: dict[str, Any]) -> Iterator[Quad]:
    subject = f"<{BASE}id/qualification/xx/bench/{data['id']}>"
    yield from _common_by_hand(data, subject)
    yield subject, _TITLE, f'"{_escaped(data["name"]["fi"])}"@fi', "data"
    for skill in data["skills"]:
        outcome = f"<{BASE}id/outcome/xx/bench/{data['id']}/{skill['code']}>"
        yield subject, _HAS_OUTCOME, outcome, "data"
        yield outcome, _TYPE, _OUTCOME, "data"
        yield outcome, _TITLE, f'"{_escaped(skill["text"])}"@en', "data"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
