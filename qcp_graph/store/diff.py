"""What changed between two releases, told by their ledgers."""

from collections.abc import Iterator
from contextlib import ExitStack
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Literal, NamedTuple

from qcp_graph.store.ledger import LedgerReader, Living
from qcp_graph.store.packing import Packed
from qcp_graph.terms import Quad

Kind = Literal["added", "changed", "withdrawn"]


class Change(NamedTuple):
    """A record that is new, says something else, or is no longer in the register."""

    register: str
    kind: Kind
    key: str
    iri: str


def changes(register: str, old: Path | None, new: Path | None) -> Iterator[Change]:
    """Yield the changes from one ledger of a register to another, by key; None is an empty one.

    A withdrawn record has left (its tombstone does not count); one that returns is added. A
    record is changed when its own or its shared statements are others.
    """
    if old is not None and new is not None and old.samefile(new):
        return
    with ExitStack() as stack:
        sides = []
        for age, path in enumerate((old, new)):
            if path is not None:
                sides.append(_rows(stack.enter_context(LedgerReader(path)), age))
        by_key = merge(*sides, key=itemgetter(0, 1))
        for key, group in groupby(by_key, key=itemgetter(0)):
            found = list(group)
            _, age, row = found[-1]
            if len(found) == 1:
                yield Change(register, "added" if age else "withdrawn", key, row.iri)
            elif _content(found[0][2]) != _content(row):
                yield Change(register, "changed", key, row.iri)


def _rows(ledger: LedgerReader, age: int) -> Iterator[tuple[str, int, Living]]:
    return ((row.key, age, row) for row in ledger.living())


def _content(row: Living) -> tuple[Packed, Packed]:
    return Packed(row.quads), Packed(row.shared)


def statements(
    old: Path | None, new: Path | None, key: str
) -> tuple[tuple[Quad, ...], tuple[Quad, ...]]:
    """Return the quads of a record that went and those that came, sorted."""
    before, after = _public(old, key), _public(new, key)
    return tuple(sorted(before - after)), tuple(sorted(after - before))


def _public(path: Path | None, key: str) -> set[Quad]:
    if path is None:
        return set()
    with LedgerReader(path) as ledger:
        row = ledger.get(key)
    return {*row.quads, *row.shared} if row is not None and row.public else set()
