"""What the graph says about each qualification, ready to be sent: what is asked most often.

A file of the release holds the Turtle that :mod:`~qcp_graph.store.record` writes, compressed, by
IRI. Where a release started from the one before, what did not change is taken over. Equal graphs
give equal bytes.
"""

import contextlib
import sqlite3
import zlib
from collections.abc import Container, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from qcp_graph.namespaces import expand
from qcp_graph.store import record

NAME: Final = "described.sqlite"
_LEVEL: Final = 1
_LONGEST: Final = 1 << 20  # bytes of Turtle; more is not described ahead
_TYPE: Final = ox.NamedNode(expand("rdf:type"))
_QUALIFICATION: Final = ox.NamedNode(expand("elm:Qualification"))


def write(
    path: Path, store: ox.Store, base: str, old: Path | None = None, changed: Container[str] = ()
) -> int:
    """Write the descriptions of all qualifications below a base IRI; return how many.

    ``old`` are those of a release whose graph differs in the ``changed`` subjects alone.

    :raises OSError, sqlite3.Error: when the file cannot be written.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")  # a broken build is thrown away as a whole
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA temp_store = FILE")
        database.execute("CREATE TABLE described (iri TEXT PRIMARY KEY, turtle BLOB) WITHOUT ROWID")
        database.execute("CREATE TEMP TABLE found (iri TEXT, turtle BLOB)")
        database.execute("BEGIN")
        rows = _rows(store, f"{base}id/qualification/", old, changed)
        database.executemany("INSERT INTO found VALUES (?, ?)", rows)
        done = database.execute("INSERT INTO described SELECT DISTINCT * FROM found ORDER BY iri")
        database.execute("COMMIT")
        return done.rowcount


def _rows(
    store: ox.Store, start: str, old: Path | None, changed: Container[str]
) -> Iterator[tuple[str, bytes]]:
    """Yield IRIs with their description, in the order of the store, which reads it best."""
    with contextlib.ExitStack() as stack:
        kept = None
        if old is not None and old.is_file():
            kept = stack.enter_context(closing(Descriptions(old)))
        for quad in store.quads_for_pattern(None, _TYPE, _QUALIFICATION, None):
            iri = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
            if not iri.startswith(start):
                continue
            body = kept.packed(iri) if kept is not None and iri not in changed else None
            if body is None:
                text = record.turtle(store, iri)
                if not text or len(text) > _LONGEST:
                    continue
                body = zlib.compress(text, _LEVEL)
            yield iri, body


class Descriptions:
    """The open file of a release. To be asked by one thread at a time.

    :raises sqlite3.Error: when the file is missing or damaged.
    """

    def __init__(self, path: Path) -> None:
        """Open a file for reading; it never changes."""
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._database.execute("PRAGMA mmap_size = 1073741824")

    def turtle(self, iri: str) -> bytes | None:
        """Return what the graph says about an IRI; None where it was not described ahead."""
        found = self.packed(iri)
        return zlib.decompress(found) if found is not None else None

    def packed(self, iri: str) -> bytes | None:
        """Return the same as it is stored."""
        row = self._database.execute("SELECT turtle FROM described WHERE iri = ?", (iri,))
        found: tuple[bytes] | None = row.fetchone()
        return found[0] if found else None

    def close(self) -> None:
        """Close the file."""
        self._database.close()
