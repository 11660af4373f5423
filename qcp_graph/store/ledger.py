"""The ledger of a register in a release: the fate of every record, one SQLite file.

Written once, in one transaction, then immutable; readers open it as such. Records stay in the
order in which they were read, and are found and listed by key.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple
from urllib.parse import quote

from qcp_graph.errors import DataError
from qcp_graph.model.issue import Issue
from qcp_graph.model.ledger import LedgerRow, Status
from qcp_graph.store import packing
from qcp_graph.store.faults import damaged, fault, guard
from qcp_graph.store.issue_blobs import PackedIssues, pack_issues

_APPLICATION: Final = 0x71637031  # "qcp1": tells our files from other SQLite files
_VERSION: Final = 2
_SCHEMA: Final = """
CREATE TABLE record (
  key TEXT PRIMARY KEY, status TEXT NOT NULL, public INTEGER NOT NULL, digest BLOB NOT NULL,
  iri TEXT NOT NULL, locator TEXT NOT NULL, snapshot TEXT NOT NULL,
  issues BLOB NOT NULL, judged BLOB NOT NULL, shared BLOB NOT NULL, quads BLOB NOT NULL)
"""
_COLUMNS: Final = (
    "key, status, public, digest, iri, locator, snapshot, issues, judged, shared, quads"
)
_INSERT: Final = "INSERT OR IGNORE INTO record VALUES (?,?,?,?,?,?,?,?,?,?,?)"
_SELECT: Final = f"SELECT {_COLUMNS} FROM record"  # noqa: S608 (constants only)


class RecordIssue(NamedTuple):
    """An issue with the key, the fate and the IRI of the record it belongs to."""

    key: str
    status: Status
    iri: str
    issue: Issue


class Living(NamedTuple):
    """What a record that is in the register says, as blobs of :mod:`~qcp_graph.store.packing`."""

    key: str
    iri: str
    quads: bytes
    shared: bytes


class Public(NamedTuple):
    """What a release says of a record, living or withdrawn, as blobs."""

    key: str
    iri: str
    status: Status
    quads: bytes
    shared: bytes


class LedgerWriter:
    """Writes a new ledger; use as a context manager, which removes the file after an error."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with guard(path):
            self._database = sqlite3.connect(path, isolation_level=None)
            # Nothing to roll back to: after a crash the whole release in progress is removed.
            self._database.execute("PRAGMA page_size = 8192")
            self._database.execute("PRAGMA journal_mode = OFF")
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute(f"PRAGMA application_id = {_APPLICATION}")
            self._database.execute(f"PRAGMA user_version = {_VERSION}")
            self._database.execute("BEGIN")
            self._database.execute(_SCHEMA)

    def add(self, row: LedgerRow) -> str:
        """Take a row; return the place of an earlier record with the same key, else ''.

        A second record with the key of an earlier one is not taken.
        """
        key = _text(row.key)
        values = (
            key,
            row.status,
            int(row.public),
            row.digest,
            _text(row.iri),
            _text(row.locator),
            row.snapshot,
            pack_issues(row.issues),
            row.judged,
            packing.pack(row.shared),
            packing.pack(row.quads),
        )
        try:
            if self._database.execute(_INSERT, values).rowcount == 1:
                return ""
            found = self._database.execute("SELECT locator FROM record WHERE key = ?", (key,))
            (locator,) = found.fetchone()
        except sqlite3.Error as error:
            raise fault(error, self.path) from error
        return locator or f"record {row.key}"

    def __contains__(self, key: str) -> bool:
        """Tell whether a row with this key was taken."""
        found = self._database.execute("SELECT 1 FROM record WHERE key = ?", (_text(key),))
        return found.fetchone() is not None

    def close(self) -> None:
        """Complete the ledger: everything is on the disk when this returns."""
        with guard(self.path):
            self._database.execute("COMMIT")
            self._database.close()
            with self.path.open("rb") as file:
                os.fsync(file.fileno())

    def __enter__(self) -> "LedgerWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
            return
        self._database.close()
        self.path.unlink(missing_ok=True)


class LedgerReader:
    """Reads a complete ledger; close it, or use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise damaged(path, "the ledger does not exist")
        with guard(path):
            # Rows are read by whichever thread serves a request; Python's SQLite is serialised.
            self._database = sqlite3.connect(address(path), uri=True, check_same_thread=False)
            try:
                self._check()
            except BaseException:
                self._database.close()
                raise

    def _check(self) -> None:
        (application,) = self._database.execute("PRAGMA application_id").fetchone()
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if application != _APPLICATION:
            raise damaged(self.path, "it is not a ledger")
        if version != _VERSION:
            raise DataError(
                "QCP-REL-VERSION",
                f"The ledger was written by another version of the program (form {version}).",
                where=str(self.path),
                remedy="Build again from scratch with qcp build --full.",
            )

    def get(self, key: str) -> LedgerRow | None:
        """Return the row of a record, None when there is none with this key."""
        row = next(self._query(f"{_SELECT} WHERE key = ?", (_text(key),)), None)
        return _row(row) if row else None

    def rows(self) -> Iterator[LedgerRow]:
        """Yield all rows, sorted by key."""
        yield from map(_row, self._query(f"{_SELECT} ORDER BY key"))

    def keys(self) -> Iterator[str]:
        """Yield all keys, sorted."""
        for (key,) in self._query("SELECT key FROM record ORDER BY key"):
            yield key

    def judged(self) -> Iterator[tuple[str, str, bytes, bytes]]:
        """Yield key, fate, packed states and packed quads of what the delivery held, by key."""
        yield from self._query(
            "SELECT key, status, judged, quads FROM record WHERE status <> 'withdrawn' ORDER BY key"
        )

    def living(self) -> Iterator[Living]:
        """Yield what is public and not withdrawn, sorted by key."""
        rows = self._query(
            "SELECT key, iri, quads, shared FROM record"
            " WHERE public AND status <> 'withdrawn' ORDER BY key"
        )
        yield from map(Living._make, rows)

    def public(self) -> Iterator[Public]:
        """Yield what is public, tombstones of withdrawn records too, sorted by key."""
        rows = self._query(
            "SELECT key, iri, status, quads, shared FROM record WHERE public ORDER BY key"
        )
        yield from map(Public._make, rows)

    def snapshots(self) -> list[str]:
        """Return the sha256 of every snapshot that a record refers to, sorted."""
        found = self._query("SELECT DISTINCT snapshot FROM record WHERE snapshot <> '' ORDER BY 1")
        return [snapshot for (snapshot,) in found]

    def counts(self) -> dict[str, int]:
        """Return the number of records by status."""
        return dict(self._query("SELECT status, count(*) FROM record GROUP BY 1 ORDER BY 1"))

    def issues(self, status: str | None = None, limit: int = -1) -> Iterator[RecordIssue]:
        """Yield the issues of all records (of one status), by key; ``limit`` records at most."""
        rows = self._query(
            "SELECT key, status, iri, issues FROM record WHERE issues <> x''"
            " AND (?1 IS NULL OR status = ?1) ORDER BY key LIMIT ?2",
            (status, limit),
        )
        for key, fate, iri, blob in rows:
            for issue in PackedIssues(blob):
                yield RecordIssue(key, fate, iri, issue)

    def codes(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield the key and the issue codes of every record that has issues, sorted by key."""
        rows = self._query("SELECT key, issues FROM record WHERE issues <> x'' ORDER BY key")
        for key, blob in rows:
            yield key, frozenset(code for code, _, _ in PackedIssues(blob).kinds())

    def reasons(self) -> dict[str, int]:
        """Return the number of records per issue code, most frequent first."""
        total: Counter[str] = Counter()
        for (blob,) in self._query("SELECT issues FROM record WHERE issues <> x''"):
            total.update({code for code, _, _ in PackedIssues(blob).kinds()})
        return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))

    def nquads(self, ends: Mapping[bytes, bytes]) -> Iterator[bytes]:
        """Yield the N-Quads lines of all public records, unsorted, with repetitions."""
        for blobs in self._query("SELECT quads, shared FROM record WHERE public"):
            for blob in blobs:
                yield from packing.nquads(blob, ends)

    def _query(self, query: str, values: Sequence[str | int | None] = ()) -> Iterator[tuple]:  # type: ignore[type-arg]
        try:
            yield from self._database.execute(query, values)
        except sqlite3.Error as error:
            raise fault(error, self.path) from error

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> "LedgerReader":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def address(path: Path) -> str:
    """Return the SQLite address that opens an immutable file."""
    return f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"


def _text(value: str) -> str:
    """Return a text that UTF-8 can carry: half characters of hostile data become ``?``."""
    return value.encode("utf-8", "replace").decode()


def _row(
    row: tuple[str, Status, int, bytes, str, str, str, bytes, bytes, bytes, bytes],
) -> LedgerRow:
    key, status, public, digest, iri, locator, snapshot, issues, judged, shared, quads = row
    return LedgerRow(
        key=key,
        digest=digest,
        status=status,
        iri=iri,
        locator=locator,
        snapshot=snapshot,
        quads=packing.Packed(quads),
        shared=packing.Packed(shared),
        issues=PackedIssues(issues),
        public=bool(public),
        judged=judged,
    )
