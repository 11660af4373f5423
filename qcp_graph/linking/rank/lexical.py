"""The core tier: what labels say, without any model, for every language ESCO has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from qcp_graph.linking.esco.catalogue import Catalogue
from qcp_graph.linking.rank.analysis import Stems
from qcp_graph.linking.rank.arrays import Floats
from qcp_graph.linking.rank.ngrams import NgramIndex
from qcp_graph.linking.rank.table import Concepts, Labels
from qcp_graph.linking.rank.wordindex import WordIndex

FEATURES: Final = (
    "ngrams", "foreign", "coverage", "shared", "bm25", "balanced", "phrase", "rarity",
    "demand", "reuse", "knowledge", "names",
)  # fmt: skip


@dataclass(frozen=True)
class LexicalIndex:
    """Labels of one language, and those of all others for the words they have in common.

    ``foreign`` finds "Metallografie" by "metallographic", and the names of products that ESCO
    states in English alone.
    """

    language: str
    concepts: Concepts
    labels: Labels
    foreign_labels: Labels
    ngrams: NgramIndex
    foreign: NgramIndex
    words: WordIndex

    @classmethod
    def build(cls, catalogue: Catalogue, language: str) -> "LexicalIndex":
        """Index the skills of a version for texts of a language."""
        concepts = Concepts.of(catalogue, language)
        labels = Labels.of(catalogue, concepts, [language])
        others = [one for one in catalogue.languages() if one != language]
        foreign = Labels.of(catalogue, concepts, others)
        return cls(
            language, concepts, labels, foreign, NgramIndex.build(labels.texts),
            NgramIndex.build(foreign.texts), WordIndex.build(labels.texts, language),
        )  # fmt: skip

    def features(self, text: str) -> Mapping[str, Floats]:
        """Return :data:`FEATURES` of a text, one value per concept each."""
        best = self.labels.by_concept.best
        words = self.words.scores(Stems.of(self.language)(text))
        concepts = self.concepts
        values = (
            best(self.ngrams.scores(text)),
            self.foreign_labels.by_concept.best(self.foreign.scores(text)),
            best(words.coverage), best(words.shared), best(words.bm25), best(words.balanced),
            best(words.phrase), best(words.rarity),
            concepts.demand, concepts.reuse, concepts.knowledge, concepts.names,
        )  # fmt: skip
        return dict(zip(FEATURES, values, strict=True))

    def matched(self, text: str, concepts: Sequence[int]) -> list[str]:
        """Return for each of some concepts its label that a text resembles most, or nothing."""
        scores = self.ngrams.scores(text)
        owners, found = self.labels.owners, []
        for concept in concepts:
            begin, end = np.searchsorted(owners, (concept, concept + 1))
            best = begin + int(np.argmax(scores[begin:end])) if end > begin else -1
            found.append(self.labels.texts[best] if best >= 0 else "")
        return found

    def save(self, folder: Path) -> None:
        """Write the indexes; labels and concepts stay in the catalogue."""
        self.ngrams.save(folder, "ngrams")
        self.foreign.save(folder, "foreign")
        self.words.save(folder, "words")

    @classmethod
    def load(cls, folder: Path, catalogue: Catalogue, language: str) -> "LexicalIndex":
        """Read what :meth:`save` wrote for the same catalogue and language."""
        concepts = Concepts.of(catalogue, language)
        others = [one for one in catalogue.languages() if one != language]
        return cls(
            language, concepts, Labels.of(catalogue, concepts, [language]),
            Labels.of(catalogue, concepts, others), NgramIndex.load(folder, "ngrams"),
            NgramIndex.load(folder, "foreign"), WordIndex.load(folder, "words"),
        )  # fmt: skip
