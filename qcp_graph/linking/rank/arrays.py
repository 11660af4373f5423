"""Inverted lists in flat arrays: built once, mapped from disk, added up per query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True)
class Postings:
    """For each term (row) the documents that hold it (columns), with a weight."""

    matrix: csr_matrix

    @classmethod
    def build(cls, rows: Iterable[tuple[Ints, Floats]], terms: int) -> "Postings":
        """Turn documents, given as term numbers with weights, into lists per term."""
        numbers, values, lengths = [], [], []
        for columns, weights in rows:
            numbers.append(columns)
            values.append(weights)
            lengths.append(len(columns))
        columns = np.concatenate(numbers) if numbers else np.empty(0, np.int32)
        flat = np.concatenate(values) if values else np.empty(0, np.float32)
        documents = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        shape = (terms, len(lengths))
        return cls(csr_matrix((flat.astype(np.float32), (columns, documents)), shape=shape))

    @property
    def size(self) -> int:
        """How many documents there are."""
        return int(self.matrix.shape[1])

    def frequency(self) -> Ints:
        """Return how many documents hold each term."""
        found: Ints = np.diff(self.matrix.indptr)
        return found

    def total(self, terms: Sequence[int] | Ints, weights: Sequence[float] | Floats) -> Floats:
        """Return for each document the sum of weight times query weight over the terms."""
        if not len(terms):
            return np.zeros(self.size, np.float32)
        place = np.array([0, len(terms)], np.int32)
        query = csr_matrix(
            (np.asarray(weights, np.float32), np.asarray(terms, np.int32), place),
            shape=(1, self.matrix.shape[0]),
        )
        found: Floats = (query @ self.matrix).toarray()[0]
        return found

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays beside each other, so that they can be mapped into memory."""
        np.save(folder / f"{name}.starts.npy", self.matrix.indptr)
        np.save(folder / f"{name}.documents.npy", self.matrix.indices)
        np.save(folder / f"{name}.weights.npy", self.matrix.data)
        np.save(folder / f"{name}.shape.npy", np.array(self.matrix.shape))

    @classmethod
    def load(cls, folder: Path, name: str) -> "Postings":
        """Map arrays that :meth:`save` wrote; they are read only where a query needs them."""
        starts = np.load(folder / f"{name}.starts.npy")
        documents = np.load(folder / f"{name}.documents.npy", mmap_mode="r")
        weights = np.load(folder / f"{name}.weights.npy", mmap_mode="r")
        shape = tuple(int(one) for one in np.load(folder / f"{name}.shape.npy"))
        return cls(csr_matrix((weights, documents, starts), shape=shape, copy=False))


@dataclass(frozen=True)
class Owners:
    """Which concept each label belongs to; labels of a concept stand together."""

    concepts: Ints
    starts: Ints
    size: int

    @classmethod
    def of(cls, owners: Ints, size: int) -> "Owners":
        """``owners`` are concept numbers, ascending, one per label; ``size`` concepts in all."""
        concepts, starts = np.unique(owners, return_index=True)
        return cls(concepts.astype(np.int32), starts.astype(np.int32), size)

    def best(self, scores: Floats) -> Floats:
        """Return each concept's best label score; 0 where a concept has no label."""
        found = np.zeros(self.size, np.float32)
        if len(self.starts):
            found[self.concepts] = np.maximum.reduceat(scores, self.starts)
        return found
