"""What CSV and XLSX share: header rows, widths, cells to fields."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qcp_graph.errors import DataError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import Locator
from qcp_graph.readers.rows import UNREADABLE

MAX_COLUMNS = 20_000


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of a table's columns."""

    names: tuple[str, ...]
    fill: bool = False
    cut: bool = False

    def record(self, cells: Sequence[str], locator: Locator) -> dict[str, str] | Issue:
        """Return the fields of a row, or why it is no record; empty cells beyond the last column
        are what spreadsheets leave behind and are dropped."""
        width, count = len(self.names), len(cells)
        if count == width:
            return dict(zip(self.names, cells, strict=True))
        if count > width and (self.cut or not any(cells[width:])):
            return dict(zip(self.names, cells, strict=False))
        if count < width and self.fill:
            return dict(zip(self.names, [*cells, *[""] * (width - count)], strict=True))
        return _width(locator, count, width, cells)


def columns(
    cells: Sequence[str],
    given: Sequence[str],
    file: str,
    row: int,
    *,
    fill: bool = False,
    cut: bool = False,
    unnamed: bool = False,
    numbered: bool = False,
) -> Columns:
    """Return the columns of a table from its header row; names ``given`` by the mapping win.

    Blanks and line breaks inside a name become one space. Without header row (``row`` 0) and
    without names, columns are called ``1``, ``2``, …; with ``unnamed``, single empty names, too.
    With ``numbered``, a name that occurs again gets a number: ``Name``, ``Name 2``.

    :raises DataError: when a name is missing or occurs twice.
    """
    where = f"{file} row {row}" if row else file
    if given:
        names = list(given)
        if len(names) < len(cells) and any(cells[len(names) :]):
            raise _header(f"the mapping names {len(names)} columns, the file has more", where)
    elif row == 0:
        names = [str(number) for number in range(1, len(cells) + 1)]
    else:
        names = [" ".join(cell.split()) for cell in cells]
        while names and not names[-1]:
            names.pop()
        if unnamed:
            names = [name or str(number) for number, name in enumerate(names, start=1)]
    if not names or len(names) > MAX_COLUMNS:
        raise _header("it names no column" if not names else "it names too many columns", where)
    if any(UNREADABLE.search(name) for name in names):
        raise _header("it holds bytes that are no letters in the file's encoding", where)
    if "" in names:
        raise _header(f"column {names.index('') + 1} has no name", where)
    if numbered:
        names = _numbered(names)
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise _header(f"the column {repeated[0][:80]!r} occurs twice", where)
    return Columns(tuple(names), fill, cut)


def _numbered(names: Sequence[str]) -> list[str]:
    """Return names of which none occurs twice.

    >>> _numbered(["Name", "Level", "Name", "Name 2"])
    ['Name', 'Level', 'Name 3', 'Name 2']
    """
    counts, taken, found = Counter[str](), set(names), list[str]()
    for name in names:
        counts[name] += 1
        new = name
        while counts[name] > 1 and (new == name or new in taken):
            new = f"{name} {counts[name]}"
            counts[name] += new in taken
        taken.add(new)
        found.append(new)
    return found


def _header(reason: str, where: str) -> DataError:
    return DataError(
        "QCP-SRC-HEADER",
        f"The header row cannot be used: {reason}.",
        where=where,
        remedy="Name the row of the header (options: {header: 3}) or the columns "
        "(options: {columns: [a, b, c]}) in mapping.yaml; names that occur twice can be numbered "
        "(options: {repeated_columns: number}).",
    )


def _width(locator: Locator, count: int, width: int, cells: Sequence[str]) -> Issue:
    few = count < width
    return Issue(
        "QCP-SRC-CELLS",
        "violation",
        f"The row has {count} cells, the header {width}.",
        locator=str(locator),
        value=" | ".join(cells)[:500],
        remedy="Look for a missing or stray delimiter or quotation mark in the row."
        + (
            " If short rows are normal here, set options: {short_rows: fill}."
            if few
            else " If the surplus means nothing here, set options: {long_rows: cut}."
        ),
    )
