"""Likeness by character n-grams: TF-IDF with a steep idf, the best label of each concept."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import log
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from qcp_graph.linking.rank.analysis import counted, grams, words
from qcp_graph.linking.rank.arrays import Floats, Ints, Postings, Rows

# Measured on five languages: an idf to the power of 1.5 ranks better than the plain one everywhere.
_STEEPNESS: Final = 1.5
# n-grams of more than this share of the labels cost most of the time and change nothing.
_COMMON: Final = 0.03
_SHORT: Final = 40  # characters up to which every n-gram counts


class Weighted(NamedTuple):
    """The terms of a text that an index knows, with their weights."""

    terms: Ints
    weights: Floats


@dataclass(frozen=True)
class NgramIndex:
    """The n-grams of labels: by concept, to find the likely ones, and by label, to be exact.

    By concept an n-gram counts as in the label where it weighs most, so that no concept is missed
    of which one label is near; ``rows`` is left out where that suffices.
    """

    vocabulary: dict[str, int]
    idf: Floats
    frequency: Ints
    labels: int
    concepts: Postings
    rows: Rows | None

    @classmethod
    def build(
        cls, labels: Sequence[str], owners: Ints, concepts: int, exact: bool = True
    ) -> "NgramIndex":
        """Index labels, which belong to ``owners`` (ascending concept numbers)."""
        vocabulary: dict[str, int] = {}
        terms, weights, lengths = array("i"), array("f"), array("i")
        for label in labels:
            count = counted(chain.from_iterable(map(grams, words(label))))
            terms.extend(vocabulary.setdefault(gram, len(vocabulary)) for gram in count)
            weights.extend(1 + log(n) if n > 1 else 1.0 for n in count.values())
            lengths.append(len(count))
        starts = np.zeros(len(labels) + 1, np.int32)
        np.cumsum(lengths, out=starts[1:])
        rows = Rows(starts, np.frombuffer(terms, np.int32), np.frombuffer(weights, np.float32))
        frequency = np.bincount(rows.terms, minlength=len(vocabulary)).astype(np.int32)
        idf = ((np.log((len(labels) + 1) / (frequency + 1)) + 1) ** _STEEPNESS).astype(np.float32)
        rows = _of_unit_length(rows, idf)
        del terms, weights
        united = rows.united(owners, concepts, len(vocabulary))
        return cls(vocabulary, idf, frequency, len(labels), united, rows if exact else None)

    def weighted(self, text: str) -> Weighted:
        """Return the n-grams of a text, at unit length together."""
        found = counted(chain.from_iterable(map(grams, words(text))))
        known = [(self.vocabulary[gram], n) for gram, n in found.items() if gram in self.vocabulary]
        numbers = np.array([number for number, _ in known], np.int32)
        counts = np.array([n for _, n in known], np.float32)
        values = (1 + np.log(counts)) * self.idf[numbers]
        if len(text) > _SHORT:
            rare = self.frequency[numbers] <= max(_COMMON * self.labels, 50)
            numbers, values = numbers[rare], values[rare]
        order = np.argsort(numbers)
        return Weighted(numbers[order], _unit(values[order]))

    def likely(self, text: Weighted) -> Floats:
        """Return how near each concept may be to a text."""
        return self.concepts.total(*text)

    def exact(self, text: Weighted, labels: Ints) -> Floats:
        """Return the cosine of a text with each of some labels, from 0 to 1."""
        if self.rows is None:
            raise ValueError("an index without labels")
        dense = np.zeros(len(self.idf), np.float32)
        dense[text.terms] = text.weights
        return self.rows.totals(dense, labels)

    def save(self, folder: Path, name: str) -> None:
        """Write the index into a folder."""
        text = "\n".join([str(self.labels), *self.vocabulary])
        (folder / f"{name}.vocabulary.txt").write_text(text, encoding="utf-8")
        np.save(folder / f"{name}.idf.npy", self.idf)
        np.save(folder / f"{name}.frequency.npy", self.frequency)
        self.concepts.save(folder, f"{name}.concepts")
        if self.rows is not None:
            self.rows.save(folder, f"{name}.rows")

    @classmethod
    def load(cls, folder: Path, name: str, exact: bool = True) -> "NgramIndex":
        """Read an index that :meth:`save` wrote."""
        text = (folder / f"{name}.vocabulary.txt").read_text(encoding="utf-8")
        labels, *terms = text.split("\n")
        vocabulary = {gram: number for number, gram in enumerate(terms)}
        return cls(
            vocabulary, np.load(folder / f"{name}.idf.npy"),
            np.load(folder / f"{name}.frequency.npy"), int(labels),
            Postings.load(folder, f"{name}.concepts"),
            Rows.load(folder, f"{name}.rows") if exact else None,
        )  # fmt: skip


def _of_unit_length(rows: Rows, idf: Floats) -> Rows:
    weights = rows.weights * idf[rows.terms]
    lengths = np.diff(rows.starts)
    heads = rows.starts[:-1][lengths > 0]
    squares = np.add.reduceat(weights * weights, heads) if len(heads) else weights
    weights /= np.repeat(np.sqrt(squares), lengths[lengths > 0])
    return Rows(rows.starts, rows.terms, weights)


def _unit(values: Floats) -> Floats:
    length = float(np.sqrt(np.dot(values, values)))
    return values / length if length else values
