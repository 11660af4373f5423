"""The facts that are compared: what documented queries say of one qualification.

The queries are ``sparql/compare/compare-*.rq``; :func:`of` reads their rows. Nothing here knows a
store.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from qcp_graph.compare import notes
from qcp_graph.compare.answers import Answer, Term, number, value
from qcp_graph.compare.model import Origin, Review, Said, Side, Statement
from qcp_graph.namespaces import expand

QUERIES: Final = (
    *("compare-statements", "compare-source", "compare-levels", "compare-credits"),
    *("compare-outcomes", "compare-links", "compare-hierarchy"),
    *("compare-notes", "compare-proofs"),
)
"""The queries whose answers :func:`of` wants, each with the parameter ``qualification``."""
_TRANSVERSAL: Final = "transversal"
_LINKS: Final = "/links"
MOST_OUTCOMES: Final = 5_000


class Bridge(NamedTuple):
    """Where a dated referencing leads; dates are lexical, ``rank`` is None when unknown.

    ``national`` tells that the framework is that of one country.
    """

    target: str
    framework: str
    rank: float | None
    match: str
    date: str
    source: str
    basis: str
    valid_from: str
    valid_until: str
    national: bool = False


class Level(NamedTuple):
    """A level that a record names."""

    iri: str
    framework: str
    rank: float | None
    bridges: tuple[Bridge, ...]


class Credit(NamedTuple):
    """Credit points with the rule of their system, in hours per credit (None: no rule)."""

    points: str
    system: str
    least: float | None
    most: float | None
    basis: str
    source: str


class SkillLink(NamedTuple):
    """A skill of an outcome and how it came there; ``link`` is empty for the source's own word."""

    skill: str
    transversal: bool
    link: str
    match: str
    confidence: str
    method: str
    version: str


class Outcome(NamedTuple):
    """A learning outcome with its texts (language, text); ``part`` is the unit it belongs to."""

    iri: str
    texts: tuple[tuple[str, str], ...]
    part: str
    skills: tuple[SkillLink, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything known of one qualification that a comparison looks at."""

    side: Side
    held: Mapping[tuple[str, str], tuple[Statement, ...]]
    levels: tuple[Level, ...]
    credits: tuple[Credit, ...]
    outcomes: tuple[Outcome, ...]
    broader: Mapping[str, frozenset[str]]
    notes: Mapping[str, tuple[Statement, ...]]
    proofs: tuple[Statement, ...]
    reviews: tuple[Review, ...]

    @property
    def iri(self) -> str:
        """The IRI of the qualification."""
        return self.side.iri

    def all(self, name: str, label: str = "", subject: str = "") -> tuple[Statement, ...]:
        """Return the statements with a property (a prefixed name), each with a role."""
        found = self.held.get((subject or self.iri, expand(name)), ())
        return tuple(s._replace(label=label) for s in found)

    def words(self, topic: str) -> tuple[Statement, ...]:
        """Return what notes say of a topic, a code of Europass' list (``ways-to-acquire``)."""
        return self.notes.get(topic, ())

    def nodes(self, name: str) -> list[str]:
        """Return the qualification's own parts under a property, in order."""
        return sorted({s.text for s in self.all(name) if s.is_iri})

    def texts(self, name: str, subject: str = "") -> list[str]:
        """Return the values of a property as text."""
        return sorted({s.text for s in self.all(name, subject=subject)})

    def record(self) -> Said:
        """Return the qualification's own record as the one who says it."""
        side = self.side
        return Said(Origin.RECORD, side.register, side.seen, side.record)


def of(iri: str, answers: Mapping[str, Answer]) -> Facts:
    """Return the facts of a qualification from the answers of :data:`QUERIES`.

    >>> of("http://x/1", {}).side.iri
    'http://x/1'
    """
    rows = {name: answers.get(name, ()) for name in QUERIES}
    side = _side(iri, rows["compare-source"])
    held = _held(side, rows["compare-statements"])
    titles = {(s.language, s.text) for s in held.get((iri, expand("dcterms:title")), ())}
    codes = {
        s.text
        for node in held.get((iri, expand("adms:identifier")), ())
        for s in held.get((node.text, expand("skos:notation")), ())
    }
    types = {s.text for s in held.get((iri, expand("rdf:type")), ())}
    return Facts(
        replace(
            side,
            titles=tuple(sorted(titles)),
            codes=tuple(sorted(codes)),
            withdrawn=expand("qcp:WithdrawnRecord") in types,
        ),
        held,
        _levels(rows["compare-levels"]),
        _credits(rows["compare-credits"]),
        _outcomes(rows["compare-outcomes"], rows["compare-links"]),
        _broader(rows["compare-hierarchy"]),
        notes.notes(side, rows["compare-notes"]),
        notes.proofs(side, rows["compare-proofs"]),
        notes.reviews(rows["compare-links"]),
    )


def _side(iri: str, rows: Answer) -> Side:
    """Read who says it; several rows (two licences, two owners) give the first by order."""
    first = [value(term) for term in rows[0]] if rows else [""] * 10
    register, owner, licence, country, record, key, locator, seen, checked, specimen = first
    return Side(
        iri=iri,
        titles=(),
        codes=(),
        country=country,
        register=register,
        owner=owner,
        licence=licence,
        record=record,
        key=key,
        locator=locator,
        seen=(seen or checked)[:10],
        specimen=specimen == "true",
        withdrawn=False,
    )


def _held(side: Side, rows: Answer) -> dict[tuple[str, str], tuple[Statement, ...]]:
    held: dict[tuple[str, str], dict[Term, Statement]] = defaultdict(dict)
    for graph, subject, predicate, term in rows:
        if term is None:
            continue
        linked = value(graph).endswith(_LINKS)
        said = (
            Said(Origin.LINK, "", side.seen, value(graph))
            if linked
            else Said(Origin.RECORD, side.register, side.seen, side.record)
        )
        statement = Statement("", term.value, said, term.language, term.is_iri)
        place = held[value(subject), value(predicate)]
        before = place.get(term)
        # What a register says itself outweighs the same thing computed.
        if before is None or before.said.origin is Origin.LINK:
            place[term] = statement
    return {key: tuple(found[k] for k in sorted(found)) for key, found in held.items()}


def _levels(rows: Answer) -> tuple[Level, ...]:
    heads: dict[str, tuple[str, float | None]] = {}
    bridges: dict[str, set[Bridge]] = defaultdict(set)
    for level, framework, rank, target, target_framework, target_rank, *rest in rows:
        heads.setdefault(value(level), (value(framework), number(rank)))
        if target is None:
            continue
        match, date, source, basis, start, end, national = map(value, rest)
        bridges[value(level)].add(
            Bridge(
                target.value,
                value(target_framework),
                number(target_rank),
                *(match, date, source, basis, start, end),
                national == "true",
            )
        )
    return tuple(
        Level(iri, *heads[iri], tuple(sorted(bridges[iri], key=str))) for iri in sorted(heads)
    )


def _credits(rows: Answer) -> tuple[Credit, ...]:
    found: dict[tuple[str, str], Credit] = {}
    for points, system, least, most, basis, source in rows:
        key = (value(points), value(system))
        found.setdefault(
            key, Credit(*key, number(least), number(most), value(basis), value(source))
        )
    return tuple(found[key] for key in sorted(found))


def _outcomes(rows: Answer, links: Answer) -> tuple[Outcome, ...]:
    how = {
        (value(outcome), value(skill)): tuple(map(value, rest[:5]))
        for outcome, skill, *rest in links
        if value(rest[5]) != notes.REJECTED
    }
    texts: dict[str, set[tuple[str, str]]] = defaultdict(set)
    skills: dict[str, set[SkillLink]] = defaultdict(set)
    parts: dict[str, str] = {}
    summaries: set[str] = set()
    for outcome, text, part, skill, reuse, summary in rows:
        iri = value(outcome)
        if iri not in parts and len(parts) >= MOST_OUTCOMES:
            continue
        summaries |= {iri} if value(summary) == "true" else set()
        parts[iri] = min(parts.get(iri, value(part)), value(part))
        if text is not None:
            texts[iri].add((text.language, text.value))
        if skill is not None:
            link = how.get((iri, skill.value), ("",) * 5)
            transversal = value(reuse).rsplit("/", 1)[-1] == _TRANSVERSAL
            skills[iri].add(SkillLink(skill.value, transversal, *link))
    # A text about several outcomes is one itself only where it is linked, or stands alone.
    single = [iri for iri in sorted(parts) if iri not in summaries or iri in skills]
    return tuple(
        Outcome(iri, tuple(sorted(texts[iri])), parts[iri], tuple(sorted(skills[iri])))
        for iri in single or sorted(parts)
    )


def _broader(rows: Answer) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for narrower, broader in rows:
        found[value(narrower)].add(value(broader))
    return {concept: frozenset(above) for concept, above in found.items()}
