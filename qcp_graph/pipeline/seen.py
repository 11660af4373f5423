"""The keys met so far: in memory while they are few, beyond that in a file that disappears."""

import sqlite3
from itertools import islice
from pathlib import Path
from typing import Final

from qcp_graph.errors import InternalError
from qcp_graph.scratch import Scratch

MEMORY_KEYS: Final = 20_000
_SCHEMA: Final = "CREATE TABLE seen (key TEXT PRIMARY KEY, place TEXT) WITHOUT ROWID"
_INSERT: Final = "INSERT OR IGNORE INTO seen VALUES (?, ?)"


class Seen(Scratch):
    """Remembers keys with the place of their first record; close it after use.

    ``folder`` takes the file; a million keys cost some seconds and hardly any memory.
    """

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__(folder)
        self._places: dict[str, str] = {}

    def add(self, key: str, place: str) -> str:
        """Take note of a key; return the place of an earlier record with it, else ''.

        :raises InternalError: when the disk is full or cannot be written.
        """
        if self.database is None:
            if key in self._places:
                return self._places[key]
            self._places[key] = place
            if len(self._places) > MEMORY_KEYS:
                self._spill()
            return ""
        try:
            if self.database.execute(_INSERT, (_text(key), _text(place))).rowcount == 1:
                return ""
            query = "SELECT place FROM seen WHERE key = ?"
            ((first,),) = self.database.execute(query, (_text(key),))
        except sqlite3.Error as error:
            raise self._failed(error) from error
        return str(first)

    def __contains__(self, key: str) -> bool:
        """Tell whether a key was met."""
        if self.database is None:
            return key in self._places
        query = "SELECT 1 FROM seen WHERE key = ?"
        return self.database.execute(query, (_text(key),)).fetchone() is not None

    def _spill(self) -> None:
        try:
            database = self.create("keys-", _SCHEMA, ["cache_size = -4096"])
            database.execute("BEGIN")
            items = iter(self._places.items())
            while batch := [(_text(k), _text(p)) for k, p in islice(items, 2_000)]:
                database.executemany(_INSERT, batch)
        except (OSError, sqlite3.Error) as error:
            raise self._failed(error) from error
        self._places = {}

    def _failed(self, error: Exception) -> InternalError:
        self.close()
        return InternalError(
            "QCP-SYS-OS",
            f"The keys of the records cannot be stored: {error}.",
            where=self.place,
            remedy="Free disk space or permit writing there.",
        )


def _text(value: str) -> str:
    """Return a text that UTF-8 can carry, and that no other text becomes."""
    return value.encode("utf-8", "backslashreplace").decode()
