"""Titles as the classifier sees them: words, pairs of words and character n-grams, by rarity."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from qcp_graph.linking.esco.catalogue import fold

NGRAMS: Final = (2, 3, 4, 5)
MAX_CHARACTERS: Final = 2_000  # a title with outcomes; more of a text says nothing new
MAX_WORD: Final = 40
_REMEMBERED: Final = 50_000  # words whose features are remembered: some 10 MB
Places = NDArray[np.int32]
Row = tuple[Places, NDArray[np.float32]]
_LONG: Final = 5  # marks of an n-gram included
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_WORD: Final = re.compile(
    r"[^\W_]{2,}[+#]*|[^\W_][+#]+"
)  # single letters name nothing, but C# does


def plain(text: str) -> str:
    """Return a text folded and cut, as all features are read from it.

    >>> plain("Chargé(e)  d'Études")
    "charge(e) d'etudes"
    """
    return fold(text[:MAX_CHARACTERS])


def words(text: str) -> list[str]:
    """Return the words of a folded text, without what stands in brackets unless that is all.

    >>> words("responsable marketing (fiche nationale)"), words("(spa)")
    (['responsable', 'marketing'], ['spa'])
    """
    return _WORD.findall(_BRACKETS.sub(" ", text)) or _WORD.findall(text)


@lru_cache(maxsize=100_000)
def grams(word: str) -> tuple[str, ...]:
    """Return the character n-grams of a word with marks at its ends, each marked as such.

    >>> grams("it")
    ('~ i', '~it', '~t ', '~ it', '~it ', '~ it ')
    """
    marked = f" {word[:MAX_WORD]} "
    return tuple(
        "~" + marked[start : start + size]
        for size in NGRAMS
        for start in range(len(marked) - size + 1)
    )


def runs(folded: str) -> Iterator[str]:
    """Yield the character n-grams of a folded text, word by word."""
    return chain.from_iterable(map(grams, folded.split()))


def terms(folded: str) -> Iterator[str]:
    """Yield the words of a folded text, and its pairs of neighbours.

    >>> list(terms("gestion de projet"))
    ['gestion', 'de', 'projet', 'gestion de', 'de projet']
    """
    found = words(folded)
    yield from found
    for first, second in pairwise(found):
        yield f"{first} {second}"


@dataclass(frozen=True)
class Vectoriser:
    """Texts → rows of unit-length halves (n-grams, words), weighted by rarity (tf-idf)."""

    vocabulary: dict[str, int]
    rarity: NDArray[np.float32]

    @classmethod
    def fit(cls, texts: Sequence[str], least: int = 2) -> "Vectoriser":
        """Learn the features that at least ``least`` texts have, and how rare each is."""
        counts: dict[str, int] = {}
        for text in texts:
            folded = plain(text)
            for name in {*runs(folded), *terms(folded)}:
                counts[name] = counts.get(name, 0) + 1
        kept = sorted(name for name, count in counts.items() if count >= least)
        seen = np.array([counts[name] for name in kept], np.float32)
        rarity = np.log((1 + len(texts)) / (1 + seen)) + 1
        return cls({name: place for place, name in enumerate(kept)}, rarity.astype(np.float32))

    def knows(self, text: str) -> bool:
        """Tell whether a text has a known word, or at least a known run of four characters."""
        folded = plain(text)
        known = self.vocabulary
        return any(name in known for name in terms(folded)) or any(
            len(name) > _LONG and name in known for name in runs(folded)
        )

    def transform(self, texts: Iterable[str]) -> csr_matrix:
        """Return one row per text; a text without any known feature gives an empty row."""
        columns: list[NDArray[np.int32]] = []
        values: list[NDArray[np.float32]] = []
        lengths = [0]
        for text in texts:
            row_columns, row_values = self.row(text)
            columns.append(row_columns)
            values.append(row_values)
            lengths.append(lengths[-1] + len(row_columns))
        shape = (len(lengths) - 1, len(self.vocabulary))
        flat = np.concatenate(columns) if columns else np.empty(0, np.int32)
        data = np.concatenate(values) if values else np.empty(0, np.float32)
        return csr_matrix((data, flat, np.array(lengths)), shape=shape)

    def row(self, text: str) -> Row:
        """Return the places and the values of a text's features."""
        folded = plain(text)
        names = words(folded)
        places = self._places
        spelled = [places(name, grams) for name in folded.split()]
        spoken = [places(name, _itself) for name in names]
        spoken += [places(f"{one} {two}", _itself) for one, two in pairwise(names)]
        halves = [self._half(spelled), self._half(spoken)]
        return np.concatenate([p for p, _ in halves]), np.concatenate([v for _, v in halves])

    def _places(self, name: str, spelled: Callable[[str], Sequence[str]]) -> Places:
        """Return the places of the features of a word, which titles repeat: remembered."""
        asked = (name, spelled)
        known = self._remembered.get(asked)
        if known is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            found = [self.vocabulary[one] for one in spelled(name) if one in self.vocabulary]
            known = self._remembered[asked] = np.array(found, np.int32)
        return known

    @cached_property
    def _remembered(self) -> dict[tuple[str, Callable[[str], Sequence[str]]], Places]:
        return {}

    def _half(self, found: Sequence[Places]) -> Row:
        known = np.concatenate(found) if found else np.empty(0, np.int32)
        if not len(known):
            return np.empty(0, np.int32), np.empty(0, np.float32)
        places, often = _counted(known)
        weights = (1 + np.log(often)) * self.rarity[places]
        return places, (weights / np.sqrt(weights @ weights)).astype(np.float32)


def _counted(known: Places) -> Row:
    """Return what occurs, in order, and how often: ``np.unique`` in a third of its time.

    >>> [one.tolist() for one in _counted(np.array([5, 2, 5], np.int32))]
    [[2, 5], [1.0, 2.0]]
    """
    known = np.sort(known)
    starts = np.flatnonzero(known[1:] != known[:-1]) + 1
    edges = np.concatenate([[0], starts, [len(known)]])
    return known[edges[:-1]], (edges[1:] - edges[:-1]).astype(np.float32)


def _itself(name: str) -> tuple[str, ...]:
    return (name,)
