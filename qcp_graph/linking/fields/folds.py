"""Folds of titles for cross-validation: at random, or with near duplicates kept together."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qcp_graph.linking.fields.features import Vectoriser, plain, words
from qcp_graph.linking.fields.titles import core

NEAR: Final = 0.75
Fold = tuple[NDArray[np.intp], NDArray[np.intp]]


def grouped(titles: Sequence[str], count: int) -> list[Fold]:
    """Return (seen, unseen) places for each fold; titles alike stay on one side.

    Alike are titles whose character n-grams (cosine of tf-idf) agree by more than :data:`NEAR`,
    and all that hang together by such pairs. The largest groups are dealt out first, each to the
    smallest fold.
    """
    groups = near_duplicates(titles)
    sizes = np.bincount(groups)
    load = [0] * count
    fold_of = np.zeros(len(sizes), np.intp)
    for group in sorted(range(len(sizes)), key=lambda g: (-sizes[g], g)):
        fold = min(range(count), key=lambda f: (load[f], f))
        fold_of[group] = fold
        load[fold] += int(sizes[group])
    return _folds(fold_of[groups], count)


def random(titles: Sequence[str], count: int, seed: int = 0) -> list[Fold]:
    """Return (seen, unseen) places for folds at random, always the same ones for a seed."""
    order = np.random.default_rng(seed).permutation(len(titles))
    fold = np.empty(len(titles), np.intp)
    fold[order] = np.arange(len(titles)) % count
    return _folds(fold, count)


def near_duplicates(titles: Sequence[str]) -> NDArray[np.intp]:
    """Return the number of the group each title belongs to.

    >>> near_duplicates(["Boulanger", "boulanger (CAP)", "Soudeur"]).tolist()
    [0, 0, 1]
    """
    rows = _ngrams(titles)
    parent = np.arange(len(titles))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = int(parent[place])
        return place

    for start in range(0, len(titles), 512):
        alike = (rows[start : start + 512] @ rows.T).tocoo()
        for one, other, value in zip(alike.row, alike.col, alike.data, strict=True):
            if value > NEAR and start + one < other:
                parent[root(start + int(one))] = root(int(other))
    roots = [root(place) for place in range(len(titles))]
    number: dict[int, int] = {}
    return np.array([number.setdefault(one, len(number)) for one in roots], np.intp)


def resembling(titles: Sequence[str], others: Sequence[str], near: float) -> NDArray[np.bool_]:
    """Tell of each title whether any of the others agrees with it by more than ``near``.

    Titles are compared whole and without kind of award and school (:func:`~.titles.core`).

    >>> resembling(["Boulanger", "Soudeur"], ["CAP - boulanger"], 0.5).tolist()
    [True, False]
    """
    found = np.zeros(len(titles), np.bool_)
    for form in (str, core):
        rows = _ngrams([form(one) for one in (*titles, *others)])
        against = rows[len(titles) :].T.tocsr()
        for start in range(0, len(titles), 512):
            block = slice(start, min(start + 512, len(titles)))
            found[block] |= (rows[block] @ against).max(axis=1).toarray().ravel() > near
    return found


def _ngrams(titles: Sequence[str]):  # type: ignore[no-untyped-def]
    """Return unit-length rows of n-grams only."""
    cleaned = [" ".join(words(plain(title))) for title in titles]
    vectoriser = Vectoriser.fit(cleaned, 1)
    kept = {n: p for n, p in vectoriser.vocabulary.items() if n.startswith("~") and len(n) > 3}
    short = Vectoriser(
        {name: place for place, name in enumerate(kept)}, vectoriser.rarity[list(kept.values())]
    )
    return short.transform(cleaned)


def _folds(fold: NDArray[np.intp], count: int) -> list[Fold]:
    return [(np.flatnonzero(fold != one), np.flatnonzero(fold == one)) for one in range(count)]
