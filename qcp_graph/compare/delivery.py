"""Mode, setting and language of learning."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from qcp_graph.compare.facts import Facts
from qcp_graph.compare.judging import iris, row, sets
from qcp_graph.compare.model import Row

_ROWS: Final = (
    ("mode", "elm:mode"),
    ("setting", "elm:learningSetting"),
    ("language", "dcterms:language"),
    ("target-group", "elm:targetGroup"),
)


def rows(sides: Sequence[Facts], _on: date) -> list[Row]:
    """Return mode and language; setting and target group where a source tells them."""
    found = [row("delivery", key, [iris(f, [name]) for f in sides], sets) for key, name in _ROWS]
    return [
        one
        for one in found
        if one.key in {"mode", "language"} or any(cell.statements for cell in one.cells)
    ]
