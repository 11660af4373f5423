"""What each word of a text says of every concept: summed once, kept, and added up by text.

The words of a register repeat: the parts of a text share theirs, and some hundred words make up
most of all texts. So what a text says is mostly a sum of rows that are known already.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from qcp_graph.linking.rank.arrays import Floats

KEPT: Final = 256  # words; a row takes four bytes per concept
Row = Callable[[str], Floats]


@dataclass(frozen=True)
class WordSums:
    """Keeps the rows of the words that were asked for last."""

    row: Row
    most: int = KEPT
    _known: dict[str, Floats] = field(default_factory=dict, compare=False, repr=False)

    def total(self, words: Iterable[tuple[str, float]], size: int) -> Floats:
        """Return the sum of the words' rows, each times its weight."""
        found = np.zeros(size, np.float32)
        for word, weight in words:
            row = self._of(word)
            if weight == 1:
                found += row
            else:
                found += row * np.float32(weight)
        return found

    def _of(self, word: str) -> Floats:
        row = self._known.pop(word, None)
        if row is None:
            row = self.row(word)
            if len(self._known) >= self.most:
                del self._known[next(iter(self._known))]
        self._known[word] = row  # the last of all: what was asked for longest ago goes first
        return row
