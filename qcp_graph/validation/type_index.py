"""Which types the nodes of all records have, in eight bytes per node."""

import hashlib
import multiprocessing
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

_BITS: Final = 12
_BUCKETS: Final = 1 << _BITS
_LOW: Final = _BUCKETS - 1
_MANY: Final = _LOW
NONE: Final[frozenset[str]] = frozenset()


# Processes made by fork share the seed of the quick hash; others need one without a seed.
_FORKS: Final = "fork" in multiprocessing.get_all_start_methods()
_ALL: Final = (1 << 64) - 1


def node_hash(node: str) -> int:
    """Return 64 bits that stand for a node, the same in all processes of one run."""
    if _FORKS:
        return hash(node) & _ALL
    return int.from_bytes(hashlib.blake2b(node.encode(), digest_size=8).digest(), "little")


@dataclass
class Described:
    """The nodes that one piece of data describes: their hashes, and the numbers of their types."""

    hashes: "array[int]" = field(default_factory=lambda: array("Q"))
    numbers: "array[int]" = field(default_factory=lambda: array("L"))
    sets: list[frozenset[str]] = field(default_factory=list)

    @classmethod
    def of(cls, nodes: Iterable[tuple[str, Sequence[str]]]) -> "Described":
        """Make it from nodes and their types."""
        found = cls()
        known: dict[object, int] = {}
        add_hash, add_number = found.hashes.append, found.numbers.append
        for node, kinds in nodes:
            key = kinds[0] if len(kinds) == 1 else frozenset(kinds)
            number = known.get(key)
            if number is None:
                number = known[key] = len(found.sets)
                found.sets.append(frozenset(kinds))
            add_hash(node_hash(node))
            add_number(number)
        return found


class TypeIndex:
    """The types of every described node, so that a reference between records is judged rightly.

    A node is known by 64 bits of its name: its lower twelve choose a bucket, the others are stored
    there, sorted, with twelve bits for its set of types. With a million nodes, one of 18 million
    million look-ups of a node that nobody describes finds another's types. A node that several
    pieces describe is ``shared``: only together do they say what it is.
    """

    def __init__(self) -> None:
        self._buckets = [array("Q") for _ in range(_BUCKETS)]
        self._sets: list[frozenset[str]] = []
        self._numbers: dict[frozenset[str], int] = {}
        self._rare: dict[int, frozenset[str]] = {}
        self.shared: set[int] = set()

    def __len__(self) -> int:
        return sum(map(len, self._buckets))

    def add(self, described: Described) -> None:
        """Add what one piece of data describes; nothing can be looked up before ``seal``."""
        numbers = [self._number(types) for types in described.sets]
        buckets = self._buckets
        for hashed, number in zip(described.hashes, described.numbers, strict=True):
            code = numbers[number]
            buckets[hashed & _LOW].append(hashed & ~_LOW | code)
            if code == _MANY:
                types = described.sets[number]
                self._rare[hashed] = self._rare.get(hashed, NONE) | types

    def seal(self) -> None:
        """Sort, and find the nodes that several pieces describe."""
        for number, bucket in enumerate(self._buckets):
            ordered = sorted(bucket)
            self._buckets[number] = array("Q", ordered)
            for one, other in pairwise(ordered):
                if one ^ other < _BUCKETS:
                    self.shared.add(one & ~_LOW | number)

    def holds(self, hashed: int) -> bool:
        """Tell whether any piece describes a node, of which this is the hash."""
        bucket, wanted = self._buckets[hashed & _LOW], hashed & ~_LOW
        at = bisect_left(bucket, wanted)
        return at < len(bucket) and bucket[at] & ~_LOW == wanted

    def types(self, node: str) -> frozenset[str] | None:
        """Return the types of a node, or None when no piece describes it."""
        hashed = node_hash(node)
        bucket, wanted = self._buckets[hashed & _LOW], hashed & ~_LOW
        at = bisect_left(bucket, wanted)
        found: frozenset[str] | None = None
        for code in _codes(bucket, at, wanted):
            types = self._rare.get(hashed, NONE) if code == _MANY else self._sets[code]
            found = types if found is None else found | types
        return found

    def _number(self, types: frozenset[str]) -> int:
        number = self._numbers.get(types)
        if number is None and len(self._sets) < _MANY:
            number = self._numbers[types] = len(self._sets)
            self._sets.append(types)
        return _MANY if number is None else number


def _codes(bucket: Sequence[int], at: int, wanted: int) -> Iterator[int]:
    while at < len(bucket) and bucket[at] & ~_LOW == wanted:
        yield bucket[at] & _LOW
        at += 1
