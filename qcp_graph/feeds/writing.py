"""Writing the feed of a release: the pages of what changed, and the index of each register."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from qcp_graph.feeds import index, ldes
from qcp_graph.feeds.changes import Event, Standing, compare
from qcp_graph.feeds.history import Batch, History, Tally
from qcp_graph.feeds.index import Entry, IndexReader
from qcp_graph.feeds.ldes import Link
from qcp_graph.feeds.pages import MEMBERS, ROOM, PageFile, Pages
from qcp_graph.feeds.places import Places


@dataclass
class FeedWriter:
    """Writes what a release adds to the feeds; nothing is public before the release is.

    ``history`` is that of the newest release, ``created`` the moment of the build.
    """

    places: Places
    pages: Pages
    history: History
    release: str
    created: str
    _tallies: dict[str, Tally] = field(default_factory=dict)

    def __post_init__(self) -> None:
        last = self.history.batches[-1].created if self.history.batches else ""
        self.created = max(self.created, last)

    def register(
        self, source_id: str, known: Path | None, target: Path, found: Iterable[Standing]
    ) -> None:
        """Compare a register with the index ``known``; write its pages and its new index.

        ``found`` is sorted by key.
        """
        kinds: Counter[str] = Counter()
        maker = _Maker(self, source_id, kinds)
        with PageFile(self.pages.path(source_id, self.release)) as file:
            maker.file = file
            if known is None:
                index.write(target, maker.entries((), found))
            else:
                with IndexReader(known) as reader:
                    index.write(target, maker.entries(reader.entries(), found))
            maker.close()
            pages, checksum = file.count, file.checksum
        if pages:
            self._tallies[source_id] = Tally(pages, **kinds, sha256=checksum)

    def finish(self) -> History:
        """Return the history of the release."""
        if not self._tallies:
            return self.history
        return self.history.extended(Batch(self.release, self.created, self._tallies))

    @property
    def batch(self) -> int:
        """The number of the batch in the making."""
        return len(self.history.batches) + 1


@dataclass
class _Maker:
    """Collects versions into pages."""

    feed: FeedWriter
    source_id: str
    kinds: "Counter[str]"
    file: PageFile = field(init=False)
    before: Link | None = field(init=False)
    parts: list[bytes] = field(default_factory=list)
    size: int = 0

    def __post_init__(self) -> None:
        self.before = ldes.newest(self.feed.places, self.feed.history, self.source_id)

    def entries(self, known: Iterable[Entry], found: Iterable[Standing]) -> Iterator[Entry]:
        """Yield the entries of the new index, writing pages on the way."""
        for entry, event in compare(known, found, self.feed.batch):
            if event is not None:
                self._add(event)
            yield entry

    def _add(self, event: Event) -> None:
        self.kinds[event.kind] += 1
        places, created, page = self.feed.places, self.feed.created, self._page()
        place = len(self.parts) + 1
        head = ldes.member(places, page, place, event.kind, event.iri, created)
        graph = f"<{ldes.version(page, place)}>".encode()
        part = _lines(head) + event.text(graph)
        self.parts.append(part)
        self.size += len(part)
        if place >= MEMBERS or self.size >= ROOM:
            self.close()

    def _page(self) -> str:
        number = self.file.count + 1
        return self.feed.places.page(self.source_id, self.feed.release, number)

    def close(self) -> None:
        """End the page under way."""
        if not self.parts:
            return
        page = self._page()
        head = ldes.page_head(self.feed.places, self.source_id, page, self.before)
        self.file.add(b"".join(chain([_lines(head)], self.parts)))
        self.before = Link(page, self.feed.created)
        self.parts, self.size = [], 0


def _lines(triples: Iterable[tuple[str, str, str]]) -> bytes:
    return "".join(f"{s} {p} {o} .\n" for s, p, o in triples).encode()
