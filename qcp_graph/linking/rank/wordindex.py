"""Likeness by words: how much of a label a text holds, BM25, and whole labels inside the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from qcp_graph.linking.rank.analysis import Stems, phrases, without_brackets
from qcp_graph.linking.rank.arrays import Floats, Ints, Postings, Rows

_K1: Final = 1.2
_B: Final = 0.75


@dataclass(frozen=True)
class WordScores:
    """Per label: ``shared`` (the rarity, idf, of its words in the text), ``coverage`` (their share
    of the label), ``bm25``, ``balanced`` (coverage times the root of what is shared), ``phrase``
    (1 when the label stands in the text word by word) and ``rarity`` (what such a label weighs).
    """

    coverage: Floats
    shared: Floats
    bm25: Floats
    balanced: Floats
    phrase: Floats
    rarity: Floats


@dataclass(frozen=True)
class WordIndex:
    """The stems of labels, without brackets and empty words."""

    language: str
    vocabulary: dict[str, int]
    idf: Floats
    totals: Floats
    norms: Floats
    whole: Mapping[str, Sequence[int]]
    rows: Rows

    @classmethod
    def build(cls, labels: Sequence[str], language: str, whole: bool = True) -> "WordIndex":
        """Index labels of a language; without ``whole`` none is found as a phrase."""
        stems = Stems.of(language)
        keys = [" ".join(stems(without_brackets(label)) or stems(label)) for label in labels]
        return cls._of(keys, language, phrases_too=whole)

    @classmethod
    def _of(cls, keys: Sequence[str], language: str, phrases_too: bool = True) -> "WordIndex":
        vocabulary: dict[str, int] = {}
        found: list[tuple[Ints, Floats]] = []
        whole: dict[str, tuple[int, ...]] = {}
        for number, key in enumerate(keys):
            stems = {vocabulary.setdefault(stem, len(vocabulary)) for stem in key.split()}
            found.append((np.array(sorted(stems), np.int32), np.ones(len(stems), np.float32)))
            if phrases_too:
                whole[key] = (*whole.get(key, ()), number)
        rows = Rows.build(found)
        frequency = np.bincount(rows.terms, minlength=len(vocabulary))
        idf = np.log((len(keys) + 1) / (frequency + 0.5)).astype(np.float32)
        totals = rows.totals(idf, np.arange(len(keys), dtype=np.int32))
        lengths = np.diff(rows.starts).astype(np.float32)
        mean = float(lengths.mean()) if len(lengths) else 1.0
        norms = (_K1 + 1) / (1 + _K1 * (1 - _B + _B * lengths / max(mean, 1e-6)))
        totals[totals <= 0] = 1
        return cls(language, vocabulary, idf, totals, norms.astype(np.float32), whole, rows)

    def known(self, stems: Mapping[str, float]) -> Floats:
        """Return the idf of each stem of the vocabulary that a text holds, times its certainty."""
        found = np.zeros(len(self.idf), np.float32)
        numbers = [self.vocabulary.get(stem, -1) for stem in stems]
        terms = [number for number in numbers if number >= 0]
        certain = [one for one, n in zip(stems.values(), numbers, strict=True) if n >= 0]
        found[terms] = self.idf[terms] * np.array(certain, np.float32)
        return found

    def scores(self, texts: Sequence[Sequence[str]], labels: Ints, whose: Ints) -> WordScores:
        """Compare some labels with the texts they belong to.

        ``texts`` are stems (:class:`Stems` of the same language), ``whose`` the number of the text
        for each label.
        """
        known = np.stack([self.known(dict.fromkeys(stems, 1.0)) for stems in texts])
        shared = self.rows.totals(known, labels, whose)
        totals = self.totals[labels]
        coverage = shared / totals
        phrase = self._stated(texts, labels, whose)
        return WordScores(
            coverage, shared, shared * self.norms[labels], coverage * np.sqrt(shared), phrase,
            phrase * totals,
        )  # fmt: skip

    def _stated(self, texts: Sequence[Sequence[str]], labels: Ints, whose: Ints) -> Floats:
        """Return 1 for each label that stands word by word in the text it belongs to, else 0."""
        size = len(self.totals)
        stated = [
            number * size + label
            for number, stems in enumerate(texts)
            for run in phrases(list(stems))
            for label in self.whole.get(run, ())
        ]
        found = np.zeros(len(labels), np.float32)
        if stated:
            found[np.isin(labels + whose.astype(np.int64) * size, stated)] = 1
        return found

    def united(self, owners: Ints, concepts: int) -> Postings:
        """Return per stem the concepts of whose labels it is a great part."""
        lengths = np.diff(self.rows.starts)
        values = self.idf[self.rows.terms] ** 2
        filled = self.rows.starts[:-1][lengths > 0]
        norms = np.sqrt(np.add.reduceat(values, filled)) if len(filled) else values
        weights = np.sqrt(values) / np.repeat(norms, lengths[lengths > 0])
        rows = Rows(self.rows.starts, self.rows.terms, weights)
        return rows.united(owners, concepts, len(self.vocabulary))

    def save(self, folder: Path, name: str) -> None:
        """Write what the index is computed from; that takes a second to do again."""
        keys = [""] * self.rows.size
        for key, labels in self.whole.items():
            for label in labels:
                keys[label] = key
        text = "\n".join([self.language, *keys])
        (folder / f"{name}.stems.txt").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str) -> "WordIndex":
        """Read an index that :meth:`save` wrote."""
        language, *keys = (folder / f"{name}.stems.txt").read_text(encoding="utf-8").split("\n")
        return cls._of(keys, language)
