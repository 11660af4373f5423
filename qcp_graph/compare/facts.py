"""The facts that are compared: what documented queries say of one qualification.

The queries are ``sparql/compare/compare-*.rq``; :func:`of` reads their rows. Nothing here knows a
store.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from qcp_graph.compare.model import Origin, Said, Side, Statement
from qcp_graph.namespaces import expand

QUERIES: Final = (
    *("compare-statements", "compare-source", "compare-levels", "compare-credits"),
    *("compare-outcomes", "compare-links", "compare-hierarchy"),
)
"""The queries whose answers :func:`of` wants, each with the parameter ``qualification``."""
_TRANSVERSAL: Final = "transversal"
_LINKS: Final = "/links"
MOST_OUTCOMES: Final = 5_000


class Term(NamedTuple):
    """An RDF term as a query answers it."""

    value: str
    language: str = ""
    is_iri: bool = False


Answer = Sequence[Sequence[Term | None]]


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

    @property
    def iri(self) -> str:
        """The IRI of the qualification."""
        return self.side.iri

    def all(self, name: str, label: str = "", subject: str = "") -> tuple[Statement, ...]:
        """Return the statements with a property (a prefixed name), each with a role."""
        found = self.held.get((subject or self.iri, expand(name)), ())
        return tuple(s._replace(label=label) for s in found)

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
    )


def _value(term: Term | None) -> str:
    return term.value if term is not None else ""


def _number(term: Term | None) -> float | None:
    try:
        return float(_value(term))
    except ValueError:
        return None


def _side(iri: str, rows: Answer) -> Side:
    """Read who says it; several rows (two licences, two owners) give the first by order."""
    first = [_value(term) for term in rows[0]] if rows else [""] * 10
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
    held: dict[tuple[str, str], dict[tuple[str, str, bool], Statement]] = defaultdict(dict)
    for graph, subject, predicate, value in rows:
        if value is None:
            continue
        linked = _value(graph).endswith(_LINKS)
        said = (
            Said(Origin.LINK, "", side.seen, _value(graph))
            if linked
            else Said(Origin.RECORD, side.register, side.seen, side.record)
        )
        statement = Statement("", value.value, said, value.language, value.is_iri)
        place = held[_value(subject), _value(predicate)]
        key = (value.value, value.language, value.is_iri)
        before = place.get(key)
        # What a register says itself outweighs the same thing computed.
        if before is None or before.said.origin is Origin.LINK:
            place[key] = statement
    return {key: tuple(found[k] for k in sorted(found)) for key, found in held.items()}


def _levels(rows: Answer) -> tuple[Level, ...]:
    heads: dict[str, tuple[str, float | None]] = {}
    bridges: dict[str, set[Bridge]] = defaultdict(set)
    for level, framework, rank, target, target_framework, target_rank, *rest in rows:
        heads.setdefault(_value(level), (_value(framework), _number(rank)))
        if target is None:
            continue
        match, date, source, basis, start, end, national = map(_value, rest)
        bridges[_value(level)].add(
            Bridge(
                target.value,
                _value(target_framework),
                _number(target_rank),
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
        key = (_value(points), _value(system))
        found.setdefault(
            key, Credit(*key, _number(least), _number(most), _value(basis), _value(source))
        )
    return tuple(found[key] for key in sorted(found))


def _outcomes(rows: Answer, links: Answer) -> tuple[Outcome, ...]:
    how = {
        (_value(outcome), _value(skill)): tuple(map(_value, rest))
        for outcome, skill, *rest in links
    }
    texts: dict[str, set[tuple[str, str]]] = defaultdict(set)
    skills: dict[str, set[SkillLink]] = defaultdict(set)
    parts: dict[str, str] = {}
    for outcome, text, part, skill, reuse in rows:
        iri = _value(outcome)
        if iri not in parts and len(parts) >= MOST_OUTCOMES:
            continue
        parts[iri] = min(parts.get(iri, _value(part)), _value(part))
        if text is not None:
            texts[iri].add((text.language, text.value))
        if skill is not None:
            link = how.get((iri, skill.value), ("",) * 5)
            transversal = _value(reuse).rsplit("/", 1)[-1] == _TRANSVERSAL
            skills[iri].add(SkillLink(skill.value, transversal, *link))
    return tuple(
        Outcome(iri, tuple(sorted(texts[iri])), parts[iri], tuple(sorted(skills[iri])))
        for iri in sorted(parts)
    )


def _broader(rows: Answer) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for narrower, broader in rows:
        found[_value(narrower)].add(_value(broader))
    return {concept: frozenset(above) for concept, above in found.items()}
