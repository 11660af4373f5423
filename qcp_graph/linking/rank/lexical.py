"""The core tier: what labels say, without any model, for every language ESCO has."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from qcp_graph.linking.esco.catalogue import Catalogue
from qcp_graph.linking.rank.analysis import Stems, words
from qcp_graph.linking.rank.arrays import Chosen, Floats, Ints
from qcp_graph.linking.rank.ngrams import NgramIndex, Weighted
from qcp_graph.linking.rank.pivot import ENGLISH, Dictionary, PivotIndex
from qcp_graph.linking.rank.table import Concepts, Labels
from qcp_graph.linking.rank.wordindex import WordIndex

WORDS: Final = ("coverage", "shared", "bm25", "balanced", "phrase", "rarity")
PRIOR: Final = ("demand", "reuse", "knowledge", "names")
PIVOT: Final = ("pivot_shared", "pivot_coverage", "pivot_balanced")
FEATURES: Final = ("ngrams", *WORDS, *PRIOR)
# Likeness to the preferred label alone, where a language has several labels for a skill: English.
PREFERRED: Final = tuple(f"{name}_preferred" for name in ("ngrams", *WORDS[:-1]))
FOREIGN: Final = ("foreign", *PIVOT)  # of languages other than English
# How likely concepts are chosen before the dear features are computed: any sensible sum does.
_FOREIGN: Final = 0.3
_PIVOT: Final = 0.5
_STEMS: Final = "stems.tsv"


@dataclass(frozen=True)
class Read:
    """A text as the indexes see it."""

    grams: Weighted
    foreign: Floats
    stems: Sequence[str]
    meant: Floats


@dataclass(frozen=True)
class Nearest:
    """The labels of chosen concepts with their likeness to a text."""

    texts: Sequence[str]
    chosen: Chosen
    values: Floats

    def label(self, place: int) -> tuple[str, float]:
        """Return a concept's label that is most like the text, and how like; or nothing."""
        end = int(self.chosen.ends[place])
        begin = end - int(self.chosen.lengths[place])
        if begin == end:
            return "", 0.0
        best = begin + int(self.values[begin:end].argmax())
        return self.texts[int(self.chosen.labels[best])], float(self.values[best])

    def part(self, concepts: slice) -> "Nearest":
        """Return a run of the concepts."""
        chosen, labels = self.chosen.part(concepts)
        return Nearest(self.texts, chosen, self.values[labels])


@dataclass(frozen=True)
class LexicalIndex:
    """Labels of one language, those of all others, and the detour over the English ones.

    ``foreign`` finds "Metallografie" by "metallographic", and the names of products that ESCO
    states in English alone; ``pivot`` finds "gérontologie" by "older adults".
    """

    language: str
    concepts: Concepts
    labels: Labels
    ngrams: NgramIndex
    foreign: NgramIndex
    words: WordIndex
    pivot: PivotIndex

    @classmethod
    def build(cls, catalogue: Catalogue, language: str) -> "LexicalIndex":
        """Index the skills of a version for texts of a language."""
        concepts = Concepts.of(catalogue, language)
        labels = Labels.of(catalogue, concepts, [language])
        foreign = Labels.of(catalogue, concepts, _others(catalogue, language))
        size = len(concepts.uris)
        dictionary = Dictionary.learn(catalogue, language)
        return cls(
            language, concepts, labels, NgramIndex.build(labels.texts, labels.owners, size),
            NgramIndex.build(foreign.texts, foreign.owners, size, exact=False),
            WordIndex.build(labels.texts, language),
            PivotIndex.build(catalogue, concepts, dictionary),
        )  # fmt: skip

    def read(self, text: str) -> Read:
        """Return a text as the indexes see it."""
        foreign = self.foreign.likely(self.foreign.weighted(text))
        return Read(
            self.ngrams.weighted(text), foreign, Stems.of(self.language)(text),
            self.pivot.known(text),
        )  # fmt: skip

    def likely(self, text: Read) -> Floats:
        """Return how likely each concept is, well enough to choose some hundreds."""
        found = self.ngrams.likely(text.grams) + _FOREIGN * text.foreign
        if len(text.meant):
            found += _PIVOT * self.pivot.likely(text.meant)
        return found

    def features(
        self, texts: Sequence[Read], concepts: Ints, whose: Ints
    ) -> tuple[Mapping[str, Floats], "Nearest"]:
        """Return the features of some concepts, and their labels that a text resembles most.

        ``whose`` says which of the texts each concept is compared with: the texts together take
        little longer than one. :data:`FEATURES`, and :data:`FOREIGN` for languages other than
        English.
        """
        chosen = self.labels.by_concept.rows(concepts)
        labels = chosen.each(whose)
        ngrams = self.ngrams.exact([text.grams for text in texts], chosen.labels, labels)
        stated = self.words.scores([text.stems for text in texts], chosen.labels, labels)
        each = np.stack([ngrams, *(getattr(stated, name) for name in WORDS)])
        found = dict(zip(("ngrams", *WORDS), chosen.best(each), strict=True))
        found |= {name: getattr(self.concepts, name)[concepts] for name in PRIOR}
        if self.language == ENGLISH:
            found |= dict(zip(PREFERRED, chosen.first(each[: len(PREFERRED)]), strict=True))
        if self.language != ENGLISH:
            found["foreign"] = np.stack([text.foreign for text in texts])[whose, concepts]
            pivot = self.pivot.scores([text.meant for text in texts], concepts, whose)
            found |= dict(zip(PIVOT, pivot, strict=True))
        return found, Nearest(self.labels.texts, chosen, ngrams)

    def save(self, folder: Path) -> None:
        """Write the indexes; labels and concepts stay in the catalogue."""
        self.ngrams.save(folder, "ngrams")
        self.foreign.save(folder, "foreign")
        self.words.save(folder, "words")
        _save_stems(folder / _STEMS, self.language, self.labels.texts)
        self.pivot.dictionary.save(folder)

    @classmethod
    def load(cls, folder: Path, catalogue: Catalogue, language: str) -> "LexicalIndex":
        """Read what :meth:`save` wrote for the same catalogue and language."""
        concepts = Concepts.of(catalogue, language)
        Stems.of(language).learn(_stems(folder / _STEMS))
        dictionary = Dictionary.load(folder, catalogue, language)
        return cls(
            language, concepts, Labels.of(catalogue, concepts, [language]),
            NgramIndex.load(folder, "ngrams"), NgramIndex.load(folder, "foreign", exact=False),
            WordIndex.load(folder, "words"), PivotIndex.build(catalogue, concepts, dictionary),
        )  # fmt: skip


def _save_stems(path: Path, language: str, labels: Sequence[str]) -> None:
    """Write the words of labels with their stems, a line each: they are asked for text by text."""
    stems = Stems.of(language)
    found = {word: stem for label in labels for word in words(label) for stem in stems.each([word])}
    lines = (f"{word}\t{stem}\n" for word, stem in sorted(found.items()))
    path.write_text("".join(lines), encoding="utf-8")


def _stems(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        word, stem = line.split("\t")
        yield word, word if word == stem else stem  # once in memory, where both are the same


def _others(catalogue: Catalogue, language: str) -> Sequence[str]:
    """Return the languages whose labels may share words with a text; for English none is needed."""
    if language == ENGLISH:
        return []
    return [one for one in catalogue.languages() if one != language]
