"""XLSX workbooks (ECMA-376): one record per row, cells as the text that CSV would hold."""

import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final, NoReturn
from xml.parsers import expat

from qcp_graph.errors import DataError, UsageError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import Locator, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import issues, raw, table
from qcp_graph.readers.options import Options
from qcp_graph.readers.spec import Spec
from qcp_graph.readers.xml_records import refuse_doctype

if TYPE_CHECKING:
    from openpyxl import Workbook

MAX_ROWS: Final = 1_048_576
MAX_MEMBERS: Final = 10_000
MAX_MEMBER: Final = 1024**3
# The shared texts are the only part that openpyxl holds in memory.
MAX_TEXTS: Final = 256 * 1024**2
_BATCH: Final = 256
_FAULTS: Final = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"}
)
# What openpyxl lets through when a part of the workbook is not what it should be.
_DAMAGE: Final = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, OverflowError,
    EOFError, OSError, RuntimeError, zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip


def read(spec: Spec, file: SnapshotFile, max_record_bytes: int) -> Iterator[SourceRecord | Issue]:
    """Yield one record per row: dates as ISO 8601, formulas by their last result, empty ``""``."""
    options = Options(spec)
    header = options.number("header", 1)
    columns: table.Columns | None = None
    empty = True
    with _opened(file) as book:
        title, rows = _sheet(book, options.sheet(), file)
        for number, cells in rows:
            if number < header or not any(cells):
                continue
            if columns is None:
                columns = _columns(cells, options, f"{file.name} {title}", header)
                if header:
                    continue
            empty = False
            locator = Locator(file.name, f"{title}!A{number}")
            yield from _record(cells, columns, locator, max_record_bytes)
    if empty:
        yield issues.no_records(file.name)


def fields(spec: Spec, file: SnapshotFile) -> tuple[str, ...]:
    """Return the column names of a worksheet."""
    options = Options(spec)
    header = options.number("header", 1)
    with _opened(file) as book:
        title, rows = _sheet(book, options.sheet(), file)
        for number, cells in rows:
            if number >= header and any(cells):
                return _columns(cells, options, f"{file.name} {title}", header).names
    return options.texts("columns")


def _columns(cells: Sequence[str], options: Options, where: str, header: int) -> table.Columns:
    width = max(number for number, cell in enumerate(cells, start=1) if cell)
    # A workbook stores neither empty cells at a row's end nor names under a merged header.
    return table.columns(
        cells[:width],
        options.texts("columns"),
        where,
        header,
        fill=True,
        unnamed=True,
        numbered=options.choice("repeated_columns") == "number",
    )


def _record(
    cells: list[str], columns: table.Columns, locator: Locator, limit: int
) -> Iterator[SourceRecord | Issue]:
    if sum(map(len, cells)) > limit:
        yield issues.too_large(locator, limit)
        return
    for position, cell in enumerate(cells):
        if cell in _FAULTS:
            name = columns.names[position] if position < len(columns.names) else str(position + 1)
            yield _fault(locator, name, cell)
            cells[position] = ""
    fields = columns.record(cells, locator)
    yield SourceRecord(fields, locator) if isinstance(fields, dict) else fields


def _fault(locator: Locator, name: str, cell: str) -> Issue:
    return Issue(
        "QCP-SRC-CELL",
        "warning",
        f"The cell's formula failed ({cell}); the cell was taken as empty.",
        locator=str(locator),
        field=name,
        value=cell,
        remedy="Correct the formula, or replace it by its value.",
    )


def text(value: object) -> str:
    """Return a cell's value as the text that CSV would hold.

    >>> text(datetime(2024, 3, 1)), text(True), text(None), text(3.0), text(0.1)
    ('2024-03-01', 'true', '', '3', '0.1')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"PT{int(value.total_seconds())}S"
    return str(value)


def _sheet(
    book: "Workbook", wanted: str | int, file: SnapshotFile
) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    titles = [sheet.title for sheet in book.worksheets]
    if not wanted and titles:
        shown = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
        wanted = (shown or titles)[0]
    if isinstance(wanted, int) and wanted <= len(titles):
        wanted = titles[wanted - 1]
    if wanted not in titles:
        raise UsageError(
            "QCP-SRC-OPTION",
            f"The workbook has no worksheet {wanted!r}.",
            where=file.name,
            remedy="It has: " + ", ".join(repr(title) for title in titles[:20]) + ".",
        )
    return str(wanted), _rows(book, str(wanted), file)


def _rows(book: "Workbook", title: str, file: SnapshotFile) -> Iterator[tuple[int, list[str]]]:
    sheet = book[title]
    sheet.reset_dimensions()  # some programs write wrong ones
    rows = sheet.iter_rows(values_only=True)
    number = 0
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about styles and impossible dates
                batch = list(islice(rows, _BATCH))
        except _DAMAGE as error:
            _damaged(file, error)
        if not batch:
            return
        for cells in batch:
            number += 1
            if number > MAX_ROWS:
                _damaged(file, ValueError("more rows than a worksheet can have"))
            yield number, [text(cell) for cell in cells]


@contextmanager
def _opened(file: SnapshotFile) -> Iterator["Workbook"]:
    raw.head(file, 4)
    _guard(file)
    from openpyxl import load_workbook  # heavy; only for workbooks
    from openpyxl.utils.exceptions import InvalidFileException

    # A stream, not a path: openpyxl judges paths by their ending.
    with file.path.open("rb") as stream:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about styles and extensions without data
                book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        except (*_DAMAGE, InvalidFileException) as error:
            _damaged(file, error)
        with closing(book):
            yield book


def _guard(file: SnapshotFile) -> None:
    """Refuse bombs and document types before openpyxl, which would take both, sees the file."""
    try:
        with file.path.open("rb") as plain, zipfile.ZipFile(plain) as archive:
            members = archive.infolist()
            total = sum(member.file_size for member in members)
            texts = sum(m.file_size for m in members if m.filename.endswith("sharedStrings.xml"))
            packed = max(1, sum(member.compress_size for member in members))
            if (
                len(members) > MAX_MEMBERS
                or max((m.file_size for m in members), default=0) > MAX_MEMBER
                or texts > MAX_TEXTS
                or (total > raw.RATIO_FLOOR and total > raw.MAX_RATIO * packed)
            ):
                raise _bomb(file, total)
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _refuse_doctypes(archive, member, file)
    except _DAMAGE as error:
        _damaged(file, error)


def _refuse_doctypes(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: SnapshotFile) -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: refuse_doctype(f"{file.name} {member.filename}")
    begun: list[str] = []
    parser.StartElementHandler = lambda name, _: begun.append(name)
    with archive.open(member) as stream:
        try:
            while not begun and (chunk := stream.read(raw.CHUNK)):
                parser.Parse(chunk, False)
        except expat.ExpatError as error:
            _damaged(file, error)


def _bomb(file: SnapshotFile, total: int) -> DataError:
    return DataError(
        "QCP-SRC-BOMB",
        f"The workbook would unpack to {total:,} bytes, far more than its size allows.",
        where=file.name,
        remedy="Open it in a spreadsheet program and export the sheet as CSV.",
    )


def _damaged(file: SnapshotFile, error: Exception) -> NoReturn:
    raise DataError(
        "QCP-SRC-WORKBOOK",
        f"The workbook is damaged or is no .xlsx file: {str(error)[:200] or type(error).__name__}.",
        where=file.name,
        remedy="Open it in a spreadsheet program and save it again as .xlsx, or export it as CSV.",
    ) from error
