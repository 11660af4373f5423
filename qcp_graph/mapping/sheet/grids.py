"""Sheets as files: XLSX workbooks, and CSV files that stand beside each other.

What comes from a register is written so that no program runs it: a text that begins like a formula
stays a text (XLSX), or gets an apostrophe in front that is taken away on reading (CSV). Files from
outside are bounded: size unpacked, number of sheets, rows and columns.
"""

import csv
import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from qcp_graph.errors import UsageError
from qcp_graph.mapping.problems import fault
from qcp_graph.mapping.sheet.book import MAPPING

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook import Workbook

Grid: TypeAlias = Sequence[Sequence[str]]
MAX_BYTES: Final = 64 * 1024**2
MAX_SHEETS: Final = 200
MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 200
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "'")


# What openpyxl lets through when a part of the workbook is not what it should be.
_DAMAGE: Final = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, OverflowError,
    EOFError, OSError, RuntimeError, zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip


def read(path: Path) -> dict[str, Grid]:
    """Return the sheets of a workbook, or of a CSV file and those beside it.

    The CSV form is one file per sheet: ``x.csv`` is the sheet Mapping, ``x.Codes level.csv`` the
    sheet ``Codes level``.

    :raises UsageError: QCP-MAP-SHEETFILE for what is no such file, or too large.
    """
    try:
        return _workbook(path) if path.suffix.lower() == ".xlsx" else dict(_csv_files(path))
    except OSError as error:
        raise _wrong(path, f"The file cannot be read: {error.strerror}.") from error


def _wrong(path: Path | str, message: str, remedy: str = "") -> UsageError:
    return fault(
        "QCP-MAP-SHEETFILE", message, path, remedy or "Make a new one: qcp mapping template."
    )


def _csv_files(path: Path) -> Iterator[tuple[str, Grid]]:
    start = f"{path.stem}."
    beside = [p for p in path.parent.glob("*.csv") if p.name.startswith(start) and p != path]
    if len(beside) > MAX_SHEETS:
        raise _wrong(path, f"There are more than {MAX_SHEETS} files beside it.")
    yield MAPPING, _csv(path)
    for other in sorted(beside):
        yield other.stem.removeprefix(start), _csv(other)


def _csv(path: Path) -> Grid:
    if path.stat().st_size > MAX_BYTES:
        raise _wrong(path, f"The file is larger than {MAX_BYTES:,} bytes.")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(path, "The file is not UTF-8.", "Save it as CSV UTF-8.") from error
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            rows.append([_unguarded(cell) for cell in row[:MAX_COLUMNS]])
            _check_rows(path, len(rows))
    except csv.Error as error:
        message = f"Not a readable CSV row: {error} (line {reader.line_num})."
        raise _wrong(path, message) from error
    return rows


def _check_rows(path: Path, count: int) -> None:
    if count > MAX_ROWS:
        raise _wrong(path, f"There are more than {MAX_ROWS:,} rows.")


def guarded(text: str) -> str:
    """Return a text that a spreadsheet program takes as a text.

    >>> guarded("=1+1"), guarded("a"), _unguarded(guarded("'=x"))
    ("'=1+1", 'a', "'=x")
    """
    return f"'{text}" if text.startswith(_RISKY) else text


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:2] in _RISKY else text


def _workbook(path: Path) -> dict[str, Grid]:
    from openpyxl import load_workbook

    try:
        # A stream of ours: openpyxl leaves its own open when the workbook is damaged.
        with path.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and names without cells
            with zipfile.ZipFile(stream) as archive:
                size = sum(member.file_size for member in archive.infolist())
            if size > MAX_BYTES:
                raise _wrong(
                    path, f"The workbook is larger than {MAX_BYTES:,} bytes when unpacked."
                )
            with closing(load_workbook(stream, read_only=True, data_only=False)) as book:
                return _sheets(book, path)
    except _DAMAGE as error:
        reason = f"The file is no workbook (.xlsx), or a damaged one ({type(error).__name__})."
        raise _wrong(path, reason, "Save it again as .xlsx.") from error


def _sheets(book: "Workbook", path: Path) -> dict[str, Grid]:
    if len(book.worksheets) > MAX_SHEETS:
        raise _wrong(path, f"There are more than {MAX_SHEETS} sheets.")
    found: dict[str, Grid] = {}
    for sheet in book.worksheets:
        rows: list[list[str]] = []
        for cells in sheet.iter_rows(max_col=MAX_COLUMNS, max_row=MAX_ROWS + 1):
            formula = next((cell for cell in cells if cell.data_type == "f"), None)
            if formula is not None:
                where = f"sheet {sheet.title!r}, cell {formula.coordinate}"
                raise _wrong(where, "The cell holds a formula.", "Write its value instead.")
            rows.append(_trimmed([_text(cell.value) for cell in cells]))
            _check_rows(path, len(rows))
        while rows and not any(rows[-1]):
            rows.pop()
        found[sheet.title] = rows
    return found


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


def _text(value: object) -> str:
    """Return a cell as text; what a spreadsheet program made a date or number comes back plain."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def write_csv(grids: Mapping[str, Grid], path: Path) -> list[Path]:
    """Write the sheet Mapping as ``path`` and each other sheet as a file beside it."""
    written = []
    for name, grid in grids.items():
        target = path if name == MAPPING else path.with_name(f"{path.stem}.{name}.csv")
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([guarded(_one_line(cell)) for cell in row] for row in grid)
        target.write_text(stream.getvalue(), encoding="utf-8-sig", newline="")
        written.append(target)
    return written


def _one_line(text: str) -> str:
    return text.replace("\x00", "")


def put(cell: "Cell", text: str) -> None:
    """Write a text into a cell, whatever it looks like: never a formula, a number or a date."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    clean = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:32_000]
    cell.value = clean
    cell.data_type = "s"
    cell.number_format = "@"
    if clean.startswith(_RISKY):
        cell.quotePrefix = True
