"""Lists of organisations, frameworks and registers."""

from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.responses import Response

from qcp_graph.search import Framework, OrganisationEntry, RegisterEntry
from qcp_graph.server.pages import site, sources
from qcp_graph.server.pages.graph import Text
from qcp_graph.server.pages.names import Reference, country_name
from qcp_graph.server.pages.query import Paging, Query, paging
from qcp_graph.server.pages.site import Site

_ORGANISATIONS: Final = "/organisations"
_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class OrganisationsPage:
    """What ``organisations.html`` shows."""

    text: str
    organisations: tuple[tuple[OrganisationEntry, Reference, str], ...]
    paging: Paging
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FrameworksPage:
    """What ``frameworks.html`` shows: frameworks with qualifications here, then the others."""

    used: tuple[tuple[Framework, Reference, str], ...]
    others: tuple[tuple[Framework, Reference, str], ...]


@dataclass(frozen=True, slots=True)
class RegistersPage:
    """What ``registers.html`` shows."""

    registers: tuple[tuple[RegisterEntry, Reference, str, bool], ...]


def organisations(request: Request, here: Site) -> Response:
    """Return a page of the list of organisations."""
    query, names = Query.of(here), here.names()
    total, found = here.index().organisations(query.text, query.page, _SIZE)
    page = OrganisationsPage(
        query.text,
        tuple(
            (
                entry,
                Reference(entry.iri, Text(entry.name, entry.language), names.local(entry.iri)),
                country_name(entry.country, here.locale),
            )
            for entry in found
        ),
        paging(here, _ORGANISATIONS, query, total, _SIZE),
        (("lang", here.asked),) if here.asked else (),
    )
    return site.render(request, here, "organisations.html", page)


def frameworks(request: Request, here: Site) -> Response:
    """Return the list of frameworks."""
    names = here.names()
    found = [
        (entry, names.reference(entry.iri), country_name(entry.country, here.locale))
        for entry in here.index().frameworks()
    ]
    found.sort(key=lambda row: (row[2], row[1].name.text))
    page = FrameworksPage(
        tuple(row for row in found if row[0].qualifications),
        tuple(row for row in found if not row[0].qualifications),
    )
    return site.render(request, here, "frameworks.html", page)


def registers(request: Request, here: Site) -> Response:
    """Return the list of registers."""
    names, today = here.names(), here.today
    page = RegistersPage(
        tuple(
            (
                entry,
                names.reference(entry.iri),
                country_name(entry.country, here.locale),
                sources.stale(entry, today),
            )
            for entry in here.index().registers()
        )
    )
    return site.render(request, here, "registers.html", page)
