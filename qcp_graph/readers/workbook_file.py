"""XLSX files as such: opened safely, a worksheet chosen, its rows as texts with their numbers."""

import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, NoReturn
from xml.parsers import expat

from qcp_graph.errors import DataError, UsageError
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import cell_texts, raw, worksheet
from qcp_graph.readers.xml_records import refuse_doctype

if TYPE_CHECKING:
    from openpyxl import Workbook

Row = tuple[int, list[str]]
MAX_ROWS: Final = 1_048_576
MAX_MEMBERS: Final = 10_000
MAX_MEMBER: Final = 1024**3
# The shared texts are the only part that openpyxl holds in memory.
MAX_TEXTS: Final = 256 * 1024**2
_BATCH: Final = 256
# What openpyxl lets through when a part of the workbook is not what it should be.
_DAMAGE: Final = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, OverflowError,
    EOFError, OSError, RuntimeError, zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip


@dataclass(slots=True)
class Sheet:
    """A worksheet: its title, its rows with their numbers, what it says beside them."""

    title: str
    rows: Iterator[Row]
    facts: worksheet.Facts


def sheet(book: "Workbook", wanted: str | int, file: SnapshotFile) -> Sheet:
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
    title = str(wanted)
    return Sheet(title, _rows(book, title, file), _facts(book, title, file))


def _facts(book: "Workbook", title: str, file: SnapshotFile) -> worksheet.Facts:
    member = str(getattr(book[title], "_worksheet_path", ""))
    try:
        with file.path.open("rb") as plain, zipfile.ZipFile(plain) as archive:
            return worksheet.facts(archive, member.lstrip("/"))
    except (*_DAMAGE, expat.ExpatError) as error:
        _damaged(file, error)


def _rows(book: "Workbook", title: str, file: SnapshotFile) -> Iterator[Row]:
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
            yield number, [cell_texts.text(cell) for cell in cells]


@contextmanager
def opened(file: SnapshotFile) -> Iterator["Workbook"]:
    _refuse_others(raw.head(file, 8), file)
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


def _refuse_others(start: bytes, file: SnapshotFile) -> None:
    """Recognise spreadsheets of other kinds, and what is no spreadsheet at all."""
    kind = ""
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        kind = "an old binary workbook (.xls), or a workbook with a password"
    elif not start.startswith(b"PK"):
        raw.refuse_foreign(start, file, "a workbook (.xlsx)")
    elif b"opendocument" in raw.head(file, 256):
        kind = "an OpenDocument spreadsheet (.ods)"
    if kind:
        raise DataError(
            "QCP-SRC-FORMAT",
            f"The file should be an .xlsx workbook but is {kind}.",
            where=file.name,
            remedy="Open it in a spreadsheet program and save it as .xlsx without a password, or "
            "export the sheet as CSV.",
        )


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
