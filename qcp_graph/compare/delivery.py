"""Mode, setting and language of learning, and the ways that lead to a qualification."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from qcp_graph.compare.facts import Facts
from qcp_graph.compare.judging import Reading, iris, prose, row, sets, texts
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
    found.append(row("delivery", "ways", [_ways(f) for f in sides], prose))
    return [
        one
        for one in found
        if one.key in {"mode", "language"} or any(cell.statements for cell in one.cells)
    ]


def _ways(facts: Facts) -> Reading[frozenset[tuple[str, str]]]:
    said = (*facts.words("pathways"), *facts.words("ways-to-acquire"))
    said = tuple(s._replace(label="") for s in said)
    return Reading(said, texts(said))
