"""What changed since harvesters last heard: the state they know against the state of a release."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import attrgetter
from typing import Literal, NamedTuple

from qcp_graph.feeds.index import Entry

Kind = Literal["new", "changed", "withdrawn", "restored"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as a release has it: living, or the tombstone of a withdrawn one.

    ``digest`` stands for all its statements; ``text`` writes them as N-Quads in a graph, given as
    an N-Triples term.
    """

    key: str
    iri: str
    deleted: bool
    digest: bytes
    text: Callable[[bytes], bytes]


class Event(NamedTuple):
    """A new version of a record; ``text`` is that of :class:`Standing`."""

    kind: Kind
    key: str
    iri: str
    text: Callable[[bytes], bytes]


def compare(
    known: Iterable[Entry], found: Iterable[Standing], batch: int
) -> Iterator[tuple[Entry, Event | None]]:
    """Yield the new entry of every record and, where it has a new version, the event.

    Both inputs are sorted by key; nothing is held but one record.
    """
    both: Iterator[Entry | Standing] = merge(known, found, key=attrgetter("key"))
    for _, group in groupby(both, key=attrgetter("key")):
        old: Entry | None = None
        new: Standing | None = None
        for one in group:
            if isinstance(one, Entry):
                old = one
            else:
                new = one
        yield _step(old, new, batch)


def _step(old: Entry | None, new: Standing | None, batch: int) -> tuple[Entry, Event | None]:
    if new is None:
        assert old is not None
        return _gone(old, batch)
    if old is not None and (old.digest, old.deleted, old.iri) == (
        new.digest,
        new.deleted,
        new.iri,
    ):
        return old, None
    entry = Entry(new.key, new.iri, batch, new.deleted, new.digest)
    return entry, Event(_kind(old, new), new.key, new.iri, new.text)


def _gone(old: Entry, batch: int) -> tuple[Entry, Event | None]:
    """Handle a record of which the release says nothing: it was in one that was rolled back."""
    if old.deleted and not old.digest:
        return old, None
    entry = Entry(old.key, old.iri, batch, True, b"")
    return entry, Event("withdrawn", old.key, old.iri, lambda _: b"")


def _kind(old: Entry | None, new: Standing) -> Kind:
    if new.deleted:
        return "withdrawn"
    if old is None:
        return "new"
    return "restored" if old.deleted else "changed"
