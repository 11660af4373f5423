"""The words of a comparison: statements with their source, cells, verdicts and rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """What a comparison says of one row; none of them is a decision on recognition."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_COMPARABLE = "not-comparable"
    NOT_PROVIDED = "not-provided"
    CONFLICTING = "conflicting"


class Origin(StrEnum):
    """What kind of thing says a statement."""

    RECORD = "record"
    LINK = "link"
    REFERENCING = "referencing"
    RULE = "rule"


class Said(NamedTuple):
    """Who says it, when, and where that can be read.

    ``by`` is the IRI of a register, a framework's source or a credit rule's source (empty for what
    this program computes); ``on`` a lexical date; ``where`` the record, link or source; ``basis``
    words of the source about its standing.
    """

    origin: Origin
    by: str = ""
    on: str = ""
    where: str = ""
    basis: str = ""


class Statement(NamedTuple):
    """One thing that a source says of a qualification; ``text`` is an IRI where ``is_iri``.

    ``label`` is the role it plays in its cell, a code ("from", "hours", …); ``detail`` an IRI
    or a text that belongs to it, such as the credit system of points.
    """

    label: str
    text: str
    said: Said
    language: str = ""
    is_iri: bool = False
    detail: str = ""


class Reason(NamedTuple):
    """Why: a code with its values; :data:`qcp_graph.compare.words.REASONS` has the sentences."""

    code: str
    values: tuple[tuple[str, str], ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the reason for JSON."""
        return {"code": self.code, "values": dict(self.values)}


def because(code: str, **values: object) -> Reason:
    """Return a reason; values are written as text.

    >>> because("shared", shared=2, first=3, second=5).values
    (('shared', '2'), ('first', '3'), ('second', '5'))
    """
    return Reason(code, tuple((name, str(value)) for name, value in values.items()))


class Judgement(NamedTuple):
    """A verdict with its reason."""

    verdict: Verdict
    reason: Reason


@dataclass(frozen=True, slots=True)
class Cell:
    """What one qualification says in one row.

    ``conflict`` tells why its own statements contradict each other; ``absent`` why they give
    nothing to compare; ``concluded`` what follows from them on the date that is asked about.
    """

    statements: tuple[Statement, ...] = ()
    conflict: Reason | None = None
    absent: Reason | None = None
    concluded: Reason | None = None

    @property
    def state(self) -> str:
        """``given``, ``absent`` or ``conflicting``."""
        if self.conflict is not None:
            return "conflicting"
        return "given" if self.statements else "absent"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a cell per qualification, and a judgement of the first with each other one.

    ``key`` is a code; ``about`` an IRI where rows of one key differ by a thing (a framework).
    """

    dimension: str
    key: str
    cells: tuple[Cell, ...]
    judgements: tuple[Judgement, ...]
    about: str = ""


class Grade(StrEnum):
    """How a skill that is asked for is met; only the first three grades are credit."""

    EXACT = "exact"
    NARROWER = "narrower"
    BROADER = "broader"
    SIBLING = "sibling"
    TEXT = "text"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Match:
    """One skill (or, with ``grade`` text, one outcome) that is asked for, and what meets it.

    ``path`` leads through ESCO from the skill asked for to the one that meets it.
    """

    skill: str
    grade: Grade
    met_by: str = ""
    path: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    met_outcomes: tuple[str, ...] = ()
    transversal: bool = False


class Group(NamedTuple):
    """A group of ESCO skills (empty: outside the hierarchy) with the grades of those in it."""

    iri: str
    grades: tuple[Grade, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far one qualification covers what another asks for; positions count from 0.

    ``outcomes`` and ``linked`` are the denominators of the one that asks; ``firm`` tells whether
    enough of its outcomes are linked to read shares out of them.
    """

    required: int
    offered: int
    matches: tuple[Match, ...]
    outcomes: int
    linked: int
    offered_outcomes: int
    offered_linked: int
    versions: tuple[str, ...]
    firm: bool
    groups: tuple[Group, ...] = ()

    def count(self, grade: Grade, *, transversal: bool = False) -> int:
        """Return how many skills (transversal ones apart) have a grade."""
        return sum(m.grade is grade and m.transversal is transversal for m in self.matches)

    def total(self, *, transversal: bool = False) -> int:
        """Return how many skills are asked for."""
        return sum(m.transversal is transversal for m in self.matches if m.grade is not Grade.TEXT)


class Review(NamedTuple):
    """What a person decided about a link of an outcome; it stands beside the computed result."""

    outcome: str
    skill: str
    accepted: bool
    reviewer: str
    day: str
    match: str
    comment: str
    link: str


@dataclass(frozen=True, slots=True)
class Side:
    """One qualification of a comparison: names, register and record."""

    iri: str
    titles: tuple[tuple[str, str], ...]
    codes: tuple[str, ...]
    country: str
    register: str
    owner: str
    licence: str
    record: str
    key: str
    locator: str
    seen: str
    specimen: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two to ten qualifications side by side on a date, rows in the order of the purpose."""

    sides: tuple[Side, ...]
    purpose: str
    on: str
    rows: tuple[Row, ...]
    coverage: tuple[Coverage, ...]
    texts: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Outcomes by IRI with their texts (language, text)."""
    reviews: tuple[tuple[int, Review], ...] = ()
    """Decisions of people about links, each with the position of its qualification."""
