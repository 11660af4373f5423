"""Likeness by character n-grams: TF-IDF with a steep idf, the best label of each concept."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np

from qcp_graph.linking.rank.analysis import counted, grams, words
from qcp_graph.linking.rank.arrays import Floats, Ints, Postings

# Measured on five languages: an idf to the power of 1.5 ranks better than the plain one everywhere.
_STEEPNESS: Final = 1.5
# n-grams of more than this share of the labels cost most of the time and change nothing.
_COMMON: Final = 0.03
_SHORT: Final = 40  # characters up to which every n-gram counts


@dataclass(frozen=True)
class NgramIndex:
    """The n-grams of labels; scores are cosines from 0 to 1."""

    vocabulary: dict[str, int]
    idf: Floats
    postings: Postings

    @classmethod
    def build(cls, labels: Sequence[str]) -> "NgramIndex":
        """Index labels."""
        vocabulary: dict[str, int] = {}
        rows: list[tuple[Ints, Floats]] = []
        for label in labels:
            found = counted(chain.from_iterable(map(grams, words(label))))
            numbers = [vocabulary.setdefault(gram, len(vocabulary)) for gram in found]
            counts = np.fromiter(found.values(), np.float32, len(found))
            rows.append((np.array(numbers, np.int32), 1 + np.log(counts)))
        frequency = np.bincount(
            np.concatenate([columns for columns, _ in rows]) if rows else np.empty(0, np.int32),
            minlength=len(vocabulary),
        )
        idf = ((np.log((len(labels) + 1) / (frequency + 1)) + 1) ** _STEEPNESS).astype(np.float32)
        weighted = ((columns, _unit(values * idf[columns])) for columns, values in rows)
        return cls(vocabulary, idf, Postings.build(weighted, len(vocabulary)))

    def scores(self, text: str) -> Floats:
        """Return the likeness of a text to each label."""
        found = counted(chain.from_iterable(map(grams, words(text))))
        known = [(self.vocabulary[gram], n) for gram, n in found.items() if gram in self.vocabulary]
        if not known:
            return np.zeros(self.postings.size, np.float32)
        numbers = np.array([number for number, _ in known], np.int32)
        values = (1 + np.log(np.array([n for _, n in known], np.float32))) * self.idf[numbers]
        if len(text) > _SHORT:
            starts = self.postings.matrix.indptr
            frequency = starts[numbers + 1] - starts[numbers]
            rare = frequency <= max(_COMMON * self.postings.size, 50)
            numbers, values = numbers[rare], values[rare]
        return self.postings.total(numbers, _unit(values))

    def save(self, folder: Path, name: str) -> None:
        """Write the index into a folder."""
        text = "\n".join(self.vocabulary)
        (folder / f"{name}.vocabulary.txt").write_text(text, encoding="utf-8")
        np.save(folder / f"{name}.idf.npy", self.idf)
        self.postings.save(folder, name)

    @classmethod
    def load(cls, folder: Path, name: str) -> "NgramIndex":
        """Read an index that :meth:`save` wrote."""
        text = (folder / f"{name}.vocabulary.txt").read_text(encoding="utf-8")
        terms = text.split("\n") if text else []
        vocabulary = {gram: number for number, gram in enumerate(terms)}
        return cls(vocabulary, np.load(folder / f"{name}.idf.npy"), Postings.load(folder, name))


def _unit(values: Floats) -> Floats:
    length = float(np.sqrt(np.dot(values, values)))
    return values / length if length else values
