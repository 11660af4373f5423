"""Side tables on disk: rows by key, in a file that disappears, so that memory stays bounded."""

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from qcp_graph.errors import InternalError
from qcp_graph.model.record import JsonValue, SourceRecord

if TYPE_CHECKING:
    from qcp_graph.mapping.plan import Plan

_BATCH: Final = 2000
Row = Mapping[str, JsonValue]


class Tables:
    """The side tables of a plan, filled once before its records are prepared.

    ``folder`` takes the temporary file. Use it as a context manager, or close it.
    """

    def __init__(self, plan: "Plan", folder: Path | None = None) -> None:
        self._plan = plan
        self._names = frozenset(table.name for table in plan.side_tables)
        self._file: Path | None = None
        self._database: sqlite3.Connection | None = None
        if self._names:
            self._open(folder)

    def _open(self, folder: Path | None) -> None:
        try:
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                prefix="joins-", suffix=".sqlite", dir=folder, delete=False
            ) as file:
                self._file = Path(file.name)
            self._database = sqlite3.connect(self._file, isolation_level=None)
            self._database.execute("PRAGMA journal_mode = OFF")
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.execute("CREATE TABLE side (name TEXT, key TEXT, content TEXT)")
        except (OSError, sqlite3.Error) as error:
            self.close()
            raise _failed(error, folder) from error

    def fill(self, name: str, records: Iterable[SourceRecord]) -> int:
        """Take the rows of a side table; return how many have a key. May be called repeatedly.

        :raises KeyError: when the plan has no such side table.
        :raises InternalError: when the disk is full or cannot be written.
        """
        if name not in self._names:
            raise KeyError(name)
        assert self._database is not None
        rows = self._rows_of(name, records)
        count = 0
        try:
            self._database.execute("DROP INDEX IF EXISTS by_key")
            while batch := list(islice(rows, _BATCH)):
                count += len(batch)
                self._database.execute("BEGIN")
                self._database.executemany("INSERT INTO side VALUES (?, ?, ?)", batch)
                self._database.execute("COMMIT")
            self._database.execute("CREATE INDEX by_key ON side (name, key)")
        except sqlite3.Error as error:
            raise _failed(error, self._file) from error
        return count

    def _rows_of(
        self, name: str, records: Iterable[SourceRecord]
    ) -> Iterator[tuple[str, str, str]]:
        for record in records:
            key = self._plan.row_key(name, record)
            if key:
                yield name, key, json.dumps(record.data)

    def rows(self, name: str, key: str) -> Sequence[Row]:
        """Return the rows with a key, in file order."""
        if not key or self._database is None:
            return ()
        found = self._database.execute(
            "SELECT content FROM side WHERE name = ? AND key = ? ORDER BY rowid", (name, key)
        )
        return [json.loads(content) for (content,) in found]

    def close(self) -> None:
        """Close and remove the temporary file; may be called twice."""
        if self._database is not None:
            self._database.close()
            self._database = None
        if self._file is not None:
            self._file.unlink(missing_ok=True)
            self._file = None

    def __enter__(self) -> "Tables":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()


def _failed(error: Exception, place: Path | None) -> InternalError:
    return InternalError(
        "QCP-MAP-TABLES",
        f"The side tables of the mapping cannot be stored: {error}.",
        where=str(place or tempfile.gettempdir()),
        remedy="Free disk space or permit writing there.",
    )
