"""The ladder of a framework: its levels, and the EQF levels that sourced bridges lead to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from qcp_graph.server.pictures.drawing import box, frame, line, words

MOST_RUNGS: Final = 40
_LEFT: Final = 250
_GAP: Final = 90
_RIGHT: Final = 250
_STEP: Final = 32
_TOP: Final = 30


@dataclass(frozen=True, slots=True)
class Rung:
    """A level of a framework; ``reaches`` are the levels of the other ladder it is bridged to."""

    label: str
    reaches: tuple[str, ...] = ()


def level_ladder(
    name: str,
    title: str,
    told: str,
    heads: tuple[str, str],
    rungs: Sequence[Rung],
    other: Sequence[tuple[str, str]],
) -> Markup:
    """Return two ladders and the bridges between them, the highest level on top.

    ``heads`` names both ladders; ``other`` are the levels of the second as (code, label).
    """
    rungs, other = rungs[:MOST_RUNGS], other[:MOST_RUNGS]
    high = _TOP + max(len(rungs), len(other), 1) * _STEP
    ours, theirs = _places(len(rungs), high), _places(len(other), high)
    at = {code: y for (code, _), y in zip(other, theirs, strict=True)}
    reached = {code for rung in rungs for code in rung.reaches}
    x2 = _LEFT + _GAP
    parts = [
        words(_LEFT / 2, 18, heads[0], _LEFT - 4, anchor="middle", kind="head"),
        words(x2 + _RIGHT / 2, 18, heads[1], _RIGHT - 4, anchor="middle", kind="head"),
    ]
    for rung, y in zip(rungs, ours, strict=True):
        for code in rung.reaches:
            if code in at:
                parts.append(line(_LEFT, y, x2, at[code], "bridge"))
        parts.append(_step(0, y, _LEFT, rung.label, bool(rung.reaches)))
    for (code, label), y in zip(other, theirs, strict=True):
        parts.append(_step(x2, y, _RIGHT, label, code in reached))
    return frame(name, "rungs", (x2 + _RIGHT, high), title, told, parts)


def _places(count: int, high: float) -> list[float]:
    """Return the middle of each rung, spread over the height that the longer ladder needs."""
    room = (high - _TOP) / max(count, 1)
    return [_TOP + (i + 0.5) * room for i in range(count)]


def _step(x: float, y: float, wide: float, label: str, reached: bool) -> str:
    kind = "on" if reached else "off"
    return box(x + 1, y - 13, wide - 2, 26, kind) + words(
        x + wide / 2, y + 5, label, wide - 12, anchor="middle", kind=f"t-{kind}"
    )
