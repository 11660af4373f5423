"""Titles as the classifier sees them: words, pairs of words and character n-grams, by rarity."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from qcp_graph.linking.esco.catalogue import fold

NGRAMS: Final = (2, 3, 4, 5)
MAX_CHARACTERS: Final = 2_000  # a title with outcomes; more of a text says nothing new
MAX_WORD: Final = 40
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
            row_columns, row_values = self._row(text)
            columns.append(row_columns)
            values.append(row_values)
            lengths.append(lengths[-1] + len(row_columns))
        shape = (len(lengths) - 1, len(self.vocabulary))
        flat = np.concatenate(columns) if columns else np.empty(0, np.int32)
        data = np.concatenate(values) if values else np.empty(0, np.float32)
        return csr_matrix((data, flat, np.array(lengths)), shape=shape)

    def _row(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        folded = plain(text)
        halves = [self._half(names) for names in (runs(folded), terms(folded))]
        return np.concatenate([p for p, _ in halves]), np.concatenate([v for _, v in halves])

    def _half(self, names: Iterable[str]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        known = [place for place in map(self.vocabulary.get, names) if place is not None]
        if not known:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        places, often = np.unique(np.array(known, np.int32), return_counts=True)
        weights = (1 + np.log(often.astype(np.float32))) * self.rarity[places]
        return places, (weights / np.sqrt(weights @ weights)).astype(np.float32)
