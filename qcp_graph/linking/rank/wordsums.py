"""What each word of a text says of every concept: summed once, kept, and added up by text.

The words of a register repeat: the parts of a text share theirs, and some hundred words make up
most of all texts. So what a text says is mostly a sum of rows that are known already.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qcp_graph.linking.rank.arrays import Floats

KEPT: Final = 256  # words; a row takes four bytes per concept
_SPARSE: Final = 0.05  # share of concepts up to which a row takes less, and no longer, by places
Row = Callable[[str], Floats]
Kept = tuple[Floats, NDArray[np.intp] | None]  # values of some places, or of all


@dataclass(frozen=True)
class WordSums:
    """Keeps the rows of the words that were asked for last.

    Where words say something of ``few`` concepts, only these are kept.
    """

    row: Row
    most: int = KEPT
    few: bool = False
    _known: dict[str, Kept] = field(default_factory=dict, compare=False, repr=False)

    def add(self, words: Iterable[tuple[str, float]], found: Floats) -> None:
        """Add the words' rows, each times its weight, to a value for each concept."""
        for word, weight in words:
            values, places = self._of(word)
            if weight != 1:
                values = values * np.float32(weight)
            if places is None:
                found += values
            else:
                found[places] += values

    def _of(self, word: str) -> Kept:
        kept = self._known.pop(word, None)
        if kept is None:
            kept = self._made(word)
            if len(self._known) >= self.most:
                del self._known[next(iter(self._known))]
        self._known[word] = kept  # the last of all: what was asked for longest ago goes first
        return kept

    def _made(self, word: str) -> Kept:
        row = self.row(word)
        if self.few:
            places = (row != 0).nonzero()[0]  # of truths a quarter of the time
            if len(places) <= _SPARSE * len(row):
                return row[places], places
        return row, None
