"""The page of an organisation: what it is, what it does, which qualifications it awards."""

from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.responses import Response

from qcp_graph.server.pages import levels, site, sources
from qcp_graph.server.pages.graph import Facts, Text, subjects
from qcp_graph.server.pages.names import Names, Reference, pick, shorten
from qcp_graph.server.pages.qualifications import Item, items
from qcp_graph.server.pages.site import Site
from qcp_graph.server.pages.sources import Source

_ROLES: Final = ("elm:accreditingAgent", "elm:providedBy", "dcterms:publisher")
_NAMED: Final = 20
"""Things that the page names for each role beside awarding."""


@dataclass(frozen=True, slots=True)
class RoleList:
    """What an organisation does in a role: the first things, and whether there are more."""

    role: str
    things: tuple[Reference, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """What ``organisation.html`` shows; ``roles`` are codes, the template names them."""

    iri: str
    title: Text
    names: tuple[Text, ...]
    codes: tuple[str, ...]
    country: str
    addresses: tuple[Text, ...]
    homepages: tuple[Reference, ...]
    roles: tuple[str, ...]
    lists: tuple[RoleList, ...]
    total: int
    items: tuple[Item, ...]
    source: Source


def render(request: Request, here: Site, facts: Facts) -> Response:
    """Return the page of an organisation."""
    names = here.names()
    result = here.index().search(filters={"body": [facts.iri]}, size=levels.LISTED)
    roles = ["elm:awardingBody"] if result.total else []
    lists = [found for role in _ROLES if (found := _list(names, role, facts.iri)).things]
    roles += [found.role for found in lists]
    addresses = [
        a for place in facts.iris("elm:location") for a in facts.iris("elm:address", place)
    ]
    countries = [c for node in addresses for c in facts.iris("elm:countryCode", node)]
    titles = facts.texts("rov:legalName") or facts.texts("skos:prefLabel")
    page = OrganisationPage(
        facts.iri,
        pick(titles, here.language.tag) if titles else Text(shorten(facts.iri)),
        tuple(titles),
        tuple(
            text.text
            for node in facts.iris("adms:identifier")
            for text in facts.texts("skos:notation", node)
        ),
        names.of(countries[0]).text if countries else "",
        tuple(
            text
            for node in addresses
            for note in facts.iris("elm:fullAddress", node)
            for text in facts.texts("elm:noteLiteral", note)
        ),
        names.references(facts.iris("foaf:homepage")),
        tuple(roles),
        tuple(lists),
        result.total,
        items(here, names, result.hits),
        sources.of(here, names, facts),
    )
    return site.render(request, here, "organisation.html", page)


def _list(names: Names, role: str, iri: str) -> RoleList:
    """Return what names an organisation in a role: the documents, not their fragments."""
    found = subjects(names.store, role, iri, 4 * _NAMED)
    things = sorted({subject.partition("#")[0] for subject in found} - {iri})
    return RoleList(role, names.references(things[:_NAMED]), len(things) > _NAMED)
