"""Parts: the units of a qualification, and the wholes it is a part of."""

from collections.abc import Sequence
from datetime import date

from qcp_graph.compare.facts import Facts
from qcp_graph.compare.judging import Reading, incomparable, iris, row, sets
from qcp_graph.compare.model import Judgement, Row

Parts = tuple[str, frozenset[str]]


def rows(sides: Sequence[Facts], _on: date) -> list[Row]:
    """Return the parts; the wholes where a source tells them."""
    found = [row("parts", "parts", [_parts(f, "elm:hasPart", "part") for f in sides], _judge)]
    wholes = [_parts(f, "elm:isPartOf", "whole") for f in sides]
    if any(reading.statements for reading in wholes):
        found.append(row("parts", "wholes", wholes, _judge))
    return found


def _parts(facts: Facts, name: str, label: str) -> Reading[Parts]:
    found = iris(facts, [name], label)
    value = (facts.side.register, found.value) if found.value else None
    return Reading(found.statements, value)


def _judge(a: Parts, b: Parts) -> Judgement:
    """Judge by the IRIs; two registers name nothing alike, so theirs are left to a reader."""
    if a[0] != b[0] and not a[1] & b[1]:
        return incomparable("parts-elsewhere")
    return sets(a[1], b[1])
