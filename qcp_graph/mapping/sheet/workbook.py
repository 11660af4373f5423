"""A new sheet as an XLSX workbook: frozen headers, lists to choose from, wide enough columns."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qcp_graph.mapping.sheet.book import CODES, LISTS, MAPPING, REGISTER, TARGETS
from qcp_graph.mapping.sheet.grids import put
from qcp_graph.mapping.sheet.writing import FUNCTIONS, MISSING, START

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MAX_LIST: Final = 250  # characters of a list that a cell itself may hold
_LINE: Final = 15  # points
_MOST_LINES: Final = 20
_WIDTHS: Final[Mapping[str, int]] = {
    "Source field": 42, "Filled": 16, "Distinct values": 16, "Kind": 22, "Examples": 44,
    "Target": 30, "Transformation": 30, "Code list": 22, "Language or datatype": 20, "Detail": 22,
    "Ignore because": 30, "Note": 40, "Setting": 20, "Value": 44, "Meaning": 70, "source": 40,
    "target": 40, "reason": 40, "Function": 22, "What it does": 70, "Example": 60,
    "Property": 40, "How many": 22, "Unknown words": 20, "Capitals matter": 18,
}  # fmt: skip
_FILLED_IN: Final = frozenset(
    {"Target", "Transformation", "Code list", "Language or datatype", "Detail", "Ignore because",
     "Note", "Value", "target", "Unknown words", "Capitals matter"}
)  # fmt: skip


def write(
    grids: Mapping[str, Sequence[Sequence[str]]],
    path: Path,
    targets: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write grids as a workbook; ``targets`` is code list → what its words may stand for."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for title, grid in grids.items():
        _sheet(book, title, grid)
    _choices(book, grids)
    for name, known in (targets or {}).items():
        joined = ",".join(known)
        if known and len(joined) <= MAX_LIST and not any("," in one for one in known):
            grid = grids[CODES + name]
            sheet = book[f"{CODES}{name}"[:31]]
            _list(sheet, list(grid[0]), "target", f'"{joined}"', len(grid) + 200)
    book.save(path)


def _sheet(book: "Workbook", title: str, grid: Sequence[Sequence[str]]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title[:31])
    header = title != START
    names = grid[0] if grid else ()
    widths = [_WIDTHS.get(name, 16) if header else 100 for name in names]
    yellow, pale = PatternFill("solid", fgColor="FFE699"), PatternFill("solid", fgColor="FFF9E5")
    wrap = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(grid, start=1):
        for position, text in enumerate(row, start=1):
            cell = sheet.cell(number, position)
            put(cell, text)
            cell.alignment = wrap
            if number == 1:
                cell.font = Font(name="Calibri", size=11, bold=True)
            if header and position <= len(names) and names[position - 1] in _FILLED_IN:
                cell.fill = yellow if number == 1 else pale
        sheet.row_dimensions[number].height = _LINE * _lines(row, widths)
    for position, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    if header:
        sheet.freeze_panes = "B2" if title in {MAPPING, REGISTER} else "A2"
        sheet.auto_filter.ref = sheet.dimensions


def _lines(row: Sequence[str], widths: Sequence[int]) -> int:
    """Return how many lines a row needs: not every program finds that out by itself.

    >>> _lines(["ab", "a longer text"], [16, 8])
    2
    """
    needed = [
        sum(-(-max(len(line), 1) // width) for line in text.split("\n"))
        for text, width in zip(row, widths, strict=False)
    ]
    return min(max(needed, default=1), _MOST_LINES)


def _choices(book: "Workbook", grids: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """Add the drop-down lists; a value of one's own stays possible where that makes sense."""
    rows = len(grids[MAPPING])
    if rows < 2:
        return
    sheet = book[MAPPING]
    names = list(grids[MAPPING][0])
    targets = len(grids[TARGETS])
    lists = max(len(grids[LISTS]), 2)
    functions = len(grids[FUNCTIONS])
    last = rows + 200  # copied rows keep the lists
    _list(sheet, names, "Target", f"={TARGETS}!$A$2:$A${targets}", last)
    _list(sheet, names, "Code list", f"='{LISTS}'!$A$2:$A${lists + 50}", last)
    _list(sheet, names, "Transformation", f"={FUNCTIONS}!$A$2:$A${functions}", last)
    policies = f'"{",".join(MISSING.values())}"'
    _list(book[LISTS], list(grids[LISTS][0]), "Unknown words", policies, lists + 50, strict=True)
    for title, grid in grids.items():
        if title.startswith(CODES) and len(grid) > 1:
            known = '"exactMatch,closeMatch,broadMatch,narrowMatch,relatedMatch"'
            _list(book[title[:31]], list(grid[0]), "match", known, len(grid) + 200)
    frequencies = '"DAILY,WEEKLY,MONTHLY,QUARTERLY,ANNUAL_2,ANNUAL,IRREG"'
    for number, row in enumerate(grids[REGISTER], start=1):
        if row[0] == "Frequency":
            _one(book[REGISTER], f"B{number}", frequencies)


def _list(
    sheet: "Worksheet", names: Sequence[str], column: str, formula: str, last: int,
    *, strict: bool = False,
) -> None:  # fmt: skip
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(names.index(column) + 1)
    _one(sheet, f"{letter}2:{letter}{last}", formula, strict=strict)


def _one(sheet: "Worksheet", cells: str, formula: str, *, strict: bool = False) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    choice = DataValidation(type="list", formula1=formula, allow_blank=True)
    choice.showErrorMessage = strict
    choice.error = "Choose one of the list."
    sheet.add_data_validation(choice)
    choice.add(cells)
