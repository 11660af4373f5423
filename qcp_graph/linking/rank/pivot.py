"""A detour over English, which has many more labels per skill than other languages.

What words of one language mean in English is learnt from ESCO's own labels: each concept has a
label in both. This is the first of the models of Brown et al. (1993): every word of a label is the
translation of one word of the other, and how probable each pair is follows by repetition.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qcp_graph.linking.esco.catalogue import Catalogue, Label
from qcp_graph.linking.rank.analysis import Stems, without_brackets, words
from qcp_graph.linking.rank.arrays import Floats, Ints, Owners, Postings
from qcp_graph.linking.rank.compounds import Splitter
from qcp_graph.linking.rank.table import Concepts, Labels
from qcp_graph.linking.rank.wordindex import WordIndex

ENGLISH: Final = "en"
_ROUNDS: Final = 6
_PROBABLE: Final = 0.05
_SEEN: Final = 0.3  # how often a pair must have been seen, in expectation
Pairs = Sequence[tuple[Sequence[str], Sequence[str]]]


@dataclass(frozen=True)
class Dictionary:
    """What stems of a language mean in English, with probabilities."""

    language: str
    splitter: Splitter
    meanings: Mapping[str, Mapping[str, float]]

    @classmethod
    def learn(cls, catalogue: Catalogue, language: str) -> "Dictionary":
        """Learn from the labels of skills and occupations; nothing for English itself."""
        splitter = _splitter(catalogue, language)
        if language == ENGLISH:
            return cls(language, splitter, {})
        english = {one.uri: one for one in _labels(catalogue, ENGLISH) if one.preferred}
        reading, known = Dictionary(language, splitter, {}), Stems.of(ENGLISH)
        pairs = [
            (list(dict.fromkeys(reading.stems(without_brackets(one.value)))),
             list(dict.fromkeys(known(without_brackets(english[one.uri].value)))))
            for one in _labels(catalogue, language)
            if one.uri in english
        ]  # fmt: skip
        return cls(language, splitter, meanings(pairs))

    def stems(self, text: str) -> list[str]:
        """Return the stems of a text and of the parts of its compounds."""
        stems = Stems.of(self.language)
        found = []
        for word in words(text):
            parts = self.splitter(word)
            found += stems.each([word] if len(parts) == 1 else [word, *parts])
        return found

    def english(self, text: str) -> Mapping[str, float]:
        """Return what English stems a text means, each with its greatest probability."""
        found: dict[str, float] = {}
        for stem in self.stems(text):
            for meaning, probability in self.meanings.get(stem, {}).items():
                found[meaning] = max(probability, found.get(meaning, 0.0))
        return found

    def save(self, folder: Path) -> None:
        """Write the meanings, a line each."""
        lines = (
            f"{stem}\t{meaning}\t{probability:.4f}\n"
            for stem, some in self.meanings.items()
            for meaning, probability in some.items()
        )
        with (folder / "meanings.tsv").open("w", encoding="utf-8") as stream:
            stream.writelines(lines)

    @classmethod
    def load(cls, folder: Path, catalogue: Catalogue, language: str) -> "Dictionary":
        """Read what :meth:`save` wrote for the same catalogue and language."""
        found: dict[str, dict[str, float]] = defaultdict(dict)
        with (folder / "meanings.tsv").open(encoding="utf-8") as stream:
            for line in stream:
                stem, meaning, probability = line.rstrip("\n").split("\t")
                found[stem][meaning] = float(probability)
        return cls(language, _splitter(catalogue, language), dict(found))


def _splitter(catalogue: Catalogue, language: str) -> Splitter:
    return Splitter.of(language, (one.value for one in _labels(catalogue, language)))


def _labels(catalogue: Catalogue, language: str) -> Iterable[Label]:
    yield from catalogue.labels("skill", language)
    yield from catalogue.labels("occupation", language)


def meanings(pairs: Pairs) -> dict[str, dict[str, float]]:
    """Return how probable each translation of each word is, learnt from pairs of labels.

    >>> found = meanings([(["rouge"], ["red"]), (["fil", "rouge"], ["red", "wire"])])
    >>> max(found["fil"], key=found["fil"].get)
    'wire'
    """
    own: dict[str, int] = {}
    english: dict[str, int] = {}
    rows = [
        (own.setdefault(word, len(own)), english.setdefault(meaning, len(english)), number)
        for number, (words_, meant) in enumerate(pairs)
        for word in words_
        for meaning in meant
    ]
    if not rows:
        return {}
    word, meaning, label = np.array(rows, np.int64).T
    links, link = np.unique(word * len(english) + meaning, return_inverse=True)
    _, cell = np.unique(label * len(english) + meaning, return_inverse=True)
    source = links // len(english)
    probable: NDArray[np.float64] = np.ones(len(links))
    seen: NDArray[np.float64] = probable
    for _ in range(_ROUNDS):
        claims = probable[link]
        shares = claims / np.bincount(cell, claims)[cell]
        seen = np.bincount(link, shares, minlength=len(links)).astype(float)
        probable = seen / np.bincount(source, seen)[source]
    names, meant_by = list(own), list(english)
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for place in np.flatnonzero((probable >= _PROBABLE) & (seen >= _SEEN)):
        stem = names[source[place]]
        found[stem][meant_by[links[place] % len(english)]] = float(probable[place])
    return dict(found)


@dataclass(frozen=True)
class PivotIndex:
    """The English labels of the skills, met by what a text of another language means.

    Of the labels only their stems are kept: no text is shown or looked for as a whole.
    """

    dictionary: Dictionary
    owned: Owners
    words: WordIndex
    concepts: Postings

    @classmethod
    def build(
        cls, catalogue: Catalogue, concepts: Concepts, dictionary: Dictionary
    ) -> "PivotIndex":
        """Index the English labels of a version's skills."""
        labels = Labels.of(catalogue, concepts, [ENGLISH] if dictionary.meanings else [])
        index = WordIndex.build(labels.texts, ENGLISH, whole=False)
        united = index.united(labels.owners, len(concepts.uris))
        return cls(dictionary, labels.by_concept, index, united)

    def known(self, text: str) -> Floats:
        """Return what a text means, as weights of English stems."""
        return self.words.known(self.dictionary.english(text))

    def likely(self, known: Floats) -> Floats:
        """Return how near each concept may be to what a text means."""
        terms = np.flatnonzero(known).astype(np.int32)
        values = known[terms]
        length = float(np.sqrt(values @ values))
        return self.concepts.total(terms, values / length if length else values)

    def scores(
        self, known: Sequence[Floats], concepts: Ints, whose: Ints
    ) -> tuple[Floats, Floats, Floats]:
        """Return what of each concept's best label is meant: rarity, share of it, and balance.

        ``whose`` says which of the texts, of which the meanings are ``known``, means the concept.
        """
        chosen = self.owned.rows(concepts)
        shared = self.words.rows.totals(np.stack(known), chosen.labels, chosen.each(whose))
        coverage = shared / self.words.totals[chosen.labels]
        balanced = coverage * np.sqrt(shared)
        best = chosen.best(np.stack([shared, coverage, balanced]))
        return best[0], best[1], best[2]
