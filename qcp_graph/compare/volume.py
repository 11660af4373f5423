"""Volume: hours of learning as intervals, by the rule of each credit system."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from qcp_graph.compare.facts import Facts
from qcp_graph.compare.judging import Reading, different, incomparable, row, same
from qcp_graph.compare.model import Judgement, Origin, Row, Said, Statement, because

_DURATION: Final = re.compile(
    r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?\Z"
)
_POINTS: Final = re.compile(r"\d{1,6}(?:[.,]\d{1,4})?\Z")


class Hours(NamedTuple):
    """An interval of hours of learning, both ends within."""

    least: float
    most: float

    def meets(self, other: "Hours") -> bool:
        """Tell whether two intervals have an hour in common."""
        return self.least <= other.most and other.least <= self.most

    def __str__(self) -> str:
        return f"{self.least:g}" if self.least == self.most else f"{self.least:g}–{self.most:g}"


def rows(sides: Sequence[Facts], _on: date) -> list[Row]:
    """Return hours, credit points, and the duration where a source tells one."""
    found = [
        row("volume", "hours", [_hours(f) for f in sides], judge_hours),
        row("volume", "credits", [_points(f) for f in sides], _judge_points),
    ]
    durations = [_durations(f) for f in sides]
    if any(reading.statements for reading in durations):
        found.append(row("volume", "duration", durations, _judge_durations))
    return found


def hours(lexical: str) -> Hours | None:
    """Return the hours of an xsd:duration; years and months are no hours (None).

    >>> hours("P66DT16H"), hours("PT90M"), hours("P1Y")
    (Hours(least=1600.0, most=1600.0), Hours(least=1.5, most=1.5), None)
    """
    found = _DURATION.match(lexical)
    if not found or lexical in {"P", "PT"} or found[1] or found[2]:
        return None
    days, hour, minute, second = (float(part or 0) for part in found.groups()[2:])
    total = days * 24 + hour + minute / 60 + second / 3600
    return Hours(total, total)


def points(lexical: str) -> float | None:
    """Return credit points as a number, None for what is no single number.

    >>> points("7,5"), points("60-90")
    (7.5, None)
    """
    return float(lexical.replace(",", ".")) if _POINTS.match(lexical) else None


def workload(facts: Facts) -> tuple[list[Hours], list[Hours]]:
    """Return the hours stated, and those that credit rules make of the credit points."""
    stated = [h for s in facts.all("elm:volumeOfLearning") if (h := hours(s.text))]
    made = [
        Hours(number * c.least, number * c.most)
        for c in facts.credits
        if (number := points(c.points)) is not None and c.least is not None and c.most is not None
    ]
    return stated, made


def _hours(facts: Facts) -> Reading[Hours]:
    statements = facts.all("elm:volumeOfLearning", "hours") + _made(facts)
    stated, made = workload(facts)
    for one in (*stated, *made):
        for other in (*stated, *made):
            if not one.meets(other):
                reason = because("hours-contradict", first=one, second=other)
                return Reading(statements, None, reason)
    if stated or made:
        chosen = stated or made
        value = Hours(max(h.least for h in chosen), min(h.most for h in chosen))
        return Reading(statements, value)
    if statements:
        return Reading(statements, None, None, because("no-hours"))
    if facts.credits:
        return Reading((), None, None, because("credits-without-hours"))
    return Reading()


def _made(facts: Facts) -> tuple[Statement, ...]:
    found = []
    for credit in facts.credits:
        number = points(credit.points)
        if number is None or credit.least is None or credit.most is None:
            continue
        said = Said(Origin.RULE, credit.source, "", credit.system, credit.basis)
        made = Hours(number * credit.least, number * credit.most)
        rule = f"{credit.points} × {Hours(credit.least, credit.most)}"
        found.append(Statement("hours-by-rule", str(made), said, detail=rule))
    return tuple(found)


def judge_hours(a: Hours, b: Hours) -> Judgement:
    """Judge two intervals: the same where they have an hour in common.

    >>> judge_hours(Hours(1500, 1800), Hours(1600, 1600)).verdict.value
    'same'
    """
    if a.meets(b):
        return same("hours-meet", first=a, second=b)
    code = "hours-more" if a.least > b.most else "hours-less"
    return different(code, first=a, second=b)


def _points(facts: Facts) -> Reading[dict[str, float]]:
    statements = tuple(
        Statement("points", c.points, facts.record(), detail=c.system) for c in facts.credits
    )
    value: dict[str, float] = {}
    for credit in facts.credits:
        number = points(credit.points)
        if number is None:
            return Reading(statements, None, None, because("points-unread", points=credit.points))
        if value.setdefault(credit.system, number) != number:
            return Reading(statements, None, because("points-several"))
    return Reading(statements, value or None)


def _judge_points(a: dict[str, float], b: dict[str, float]) -> Judgement:
    shared = sorted(system for system in a.keys() & b.keys() if system)
    if not shared:
        return incomparable("other-credit-systems")
    first, second = a[shared[0]], b[shared[0]]
    if first == second:
        return same("points-same")
    code = "points-more" if first > second else "points-less"
    return different(code, first=f"{first:g}", second=f"{second:g}")


def _durations(facts: Facts) -> Reading[frozenset[str]]:
    statements = facts.all("elm:maximumDuration", "duration")
    return Reading(statements, frozenset(s.text for s in statements) or None)


def _judge_durations(a: frozenset[str], b: frozenset[str]) -> Judgement:
    return same("equal-values") if a == b else different("other-values")
