"""Inverted lists and rows of terms in flat arrays: built once, mapped from disk, added up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int32]
_BLOCK: Final = 5000  # rows united at a time


@dataclass(frozen=True)
class Rows:
    """For each label (row) the numbers of its terms, with weights; sums are taken row by row."""

    starts: Ints
    terms: Ints
    weights: Floats

    @cached_property
    def lengths(self) -> Ints:
        """How many terms each row has."""
        return np.diff(self.starts)

    @classmethod
    def build(cls, rows: Sequence[tuple[Ints, Floats]]) -> "Rows":
        """Put rows of term numbers and weights one behind the other."""
        starts = np.zeros(len(rows) + 1, np.int32)
        np.cumsum([len(terms) for terms, _ in rows], out=starts[1:])
        none = (np.empty(0, np.int32), np.empty(0, np.float32))
        terms = np.concatenate([terms for terms, _ in rows] or [none[0]])
        weights = np.concatenate([weights for _, weights in rows] or [none[1]])
        return cls(starts, terms.astype(np.int32), weights.astype(np.float32))

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.starts) - 1

    def totals(self, values: Floats, rows: Ints, whose: Ints | None = None) -> Floats:
        """Return for some rows the sum of weight times ``values`` of the term.

        Several texts are compared at once: ``values`` has a row for each (texts x terms), and
        ``whose`` says which text each of the rows is compared with, the first where it is left out.
        """
        begin, lengths = self.starts.take(rows), self.lengths.take(rows)
        places = ranges(begin, lengths)
        found = np.zeros(len(rows), np.float32)
        filled = lengths > 0
        if len(places):
            terms = self.terms.take(places)
            if whose is not None:
                terms = terms + (whose * values.shape[-1]).repeat(lengths)
            products = values.ravel().take(terms) * self.weights.take(places)
            heads = (np.cumsum(lengths) - lengths)[filled]
            found[filled] = np.add.reduceat(products, heads)
        return found

    def united(self, owners: Ints, concepts: int, terms: int) -> "Postings":
        """Return per term the concepts whose labels hold it, with the greatest weight of any.

        ``owners`` are the rows' concepts, ascending. Blocks of rows are united one by one, which
        keeps the memory small.
        """
        parts = [self._united(block, owners) for block in _blocks(owners)]
        row, column, values = (np.concatenate(some) for some in zip(*parts, strict=True))
        return Postings(csr_matrix((values, (row, column)), shape=(terms, concepts)))

    def _united(self, block: slice, owners: Ints) -> tuple[Ints, Ints, Floats]:
        within = slice(int(self.starts[block.start]), int(self.starts[block.stop]))
        lengths = np.diff(self.starts[block.start : block.stop + 1])
        concepts = np.repeat(owners[block], lengths)
        order = np.lexsort((self.terms[within], concepts))
        row, column = self.terms[within][order], concepts[order]
        if not len(row):
            return row, column, self.weights[within]
        new = (np.diff(row, prepend=-1) != 0) | (np.diff(column, prepend=-1) != 0)
        heads = np.flatnonzero(new)
        values = np.maximum.reduceat(self.weights[within][order], heads)
        return row[heads], column[heads], values

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays beside each other, so that they can be mapped into memory."""
        np.save(folder / f"{name}.starts.npy", self.starts)
        np.save(folder / f"{name}.terms.npy", self.terms)
        np.save(folder / f"{name}.weights.npy", self.weights)

    @classmethod
    def load(cls, folder: Path, name: str) -> "Rows":
        """Map arrays that :meth:`save` wrote; they are read only where a text needs them."""
        terms, weights = (
            mapped(folder / f"{name}.terms.npy"),
            mapped(folder / f"{name}.weights.npy"),
        )
        return cls(np.load(folder / f"{name}.starts.npy"), terms, weights)


@dataclass(frozen=True)
class Postings:
    """For each term (row) the concepts that have it (columns), with a weight."""

    matrix: csr_matrix
    _made: dict[int, csc_matrix] = field(default_factory=dict, compare=False, repr=False)

    @property
    def size(self) -> int:
        """How many concepts there are."""
        return int(self.matrix.shape[1])

    def total(self, terms: Ints, weights: Floats) -> Floats:
        """Return for each concept the sum of weight times query weight over the terms."""
        if not len(terms):
            return np.zeros(self.size, np.float32)
        starts = self.matrix.indptr
        begin, end = starts[terms], starts[terms + 1]
        places = [slice(a, b) for a, b in zip(begin.tolist(), end.tolist(), strict=True)]
        columns, width = self._columns(len(terms))
        columns.data = np.concatenate([self.matrix.data[place] for place in places])
        columns.indices = np.concatenate([self.matrix.indices[place] for place in places])
        columns.indptr = np.full(width + 1, len(columns.data), np.int32)
        columns.indptr[0] = 0
        np.cumsum((end - begin)[:-1], out=columns.indptr[1 : len(terms)])
        stated = np.zeros(width, np.float32)
        stated[: len(terms)] = weights
        found: Floats = columns @ stated
        return found

    def _columns(self, terms: int) -> tuple[csc_matrix, int]:
        """Return a matrix to be filled with at least so many terms as columns, and how many it has.

        Making one takes three times as long as filling and multiplying it.
        """
        width = 1 << (terms - 1).bit_length()
        if width not in self._made:
            self._made[width] = csc_matrix((self.size, width), dtype=np.float32)
        return self._made[width], width

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays beside each other, so that they can be mapped into memory."""
        np.save(folder / f"{name}.starts.npy", self.matrix.indptr)
        np.save(folder / f"{name}.concepts.npy", self.matrix.indices)
        np.save(folder / f"{name}.weights.npy", self.matrix.data)
        np.save(folder / f"{name}.size.npy", np.array(self.size))

    @classmethod
    def load(cls, folder: Path, name: str) -> "Postings":
        """Map arrays that :meth:`save` wrote."""
        starts = np.load(folder / f"{name}.starts.npy")
        concepts = mapped(folder / f"{name}.concepts.npy")
        weights = mapped(folder / f"{name}.weights.npy")
        shape = (len(starts) - 1, int(np.load(folder / f"{name}.size.npy")))
        return cls(csr_matrix((weights, concepts, starts), shape=shape, copy=False))


@dataclass(frozen=True)
class Owners:
    """Which labels (rows) belong to which concept; labels of a concept stand together."""

    starts: Ints

    @classmethod
    def of(cls, owners: Ints, size: int) -> "Owners":
        """``owners`` are concept numbers, ascending, one per label; ``size`` concepts in all."""
        return cls(np.searchsorted(owners, np.arange(size + 1)).astype(np.int32))

    def rows(self, concepts: Ints) -> "Chosen":
        """Return the labels of some concepts, one concept's behind the other's."""
        begin = self.starts[concepts]
        lengths = self.starts[concepts + 1] - begin
        return Chosen(ranges(begin, lengths), lengths)


@dataclass(frozen=True)
class Chosen:
    """The labels of chosen concepts; ``lengths`` says how many each has."""

    labels: Ints
    lengths: Ints

    def each(self, values: Ints) -> Ints:
        """Return what concepts have (a value each) for each of their labels."""
        return values.repeat(self.lengths)

    def part(self, concepts: slice) -> tuple["Chosen", slice]:
        """Return a run of the concepts with their labels, and where these stand among all."""
        ends = self.ends
        begin = int(ends[concepts.start - 1]) if concepts.start else 0
        end = int(ends[concepts.stop - 1]) if concepts.stop else 0
        within = slice(begin, end)
        return Chosen(self.labels[within], self.lengths[concepts]), within

    def best(self, values: Floats) -> Floats:
        """Return each concept's greatest value over its labels; 0 where it has none.

        Several rows of values give as many rows of greatest ones.
        """
        found = np.zeros((*values.shape[:-1], len(self.lengths)), np.float32)
        if values.shape[-1]:
            found[..., self._filled] = np.maximum.reduceat(values, self._heads, axis=-1)
        return found

    def first(self, values: Floats) -> Floats:
        """Return the value of each concept's first label, as :meth:`best` does the greatest."""
        found = np.zeros((*values.shape[:-1], len(self.lengths)), np.float32)
        if values.shape[-1]:
            found[..., self._filled] = values[..., self._heads]
        return found

    @cached_property
    def ends(self) -> Ints:
        """Where the labels of each concept end."""
        return self.lengths.cumsum()

    @cached_property
    def _filled(self) -> NDArray[np.bool_]:
        return self.lengths > 0

    @cached_property
    def _heads(self) -> Ints:
        return (self.ends - self.lengths)[self._filled]


def _blocks(owners: Ints) -> Iterator[slice]:
    """Yield runs of rows that end where a concept ends."""
    begin = 0
    while begin < len(owners):
        last = owners[min(begin + _BLOCK, len(owners)) - 1]
        end = int(np.searchsorted(owners, last, side="right"))
        yield slice(begin, end)
        begin = end
    if not len(owners):
        yield slice(0, 0)


def mapped(path: Path) -> NDArray[Any]:
    """Map an array from disk; as a plain array, of which parts are taken four times as fast."""
    return np.asarray(np.load(path, mmap_mode="r"))


def ranges(begin: Ints, lengths: Ints) -> Ints:
    """Return the numbers from each beginning on, as many as its length, one run after another.

    >>> ranges(np.array([5, 1]), np.array([2, 3])).tolist()
    [5, 6, 1, 2, 3]
    """
    ends = lengths.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    found: Ints = np.arange(total, dtype=np.int32)
    found += (begin - (ends - lengths)).astype(np.int32).repeat(lengths)
    return found
