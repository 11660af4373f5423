"""Compound words taken apart: "klagomålshantering" is about "klagomål" and "hantering"."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from qcp_graph.linking.rank.analysis import words

# What may stand between two parts, by language.
JOINTS: Final = {
    "da": ("", "s", "e"), "de": ("", "s", "es", "n", "en", "er", "e"), "fi": ("", "n", "en"),
    "nb": ("", "s", "e"), "no": ("", "s", "e"),
    "nl": ("", "s", "e", "en"), "sv": ("", "s", "e", "o"),
}  # fmt: skip
_SHORTEST: Final = 4  # letters of a part; shorter ones are endings more often than words
_LONG: Final = 8  # letters from which a word is looked at
_BEGINNINGS: Final = 3  # words that must begin with a part that is no word of its own
_DEPTH: Final = 3  # parts are taken apart again at most so often


@dataclass(frozen=True)
class Splitter:
    """Splits words of a language into words of ESCO's labels, or common beginnings of them."""

    joints: tuple[str, ...]
    counts: Counter[str]
    beginnings: Counter[str]
    _known: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, language: str, labels: Iterable[str]) -> "Splitter":
        """Learn the words of a language's labels; languages that do not compound learn nothing."""
        joints = JOINTS.get(language, ())
        counts = Counter(word for label in labels for word in words(label)) if joints else Counter()
        beginnings = Counter(
            word[:end] for word in counts for end in range(_SHORTEST + 1, len(word) - _SHORTEST + 1)
        )
        return cls(joints, counts, beginnings)

    def __call__(self, word: str) -> tuple[str, ...]:
        """Return the parts of a word, or the word alone.

        >>> Splitter.of("sv", ["hantering av klagomål"])("klagomalshantering")
        ('klagomal', 'hantering')
        """
        if not self.joints or len(word) < _LONG:
            return (word,)
        if word not in self._known:
            self._known[word] = self._split(word, _DEPTH)
        return self._known[word]

    def _split(self, word: str, depth: int) -> tuple[str, ...]:
        """Return the parts whose counts have the greatest geometric mean, or the word itself."""
        best = self._count(word) + 0.5
        parts: tuple[str, ...] = (word,)
        for place in range(_SHORTEST, len(word) - _SHORTEST + 1):
            tail = word[place:]
            if tail not in self.counts:
                continue
            for joint in self.joints:
                head = word[: place - len(joint)]
                if len(head) < _SHORTEST or not word[:place].endswith(joint):
                    continue
                heads = (head,) if self._count(head) or depth == 0 else self._split(head, depth - 1)
                found = (*heads, tail)
                mean = _product(self._count(part) for part in found) ** (1 / len(found))
                if mean > best:
                    best, parts = mean, found
        return parts

    def _count(self, part: str) -> float:
        begun = self.beginnings.get(part, 0)
        return self.counts.get(part, 0) or (0.2 * begun if begun >= _BEGINNINGS else 0)


def _product(values: Iterable[float]) -> float:
    found = 1.0
    for value in values:
        found *= value
    return found
