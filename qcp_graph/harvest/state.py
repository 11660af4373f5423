"""What was harvested so far: the last version of every record, and the pages that were read.

One SQLite file per source; a page and what it changed are written together or not at all.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qcp_graph.errors import DataError
from qcp_graph.transfer.remote import Validators

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS told (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS page (
  url TEXT PRIMARY KEY, final INTEGER NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL,
  links TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS record (
  name TEXT PRIMARY KEY, moment TEXT NOT NULL, deleted INTEGER NOT NULL, statements BLOB NOT NULL)
"""
_FORM: Final = 1


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page that was read: where it leads, and how to ask whether it changed.

    ``final`` pages never change.
    """

    final: bool
    validators: Validators
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a record: its statements as N-Triples lines, and its moment."""

    record: str
    moment: str
    deleted: bool
    statements: bytes


class State:
    """The state of one harvest; use as a context manager.

    :raises DataError: when the file is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, isolation_level=None)
        try:
            (form,) = self._database.execute("PRAGMA user_version").fetchone()
            if form not in {0, _FORM}:
                raise sqlite3.DatabaseError("written by another version of the program")
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.executescript(_SCHEMA)
            self._database.execute(f"PRAGMA user_version = {_FORM}")
        except sqlite3.DatabaseError as error:
            self._database.close()
            raise self._damaged(error) from error

    def told(self, name: str) -> str:
        """Return what was noted under a name, or nothing."""
        row = self._database.execute("SELECT value FROM told WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def note(self, name: str, value: str) -> None:
        """Note a value under a name."""
        self._database.execute("INSERT OR REPLACE INTO told VALUES (?,?)", (name, value))

    def page(self, url: str) -> KnownPage | None:
        """Return a page that was read before."""
        query = "SELECT final, etag, modified, links FROM page WHERE url = ?"
        row = self._database.execute(query, (url,)).fetchone()
        if row is None:
            return None
        return KnownPage(bool(row[0]), Validators(row[1], row[2]), tuple(json.loads(row[3])))

    def keep(self, url: str, page: KnownPage) -> None:
        """Note a page."""
        known = page.validators
        row = (url, page.final, known.etag, known.last_modified, json.dumps(page.links))
        self._database.execute("INSERT OR REPLACE INTO page VALUES (?,?,?,?,?)", row)

    def take(self, versions: Sequence[Version], *, ordered: bool = False) -> int:
        """Take the versions that are newer than those there are; return how many were.

        ``ordered``: they come in the order in which they were made, whatever their moments say.
        """
        taken = 0
        for one in versions:
            query = "SELECT moment, deleted, statements FROM record WHERE name = ?"
            row = self._database.execute(query, (one.record,)).fetchone()
            if row is not None and not ordered and row[0] and row[0] >= one.moment:
                continue
            packed = zlib.compress(one.statements, 1)
            if row is not None and (bool(row[1]), row[2]) == (one.deleted, packed):
                continue
            taken += 1
            values = (one.record, one.moment, one.deleted, packed)
            self._database.execute("INSERT OR REPLACE INTO record VALUES (?,?,?,?)", values)
        return taken

    def statements(self) -> Iterator[bytes]:
        """Yield the N-Triples lines of all records, in the order of their names."""
        for (packed,) in self._database.execute("SELECT statements FROM record ORDER BY name"):
            yield zlib.decompress(packed)

    def counts(self) -> tuple[int, int]:
        """Return how many records are living and how many deleted."""
        query = "SELECT count(*), coalesce(sum(deleted), 0) FROM record"
        total, deleted = self._database.execute(query).fetchone()
        return total - deleted, deleted

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write everything in the block, or nothing of it."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def _damaged(self, error: Exception) -> DataError:
        return DataError(
            "QCP-HAR-STATE",
            f"What was harvested before cannot be read: {error}.",
            where=str(self._path),
            remedy="Run the command again with --restart: everything is read anew.",
        )

    def __enter__(self) -> "State":
        return self

    def __exit__(self, *error: object) -> None:
        self._database.close()
