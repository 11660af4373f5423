"""Side tables: rows by key, in memory while they are few, else in a file that disappears.

What is kept in memory is bounded by :data:`MEMORY_CHARACTERS` for all tables of a mapping together;
beyond it every row goes to disk.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qcp_graph.errors import InternalError
from qcp_graph.model.record import JsonValue, SourceRecord
from qcp_graph.scratch import Scratch

if TYPE_CHECKING:
    from qcp_graph.mapping.plan import Plan

_BATCH: Final = 2000
# Text of rows; with keys and Python's own needs about twice as many bytes.
MEMORY_CHARACTERS: Final = 8 * 2**20
MAX_FILE_BYTES: Final = 32 * 2**30
_PAGE_BYTES: Final = 4096
_SCHEMA: Final = "CREATE TABLE side (name INTEGER, key TEXT, content TEXT)"
_EMPTY: Final[dict[str, list[str]]] = {}
Row = Mapping[str, JsonValue]
_encode: Final = json.JSONEncoder(separators=(",", ":")).encode


class Tables(Scratch):
    """The side tables of a plan, filled once before its records are prepared.

    ``folder`` takes the temporary file, ``memory`` is how many characters of rows are kept in
    memory. Use it as a context manager, or close it.
    """

    def __init__(
        self, plan: "Plan", folder: Path | None = None, memory: int = MEMORY_CHARACTERS
    ) -> None:
        super().__init__(folder)
        self._plan = plan
        self._numbers = {table.name: n for n, table in enumerate(plan.side_tables)}
        self._free = memory
        self._kept: dict[str, dict[str, list[str]]] = {}
        self._indexed = False

    @property
    def spilled(self) -> bool:
        """Whether the rows lie on disk."""
        return self.database is not None

    def fill(self, name: str, records: Iterable[SourceRecord]) -> int:
        """Take the rows of a side table; return how many are kept. May be called repeatedly.

        :raises KeyError: when the plan has no such side table.
        :raises InternalError: when the disk is full or cannot be written.
        """
        if name not in self._numbers:
            raise KeyError(name)
        rows = self._rows_of(name, records)
        count = 0
        while batch := list(islice(rows, _BATCH)):
            count += sum(first for _, _, first in batch)
            self._free -= sum(len(key) + len(content) for key, content, _ in batch)
            if self.database is None and self._free >= 0:
                kept = self._kept.setdefault(name, {})
                for key, content, _ in batch:
                    kept.setdefault(key, []).append(content)
            else:
                self._spill(name, batch)
        return count

    def _rows_of(
        self, name: str, records: Iterable[SourceRecord]
    ) -> Iterator[tuple[str, str, bool]]:
        """Yield key, content and whether it is the first key of its row."""
        for record in records:
            keys, row = self._plan.take_row(name, record)
            content = _encode(row) if keys else ""
            for number, key in enumerate(keys):
                yield key, content, not number

    def _spill(self, name: str, batch: Sequence[tuple[str, str, bool]]) -> None:
        try:
            if self.database is None:
                self._open()
                for known, rows in self._kept.items():
                    self._insert(known, ((k, c) for k, found in rows.items() for c in found))
                self._kept = {}
            self._insert(name, ((key, content) for key, content, _ in batch))
        except (OSError, sqlite3.Error) as error:
            place = self.place
            self.close()
            raise _failed(error, place) from error

    def _open(self) -> None:
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
        pages = MAX_FILE_BYTES // _PAGE_BYTES
        sizes = (f"page_size = {_PAGE_BYTES}", f"max_page_count = {pages}", "cache_size = -8192")
        self.create("joins-", _SCHEMA, sizes)

    def _insert(self, name: str, rows: Iterable[tuple[str, str]]) -> None:
        assert self.database is not None
        number = self._numbers[name]
        if self._indexed:
            self.database.execute("DROP INDEX by_key")
            self._indexed = False
        self.database.execute("BEGIN")
        self.database.executemany(
            "INSERT INTO side VALUES (?, ?, ?)", ((number, key, content) for key, content in rows)
        )
        self.database.execute("COMMIT")

    def rows(self, name: str, key: str, limit: int = -1) -> Sequence[Row]:
        """Return the rows with a key, in file order; at most ``limit`` when it is not negative.

        :raises InternalError: when the disk is full or cannot be read.
        """
        if not key:
            return ()
        if self.database is None:
            found = self._kept.get(name, _EMPTY).get(key, ())
            return [json.loads(content) for content in (found if limit < 0 else found[:limit])]
        try:
            return [json.loads(content) for (content,) in self._select(name, key, limit)]
        except sqlite3.Error as error:
            raise _failed(error, self.place) from error

    def _select(self, name: str, key: str, limit: int) -> sqlite3.Cursor:
        assert self.database is not None
        if not self._indexed:
            self.database.execute("CREATE INDEX by_key ON side (name, key)")
            self._indexed = True
        return self.database.execute(
            "SELECT content FROM side WHERE name = ? AND key = ? ORDER BY rowid LIMIT ?",
            (self._numbers.get(name, -1), key, limit),
        )

    def close(self) -> None:
        """Close and remove the temporary file; may be called twice."""
        self._kept = {}
        super().close()


def _failed(error: Exception, place: str) -> InternalError:
    return InternalError(
        "QCP-MAP-TABLES",
        f"The side tables of the mapping cannot be stored: {error}.",
        where=place,
        remedy="Free disk space or permit writing there.",
    )
