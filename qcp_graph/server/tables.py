"""Things that are tables, as CSV: the levels of a framework, the qualifications of a register."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from qcp_graph.cells import safe
from qcp_graph.namespaces import expand
from qcp_graph.server.negotiation import CSV
from qcp_graph.server.profiles import Profile
from qcp_graph.server.seam import Document, OpenRelease

COLUMNS: Final = (
    "iri", "notation", "rank", "name", "language", "other_names", "referenced_to",
    "valid_from", "source",
)  # fmt: skip
"""Headings of the table of a framework, a line per level."""
_FILE: Final = "qualifications.csv"
_Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def offered(every: list[Profile], document: Document, release: OpenRelease) -> list[Profile]:
    """Return the profiles of a thing; of a table the first one is offered as CSV, too."""
    kind = _kind(document)
    if document.withdrawn or not (kind == "framework" or _file(document, release)):
        return every
    return [replace(every[0], forms=(*every[0].forms, CSV)), *every[1:]]


def elsewhere(document: Document, release: OpenRelease) -> str:
    """Return the path of the table of a register, which is a document of its own, else nothing."""
    return _file(document, release)


def write(store: ox.Store, document: Document) -> bytes:
    """Return the levels of a framework as CSV (RFC 4180), safe for spreadsheets."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for _, row in sorted((_rank(row), row) for row in _levels(store, document.iri)):
        table.writerow([safe(cell) for cell in row])
    return out.getvalue().encode()


def _kind(document: Document) -> str:
    return document.iri.partition("/id/")[2].partition("/")[0]


def _file(document: Document, release: OpenRelease) -> str:
    kind, _, rest = document.iri.partition("/id/")[2].partition("/")
    source_id = rest.replace("/", "-")
    if kind != "register" or not (release.folder / "exports" / source_id / f"{_FILE}.gz").is_file():
        return ""
    return f"/exports/{source_id}/{_FILE}"


def _rank(row: Sequence[str]) -> tuple[float, str]:
    try:
        return float(row[2]), row[0]
    except ValueError:
        return float("inf"), row[0]


def _levels(store: ox.Store, framework: str) -> Iterator[list[str]]:
    found = store.quads_for_pattern(None, _name("skos:inScheme"), ox.NamedNode(framework))
    for level in sorted({q.subject.value for q in found if isinstance(q.subject, ox.NamedNode)}):
        names = {
            value.language or "": value.value
            for value in _objects(store, level, "skos:prefLabel")
            if isinstance(value, ox.Literal)
        }
        shown = "en" if "en" in names else min(names, default="")
        others = "; ".join(f"{n} ({tag})" for tag, n in sorted(names.items()) if tag != shown)
        yield [
            level, _all(store, level, "skos:notation"), _all(store, level, "qcp:rank"),
            names.get(shown, ""), shown, others, *_referencing(store, level),
        ]  # fmt: skip


def _referencing(store: ox.Store, level: str) -> list[str]:
    """Return levels of other frameworks, and since when and where that stands."""
    found = store.quads_for_pattern(None, _name("qcp:level"), ox.NamedNode(level))
    nodes = sorted({q.subject.value for q in found if isinstance(q.subject, ox.NamedNode)})
    return [
        " ".join(dict.fromkeys(filter(None, (_all(store, node, name) for node in nodes))))
        for name in ("qcp:referencedTo", "qcp:validFrom", "dcterms:source")
    ]


def _name(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(name))


def _objects(store: ox.Store, iri: str, name: str) -> list[_Node]:
    found = store.quads_for_pattern(ox.NamedNode(iri), _name(name), None)
    return [quad.object for quad in found]


def _all(store: ox.Store, iri: str, name: str) -> str:
    values = {
        value.value
        for value in _objects(store, iri, name)
        if isinstance(value, ox.NamedNode | ox.Literal)
    }
    return " ".join(sorted(values))
