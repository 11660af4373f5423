"""Entry requirements: notes of the source, which only a person can weigh."""

from collections.abc import Sequence
from datetime import date

from qcp_graph.compare.facts import Facts
from qcp_graph.compare.judging import Reading, prose, row, texts
from qcp_graph.compare.model import Row


def rows(sides: Sequence[Facts], _on: date) -> list[Row]:
    """Return the entry requirements."""
    return [row("entry", "entry", [_entry(f) for f in sides], prose)]


def _entry(facts: Facts) -> Reading[frozenset[tuple[str, str]]]:
    statements = tuple(
        s
        for node in facts.nodes("elm:entryRequirement")
        for s in facts.all("elm:noteLiteral", subject=node)
    )
    return Reading(statements, texts(statements))
