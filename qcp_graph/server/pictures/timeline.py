"""What happened when, from top to bottom: versions of a record, dates of a qualification."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from qcp_graph.server.pictures.drawing import frame, line, words

MOST_MOMENTS: Final = 40
_WIDE: Final = 420
_DATE: Final = 150
_STEP: Final = 34


@dataclass(frozen=True, slots=True)
class Moment:
    """Something on a day; ``date`` is written as the reader's language writes it."""

    date: str
    label: str
    now: bool = False


def timeline(name: str, title: str, told: str, moments: Sequence[Moment]) -> Markup:
    """Return the moments one below the other on a line, in the order given."""
    moments = moments[:MOST_MOMENTS]
    high = max(len(moments), 1) * _STEP
    axis = _DATE + 16
    parts = [line(axis, 6, axis, high - 6, "axis")]
    for at, moment in enumerate(moments):
        y = (at + 0.5) * _STEP
        kind = "dot now" if moment.now else "dot"
        parts.append(words(_DATE, y + 5, moment.date, _DATE - 2, anchor="end", kind="head"))
        parts.append(f'<circle class="{kind}" cx="{axis:g}" cy="{y:g}" r="6"/>')
        parts.append(words(axis + 18, y + 5, moment.label, _WIDE - axis - 20))
    return frame(name, "timeline", (_WIDE, high), title, told, parts)
