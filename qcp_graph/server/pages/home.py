"""The home page: what this is, and what is in it, per country and register."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from qcp_graph.search import RegisterEntry
from qcp_graph.server.pages import coverage, site, sources
from qcp_graph.server.pages.coverage import Coverage
from qcp_graph.server.pages.names import Reference, country_name, local_name
from qcp_graph.server.pages.site import Site


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A register in the table of the home page."""

    entry: RegisterEntry
    register: Reference
    stale: bool


@dataclass(frozen=True, slots=True)
class CountryLines:
    """The registers of one country."""

    name: str
    href: str
    registers: tuple[RegisterLine, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all registers."""

    countries: int
    registers: int
    qualifications: int
    outcomes: int
    eqf: int
    links: int


@dataclass(frozen=True, slots=True)
class HomePage:
    """What ``home.html`` shows."""

    totals: Totals
    countries: tuple[CountryLines, ...]
    by_country: Coverage
    by_sector: Coverage
    released: str
    hidden: tuple[tuple[str, str], ...]


def render(request: Request, here: Site) -> Response:
    """Return the home page."""
    entries = here.index().registers()
    page = HomePage(
        _totals(entries),
        _countries(here, entries),
        coverage.countries(here),
        coverage.sectors(here),
        here.release.published.isoformat() if here.release else "",
        (("lang", here.asked),) if here.asked else (),
    )
    return site.render(request, here, "home.html", page)


def _totals(entries: Iterable[RegisterEntry]) -> Totals:
    held = list(entries)
    return Totals(
        len({e.country for e in held}),
        len(held),
        *(sum(getattr(e, n) for e in held) for n in ("qualifications", "outcomes", "eqf", "links")),
    )


def _countries(here: Site, entries: Iterable[RegisterEntry]) -> tuple[CountryLines, ...]:
    names, today = here.names(), here.today
    grouped: dict[str, list[RegisterLine]] = {}
    for entry in entries:
        line = RegisterLine(entry, names.reference(entry.iri), sources.stale(entry, today))
        grouped.setdefault(entry.country, []).append(line)
    lines = [
        CountryLines(
            country_name(country, here.locale) or local_name(country),
            here.url("/country/" + quote(local_name(country), safe="")),
            tuple(registers),
        )
        for country, registers in grouped.items()
    ]
    return tuple(sorted(lines, key=lambda line: line.name))
