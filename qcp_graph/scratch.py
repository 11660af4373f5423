"""Tables that are too large for memory: an SQLite file that disappears when it is closed."""

import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self


class Scratch:
    """A temporary database; nothing is written before :meth:`create`. Close it after use.

    What it holds is never kept, so it is written without journal and without waiting for the disk.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """``folder`` takes the file; without one the system's folder for temporary files."""
        self.folder = folder
        self.file: Path | None = None
        self.database: sqlite3.Connection | None = None

    @property
    def place(self) -> str:
        """Where the file lies, or would lie: for messages."""
        return str(self.file or self.folder or tempfile.gettempdir())

    def create(self, prefix: str, schema: str, pragmas: Sequence[str] = ()) -> sqlite3.Connection:
        """Make the file, whose name begins with ``prefix``, and its table.

        >>> with Scratch() as scratch:
        ...     made = scratch.create("keys-", "CREATE TABLE seen (key TEXT)")
        ...     scratch.file is not None and scratch.file.is_file()
        True
        >>> scratch.file is None
        True

        :raises OSError: when the folder cannot be written.
        :raises sqlite3.Error: when the disk is full.
        """
        with tempfile.NamedTemporaryFile(
            prefix=prefix, suffix=".sqlite", dir=self.folder, delete=False
        ) as file:
            self.file = Path(file.name)
        database = self.database = sqlite3.connect(self.file, isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", *pragmas):
            database.execute(f"PRAGMA {pragma}")
        database.execute(schema)
        return database

    def close(self) -> None:
        """Close and remove the file; may be called twice."""
        if self.database is not None:
            self.database.close()
            self.database = None
        if self.file is not None:
            self.file.unlink(missing_ok=True)
            self.file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()
