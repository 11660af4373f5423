"""Levels and frameworks: what a level is called, and how it is referenced to the EQF."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from markupsafe import Markup
from starlette.responses import Response

from qcp_graph.namespaces import PREFIXES
from qcp_graph.search import Level
from qcp_graph.server.pages import drawn, site, sources
from qcp_graph.server.pages.graph import Facts, Text
from qcp_graph.server.pages.names import Names, Reference, local_name, pick
from qcp_graph.server.pages.qualifications import Item, items
from qcp_graph.server.pages.site import Site
from qcp_graph.server.pages.sources import Format

LISTED: Final = 20
"""Qualifications that the page of a level, skill or organisation names itself."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """A dated referencing of a level to an EQF level; ``match`` is a code of ``labels.MATCH``."""

    eqf: Reference
    match: str
    date: str
    source: Reference | None
    basis: str


@dataclass(frozen=True, slots=True)
class LevelFact:
    """A level with its framework and its bridges to the EQF (none: no sourced EQF level)."""

    level: Reference
    framework: Reference | None
    notation: str
    rank: float
    bridges: tuple[Bridge, ...]
    qualifications: int


@dataclass(frozen=True, slots=True)
class LevelPage:
    """What ``level.html`` shows; ``bridged`` are levels of other frameworks that lead here."""

    iri: str
    names: tuple[Text, ...]
    title: Text
    levels: tuple[LevelFact, ...]
    bridged: tuple[LevelFact, ...]
    ladder: tuple[int, ...]
    total: int
    items: tuple[Item, ...]
    filter: tuple[str, str]
    formats: tuple[Format, ...]


@dataclass(frozen=True, slots=True)
class FrameworkPage:
    """What ``framework.html`` shows: the ladder from the highest level down."""

    iri: str
    title: Text
    names: tuple[Text, ...]
    country: str
    levels: tuple[LevelFact, ...]
    qualifications: int
    source: Reference | None
    formats: tuple[Format, ...]
    picture: Markup


def facts(here: Site, names: Names, iris: Iterable[str]) -> tuple[LevelFact, ...]:
    """Return what is known of some levels, in order."""
    return tuple(
        found
        for iri in iris
        for found in _facts(names, here.index().level(iri)) or [_bare(names, iri)]
    )


def _bare(names: Names, iri: str) -> LevelFact:
    return LevelFact(names.reference(iri), None, "", 0.0, (), 0)


def _facts(names: Names, entries: Sequence[Level]) -> list[LevelFact]:
    """Join the entries of one level in one framework, one per EQF level."""
    grouped: dict[tuple[str, str], list[Level]] = {}
    for entry in entries:
        grouped.setdefault((entry.framework, entry.iri), []).append(entry)
    return [_fact(names, group) for group in grouped.values()]


def _fact(names: Names, group: list[Level]) -> LevelFact:
    first = group[0]
    return LevelFact(
        names.reference(first.iri),
        names.reference(first.framework),
        first.notation,
        first.rank,
        tuple(
            Bridge(
                names.reference(PREFIXES["eqf"] + entry.eqf),
                entry.match,
                entry.date,
                names.reference(entry.source) if entry.source else None,
                entry.basis,
            )
            for entry in group
            if entry.eqf
        ),
        first.qualifications,
    )


def render_level(request: Request, here: Site, iri: str) -> Response:
    """Return the page of a level, ours or an official one."""
    names, index = here.names(), here.index()
    eqf = iri.removeprefix(PREFIXES["eqf"]) if iri.startswith(PREFIXES["eqf"]) else ""
    own = _facts(names, index.level(iri))
    by = ("eqf", eqf) if eqf else ("level", iri)
    result = index.search(filters={by[0]: [by[1]]}, size=LISTED)
    reached = [int(eqf)] if eqf.isdigit() else []
    reached += [int(e.eqf) for e in index.level(iri) if e.eqf.isdigit()]
    page = LevelPage(
        iri,
        tuple(names.all(iri)),
        names.of(iri),
        tuple(own),
        tuple(_facts(names, index.bridged(eqf))) if eqf else (),
        tuple(sorted(set(reached))),
        result.total,
        items(here, names, result.hits),
        by,
        sources.formats(names, iri) if iri.startswith(here.base) else (),
    )
    return site.render(request, here, "level.html", page)


def render_framework(request: Request, here: Site, about: Facts) -> Response:
    """Return the page of a framework."""
    names, index = here.names(), here.index()
    found = _facts(names, index.levels(about.iri))
    country = about.iri_of("qcp:country")
    source = about.iri_of("dcterms:source")
    ordered = tuple(sorted(found, key=lambda level: (-level.rank, level.level.iri)))
    title = pick(about.texts("skos:prefLabel"), here.language.tag)
    own = about.iri == here.base + "id/framework/eqf"
    page = FrameworkPage(
        about.iri,
        title,
        tuple(about.texts("skos:prefLabel")),
        names.of(country).text if country else "",
        ordered,
        sum(f.qualifications for f in index.frameworks() if f.iri == about.iri),
        names.reference(source) if source else None,
        sources.formats(names, about.iri),
        drawn.framework(here.language, title.text, [_rung(level) for level in ordered], own),
    )
    return site.render(request, here, "framework.html", page)


def _rung(level: LevelFact) -> tuple[str, tuple[str, ...]]:
    return level.level.name.text, tuple(local_name(b.eqf.iri) for b in level.bridges)
