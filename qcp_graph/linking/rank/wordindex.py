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
    def build(cls, labels: Sequence[str], language: str) -> "WordIndex":
        """Index labels of a language."""
        stems = Stems.of(language)
        keys = [" ".join(stems(without_brackets(label)) or stems(label)) for label in labels]
        return cls._of(keys, language)

    @classmethod
    def _of(cls, keys: Sequence[str], language: str) -> "WordIndex":
        vocabulary: dict[str, int] = {}
        found: list[tuple[Ints, Floats]] = []
        whole: dict[str, tuple[int, ...]] = {}
        for number, key in enumerate(keys):
            stems = {vocabulary.setdefault(stem, len(vocabulary)) for stem in key.split()}
            found.append((np.array(sorted(stems), np.int32), np.ones(len(stems), np.float32)))
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
        for stem, certainty in stems.items():
            number = self.vocabulary.get(stem)
            if number is not None:
                found[number] = self.idf[number] * certainty
        return found

    def scores(self, stems: Sequence[str], labels: Ints) -> WordScores:
        """Compare the stems of a text (:class:`Stems` of the same language) with some labels."""
        shared = self.rows.totals(self.known(dict.fromkeys(stems, 1.0)), labels)
        totals = self.totals[labels]
        coverage = shared / totals
        stated = [one for run in phrases(list(stems)) for one in self.whole.get(run, ())]
        phrase = np.isin(labels, stated).astype(np.float32) if stated else np.zeros_like(totals)
        return WordScores(
            coverage, shared, shared * self.norms[labels], coverage * np.sqrt(shared), phrase,
            phrase * totals,
        )  # fmt: skip

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
