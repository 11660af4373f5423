"""Join conditions on disk: which subjects of a parent have which key, in bounded memory."""

import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final

from qcp_graph.errors import InternalError

_BATCH: Final = 5000


class JoinIndex:
    """Subjects by join and key, in a temporary file that disappears; use it as context manager."""

    def __init__(self, folder: Path | None = None) -> None:
        self._waiting: list[tuple[int, str, str]] = []
        self._folder = folder
        self._file: Path | None = None
        self._database: sqlite3.Connection | None = None

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            with tempfile.NamedTemporaryFile(
                prefix="joins-", suffix=".sqlite", dir=self._folder, delete=False
            ) as file:
                self._file = Path(file.name)
            self._database = sqlite3.connect(self._file, isolation_level=None)
            self._database.execute("PRAGMA journal_mode = OFF")
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.execute(
                "CREATE TABLE pair (join_number INT, key TEXT, subject TEXT,"
                " PRIMARY KEY (join_number, key, subject)) WITHOUT ROWID"
            )
        return self._database

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
            database = self._opened()
            database.execute("BEGIN")
            database.executemany("INSERT OR IGNORE INTO pair VALUES (?, ?, ?)", self._waiting)
            database.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            raise InternalError(
                "QCP-MAP-TABLES", f"The keys of the joins cannot be stored: {error}.",
                where=str(self._file or tempfile.gettempdir()),
                remedy="Free disk space or permit writing there.",
            ) from error  # fmt: skip
        self._waiting.clear()

    def subjects(self, join: int, key: str) -> Sequence[str]:
        """Return the subjects of a key, sorted."""
        if self._database is None:
            return ()
        found = self._database.execute(
            "SELECT subject FROM pair WHERE join_number = ? AND key = ?", (join, _whole(key))
        )
        return [subject for (subject,) in found]

    def close(self) -> None:
        """Close and remove the temporary file; may be called twice."""
        if self._database is not None:
            self._database.close()
            self._database = None
        if self._file is not None:
            self._file.unlink(missing_ok=True)
            self._file = None

    def __enter__(self) -> "JoinIndex":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()


def _whole(key: str) -> str:
    return key if key.isascii() else key.encode("utf-8", "replace").decode()
