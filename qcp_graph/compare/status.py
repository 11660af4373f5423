"""Status on a date: in force, ended, not yet begun, a draft; and what replaced a qualification."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from qcp_graph.compare import days
from qcp_graph.compare.facts import Facts
from qcp_graph.compare.judging import Reading, different, row, same, sets
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
_PAST: Final = frozenset({"Expired", "Archived", "Withdrawn"})


def rows(sides: Sequence[Facts], on: date) -> list[Row]:
    """Return the status on the date, and succession where a source tells it."""
    found = [row("status", "status", [_status(f, on) for f in sides], _judge)]
    succession = [_succession(facts) for facts in sides]
    if any(reading.statements for reading in succession):
        found.append(row("status", "succession", succession, sets))
    return found


def _judge(a: str, b: str) -> Judgement:
    return same("status-" + a) if a == b else different("status-differs", first=a, second=b)


def _succession(facts: Facts) -> Reading[frozenset[str]]:
    after = facts.all("dcterms:isReplacedBy", "replaced-by")
    statements = after + facts.all("dcterms:replaces", "replaces")
    return Reading(statements, frozenset(f"{s.label} {s.text}" for s in statements) or None)


def _status(facts: Facts, on: date) -> Reading[str]:
    statements = tuple(s for name, label in _ROLES for s in facts.all(name, label))
    if facts.side.withdrawn:
        gone = Statement("status", QCP + "Withdrawn", facts.record(), is_iri=True)
        return Reading((*statements, gone), "ended")
    if conflict := _conflict(facts, on):
        return Reading(statements, None, conflict)
    value = _on(facts, on)
    if value is None and statements:
        return Reading(statements, None, None, because("status-unknown-then", on=on.isoformat()))
    return Reading(statements, value)


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
    if "Registered" in words and end and end < on:
        return because("registered-after-end", end=end.isoformat())
    seen = days.begins(facts.side.seen)
    if "Expired" in words and end and seen and seen <= on <= end:
        return because("expired-before-end", end=end.isoformat())
    return None


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
        return "ended"
    if start and (end or "Registered" in words):
        return "in-force"
    seen = days.begins(facts.side.seen)
    if seen is not None and on < seen:
        return "in-force" if start and not words & _PAST else None
    if words & _PAST:
        return "ended"
    return "in-force" if "Registered" in words or start or end else None
