"""The comparison: every dimension read, rows in the order of the purpose, no score over all."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from qcp_graph.compare import (
    assessment,
    awarding,
    coverage,
    delivery,
    entry,
    learning,
    level,
    parts,
    quality,
    rights,
    status,
    system,
    volume,
)
from qcp_graph.compare.facts import Facts
from qcp_graph.compare.model import Comparison, Coverage, Row
from qcp_graph.errors import UsageError

Dimension = Callable[[Sequence[Facts], date], list[Row]]
DIMENSIONS: Final[dict[str, Dimension]] = {
    "status": status.rows,
    "system": system.rows,
    "awarding": awarding.rows,
    "level": level.rows,
    "volume": volume.rows,
    "outcomes": learning.outcome_rows,
    "skills": learning.skill_rows,
    "entry": entry.rows,
    "rights": rights.rows,
    "quality": quality.rows,
    "assessment": assessment.rows,
    "delivery": delivery.rows,
    "parts": parts.rows,
}
"""Every dimension; a purpose reorders them and leaves none out."""
_FIRST: Final[dict[str, tuple[str, ...]]] = {
    "further-study": ("level", "rights", "status", "volume", "outcomes", "quality", "awarding"),
    "work": ("skills", "outcomes", "rights", "level", "status", "assessment"),
    "profession": ("rights", "status", "awarding", "quality", "skills", "outcomes", "level"),
}
PURPOSES: Final = tuple(_FIRST)
MOST: Final = 10
"""Qualifications that a comparison holds at most."""


def order(purpose: str) -> tuple[str, ...]:
    """Return the dimensions in the order of a purpose.

    >>> order("work")[:2], len(order("work")) == len(DIMENSIONS)
    (('skills', 'outcomes'), True)
    """
    first = _FIRST[purpose]
    return (*first, *(name for name in DIMENSIONS if name not in first))


def compare(
    sides: Sequence[Facts], *, purpose: str, on: date, with_texts: bool = False
) -> Comparison:
    """Compare the first qualification with each other one.

    The second of two is the one that is asked for ("B, required"): its coverage comes first.

    :raises UsageError: for fewer than two or more than ten, one twice, or an unknown purpose.
    """
    _check([facts.iri for facts in sides], purpose)
    rows = [row for name in order(purpose) for row in DIMENSIONS[name](sides, on)]
    return Comparison(
        sides=tuple(facts.side for facts in sides),
        purpose=purpose,
        on=on.isoformat(),
        rows=tuple(rows),
        coverage=tuple(coverages(sides, with_texts)),
        texts={o.iri: o.texts for facts in sides for o in facts.outcomes},
        reviews=tuple((at, r) for at, facts in enumerate(sides) for r in facts.reviews),
    )


def coverages(sides: Sequence[Facts], with_texts: bool = False) -> list[Coverage]:
    """Return the coverage of every ordered pair; of two, how much of B does A cover first."""
    places = [
        (required, offered)
        for offered in range(len(sides))
        for required in range(len(sides))
        if required != offered
    ]
    return [
        coverage.cover(sides[required], sides[offered], (required, offered), with_texts=with_texts)
        for required, offered in places
    ]


def _check(iris: Sequence[str], purpose: str) -> None:
    if not 2 <= len(iris) <= MOST or len(set(iris)) != len(iris):
        raise UsageError(
            "QCP-CMP-SIDES",
            f"A comparison takes two to {MOST} different qualifications, not {len(set(iris))}.",
            remedy="Name two different qualifications.",
        )
    if purpose not in _FIRST:
        raise UsageError(
            "QCP-CMP-PURPOSE",
            f"There is no purpose {purpose[:40]!r}.",
            remedy=f"Possible: {', '.join(PURPOSES)}.",
        )
