"""Registers record by record: tables, Turtle, and JSON-LD of schema.org and CTDL.

Each writer streams: memory holds one record and what the records of a register share.
"""

import csv
import gzip
import io
import json
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

import pyoxigraph as ox

from qcp_graph import exports, store
from qcp_graph.exports import Facts, Labels, LeftOut, Made
from qcp_graph.namespaces import PREFIXES
from qcp_graph.pipeline.export_outcome import Advance
from qcp_graph.pipeline.workbook import Column, Workbook
from qcp_graph.terms import RDF_TYPE, Quad, curie, iri_of

Report = Callable[[LeftOut], None]
_WIDE: Final = 24  # characters of a column of the workbook
_WANTED: Final = frozenset(
    curie(name) for name in ("elm:Qualification", "elm:LearningOpportunity", "elm:Organisation")
)


class Source(NamedTuple):
    """A register of a release: its records, its dump, the names of concepts."""

    ledger: Path
    dump: Path
    labels: Labels


class Count(NamedTuple):
    """How many records were read, and how many things written."""

    records: int
    written: int


Write = Callable[[Source, BinaryIO, Report, Advance], Count]


def rows(source: Source) -> Iterator[Sequence[str]]:
    """Yield the lines of a register's table, record by record."""
    with store.LedgerReader(source.ledger) as reader:
        for row in reader.public():
            quads: list[Quad] = [*store.unpack(row.quads), *store.unpack(row.shared)]
            yield from exports.rows(exports.facts(quads, provenance=True), source.labels)


def as_csv(source: Source, target: BinaryIO, _report: Report, advance: Advance) -> Count:
    """Write a register as CSV (RFC 4180, UTF-8)."""
    text = io.TextIOWrapper(target, encoding="utf-8", newline="")
    table = csv.writer(text)
    table.writerow(exports.COLUMNS)
    count = 0
    for row in rows(source):
        table.writerow(row)
        count += 1
        advance(1)
    text.flush()
    text.detach()
    return Count(count, count)


def as_xlsx(source: Source, target: BinaryIO, report: Report, advance: Advance) -> Count:
    """Write a register as a workbook; lines that no sheet can hold are reported."""
    columns = [Column(name, _WIDE) for name in exports.COLUMNS]
    count = written = 0
    with Workbook(target) as workbook, workbook.sheet("Qualifications", columns) as sheet:
        for row in rows(source):
            count += 1
            if sheet.full:
                report(LeftOut(row[0], "all", "a sheet of XLSX holds 1,048,576 lines"))
            else:
                sheet.add(row)
                written += 1
            advance(1)
    return Count(count, written)


def as_turtle(source: Source, target: BinaryIO, _report: Report, _advance: Advance) -> Count:
    """Write a dump as Turtle, without its graph names; it stays sorted by subject."""
    count = 0

    def triples() -> Iterator[ox.Triple]:
        nonlocal count
        with gzip.open(source.dump, "rb") as lines:
            for quad in ox.parse(cast(BinaryIO, lines), ox.RdfFormat.N_QUADS):
                count += 1
                yield quad.triple

    ox.serialize(triples(), target, ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    return Count(count, count)


def as_schema_org(source: Source, target: BinaryIO, report: Report, advance: Advance) -> Count:
    """Write qualifications, opportunities and organisations as schema.org JSON-LD."""
    return _json_ld(exports.schema_org, source, target, report, advance)


def as_ctdl(source: Source, target: BinaryIO, report: Report, advance: Advance) -> Count:
    """Write qualifications and organisations as CTDL JSON-LD."""
    return _json_ld(exports.ctdl, source, target, report, advance)


def _json_ld(
    make: Callable[[str, Facts, Labels], Made],
    source: Source,
    target: BinaryIO,
    report: Report,
    advance: Advance,
) -> Count:
    """Write one object per line inside ``@graph``; each thing stands there once."""
    shared = _shared(source.ledger)
    records = written = 0
    known: set[str] = set()
    for facts in _records(source.ledger, shared):
        records += 1
        for term in _things(facts):
            found, left_out = make(iri_of(term), facts, source.labels)
            if not found or term in known:
                continue
            known.add(term)
            context = json.dumps(found.pop("@context"))
            target.write(b",\n" if written else f'{{"@context": {context}, "@graph": [\n'.encode())
            target.write(json.dumps(found, ensure_ascii=False).encode())
            written += 1
            for one in left_out:
                report(one)
        advance(1)
    target.write(b"\n]}\n" if written else b"{}\n")
    return Count(records, written)


def _shared(ledger: Path) -> Facts:
    """Return what records share: bodies, their places and names."""
    quads: dict[Quad, None] = {}
    with store.LedgerReader(ledger) as reader:
        for row in reader.public():
            quads.update(dict.fromkeys(store.unpack(row.shared)))
    return exports.facts(quads)


def _records(ledger: Path, shared: Facts) -> Iterator[Facts]:
    """Yield what each record says, then what they share."""
    with store.LedgerReader(ledger) as reader:
        for row in reader.public():
            if row.status != "withdrawn":
                own = exports.facts(list(store.unpack(row.quads)))
                yield _Both(dict(own), shared)
    yield shared


class _Both(ChainMap[str, Mapping[str, Sequence[str]]]):
    """A record over what records share; going through it gives the record's own subjects."""

    def __init__(self, own: dict[str, Mapping[str, Sequence[str]]], shared: Facts) -> None:
        super().__init__(own, cast(dict[str, Mapping[str, Sequence[str]]], shared))

    def __iter__(self) -> Iterator[str]:
        return iter(self.maps[0])


def _things(facts: Facts) -> list[str]:
    """Return what stands for itself: neither outcomes nor fragments."""
    return [
        term
        for term in facts
        if "#" not in term and not _WANTED.isdisjoint(facts[term].get(RDF_TYPE, ()))
    ]


class Form(NamedTuple):
    """A form: the ending of its files, what writes it."""

    ending: str
    write: Write


FORMS: Final[Mapping[str, Form]] = {
    "schema.org": Form("jsonld", as_schema_org),
    "ctdl": Form("jsonld", as_ctdl),
    "csv": Form("csv", as_csv),
    "xlsx": Form("xlsx", as_xlsx),
    "turtle": Form("ttl", as_turtle),
}
