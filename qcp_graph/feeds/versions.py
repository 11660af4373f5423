"""All versions of one record, found in the pages of the feed: they are kept for ever.

Versions stand on pages in the order of their keys, so a page is found by halving.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from qcp_graph.feeds.changes import Kind
from qcp_graph.feeds.history import Batch, History
from qcp_graph.feeds.index import IndexReader
from qcp_graph.feeds.ldes import CLASSES, IS_VERSION_OF
from qcp_graph.feeds.pages import Pages
from qcp_graph.feeds.places import Places
from qcp_graph.terms import RDF_TYPE

MOST: Final = 400
"""Batches of a register that are looked through, the newest first."""
_KINDS: Final = {term.encode(): kind for kind, term in CLASSES.items() if kind != "restored"}
_MEMBER: Final = re.compile(
    rb"^<([^>]+)> " + re.escape(IS_VERSION_OF.encode()) + rb" <([^>]+)> \.$", re.MULTILINE
)


class Version(NamedTuple):
    """One version of a record; ``created`` is when its release was built, in UTC.

    ``kind`` cannot tell ``restored`` from ``new``: where others came before it, it is the former.
    """

    release: str
    created: str
    kind: Kind
    address: str
    page: int


class Past(NamedTuple):
    """The versions of one record, oldest first; ``complete`` unless there were too many batches."""

    versions: tuple[Version, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Versions:
    """Finds versions in the feed of a register; ``index`` is that of the release."""

    places: Places
    pages: Pages
    history: History
    source_id: str
    index: IndexReader

    def of(self, record: str, most: int = MOST) -> Past:
        """Return all versions of the record that an IRI names, none where the feed has none."""
        entry = self.index.find(record)
        if entry is None:
            return Past((), complete=True)
        batches = [
            batch
            for batch in self.history.of(self.source_id)
            if self.history.number(batch.release) <= entry.batch
        ]
        looked = batches[-most:]
        found = [v for batch in looked for v in self._in(batch, record, entry.key)]
        told = [
            one._replace(kind="restored") if at and one.kind == "new" else one
            for at, one in enumerate(found)
        ]
        return Past(tuple(told), complete=len(looked) == len(batches))

    def text(self, version: Version) -> bytes:
        """Return the N-Quads of a version: all that its record said, in a graph of its own."""
        graph = f" <{version.address}> .".encode()
        lines = self.pages.text(self.source_id, version.release, version.page).split(b"\n")
        return b"".join(line + b"\n" for line in lines if line.endswith(graph))

    def _in(self, batch: Batch, record: str, key: str) -> Iterator[Version]:
        """Yield the version of a record in a batch, if it has one there."""
        low, high = 1, batch.registers[self.source_id].pages
        while low < high:
            middle = (low + high + 1) // 2
            if self._first_key(batch.release, middle) <= key:
                low = middle
            else:
                high = middle - 1
        for address, of, kind in _members(self.pages, self.source_id, batch.release, low):
            if of == record:
                yield Version(batch.release, batch.created, kind, address, low)

    def _first_key(self, release: str, page: int) -> str:
        for _, record, _ in _members(self.pages, self.source_id, release, page):
            entry = self.index.find(record)
            if entry is not None:
                return entry.key
        return ""


@lru_cache(maxsize=4096)
def _members(
    pages: Pages, source_id: str, release: str, number: int
) -> tuple[tuple[str, str, Kind], ...]:
    """Return the versions on a page: address, record, kind. Pages never change."""
    text = pages.text(source_id, release, number)
    found = []
    for match in _MEMBER.finditer(text):
        address, record = match[1].decode(), match[2].decode()
        kind: Kind = "changed"
        for term, name in _KINDS.items():
            line = b"<%s> %s %s ." % (match[1], RDF_TYPE.encode(), term)
            if line in text:
                kind = name
        found.append((address, record, kind))
    return tuple(found)
