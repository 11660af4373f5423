"""CSV and its relatives: one record per row, fields named by the header (RFC 4180, CSVW)."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from qcp_graph.model.issue import Issue
from qcp_graph.model.record import Locator, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import encoding as encodings
from qcp_graph.readers import issues, raw, rows, table
from qcp_graph.readers.spec import Options, Spec

DELIMITERS: Final = ";,\t|"
_SAMPLE: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Form:
    """How a delimited file is written."""

    encoding: encodings.Encoding
    delimiter: str
    quotechar: str
    header: int
    inner: str


def form(spec: Spec, file: SnapshotFile) -> Form:
    """Return the form of a file: options where given, else what the file shows."""
    options = Options(spec)
    start = raw.head(file)
    raw.refuse_foreign(start, file, "a table as text (CSV)")
    encoding = encodings.resolve(file, options.text("encoding"))
    quotechar = options.character("quotechar", '"')
    delimiter = options.character("delimiter")
    if not delimiter:
        sample = start[:_SAMPLE].decode(encoding.name, "replace")
        delimiter = detect_delimiter(sample, quotechar, cut=len(start) >= _SAMPLE)
    inner = options.character("double_encoded")
    return Form(encoding, delimiter, quotechar, options.number("header", 1), inner)


def detect_delimiter(sample: str, quotechar: str = '"', *, cut: bool = False) -> str:
    """Return the delimiter that cuts a sample into rows of the most even width.

    >>> detect_delimiter("id;title\\n1;Baker, pastry cook\\n2;Cook\\n")
    ';'
    """
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        text = io.StringIO(sample, newline="")
        found = [r.cells for r in rows.read(text, delimiter, quotechar, len(sample) + 1) if r.cells]
        widths = [len(cells) for cells in (found[:-1] if cut and len(found) > 1 else found)]
        if not widths or max(widths) < 2:
            continue
        width, count = Counter(widths).most_common(1)[0]
        score = (count / len(widths) if width > 1 else 0.0, width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def read(spec: Spec, file: SnapshotFile, max_record_bytes: int) -> Iterator[SourceRecord | Issue]:
    """Yield one record per row; cells stay as they are written, an empty cell is ``""``."""
    shape = form(spec, file)
    if shape.encoding.guessed:
        yield encodings.guessed(file, shape.encoding)
    options = Options(spec)
    fill = options.choice("short_rows", ("reject", "fill")) == "fill"
    given = options.texts("columns")
    columns: table.Columns | None = None
    empty = True
    with _rows(shape, file, max_record_bytes) as found:
        for row in found:
            if row.number < shape.header:
                continue
            if columns is None:
                columns = _columns(row, shape, given, file, fill=fill)
                if shape.header:
                    continue
            empty = False
            yield from _record(row, columns, shape, file, max_record_bytes)
    if empty:
        yield issues.no_records(file.name)


def fields(spec: Spec, file: SnapshotFile) -> tuple[str, ...]:
    """Return the column names of a file."""
    shape, given = form(spec, file), Options(spec).texts("columns")
    with _rows(shape, file, 2 * raw.CHUNK) as found:
        for row in found:
            if row.number >= shape.header:
                return _columns(row, shape, given, file, fill=False).names
    return given


def _columns(
    row: rows.Row, shape: Form, given: tuple[str, ...], file: SnapshotFile, *, fill: bool
) -> table.Columns:
    if row.fault == "unclosed":
        raise raw.truncated(file, "a quotation mark is never closed", row.place)
    return table.columns(row.cells, given, file.name, shape.header, fill=fill)


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
        yield _faulty(row, locator, file, limit)
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


def _faulty(row: rows.Row, locator: Locator, file: SnapshotFile, limit: int) -> Issue:
    if row.fault == "unclosed":
        raise raw.truncated(file, "a quotation mark is never closed", row.place)
    if row.fault == "large":
        return issues.too_large(locator, limit)
    if row.fault == "characters":
        return issues.unreadable_text(locator, " | ".join(row.cells))
    return issues.malformed(locator, "something follows a closing quotation mark")
