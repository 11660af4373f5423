"""Texts as the ranking sees them: folded words, their stems, and character n-grams.

n-grams stay inside words (with a mark at both ends), so that compounds and inflections meet, which
decides in German, Dutch, Swedish or Finnish.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import snowballstemmer

from qcp_graph.linking.esco.catalogue import fold

NGRAMS: Final = (3, 4, 5)
MAX_WORDS: Final = 400  # longer texts are no outcomes; their first words decide
MAX_WORD: Final = 60
_WORD: Final = re.compile(r"[^\W_]+(?:[+#.]*[^\W_]+)*[+#]*")
_STEMMERS: Final = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian",
    "nb": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
    "ar": "arabic", "el": "greek", "ga": "irish", "lt": "lithuanian", "ca": "catalan",
}  # fmt: skip
# Words that name no skill: function words, and those that outcomes of every subject begin with.
_EMPTY: Final = {
    "en": "a an the to of in for and or with on by at as from be is are will you your our we their "
    "its this that using use used other such etc",
    "fr": "le la les l un une des de d du au aux et ou en dans par pour sur avec a ses son sa leur "
    "leurs ce cette ces qui que dont est sont etre etc",
    "de": "der die das den dem des ein eine einen einem einer und oder in im an am auf von vom zu "
    "zur zum mit bei fur als aus sowie durch ist sind werden etc",
    "nl": "de het een en of in op van voor met bij aan als te door uit zijn worden etc",
    "sv": "en ett och eller i pa av for med vid som att till fran samt ar etc",
    "es": "el la los las un una unos unas de del al y e o u en por para con sus su que se es etc",
    "pt": "o a os as um uma de do da dos das e ou em no na nos nas por para com seus sua que etc",
    "it": "il lo la i gli le un una di del della dei e o in nel per con su suo che si etc",
    "fi": "ja tai seka on ovat etta kun mukaan etc",
}


def words(text: str) -> list[str]:
    """Return the folded words of a text; ``C++``, ``C#`` and ``.NET``-like names stay whole.

    >>> words("Programmer en C++, Élaborer (node.js)")
    ['programmer', 'en', 'c++', 'elaborer', 'node.js']
    """
    return list(_words(text))


@lru_cache(maxsize=1024)  # every index asks for the same text
def _words(text: str) -> tuple[str, ...]:
    return tuple(word[:MAX_WORD] for word in _WORD.findall(fold(text))[:MAX_WORDS])


@lru_cache(maxsize=20_000)
def grams(word: str) -> tuple[str, ...]:
    """Return the character n-grams of a word, with marks at its ends.

    >>> grams("cut")
    (' cu', 'cut', 'ut ', ' cut', 'cut ', ' cut ')
    """
    marked = f" {word} "
    return tuple(
        marked[start : start + size] for size in NGRAMS for start in range(len(marked) - size + 1)
    ) or (marked,)


class Stems:
    """Turns texts of one language into stems without empty words."""

    def __init__(self, language: str) -> None:
        """Take the stemmer of a language; words of languages without one stay as they are."""
        name = _STEMMERS.get(language)
        self._stemmer = snowballstemmer.stemmer(name) if name else None
        self._known: dict[str, str] = {}
        self._empty = frozenset(_EMPTY.get(language, "").split())

    @staticmethod
    @lru_cache(maxsize=64)
    def of(language: str) -> "Stems":
        """Return the stemmer of a language, made once."""
        return Stems(language)

    def __call__(self, text: str) -> list[str]:
        """Return the stems of a text's words, those of hyphenated words one by one.

        >>> Stems("en")("the welding of pipes")
        ['weld', 'pipe']
        """
        return self.each(words(text))

    def learn(self, known: Iterable[tuple[str, str]]) -> None:
        """Take stems of words that were found before: finding one takes a tenth of a millisecond.

        >>> some = Stems("en")
        >>> some.learn([("mice", "mouse")])
        >>> some("mice and cats")
        ['mouse', 'cat']
        """
        self._known.update(known)

    def each(self, folded: Iterable[str]) -> list[str]:
        """Return the stems of folded words that are not empty."""
        return [self._stem(word) for word in folded if word not in self._empty]

    def _stem(self, word: str) -> str:
        known = self._known.get(word)
        if known is None:
            known = str(self._stemmer.stemWord(word)) if self._stemmer else word
            self._known[word] = known
        return known


def without_brackets(label: str) -> str:
    """Return a label without what stands in brackets, unless nothing else does.

    >>> without_brackets("Java (computer programming)"), without_brackets("(AI)")
    ('Java', '(AI)')
    """
    plain = re.sub(r"\([^()]*\)", " ", label).strip()
    return plain or label


def phrases(stems: list[str], longest: int = 6) -> Iterator[str]:
    """Yield all runs of up to ``longest`` stems.

    >>> list(phrases(["weld", "pipe"]))
    ['weld', 'weld pipe', 'pipe']
    """
    for start in range(len(stems)):
        for end in range(start + 1, min(start + longest, len(stems)) + 1):
            yield " ".join(stems[start:end])


def counted(items: Iterable[str]) -> dict[str, int]:
    """Count items, in the order of their first appearance."""
    found: dict[str, int] = {}
    for item in items:
        found[item] = found.get(item, 0) + 1
    return found
