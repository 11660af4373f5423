"""Parts: the units of a qualification, and the wholes it is a part of."""

from collections.abc import Sequence
from datetime import date

from qcp_graph.compare.facts import Facts
from qcp_graph.compare.judging import iris, row, sets
from qcp_graph.compare.model import Row


def rows(sides: Sequence[Facts], _on: date) -> list[Row]:
    """Return the parts; the wholes where a source tells them."""
    found = [row("parts", "parts", [iris(f, ["elm:hasPart"], "part") for f in sides], sets)]
    wholes = [iris(f, ["elm:isPartOf"], "whole") for f in sides]
    if any(reading.statements for reading in wholes):
        found.append(row("parts", "wholes", wholes, sets))
    return found
