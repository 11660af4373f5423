"""What was found for a text before: linking costs nothing for a text that did not change."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from qcp_graph.errors import DataError
from qcp_graph.linking.found import Found

FOLDER: Final = "links"
_WAIT: Final = 60.0  # seconds for which another process may write
_SCHEMA: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS found (key BLOB PRIMARY KEY, skills TEXT NOT NULL) WITHOUT ROWID;
"""


class Cache:
    """One file per fingerprint of an engine; several processes may use it at a time.

    Losing it costs time and nothing else, so it is written without waiting for the disk.
    """

    def __init__(self, home: Path, fingerprint: str) -> None:
        """Open the file of an engine, making it if need be.

        :raises DataError: when it cannot be used.
        """
        self.path = home / FOLDER / f"{fingerprint[:16]}.sqlite"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, timeout=_WAIT, isolation_level=None)
            self._db.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise _unusable(self.path, error) from error

    @staticmethod
    def key(text: str, language: str) -> bytes:
        """Return the key of a text exactly as written: places in it must hold."""
        return hashlib.sha256(f"{language}\n{text}".encode()).digest()[:16]

    def get(self, text: str, language: str) -> list[Found] | None:
        """Return what was found for a text, or None when it was never asked."""
        try:
            row = self._db.execute(
                "SELECT skills FROM found WHERE key = ?", (self.key(text, language),)
            ).fetchone()
            return None if row is None else [Found.of(one) for one in json.loads(row[0])]
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise _unusable(self.path, error) from error

    def put(self, many: Iterable[tuple[str, str, list[Found]]]) -> None:
        """Keep what was found for texts, given as (text, language, found)."""
        rows = [
            (self.key(text, language), json.dumps([one.plain() for one in found],
                                                  ensure_ascii=False, separators=(",", ":")))
            for text, language, found in many
        ]  # fmt: skip
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT OR REPLACE INTO found VALUES (?, ?)", rows)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from error

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM found").fetchone()[0])

    def close(self) -> None:
        """Release the file."""
        self._db.close()


def stored(home: Path) -> Iterator[Path]:
    """Yield the files of all engines that were ever used."""
    yield from sorted((home / FOLDER).glob("*.sqlite"))


def _unusable(path: Path, error: Exception) -> DataError:
    return DataError(
        "QCP-LNK-CACHE",
        f"What was linked before cannot be read: {error}.",
        where=str(path),
        remedy="Remove the file; the texts are linked again.",
    )
