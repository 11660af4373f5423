"""CSV and its relatives: one record per row, fields named by the header (RFC 4180, CSVW)."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from qcp_graph.model.issue import Issue
from qcp_graph.model.record import Locator, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import dialect, issues, raw, rows, table
from qcp_graph.readers import encoding as encodings
from qcp_graph.readers.options import Options
from qcp_graph.readers.spec import Spec

_SAMPLE: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Form:
    """How a delimited file is written."""

    encoding: encodings.Encoding
    delimiter: str
    quotechar: str
    header: int
    inner: str
    detected: dialect.Detected | None = None


def form(spec: Spec, file: SnapshotFile) -> Form:
    """Return the form of a file: options where given, else what the file shows."""
    options = Options(spec)
    start = raw.head(file)
    raw.refuse_foreign(start, file, "a table as text (CSV)")
    encoding = encodings.resolve(file, options.text("encoding"))
    quotechar = options.character("quotechar", '"')
    delimiter = options.character("delimiter")
    header, inner = options.number("header", 1), options.character("double_encoded")
    if delimiter:
        return Form(encoding, delimiter, quotechar, header, inner)
    sample = start[:_SAMPLE].decode(encoding.name, "replace")
    found = dialect.detect(sample, quotechar, cut=len(start) >= _SAMPLE)
    return Form(encoding, found.best.delimiter, quotechar, header, inner, found)


def read(spec: Spec, file: SnapshotFile, max_record_bytes: int) -> Iterator[SourceRecord | Issue]:
    """Yield one record per row; cells stay as they are written, an empty cell is ``""``."""
    shape = form(spec, file)
    if shape.encoding.guessed:
        yield encodings.guessed(file, shape.encoding)
    if shape.detected and not shape.detected.sure:
        yield dialect.doubtful(file.name, shape.detected)
    options = Options(spec)
    columns: table.Columns | None = None
    empty = True
    with _rows(shape, file, max_record_bytes) as found:
        for row in found:
            if row.number < shape.header:
                continue
            if columns is None:
                columns = _columns(row, shape, options, file)
                if shape.header:
                    continue
            empty = False
            yield from _record(row, columns, shape, file, max_record_bytes)
    if empty:
        yield issues.no_records(file.name)


def fields(spec: Spec, file: SnapshotFile) -> tuple[str, ...]:
    """Return the column names of a file."""
    shape, options = form(spec, file), Options(spec)
    with _rows(shape, file, 2 * raw.CHUNK) as found:
        for row in found:
            if row.number >= shape.header:
                return _columns(row, shape, options, file).names
    return options.texts("columns")


def _columns(row: rows.Row, shape: Form, options: Options, file: SnapshotFile) -> table.Columns:
    if row.fault == "unclosed":
        raise raw.truncated(file, "a quotation mark is never closed", row.place)
    return table.columns(
        row.cells,
        options.texts("columns"),
        file.name,
        shape.header,
        fill=options.choice("short_rows") == "fill",
        cut=options.choice("long_rows") == "cut",
        numbered=options.choice("repeated_columns") == "number",
    )


@contextmanager
def _rows(shape: Form, file: SnapshotFile, limit: int) -> Iterator[Iterator[rows.Row]]:
    with (
        raw.open_bytes(file) as stream,
        io.TextIOWrapper(stream, shape.encoding.name, "surrogateescape", newline="") as text,
    ):
        yield _decoded(rows.read(text, shape.delimiter, shape.quotechar, limit), shape, file)


def _decoded(found: Iterator[rows.Row], shape: Form, file: SnapshotFile) -> Iterator[rows.Row]:
    try:
        yield from found
    except UnicodeError as error:  # UTF-16 and UTF-32 cannot carry on after a broken place
        raise encodings.undecodable(file, shape.encoding.name, str(error)) from error


def _record(
    row: rows.Row, columns: table.Columns, shape: Form, file: SnapshotFile, limit: int
) -> Iterator[SourceRecord | Issue]:
    locator = Locator(file.name, row.place)
    if row.fault:
        yield _faulty(row, columns, locator, file, limit)
        return
    cells = row.cells
    if shape.inner and not any(cells[1:]):
        cells = _unwrap(cells[0], shape.inner)
    elif not any(cells):  # the empty rows below a spreadsheet's last one
        return
    fields = columns.record(cells, locator)
    yield SourceRecord(fields, locator) if isinstance(fields, dict) else fields


def _unwrap(cell: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([cell], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return [cell]  # too few cells: reported as such


def _faulty(
    row: rows.Row, columns: table.Columns, locator: Locator, file: SnapshotFile, limit: int
) -> Issue:
    if row.fault == "unclosed":
        raise raw.truncated(file, "a quotation mark is never closed", row.place)
    if row.fault == "large":
        return issues.too_large(locator, limit)
    if row.fault == "characters":
        return _damaged(row.cells, columns, locator)
    return issues.malformed(locator, "something follows a closing quotation mark")


def _damaged(cells: list[str], columns: table.Columns, locator: Locator) -> Issue:
    """Name the first damaged byte: its column, its place in the cell, its value."""
    for number, cell in enumerate(cells):
        if bad := rows.UNREADABLE.search(cell):
            name = columns.names[number] if number < len(columns.names) else str(number + 1)
            code = ord(bad[0])
            byte = code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else code
            text = cell[max(0, bad.start() - 40) : bad.start() + 40]
            place = f"byte 0x{byte:02X} at character {bad.start() + 1:,}"
            return issues.unreadable_text(locator, text, field=name, place=place)
    return issues.unreadable_text(locator, " | ".join(cells))
