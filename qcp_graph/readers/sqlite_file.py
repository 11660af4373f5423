"""SQLite files: opened so that nothing can be changed, nothing else be reached, nothing hang."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from qcp_graph.errors import DataError, UsageError
from qcp_graph.model.database import TableRequest, cell, statement
from qcp_graph.model.record import JsonValue
from qcp_graph.model.snapshot import SnapshotFile

MAGIC: Final = b"SQLite format 3\0"
_STEPS: Final = 10_000  # of SQLite's machine, between two looks at the clock
_READING: Final = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
# Functions that reach beyond the database, or take memory at will.
_FORBIDDEN: Final = frozenset(
    {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "zeroblob", "randomblob"}
)
_LARGEST: Final = 16 * 1024**2

Found = tuple[str, Sequence[str], Sequence[str], Iterator[Sequence[JsonValue]]]


@contextmanager
def opened(asked: TableRequest, file: SnapshotFile, limit: int) -> Iterator[Found]:
    """Yield what it is called, columns, key and rows of a table or statement.

    :raises UsageError: when the database has no such table.
    :raises DataError: when it is damaged, or the statement fails or takes too long.
    """
    address = f"file:{quote(str(file.path.resolve()))}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as database:
            _bound(database, asked.timeout, limit)
            _sound(database, file)
            table = "" if asked.query else _named(database, asked.table, file)
            key = asked.key or _primary_key(database, table)
            database.set_authorizer(_allowed)
            cursor = database.execute(statement(replace(asked, table=table), asked.key))
            columns = [str(column[0]) for column in cursor.description or ()]
            yield table or asked.place, columns, key, _rows(cursor, file, asked)
    except sqlite3.Error as error:
        raise _failed(error, file, asked) from error
    except UnicodeDecodeError as error:  # in a name of the schema, which only damage can put there
        raise damaged(file, "a name holds bytes that are no letters") from error


def _bound(database: sqlite3.Connection, seconds: int, limit: int) -> None:
    end = time.monotonic() + seconds
    database.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(4 * limit, _LARGEST))
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    database.text_factory = _decoded
    for pragma in ("query_only=ON", "trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0"):
        database.execute(f"PRAGMA {pragma}")


def _decoded(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")  # damage is found, and named, later


def _sound(database: sqlite3.Connection, file: SnapshotFile) -> None:
    """Refuse a damaged file: SQLite itself would leave out rows that it cannot see any more."""
    first = str(database.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if first != "ok":
        raise damaged(file, first)


def _allowed(action: int, first: str | None, second: str | None, *_: object) -> int:
    if action == sqlite3.SQLITE_FUNCTION and str(second).lower() in _FORBIDDEN:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _tables(database: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name"
    found = [str(row[0]) for row in database.execute(query)]
    return [name for name in found if not name.lower().startswith("sqlite_")]


def _named(database: sqlite3.Connection, wanted: str, file: SnapshotFile) -> str:
    tables = _tables(database)
    if not wanted and len(tables) == 1:
        return tables[0]
    plain = wanted.removeprefix("main.")
    for name in tables:
        if plain.casefold() == name.casefold():
            return name
    has = f"has no table {wanted!r}" if wanted else f"has {len(tables)} tables; one must be named"
    raise UsageError(
        "QCP-SRC-TABLE",
        f"The database {has}.",
        where=file.name,
        remedy="Set options: {table: …}; there are: " + ", ".join(map(_plain, tables[:20])) + ".",
    )


def _primary_key(database: sqlite3.Connection, table: str) -> tuple[str, ...]:
    if not table:
        return ()
    query = "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk"
    return tuple(str(row[0]) for row in database.execute(query, (table,)))


def _rows(
    cursor: sqlite3.Cursor, file: SnapshotFile, asked: TableRequest
) -> Iterator[Sequence[JsonValue]]:
    while True:
        try:
            row = cursor.fetchone()
        except sqlite3.Error as error:
            raise _failed(error, file, asked) from error
        if row is None:
            return
        yield [cell(value) for value in row]


def _failed(error: sqlite3.Error, file: SnapshotFile, asked: TableRequest) -> DataError:
    reason = str(error)
    if "interrupted" in reason:
        return DataError(
            "QCP-SRC-TIMEOUT",
            f"The statement took longer than {asked.timeout} seconds.",
            where=f"{file.name} {asked.place}",
            remedy="Simplify it, add an index, or raise options: {timeout: …}.",
        )
    if "malformed" in reason or "not a database" in reason or "corrupt" in reason:
        return damaged(file, reason)
    return DataError(
        "QCP-SRC-TABLE",
        f"The database refused the statement: {_plain(reason)}.",
        where=f"{file.name} {asked.place}",
        remedy="Compare table and columns with the database; only reading is allowed.",
    )


def damaged(file: SnapshotFile, reason: str) -> DataError:
    """Return the error of a database file that is not what it should be."""
    return DataError(
        "QCP-SRC-DATABASE",
        f"The database file is damaged: {_plain(reason)}.",
        where=file.name,
        remedy="Fetch it again; if it stays so, ask the publisher for a complete file.",
    )


def _plain(reason: str) -> str:
    return " ".join(reason.encode("utf-8", "replace").decode().split())[:200]
