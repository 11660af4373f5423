"""Overlap of two sets in groups, as bars: only the first, both, only the second."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from qcp_graph.server.pictures.drawing import box, frame, words

MOST_BARS: Final = 40
_LABEL: Final = 210
_BAR: Final = 270
_NUMBERS: Final = 100
_HIGH: Final = 30


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two things have of a group: how many only the first, both, only the second."""

    label: str
    first: int
    both: int
    second: int

    @property
    def total(self) -> int:
        """How many there are in all."""
        return max(self.first, 0) + max(self.both, 0) + max(self.second, 0)


def overlap_bars(name: str, title: str, told: str, groups: Sequence[Overlap]) -> Markup:
    """Return one bar per group, as long as its number of members, in three parts."""
    groups = groups[:MOST_BARS]
    most = max((group.total for group in groups), default=0) or 1
    parts = []
    for at, group in enumerate(groups):
        y, x = at * _HIGH, float(_LABEL)
        parts.append(words(_LABEL - 10, y + 20, group.label, _LABEL - 12, anchor="end"))
        for number, kind in ((group.first, "a"), (group.both, "both"), (group.second, "b")):
            wide = _BAR * max(number, 0) / most
            parts.append(box(x, y + 6, wide, _HIGH - 12, kind))
            x += wide
        told_numbers = f"{group.first} · {group.both} · {group.second}"
        parts.append(words(x + 8, y + 20, told_numbers, _NUMBERS - 10, kind="head"))
    size = (_LABEL + _BAR + _NUMBERS, max(len(groups), 1) * _HIGH)
    return frame(name, "overlap", size, title, told, parts)
