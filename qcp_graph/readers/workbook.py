"""XLSX workbooks (ECMA-376): one record per row, cells as the text that CSV would hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from qcp_graph.model.issue import Issue
from qcp_graph.model.record import Locator, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import header_rows, issues, table, workbook_file
from qcp_graph.readers.options import Options
from qcp_graph.readers.spec import Spec
from qcp_graph.readers.workbook_file import Row, Sheet

_FAULTS: Final = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"}
)


def read(spec: Spec, file: SnapshotFile, max_record_bytes: int) -> Iterator[SourceRecord | Issue]:
    """Yield one record per row: dates as ISO 8601, formulas by their last result, empty ``""``."""
    options = Options(spec)
    skip, empty, hidden = options.choice("hidden") == "skip", True, 0
    with workbook_file.opened(file) as book:
        sheet = workbook_file.sheet(book, options.sheet(), file)
        columns, start, rows = _begun(sheet, options, file)
        if columns is None:
            yield issues.no_records(file.name)
            return
        if options.header() is None and start.detected:
            yield header_rows.told(file.name, sheet.title, start.numbers)
        for number, cells in rows:
            lost = sheet.facts.formulas.get(number)
            if number <= start.last or not (lost or any(cells)):
                continue
            if sheet.facts.is_hidden(number):
                hidden += 1
                if skip:
                    continue
            empty = False
            locator = Locator(file.name, f"{sheet.title}!A{number}")
            if lost:
                yield _unknown(locator, columns, lost)
            yield from _record(cells, columns, locator, max_record_bytes)
        if hidden:
            yield _hidden(file.name, sheet.title, hidden, skip=skip)
        if sheet.facts.more_formulas:
            yield _many(file.name, sheet.title, sheet.facts.more_formulas)
    if empty:
        yield issues.no_records(file.name)


def fields(spec: Spec, file: SnapshotFile) -> tuple[str, ...]:
    """Return the column names of a worksheet."""
    options = Options(spec)
    with workbook_file.opened(file) as book:
        columns, _, _ = _begun(workbook_file.sheet(book, options.sheet(), file), options, file)
    return options.texts("columns") if columns is None else columns.names


@dataclass(frozen=True, slots=True)
class _Start:
    """The rows of the header (none: 0), and whether it was found below other rows."""

    numbers: tuple[int, ...]
    detected: bool = False

    @property
    def last(self) -> int:
        return self.numbers[-1] if self.numbers else 0


def _begun(
    sheet: Sheet, options: Options, file: SnapshotFile
) -> tuple[table.Columns | None, _Start, Iterator[Row]]:
    """Return the columns, where the header stands, and the rows from the first one on."""
    stated = options.header()
    first: list[Row] = []
    bound = stated[-1] if stated else 0
    for number, cells in sheet.rows:
        if any(cells) or number in sheet.facts.formulas:
            first.append((number, cells))
        if stated is None and len(first) == header_rows.SEARCHED:
            break
        if stated is not None and number >= bound and first and first[-1][0] >= bound:
            break
    rows = chain(first, sheet.rows)
    if not first:
        return None, _Start(()), rows
    merged = sheet.facts.merged
    if stated is None:
        numbers = header_rows.detect(first, merged)
        start = _Start(numbers, numbers[0] != first[0][0])
    elif len(stated) == 1:  # the first row with content from there on
        below = [number for number, _ in first if number >= stated[0]]
        if not below:
            return None, _Start(()), rows
        start = _Start((below[0],))
    else:
        start = _Start(stated)
    where = f"{file.name} {sheet.title}"
    named = header_rows.names(first, start.numbers, merged) if start.numbers else first[0][1]
    return _columns(named, options, where, start.last), start, rows


def _columns(cells: Sequence[str], options: Options, where: str, header: int) -> table.Columns:
    width = max((number for number, cell in enumerate(cells, start=1) if cell), default=0)
    # A workbook does not store empty cells at a row's end.
    return table.columns(
        cells[:width],
        options.texts("columns"),
        where,
        header,
        fill=True,
        cut=options.choice("long_rows") == "cut",
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


def _unknown(locator: Locator, columns: table.Columns, lost: Sequence[int]) -> Issue:
    names = [columns.names[c - 1] if c <= len(columns.names) else str(c) for c in lost]
    return Issue(
        "QCP-SRC-FORMULA",
        "warning",
        "The cell holds a formula whose result was not stored; it was taken as empty.",
        locator=str(locator),
        field=", ".join(names)[: issues.SHOWN],
        remedy="Open the workbook in a spreadsheet program and save it again, so that results are "
        "stored; or replace formulas by their values.",
    )


def _many(file: str, title: str, count: int) -> Issue:
    return Issue(
        "QCP-SRC-FORMULA",
        "warning",
        f"{count:,} further cells hold formulas whose result was not stored.",
        locator=f"{file} {title}",
        remedy="Open the workbook in a spreadsheet program and save it again.",
    )


def _hidden(file: str, title: str, count: int, *, skip: bool) -> Issue:
    done = "left out, as the option `hidden` says" if skip else "read like all others"
    return Issue(
        "QCP-SRC-HIDDEN",
        "info",
        f"{count:,} rows of the sheet are hidden; they were {done}.",
        locator=f"{file} {title}",
        remedy="None, if that is right. Else set options: {hidden: read} or {hidden: skip}.",
    )


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
