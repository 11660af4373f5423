"""Awarding bodies on the date, and the authority that publishes the record."""

from collections.abc import Sequence
from datetime import date

from qcp_graph.compare import days
from qcp_graph.compare.facts import Facts
from qcp_graph.compare.judging import Reading, iris, row, sets
from qcp_graph.compare.model import Row, Statement, because


def rows(sides: Sequence[Facts], on: date) -> list[Row]:
    """Return the awarding bodies and the publishing authority."""
    return [
        row("awarding", "awarding-body", [_bodies(f, on) for f in sides], sets),
        row("awarding", "authority", [iris(f, ["dcterms:publisher"]) for f in sides], sets),
    ]


def bodies(facts: Facts, on: date) -> frozenset[str]:
    """Return the bodies that award a qualification on a date."""
    return _bodies(facts, on).value or frozenset()


def _bodies(facts: Facts, on: date) -> Reading[frozenset[str]]:
    """Read the bodies that award on the date; a body whose time is over is shown, not compared."""
    statements: list[Statement] = []
    current: set[str] = set()
    for node in facts.nodes("elm:awardingOpportunity"):
        start, end = _period(facts, node)
        held = days.within(start, end, on)
        label = "body" if held else "body-then"
        for body in facts.all("elm:awardingBody", label, node):
            period = f"{start}/{end}" if start or end else ""
            statements.append(body._replace(detail=period))
            if held:
                current.add(body.text)
    if statements and not current:
        return Reading(tuple(statements), None, None, because("no-body-then", on=on.isoformat()))
    words = facts.words("awarding-activity")
    if words and not current:  # "providers with a licence": nobody by name
        return Reading(words, None, None, because("in-words"))
    return Reading((*sorted(set(statements)), *words), frozenset(current) or None)


def _period(facts: Facts, node: str) -> tuple[str, str]:
    for period in facts.all("dcterms:temporal", subject=node):
        start = facts.texts("elm:startDate", period.text)
        end = facts.texts("elm:endDate", period.text)
        return (start or [""])[0], (end or [""])[-1]
    return "", ""
