"""Pages of things without a page of their own kind, and of things that are gone."""

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from fastapi import Request
from starlette.responses import Response

from qcp_graph.server.pages import site, sources, versions
from qcp_graph.server.pages.graph import Facts, Object, Text
from qcp_graph.server.pages.names import Names, Reference, Value, local_name, pick, shorten
from qcp_graph.server.pages.site import Site
from qcp_graph.server.pages.sources import Format, Source
from qcp_graph.server.seam import Document

_VALUES: Final = 100
"""Values of one property that a plain table shows."""
_NODES: Final = 50
_FILTERED: Final = {
    "http://data.europa.eu/snb/isced-f/": "isced",
    "http://data.europa.eu/snb/learning-opportunity/": "type",
    "http://publications.europa.eu/resource/authority/country/": "country",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A property of a thing with its values; ``more`` counts those left out."""

    property: Reference
    values: tuple[Value, ...]
    more: int


@dataclass(frozen=True, slots=True)
class ThingPage:
    """What ``thing.html`` shows: a thing of no special kind, as tables, one per node."""

    iri: str
    title: Text
    kinds: tuple[Text, ...]
    tables: tuple[tuple[str, tuple[Row, ...]], ...]
    formats: tuple[Format, ...]
    total: int
    filter: tuple[str, str]


@dataclass(frozen=True, slots=True)
class TombstonePage:
    """What ``tombstone.html`` shows for a record that its register no longer has."""

    iri: str
    title: Text
    titles: tuple[Text, ...]
    successors: tuple[Reference, ...]
    withdrawn_with: Reference | None
    seen: str
    source: Source
    versions: str


def render(request: Request, here: Site, facts: Facts) -> Response:
    """Return the page of any thing: its properties as tables, one for itself, one per fragment."""
    names = here.names()
    tables = [
        (subject.partition("#")[2] if subject != facts.iri else "", _rows(names, facts, subject))
        for subject in facts.subjects()[:_NODES]
    ]
    by = _filter(facts.iri)
    page = ThingPage(
        facts.iri,
        names.of(facts.iri),
        tuple(names.of(kind) for kind in sorted(facts.types())),
        tuple(tables),
        sources.formats(names, facts.iri) if facts.iri.startswith(here.base) else (),
        here.index().members({by[0]: [by[1]]}) if by[0] else 0,
        by,
    )
    return site.render(request, here, "thing.html", page)


def tombstone(request: Request, here: Site, facts: Facts, document: Document) -> Response:
    """Return what stays of a thing that was withdrawn."""
    names = here.names()
    titles = facts.texts("dcterms:title")
    gone_with, seen = facts.iri_of("qcp:withdrawnWith"), facts.iri_of("qcp:withdrawnIn")
    taken = ""
    if seen:
        quads = names.store.quads_for_pattern(ox.NamedNode(seen), None, None)
        taken = Facts(seen, quads).text("prov:generatedAtTime")
    page = TombstonePage(
        facts.iri,
        pick(titles, here.language.tag) if titles else Text(shorten(facts.iri)),
        tuple(titles),
        names.references(document.successors),
        names.reference(gone_with) if gone_with else None,
        taken,
        sources.of(here, names, facts),
        versions.address(here, request.app.state.live.settings, facts.iri),
    )
    return site.render(request, here, "tombstone.html", page)


def _filter(iri: str) -> tuple[str, str]:
    """Return the filter of the list of qualifications that stands for a concept."""
    for namespace, field in _FILTERED.items():
        if iri.startswith(namespace):
            code = local_name(iri)
            return ("field" if field == "isced" and len(code) == 2 else field), code
    return "", ""


def _rows(names: Names, facts: Facts, subject: str) -> tuple[Row, ...]:
    found = []
    for predicate in facts.predicates(subject):
        values = facts.by_iri(predicate, subject)
        shown = tuple(_value(names, value) for value in values[:_VALUES])
        property_ = Reference(predicate, names.of(predicate))
        found.append(Row(property_, shown, len(values) - len(shown)))
    return tuple(found)


def _value(names: Names, value: Object) -> Value:
    if isinstance(value, ox.NamedNode):
        return Value(names.reference(value.value), Text(""))
    return Value(None, Text(value.value, value.language or ""))
