"""Where a worksheet's column names stand, and what they are: titles above, names on two rows."""

from collections.abc import Sequence
from typing import Final

from qcp_graph.model.issue import Issue
from qcp_graph.readers.worksheet import Range

SEARCHED: Final = 30
"""Rows with content among which the header is looked for."""
JOINED: Final = " / "
_SHARE: Final = 0.8  # of the widest row
_NAMES: Final = 3  # so many texts side by side are names, not a title

Rows = Sequence[tuple[int, list[str]]]


def detect(rows: Rows, merged: Sequence[Range]) -> tuple[int, ...]:
    """Return the rows of the column names: the first that is no title, and the one below it when
    its cells span several columns that are named there.

    >>> detect([(1, ["Register"]), (3, ["id", "title"]), (4, ["1", "Baker"])], [])
    (3,)
    """
    widest = max((_filled(cells) for _, cells in rows), default=0)
    for position, (number, cells) in enumerate(rows):
        count = _filled(cells)
        if count > 1:  # a title, too, may span all columns, but it is alone
            count += sum(r[2] - r[0] for r in merged if r[1] <= number <= r[3])
        if count >= _NAMES or count >= _SHARE * widest:
            below = rows[position + 1] if position + 1 < len(rows) else (0, [])
            spans = [
                r for r in merged if r[1] <= number <= r[3] and r[2] > r[0] and r[3] < below[0]
            ]
            if below[0] == number + 1 and spans and _named_below(spans, below[1]):
                return number, number + 1
            return (number,)
    return (1,)


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell)


def _named_below(spans: Sequence[Range], cells: Sequence[str]) -> bool:
    """Tell whether every column under a span has a name of its own, and each another."""
    below = [cells[c - 1] if c <= len(cells) else "" for s in spans for c in range(s[0], s[2] + 1)]
    return all(below) and not any(text.replace(".", "", 1).isdecimal() for text in below)


def names(rows: Rows, numbers: Sequence[int], merged: Sequence[Range]) -> list[str]:
    """Return the names of columns: of several rows the texts joined by `` / ``.

    A merged cell names all columns it spans; where nothing tells them apart, they are numbered.

    >>> names([(1, ["id", "Level", ""]), (2, ["", "EQF", "NQF"])], (1, 2), [(2, 1, 3, 1)])
    ['id', 'Level / EQF', 'Level / NQF']
    """
    table = {number: [" ".join(cell.split()) for cell in cells] for number, cells in rows}
    lines = [list(table.get(number, ())) for number in numbers]
    width = max((len(line) for line in lines), default=0)
    lines = [line + [""] * (width - len(line)) for line in lines]
    spanned: set[int] = set()
    for left, top, right, bottom in merged:
        if top in numbers and left <= width:
            text = lines[list(numbers).index(top)][left - 1]
            for line, number in zip(lines, numbers, strict=True):
                if top <= number <= bottom:
                    line[left - 1 : min(right, width)] = [text] * (min(right, width) - left + 1)
            spanned.update(range(left, right + 1))
    joined = [
        JOINED.join(dict.fromkeys(filter(None, column))) for column in zip(*lines, strict=True)
    ]
    return [_told_apart(joined, n) if n + 1 in spanned else name for n, name in enumerate(joined)]


def _told_apart(found: Sequence[str], number: int) -> str:
    name = found[number]
    before = found[:number].count(name) if name else 0
    return f"{name}{JOINED}{before + 1}" if before else name


def told(file: str, title: str, numbers: Sequence[int]) -> Issue:
    """Return the remark that the header was found further down."""
    rows = " and ".join(map(str, numbers))
    stated = str(list(numbers)) if len(numbers) > 1 else str(numbers[0])
    return Issue(
        "QCP-SRC-HEADER-FOUND",
        "info",
        f"The column names were found in row {rows} of the sheet.",
        locator=f"{file} {title}!A{numbers[0]}",
        remedy=f"If that is right, state it in mapping.yaml: options: {{header: {stated}}}.",
    )
