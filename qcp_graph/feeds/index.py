"""The index of a register's feed: for each record the batch of its last version.

One immutable SQLite file per register and release. It tells the next build what harvesters know
already, and OAI-PMH which records changed since when, in the order of batch and key.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from qcp_graph.errors import DataError

_SCHEMA: Final = """
CREATE TABLE entry (
  key TEXT PRIMARY KEY, iri TEXT NOT NULL, batch INTEGER NOT NULL, deleted INTEGER NOT NULL,
  digest BLOB NOT NULL) WITHOUT ROWID
"""
_TURN: Final = "CREATE INDEX turn ON entry (batch, key)"
_NAME: Final = "CREATE INDEX name ON entry (iri)"
_APPLICATION: Final = 0x71637066  # "qcpf"
_SELECT: Final = "SELECT key, iri, batch, deleted, digest FROM entry "


class Entry(NamedTuple):
    """The last version of a record: the number of its batch, and a digest of what it says."""

    key: str
    iri: str
    batch: int
    deleted: bool
    digest: bytes


def write(path: Path, entries: Iterable[Entry]) -> None:
    """Write an index from entries in the order of their keys."""
    database = sqlite3.connect(path, isolation_level=None)
    try:
        # Nothing to roll back to: after a crash the whole release in progress is removed.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute(f"PRAGMA application_id = {_APPLICATION}")
        database.execute("BEGIN")
        database.execute(_SCHEMA)
        database.executemany("INSERT INTO entry VALUES (?,?,?,?,?)", entries)
        database.execute(_TURN)
        database.execute(_NAME)
        database.execute("COMMIT")
    finally:
        database.close()


class IndexReader:
    """Reads an index; close it, or use it as a context manager.

    :raises DataError: when the file is missing or no index.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            where = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
            self._database = sqlite3.connect(where, uri=True, check_same_thread=False)
            (application,) = self._database.execute("PRAGMA application_id").fetchone()
        except sqlite3.Error as error:
            raise _damaged(path, str(error)) from error
        if application != _APPLICATION:
            self._database.close()
            raise _damaged(path, "it is no index of a feed")

    def entries(self) -> Iterator[Entry]:
        """Yield all entries, sorted by key."""
        yield from self._query(_SELECT + "ORDER BY key")

    def since(self, first: int, last: int, after: tuple[int, str] | None, most: int) -> list[Entry]:
        """Return entries of the batches ``first`` to ``last``, by batch and key.

        ``after`` is the batch and key of the entry that comes before them.
        """
        found: list[Entry] = []
        if after is not None and first <= after[0] <= last:
            query = _SELECT + "WHERE batch = ? AND key > ? ORDER BY key LIMIT ?"
            found += self._query(query, (*after, most))
        # Two queries: with one condition for both, SQLite walks through all that came before.
        first = max(first, after[0] + 1) if after is not None else first
        query = _SELECT + "WHERE batch BETWEEN ? AND ? ORDER BY batch, key LIMIT ?"
        return found + list(self._query(query, (first, last, most - len(found))))

    def count(self, first: int, last: int) -> int:
        """Return how many entries have a batch from ``first`` to ``last``."""
        query = "SELECT count(*) FROM entry WHERE batch BETWEEN ? AND ?"
        (found,) = self._rows(query, (first, last))[0]
        return int(found)

    def living(self, start: int, most: int) -> list[Entry]:
        """Return ``most`` entries of records that are not withdrawn, by key, from ``start`` on."""
        query = _SELECT + "WHERE NOT deleted ORDER BY key LIMIT ? OFFSET ?"
        return list(self._query(query, (most, start)))

    def alive(self) -> int:
        """Return how many records are not withdrawn."""
        (found,) = self._rows("SELECT count(*) FROM entry WHERE NOT deleted", ())[0]
        return int(found)

    def find(self, iri: str) -> Entry | None:
        """Return the entry of the record that an IRI names; a living one where there are two."""
        query = _SELECT + "WHERE iri = ? ORDER BY deleted, key LIMIT 1"
        return next(self._query(query, (iri,)), None)

    def _query(self, query: str, values: tuple[int | str, ...] = ()) -> Iterator[Entry]:
        try:
            for key, iri, batch, deleted, digest in self._database.execute(query, values):
                yield Entry(key, iri, batch, bool(deleted), digest)
        except sqlite3.Error as error:
            raise _damaged(self.path, str(error)) from error

    def _rows(self, query: str, values: tuple[int, ...]) -> list[tuple[int, ...]]:
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise _damaged(self.path, str(error)) from error

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> "IndexReader":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _damaged(path: Path, detail: str) -> DataError:
    return DataError(
        "QCP-FED-DAMAGED",
        f"The index of a register's feed is damaged or missing: {detail}.",
        where=str(path),
        remedy="Go back with qcp release rollback, then build again.",
    )
