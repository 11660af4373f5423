"""Learning outcomes with the ESCO skills they are linked to, and how each link came about."""

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from fastapi import Request
from starlette.responses import Response

from qcp_graph.namespaces import PREFIXES
from qcp_graph.server.pages import site, sources
from qcp_graph.server.pages.graph import Facts, Text, objects, subjects
from qcp_graph.server.pages.names import Names, Reference, local_name, pick, shorten
from qcp_graph.server.pages.site import Site
from qcp_graph.server.pages.sources import Source

FIRST: Final = 60
"""Outcomes on a page before the reader asks for all of them."""


_DEPTH: Final = 3
"""Levels of units within units: modules, units, parts of them."""
_UNITS: Final = 500


@dataclass(frozen=True, slots=True)
class SkillLink:
    """A link from an outcome to a skill.

    ``status`` is a code of :data:`~qcp_graph.server.pages.labels.LINK_STATUS`, ``Source`` where
    the register itself says it; ``score`` is between 0 and 1, or None.
    """

    skill: Reference
    status: str
    score: float | None
    method: str
    assertion: Reference | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One learning outcome."""

    iri: str
    href: str
    text: Text
    type: Reference | None
    skills: tuple[SkillLink, ...]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcomes that a page shows, how many there are, and the outcomes as one text.

    ``in_units`` counts those that only its units state, and theirs.
    """

    shown: tuple[Outcome, ...]
    total: int
    linked: int
    summary: tuple[Text, ...]
    in_units: int = 0


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """What ``outcome.html`` shows."""

    iri: str
    title: Text
    titles: tuple[Text, ...]
    descriptions: tuple[Text, ...]
    type: Reference | None
    skills: tuple[SkillLink, ...]
    qualifications: tuple[Reference, ...]
    source: Source


def of(here: Site, names: Names, facts: Facts, everything: bool) -> Outcomes:
    """Return the outcomes of a qualification; the first ones, unless all are asked for."""
    iris = facts.iris("elm:learningOutcome")
    shown = tuple(outcome(names, iri) for iri in (iris if everything else iris[:FIRST]))
    linked = sum(bool(objects(names.store, iri, "elm:relatedESCOSkill")) for iri in iris)
    summary = [
        text
        for node in facts.iris("elm:learningOutcomeSummary")
        for text in facts.texts("elm:noteLiteral", node)
    ]
    own = [text for text in summary if text.language.split("-")[0] == here.language.tag]
    units = 0 if iris else _in_units(names.store, facts.iri)
    return Outcomes(shown, len(iris), linked, tuple(own or summary), units)


def _in_units(store: ox.Store, iri: str) -> int:
    """Return how many outcomes the units of a qualification state, down to :data:`_DEPTH`."""
    found: set[str] = set()
    reached, seen = [iri], {iri}
    for _ in range(_DEPTH):
        below = (p.value for one in reached for p in objects(store, one, "elm:hasPart"))
        reached = [part for part in dict.fromkeys(below) if part not in seen][:_UNITS]
        seen.update(reached)
        for part in reached:
            found.update(o.value for o in objects(store, part, "elm:learningOutcome"))
    return len(found)


def outcome(names: Names, iri: str) -> Outcome:
    """Return one outcome with its links."""
    kinds = [
        o.value for o in objects(names.store, iri, "dcterms:type") if isinstance(o, ox.NamedNode)
    ]
    return Outcome(
        iri,
        names.local(iri),
        pick(names.all(iri), names.language),
        names.reference(kinds[0]) if kinds else None,
        links(names, iri),
    )


def links(names: Names, iri: str) -> tuple[SkillLink, ...]:
    """Return the skills of an outcome: what the source says itself, then the best links."""
    found: dict[str, SkillLink] = {}
    for assertion in subjects(names.store, "sssom:subject_id", iri):
        link = _link(names, assertion)
        if link is not None:
            found[link.skill.iri] = link
    for skill in objects(names.store, iri, "elm:relatedESCOSkill"):
        if skill.value not in found:
            found[skill.value] = SkillLink(names.reference(skill.value), "Source", None, "", None)
    order = {"Source": 0, "Accepted": 1, "Suggested": 2, "Rejected": 3}
    return tuple(
        sorted(found.values(), key=lambda s: (order.get(s.status, 9), -(s.score or 0), s.skill.iri))
    )


def fields(names: Names, iri: str) -> tuple[SkillLink, ...]:
    """Return the fields of education computed for a qualification, rejected ones aside."""
    return tuple(
        link
        for link in links(names, iri)
        if link.skill.iri.startswith(PREFIXES["iscedf"]) and link.status != "Rejected"
    )


def _link(names: Names, assertion: str) -> SkillLink | None:
    facts = Facts(assertion, names.store.quads_for_pattern(ox.NamedNode(assertion), None, None))
    skill = facts.iri_of("sssom:object_id")
    if not skill:
        return None
    return SkillLink(
        names.reference(skill),
        local_name(facts.iri_of("qcp:linkStatus")),
        _score(facts.text("sssom:confidence")),
        facts.text("qcp:method"),
        names.reference(assertion),
    )


def _score(text: str) -> float | None:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return None


def render(request: Request, here: Site, facts: Facts) -> Response:
    """Return the page of a learning outcome."""
    names = here.names()
    titles = facts.texts("dcterms:title")
    kind = facts.iri_of("dcterms:type")
    page = OutcomePage(
        facts.iri,
        pick(titles, here.language.tag) if titles else Text(shorten(facts.iri)),
        tuple(titles),
        tuple(facts.texts("dcterms:description")),
        names.reference(kind) if kind else None,
        links(names, facts.iri),
        names.references(subjects(names.store, "elm:learningOutcome", facts.iri)),
        sources.of(here, names, facts),
    )
    return site.render(request, here, "outcome.html", page)
