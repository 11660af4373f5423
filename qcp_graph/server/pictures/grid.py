"""Heat maps: how many, for each row and column; the darker, the more."""

import math
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from qcp_graph.server.pictures.drawing import box, frame, words

SHADES: Final = 5
MOST_ROWS: Final = 60
MOST_COLUMNS: Final = 24
_LABEL: Final = 236
_CELL: Final = 46
_HIGH: Final = 28
_TOP: Final = 26


def shade(number: int, most: int) -> int:
    """Return the shade of a cell, 0 for none to 5 for the most, by orders of magnitude.

    >>> [shade(n, 10_000) for n in (0, 1, 12, 150, 9_000)]
    [0, 1, 2, 3, 5]
    """
    if number <= 0:
        return 0
    share = math.log1p(min(number, most)) / math.log1p(most)
    return max(1, min(SHADES, math.ceil(share * SHADES)))


def short(number: int) -> str:
    """Return a number that fits a cell.

    >>> short(987), short(4321), short(123456), short(9_876_543)
    ('987', '4.3k', '123k', '9.9M')
    """
    for limit, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= limit:
            scaled = number / limit
            return f"{scaled:.0f}{unit}" if scaled >= 10 else f"{scaled:.1f}{unit}"
    return str(number)


def heat_map(
    name: str,
    title: str,
    told: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, Sequence[int]]],
) -> Markup:
    """Return a heat map; a row is its label and one number per column.

    At most :data:`MOST_ROWS` rows and :data:`MOST_COLUMNS` columns are drawn, the first of them.
    """
    columns, rows = columns[:MOST_COLUMNS], rows[:MOST_ROWS]
    most = max((n for _, numbers in rows for n in numbers), default=0)
    parts = [
        words(_middle(i), _TOP - 9, label, _CELL - 2, anchor="middle", kind="head")
        for i, label in enumerate(columns)
    ]
    for at, (label, numbers) in enumerate(rows):
        y = _TOP + at * _HIGH
        parts.append(words(_LABEL - 8, y + 19, label, _LABEL - 10, anchor="end"))
        for i, number in enumerate(numbers[: len(columns)]):
            level = shade(number, most)
            parts.append(box(_LABEL + i * _CELL + 1, y + 1, _CELL - 2, _HIGH - 2, f"h{level}"))
            if number:
                shown = short(number)
                parts.append(
                    words(_middle(i), y + 19, shown, _CELL - 4, anchor="middle", kind=f"on{level}")
                )
    size = (_LABEL + max(len(columns), 1) * _CELL, _TOP + max(len(rows), 1) * _HIGH)
    return frame(name, "heat", size, title, told, parts)


def _middle(column: int) -> float:
    return _LABEL + (column + 0.5) * _CELL
