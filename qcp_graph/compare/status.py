"""Status on a date: in force, ended, not yet begun, a draft; and what replaced a qualification."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from qcp_graph.compare import days
from qcp_graph.compare.facts import Facts
from qcp_graph.compare.judging import Reading, different, incomparable, row, same
from qcp_graph.compare.model import Judgement, Reason, Row, Statement, because
from qcp_graph.namespaces import QCP

_ROLES: Final = (
    ("qcp:status", "status"),
    ("qcp:validFrom", "valid-from"),
    ("qcp:validUntil", "valid-until"),
    ("qcp:lastEnrolmentDate", "last-enrolment"),
    ("qcp:lastAwardDate", "last-award"),
    ("qcp:decisionDate", "decision"),
)
Succession = tuple[str, frozenset[tuple[str, str]]]
_PAST: Final = frozenset({"Expired", "Archived", "Withdrawn"})


def rows(sides: Sequence[Facts], on: date) -> list[Row]:
    """Return the status on the date, and succession where a source tells it."""
    found = [row("status", "status", [_status(f, on) for f in sides], _judge)]
    succession = [_succession(facts) for facts in sides]
    if any(reading.statements for reading in succession):
        found.append(row("status", "succession", succession, _judge_succession))
    return found


def _judge(a: str, b: str) -> Judgement:
    return same("status-" + a) if a == b else different("status-differs", first=a, second=b)


def _judge_succession(a: Succession, b: Succession) -> Judgement:
    """Judge lines of succession; that each has one of its own is no difference."""
    if a[1] == b[1]:
        return same("equal-values")
    if a[0] in {iri for _, iri in b[1]} or b[0] in {iri for _, iri in a[1]}:
        return different("succession-between")
    return incomparable("succession-own")


def _succession(facts: Facts) -> Reading[Succession]:
    after = facts.all("dcterms:isReplacedBy", "replaced-by")
    statements = after + facts.all("dcterms:replaces", "replaces")
    value = facts.iri, frozenset((s.label, s.text) for s in statements)
    return Reading(statements, value if statements else None)


def _status(facts: Facts, on: date) -> Reading[str]:
    statements = tuple(s for name, label in _ROLES for s in facts.all(name, label))
    if facts.side.withdrawn:
        gone = Statement("status", QCP + "Withdrawn", facts.record(), is_iri=True)
        return Reading((*statements, gone), "ended", concluded=because("on-date", what="ended"))
    if conflict := _conflict(facts, on):
        return Reading(statements, None, conflict)
    value = _on(facts, on)
    if value is None and statements:
        return Reading(statements, None, None, because("status-unknown-then", on=on.isoformat()))
    return Reading(statements, value, concluded=because("on-date", what=value) if value else None)


def _decided(facts: Facts, on: date) -> bool:
    """Tell whether it was registered by a decision before the date, until an end after it.

    A source that gives no first day often gives the day of the decision and the last day.
    """
    days_of = [d for s in facts.all("qcp:decisionDate") if (d := days.ends(s.text))]
    return (
        "Registered" in _words(facts) and bool(_bounds(facts)[1]) and any(d <= on for d in days_of)
    )


def _words(facts: Facts) -> set[str]:
    return {s.text.removeprefix(QCP) for s in facts.all("qcp:status")}


def _conflict(facts: Facts, on: date) -> Reason | None:
    """Return why status and dates contradict each other on the date that is asked about."""
    words = _words(facts)
    if len(words) > 1:
        return because("status-several", values=", ".join(sorted(words)))
    start, end = _bounds(facts)
    if start and end and start > end:
        return because("dates-reversed", start=start.isoformat(), end=end.isoformat())
    if "Registered" in words and end and end < on and not _still_awarded(facts, on):
        return because("registered-after-end", end=end.isoformat())
    seen = days.begins(facts.side.seen)
    if "Expired" in words and end and seen and seen <= on <= end:
        return because("expired-before-end", end=end.isoformat())
    return None


def _still_awarded(facts: Facts, on: date) -> bool:
    """Tell whether those who have begun may still get it: the last day of award is not over."""
    return any((d := days.ends(s.text)) and d >= on for s in facts.all("qcp:lastAwardDate"))


def _bounds(facts: Facts) -> tuple[date | None, date | None]:
    starts = [d for s in facts.all("qcp:validFrom") if (d := days.begins(s.text))]
    ends = [d for s in facts.all("qcp:validUntil") if (d := days.ends(s.text))]
    return min(starts, default=None), max(ends, default=None)


def _on(facts: Facts, on: date) -> str | None:
    """Return the status on a day; a bare status speaks only of the day it was seen and later."""
    words = _words(facts)
    start, end = _bounds(facts)
    if "Draft" in words:
        return "draft"
    if start and on < start:
        return "not-yet"
    if end and on > end:
        return "phasing-out" if _still_awarded(facts, on) else "ended"
    if start and (end or "Registered" in words):
        return "in-force"
    seen = days.begins(facts.side.seen)
    if seen is not None and on < seen:
        begun = start or _decided(facts, on)
        return "in-force" if begun and not words & _PAST else None
    if words & _PAST:
        return "ended"
    return "in-force" if "Registered" in words or start or end else None
