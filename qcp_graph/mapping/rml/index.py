"""Join conditions on disk: which subjects of a parent have which key, in bounded memory."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from qcp_graph.errors import InternalError
from qcp_graph.scratch import Scratch

_BATCH: Final = 5000
_SCHEMA: Final = (
    "CREATE TABLE pair (join_number INT, key TEXT, subject TEXT,"
    " PRIMARY KEY (join_number, key, subject)) WITHOUT ROWID"
)


class JoinIndex(Scratch):
    """Subjects by join and key, in a temporary file that disappears; use it as context manager."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__(folder)
        self._waiting: list[tuple[int, str, str]] = []

    def add(self, join: int, key: str, subject: str) -> None:
        """Keep a subject of the parent under a key.

        :raises InternalError: when the disk is full or cannot be written.
        """
        self._waiting.append((join, _whole(key), subject))
        if len(self._waiting) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits; needed once before the first :meth:`subjects`."""
        try:
            database = self.database or self.create("joins-", _SCHEMA)
            database.execute("BEGIN")
            database.executemany("INSERT OR IGNORE INTO pair VALUES (?, ?, ?)", self._waiting)
            database.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            raise InternalError(
                "QCP-MAP-TABLES", f"The keys of the joins cannot be stored: {error}.",
                where=self.place,
                remedy="Free disk space or permit writing there.",
            ) from error  # fmt: skip
        self._waiting.clear()

    def subjects(self, join: int, key: str) -> Sequence[str]:
        """Return the subjects of a key, sorted."""
        if self.database is None:
            return ()
        found = self.database.execute(
            "SELECT subject FROM pair WHERE join_number = ? AND key = ?", (join, _whole(key))
        )
        return [subject for (subject,) in found]


def _whole(key: str) -> str:
    return key if key.isascii() else key.encode("utf-8", "replace").decode()
