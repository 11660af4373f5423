"""The page of a field of education (ISCED-F 2013): its qualifications by country and level."""

from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.responses import Response

from qcp_graph.namespaces import PREFIXES
from qcp_graph.server.pages import coverage, levels, site
from qcp_graph.server.pages.coverage import Coverage, Filters
from qcp_graph.server.pages.graph import Facts, Text, subjects
from qcp_graph.server.pages.names import Names, Reference, local_name, safe_href
from qcp_graph.server.pages.qualifications import Item, items
from qcp_graph.server.pages.site import Site

_FIELDS: Final = PREFIXES["iscedf"]
_BROAD: Final = 2
_NARROW: Final = 3
_NARROWER: Final = 60
_ALL: Final = 200


@dataclass(frozen=True, slots=True)
class Narrower:
    """A narrower field with the number of its qualifications and the list of them."""

    field: Reference
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class FieldPage:
    """What ``field.html`` shows."""

    iri: str
    code: str
    title: Text
    names: tuple[Text, ...]
    descriptions: tuple[Text, ...]
    broader: tuple[Reference, ...]
    narrower: tuple[Narrower, ...]
    coverage: Coverage
    total: int
    items: tuple[Item, ...]
    list: str
    href: str


def is_field(iri: str) -> bool:
    """Tell whether an IRI is a field of ISCED-F 2013 in the EU's list.

    >>> is_field(PREFIXES["iscedf"] + "0721"), is_field(PREFIXES["iscedf"] + "25831c2")
    (True, False)
    """
    code = iri.removeprefix(_FIELDS)
    return iri.startswith(_FIELDS) and code.isascii() and code.isdigit() and len(code) <= 4


def render(request: Request, here: Site, facts: Facts) -> Response:
    """Return the page of a field of education."""
    names, index = here.names(), here.index()
    chosen = _filters(names, facts.iri)
    result = index.search(filters=chosen, size=levels.LISTED)
    tag = here.language.tag
    page = FieldPage(
        facts.iri,
        local_name(facts.iri),
        names.of(facts.iri),
        tuple(names.all(facts.iri)),
        tuple(t for t in facts.texts("dcterms:description") if t.language in {"", tag, "en"}),
        names.references([i for i in facts.iris("skos:broader") if is_field(i)]),
        _narrower(here, names, facts.iri),
        coverage.countries(here, chosen),
        result.total,
        items(here, names, result.hits),
        coverage.listed(here, chosen),
        safe_href(facts.iri),
    )
    return site.render(request, here, "field.html", page)


def _filters(names: Names, iri: str) -> Filters:
    """Return what chooses the qualifications of a field and of all narrower ones."""
    code = local_name(iri)
    if len(code) == _BROAD:
        return {"field": [code]}
    below = subjects(names.store, "skos:broader", iri, _ALL) if len(code) == _NARROW else []
    return {"isced": [code, *(local_name(one) for one in below if is_field(one))]}


def _narrower(here: Site, names: Names, iri: str) -> tuple[Narrower, ...]:
    found = []
    for one in subjects(names.store, "skos:broader", iri, _NARROWER):
        if is_field(one):
            chosen = _filters(names, one)
            count = here.index().members(chosen)
            address = coverage.listed(here, chosen) if count else ""
            found.append(Narrower(names.reference(one), count, address))
    return tuple(found)
