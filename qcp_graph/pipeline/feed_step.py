"""The feed of a release: what changed since the newest release, for harvesters."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from qcp_graph import feeds, logs, store
from qcp_graph.errors import DataError
from qcp_graph.feeds import history
from qcp_graph.feeds.places import Places
from qcp_graph.store.faults import guard

FOLDER: Final = "feed"
"""Name of the folder of pages in the home, and of that of the indexes in a release."""


@dataclass(frozen=True, slots=True)
class _Tip:
    """The release with the longest history: what harvesters may know at most."""

    folder: Path | None
    history: feeds.History

    def index(self, source_id: str) -> Path | None:
        """Return the index of a register, None where the history has none of it."""
        if self.folder is None:
            return None
        path = self.folder / FOLDER / f"{source_id}.sqlite"
        return path if path.exists() else None

    def same_ledger(self, source_id: str, ledger: Path) -> bool:
        """Tell whether a register is what it was, byte for byte."""
        if self.folder is None or not ledger.exists():
            return False
        old = self.folder / "registers" / ledger.name
        return old.exists() and old.samefile(ledger)


def write(
    releases: store.ReleaseFolder, builder: store.ReleaseBuilder, created: str, *, full: bool
) -> None:
    """Write the feed of a release in the making, whose ledgers are complete.

    It continues the longest history there is, which is not that of the live release after a
    rollback: what harvesters were told once is never taken back, only told anew. ``full`` is the
    way out of a damaged index: every record gets a new version then.

    :raises DataError: when the history, or an index, is damaged.
    """
    tip = _tip(releases)
    spared = {path.name for path in releases.folder.iterdir()}
    spared |= {batch.release for batch in tip.history.batches}
    target = builder.folder / FOLDER
    with guard(target):
        target.mkdir()
        pages = feeds.Pages(releases.home / FOLDER)
        writer = feeds.FeedWriter(
            Places(releases.iris.base), pages, tip.history, builder.id, created
        )
        ledgers = {path.stem: path for path in (builder.folder / "registers").glob("*.sqlite")}
        for source_id in sorted({*ledgers, *tip.history.registers()}):
            ledger = ledgers.get(source_id, builder.folder / "registers" / f"{source_id}.sqlite")
            known, index = tip.index(source_id), target / f"{source_id}.sqlite"
            known = None if full and known and not _readable(known) else known
            pages.sweep(source_id, spared)
            if known is not None and tip.same_ledger(source_id, ledger):
                _link(known, index)
            else:
                writer.register(source_id, known, index, standings(ledger))
        text = writer.finish().dumps()
        (target / history.NAME).write_text(text, encoding="utf-8")


def _readable(index: Path) -> bool:
    try:
        with feeds.IndexReader(index):
            return True
    except DataError as error:
        logs.get("pipeline").warning("all records get a new version", why=str(error))
        return False


def verify(home: Path, release: Path) -> int:
    """Compute the checksums of all pages that a release's log names; return how many files.

    :raises DataError: naming the first one that is missing or differs.
    """
    past = history.load(release / FOLDER / history.NAME) or feeds.History()
    pages, count = feeds.Pages(home / FOLDER), 0
    for batch in past.batches:
        for source_id, tally in batch.registers.items():
            pages.verify(source_id, batch.release, tally.sha256)
            count += 1
    return count


def standings(ledger: Path) -> Iterator[feeds.Standing]:
    """Yield what a ledger makes public, in the form of the feeds, sorted by key."""
    if not ledger.exists():
        return
    with store.LedgerReader(ledger) as reader:
        for row in reader.public():
            yield feeds.Standing(
                row.key,
                row.iri,
                row.status == "withdrawn",
                store.digest(row.quads, row.shared),
                partial(_text, row.quads, row.shared),
            )


def _text(quads: bytes, shared: bytes, graph: bytes) -> bytes:
    ends = dict.fromkeys((role.encode() for role in store.ROLES), b" " + graph + b" .\n")
    # In the order of the blobs, which is fixed; a statement that is in both stands once.
    lines = (line for blob in (quads, shared) for line in store.nquads(blob, ends))
    return b"".join(dict.fromkeys(lines))


def _tip(releases: store.ReleaseFolder) -> _Tip:
    best = _Tip(None, feeds.History())
    for manifest in releases.list():
        if releases.waits(manifest.id):  # nothing of it is public
            continue
        folder = releases.path(manifest.id)
        found = history.load(folder / FOLDER / history.NAME)
        if found is not None and len(found.batches) >= len(best.history.batches):
            best = _Tip(folder, found)
    live, pointer = releases.current_id(), releases.folder / "CURRENT"
    if live is None:
        return best
    moment = datetime.fromtimestamp(pointer.stat().st_mtime, UTC)
    return _Tip(best.folder, best.history.settled(live, moment))


def _link(known: Path, index: Path) -> None:
    try:
        os.link(known, index)
    except OSError:  # another device, or a file system without links
        shutil.copyfile(known, index)
