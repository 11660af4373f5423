"""The page of a country: its registers, frameworks, awarding bodies, and what they cover."""

from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.responses import Response

from qcp_graph.namespaces import PREFIXES
from qcp_graph.search import Framework, OrganisationEntry
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.pages import coverage, site, sources
from qcp_graph.server.pages.coverage import Coverage
from qcp_graph.server.pages.graph import Text
from qcp_graph.server.pages.home import RegisterLine
from qcp_graph.server.pages.names import Reference, country_name
from qcp_graph.server.pages.site import Site
from qcp_graph.server.seam import Problem

_BODIES: Final = 20
_TYPES: Final = 12


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of qualification and how many there are of it."""

    name: Reference
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class CountryPage:
    """What ``country.html`` shows."""

    code: str
    name: str
    total: int
    partial: int
    registers: tuple[RegisterLine, ...]
    frameworks: tuple[tuple[Framework, Reference], ...]
    coverage: Coverage
    kinds: tuple[Kind, ...]
    bodies: tuple[tuple[OrganisationEntry, Reference], ...]
    href: str


def render(request: Request, here: Site, code: str) -> Response:
    """Return the page of a country, named by its code in the EU's table ("FIN").

    :raises ProblemError: when the release has nothing of that country.
    """
    index, names, iri = here.index(), here.names(), PREFIXES["country"] + code
    today = here.today
    entries = [e for e in index.registers() if e.country.rsplit("/", 1)[-1] == code]
    frameworks = [f for f in index.frameworks() if f.country == iri]
    name = country_name(code, here.locale)
    total = index.members({"country": [code]})
    if not (name and (entries or frameworks or total)):
        raise ProblemError(_unknown(code))
    page = CountryPage(
        code,
        name,
        total,
        index.members({"country": [code], "partial": ["true"]}),
        tuple(
            RegisterLine(entry, names.reference(entry.iri), sources.stale(entry, today))
            for entry in entries
        ),
        tuple((framework, names.reference(framework.iri)) for framework in frameworks),
        coverage.sectors(here, {"country": [code]}),
        _kinds(here, code),
        tuple(
            (
                body,
                Reference(body.iri, Text(body.name, body.language), names.local(body.iri)),
            )
            for body in index.bodies(code, _BODIES)
        ),
        here.url("/qualifications", country=code),
    )
    return site.render(request, here, "country.html", page)


def _kinds(here: Site, code: str) -> tuple[Kind, ...]:
    names = here.names()
    values = here.index().values("type", {"country": [code]})
    held = sorted((v for v in values if v.count), key=lambda v: (-v.count, v.value))
    return tuple(
        Kind(
            names.reference(value.iri),
            value.count,
            here.url("/qualifications", country=code, type=value.value),
        )
        for value in held[:_TYPES]
    )


def _unknown(code: str) -> Problem:
    return Problem(
        404,
        "QCP-WEB-NOTFOUND",
        "There is nothing under this address.",
        f"This release has no register of a country with the code {code[:20]}.",
        "The home page lists all countries; their codes have three letters, as FIN or ZAF.",
    )
