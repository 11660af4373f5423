"""Databases: the rows of a table or a SELECT statement, from an SQLite file or an export.

A server is never asked while reading: ``qcp fetch`` exports what the mapping declares into the
snapshot, so that a build can be repeated (docs/readers.md, Databases).
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from qcp_graph.errors import DataError, UsageError
from qcp_graph.model.database import EXPORT_MARK, TableRequest, select_only
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, Locator, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import issues, raw, sqlite_file, table
from qcp_graph.readers.options import Options
from qcp_graph.readers.rows import UNREADABLE
from qcp_graph.readers.spec import Spec

_SHOWN: Final = 100
_TIMEOUT: Final = 300


@dataclass(frozen=True, slots=True)
class Rows:
    """The outcome of a statement: what locators call it, its columns, its key, its rows.

    A row is a list of texts, ``None`` for one beyond the limit of a record.
    """

    place: str
    columns: Sequence[str]
    key: Sequence[str]
    rows: Iterator[Sequence[JsonValue] | None]


def request(spec: Spec) -> TableRequest:
    """Return what a logical source asks of a database.

    :raises UsageError: when it names both a table and a query, or a statement that writes.
    """
    options = Options(spec)
    name, query = options.text("table"), options.text("query")
    if name and query:
        raise UsageError(
            "QCP-SRC-OPTION",
            "A database source has either `table` or `query`, not both.",
            remedy="Remove one of them from the options in mapping.yaml.",
        )
    query = select_only(query) if query else ""
    return TableRequest(name, query, options.texts("key"), options.number("timeout", _TIMEOUT))


def read(spec: Spec, file: SnapshotFile, max_record_bytes: int) -> Iterator[SourceRecord | Issue]:
    """Yield one record per row; values as texts, NULL as no value."""
    asked = request(spec)
    empty = True
    with _opened(asked, file, max_record_bytes) as found:
        columns = table.columns(found.columns, (), file.name, 1).names
        keys = _keys(columns, found.key, asked)
        for number, cells in enumerate(found.rows, start=1):
            empty = False
            named = "" if cells is None else _named(columns, keys, cells)
            locator = Locator(file.name, f"{found.place}{named or f' row {number}'}")
            yield _record(columns, cells, locator, max_record_bytes)
    if empty:
        yield issues.no_records(file.name)


def fields(spec: Spec, file: SnapshotFile) -> tuple[str, ...]:
    """Return the column names of a table or statement."""
    with _opened(request(spec), file, raw.CHUNK) as found:
        return table.columns(found.columns, (), file.name, 1).names


def _keys(columns: Sequence[str], key: Sequence[str], asked: TableRequest) -> list[int]:
    missing = [name for name in asked.key if name not in columns]
    if missing:
        raise UsageError(
            "QCP-SRC-OPTION",
            f"The key names the column {missing[0]!r}, which the table or query does not give.",
            remedy=f"It gives: {', '.join(columns[:20])}.",
        )
    return [columns.index(name) for name in key if name in columns]


def _named(columns: Sequence[str], keys: Sequence[int], cells: Sequence[JsonValue]) -> str:
    """Return ``[id=7]``, or "" when a value of the key is missing."""
    pairs = [(columns[n], cells[n]) for n in keys if n < len(cells)]
    if not pairs or any(value is None for _, value in pairs):
        return ""
    text = ", ".join(f"{name}={str(value)[:_SHOWN]}" for name, value in pairs)
    return "[" + text.encode("utf-8", "replace").decode() + "]"


def _record(
    columns: Sequence[str], cells: Sequence[JsonValue] | None, locator: Locator, limit: int
) -> SourceRecord | Issue:
    if cells is None or sum(len(str(value)) for value in cells) > limit:
        return issues.too_large(locator, limit)
    if len(cells) != len(columns):
        return issues.malformed(locator, f"it has {len(cells)} values for {len(columns)} columns")
    for name, value in zip(columns, cells, strict=True):
        if isinstance(value, str) and (bad := UNREADABLE.search(value)):
            place = f"character {bad.start() + 1:,}"
            return issues.unreadable_text(locator, value, field=name, place=place)
    return SourceRecord(dict(zip(columns, cells, strict=True)), locator)


@contextmanager
def _opened(asked: TableRequest, file: SnapshotFile, limit: int) -> Iterator[Rows]:
    start = raw.head(file, 64)
    if start.startswith(sqlite_file.MAGIC):
        with sqlite_file.opened(asked, file, limit) as found:
            yield Rows(*found)
    elif start.startswith(EXPORT_MARK):
        with raw.open_bytes(file) as stream:
            yield _exported(asked, stream, file, limit)
    else:
        raw.refuse_foreign(start, file, "an SQLite database, or an export of `qcp fetch`")
        raise DataError(
            "QCP-SRC-FORMAT",
            "The file is neither an SQLite database nor an export of a database.",
            where=file.name,
            remedy="Give an SQLite file, or fetch from the database (address: database:<name>).",
        )


def _exported(asked: TableRequest, stream: raw.Stream, file: SnapshotFile, limit: int) -> Rows:
    """Find the part of an export that holds the outcome of a statement."""
    wanted = {"qcp-table": asked.table, "query": asked.query}
    for line in _lines(stream, limit):
        if line is None or not line.startswith(b"{"):
            continue
        head = _parsed(line, file)
        if isinstance(head, dict) and {name: head.get(name) for name in wanted} == wanted:
            return Rows(asked.place, head["columns"], head["key"], _part(stream, file, limit))
    raise DataError(
        "QCP-SRC-TABLE",
        "The snapshot does not hold what the mapping asks of the database: it was exported for "
        "another table or query.",
        where=file.name,
        remedy="Run `qcp fetch` again, so that the export fits the mapping.",
    )


def _part(
    stream: raw.Stream, file: SnapshotFile, limit: int
) -> Iterator[Sequence[JsonValue] | None]:
    for line in _lines(stream, limit):
        if line is None:
            yield None
        elif line.startswith(b"{"):
            if line.startswith(b'{"qcp-end":'):
                return
            break
        else:
            row = _parsed(line, file)
            yield row if isinstance(row, list) else []
    raise raw.truncated(file, "the end of the table is missing")


def _lines(stream: raw.Stream, limit: int) -> Iterator[bytes | None]:
    """Yield lines, ``None`` for one beyond the limit (JSON may write a letter in six bytes)."""
    bound = 6 * limit + raw.CHUNK
    while line := stream.readline(bound):
        if line.endswith(b"\n") or len(line) < bound:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(bound)
        yield None


def _parsed(line: bytes, file: SnapshotFile) -> JsonValue:
    try:
        found: JsonValue = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(
            "QCP-SRC-SNAPSHOT",
            "The export of a database is damaged.",
            where=file.name,
            remedy="Delete the snapshot's folder and fetch again.",
        ) from error
    return found
