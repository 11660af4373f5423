"""The home page: what this is, and what is in it, per country and register."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from fastapi import Request
from starlette.responses import Response

from qcp_graph.search import RegisterEntry
from qcp_graph.server.pages import site, sources
from qcp_graph.server.pages.names import Reference, country_name, local_name
from qcp_graph.server.pages.site import Site

_LEVELS: Final = tuple("12345678")


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
class Step:
    """An EQF level on the ladder of the home page; ``share`` of the fullest level, 0 to 100."""

    level: str
    count: int
    share: int
    href: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """What ``home.html`` shows."""

    totals: Totals
    countries: tuple[CountryLines, ...]
    ladder: tuple[Step, ...]
    released: str
    hidden: tuple[tuple[str, str], ...]


def render(request: Request, here: Site) -> Response:
    """Return the home page."""
    entries = here.index().registers()
    page = HomePage(
        _totals(entries),
        _countries(here, entries),
        _ladder(here),
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
    names, today = here.names(), datetime.now(UTC).date()
    grouped: dict[str, list[RegisterLine]] = {}
    for entry in entries:
        line = RegisterLine(entry, names.reference(entry.iri), sources.stale(entry, today))
        grouped.setdefault(entry.country, []).append(line)
    lines = [
        CountryLines(
            country_name(country, here.locale) or local_name(country),
            here.url("/qualifications", country=local_name(country)),
            tuple(registers),
        )
        for country, registers in grouped.items()
    ]
    return tuple(sorted(lines, key=lambda line: line.name))


def _ladder(here: Site) -> tuple[Step, ...]:
    index = here.index()
    counts = {level: index.members({"eqf": [level]}) for level in _LEVELS}
    most = max(counts.values()) or 1
    return tuple(
        Step(level, count, round(100 * count / most), here.url("/qualifications", eqf=level))
        for level, count in counts.items()
    )
