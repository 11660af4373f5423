"""Likeness by words: how much of a label a text holds, BM25, and whole labels inside the text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from qcp_graph.linking.rank.analysis import Stems, phrases, without_brackets
from qcp_graph.linking.rank.arrays import Floats, Ints, Postings

_K1: Final = 1.2
_B: Final = 0.75


@dataclass(frozen=True)
class WordScores:
    """Per label: ``coverage`` (share of its words, by rarity, in the text), ``bm25``, ``balanced``
    (coverage times the root of what is shared), ``phrase`` (1 when the label stands in the text
    word by word) and ``rarity`` (the sum of idf of such a label).
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
    postings: Postings

    @classmethod
    def build(cls, labels: Sequence[str], language: str) -> "WordIndex":
        """Index labels of a language."""
        stems = Stems(language)
        keys = [" ".join(stems(without_brackets(label)) or stems(label)) for label in labels]
        return cls._of(keys, language)

    @classmethod
    def _of(cls, keys: Sequence[str], language: str) -> "WordIndex":
        vocabulary: dict[str, int] = {}
        rows: list[tuple[Ints, Floats]] = []
        whole: dict[str, list[int]] = {}
        for number, key in enumerate(keys):
            found = {vocabulary.setdefault(stem, len(vocabulary)) for stem in key.split()}
            rows.append((np.array(sorted(found), np.int32), np.ones(len(found), np.float32)))
            whole.setdefault(key, []).append(number)
        postings = Postings.build(rows, len(vocabulary))
        idf = np.log((len(keys) + 1) / (postings.frequency() + 0.5)).astype(np.float32)
        lengths = np.array([len(columns) for columns, _ in rows], np.float32)
        totals = np.array([idf[columns].sum() for columns, _ in rows], np.float32)
        mean = float(lengths.mean()) if len(lengths) else 1.0
        norms = (_K1 + 1) / (1 + _K1 * (1 - _B + _B * lengths / max(mean, 1e-6)))
        totals[totals <= 0] = 1
        return cls(language, vocabulary, idf, totals, norms.astype(np.float32), whole, postings)

    def scores(self, stems: list[str]) -> WordScores:
        """Compare the stems of a text (:class:`Stems` of the same language) with all labels."""
        numbers = sorted({self.vocabulary[stem] for stem in stems if stem in self.vocabulary})
        shared = self.postings.total(numbers, self.idf[numbers])
        coverage = shared / self.totals
        phrase = np.zeros(self.postings.size, np.float32)
        for run in phrases(stems):
            for label in self.whole.get(run, ()):
                phrase[label] = 1
        return WordScores(
            coverage, shared, shared * self.norms, coverage * np.sqrt(shared), phrase,
            phrase * self.totals,
        )  # fmt: skip

    def save(self, folder: Path, name: str) -> None:
        """Write what the index is computed from; that takes a second to do again."""
        keys = [""] * self.postings.size
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
