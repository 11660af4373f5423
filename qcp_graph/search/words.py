"""Words as search compares them: folded, stemmed, with one typing mistake.

A search text is in no known language, so a word is stemmed in every language that titles have.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

import snowballstemmer

from qcp_graph.search.text import fold

LEAST: Final = 4
"""Letters from which a word has stems and may be mistyped."""
LONGEST: Final = 40
_TOKEN: Final = re.compile(r"[^\W_]+")
_STEMMERS: Final = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish",
    "hu": "hungarian", "it": "italian", "lt": "lithuanian", "nl": "dutch", "no": "norwegian",
    "nb": "norwegian", "nn": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_lock: Final = threading.Lock()


def _spelled(text: str) -> list[str]:
    """Return the words of a text with their letters as stemmers know them."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text))


def tokens(text: str) -> list[str]:
    """Return the words of a text as the index holds them: folded runs of letters and digits.

    >>> tokens("Maître-chien (H/F), 603/1234")
    ['maitre', 'chien', 'h', 'f', '603', '1234']
    """
    return _TOKEN.findall(fold(text))


def compact(text: str) -> str:
    """Return a code without what people write between its parts.

    >>> compact("603/1234/5"), compact("RNCP 35185")
    ('60312345', 'rncp35185')
    """
    return "".join(tokens(text))


def languages(tags: Iterable[str]) -> tuple[str, ...]:
    """Return those languages, of tags such as ``pt-BR``, that have a stemmer; sorted."""
    return tuple(sorted({tag.split("-")[0].lower() for tag in tags} & _STEMMERS.keys()))


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Return the folded stem of a word; the word itself where the language has no stemmer.

    >>> stem("mécaniciens", "fr"), stem("studies", "en")
    ('mecanicien', 'studi')
    """
    with _lock:  # the stemmers keep what they work on
        return fold(_stemmer(language).stemWord(word.lower()))


@lru_cache(maxsize=64)
def _stemmer(language: str):  # type: ignore[no-untyped-def]
    return snowballstemmer.stemmer(_STEMMERS[language])


def stems(text: str, tongues: Sequence[str]) -> list[list[str]]:
    """Return for each word of a text what its other forms begin with, the word's own form first.

    >>> stems("nurses", ["en", "fi"])
    [['nurses', 'nurs']]
    """
    found = []
    for word in _spelled(text):
        for own in tokens(word):
            forms = {own: None}
            if LEAST <= len(own) <= LONGEST and own.isalpha():
                roots = {stem(word, tongue) for tongue in tongues}
                forms |= dict.fromkeys(sorted(r for r in roots if len(r) >= LEAST))
            found.append(list(forms))
    return found


def irregular(text: str, language: str) -> list[str]:
    """Return the stems of words that do not begin with their stem: a prefix would not find them.

    >>> irregular("examens nationaux", "fr")
    ['national']
    """
    (tongue, *_) = (*languages([language]), "")
    if not tongue:
        return []
    pairs = ((fold(word), stem(word, tongue)) for word in _spelled(text))
    return [root for word, root in pairs if root and not word.startswith(root)]


def misspellings(word: str) -> Iterable[str]:
    """Yield a word and what is left of it without one of its letters.

    Two words that share such a form differ by one letter left out, added, changed or swapped, or
    by little more (:func:`near`); so words are found by their forms.
    """
    yield word
    yield from {word[:at] + word[at + 1 :] for at in range(len(word))} - {word}


def near(one: str, other: str) -> bool:
    """Tell whether at most one letter is left out, added, changed or swapped with the next.

    >>> near("welding", "wleding"), near("welding", "wedling"), near("welding", "wedingl")
    (True, True, False)
    """
    if one == other:
        return True
    if len(one) > len(other):
        one, other = other, one
    at = next((i for i, c in enumerate(one) if c != other[i]), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1]
    return one[at + 1 :] == other[at + 1 :] or (swapped and one[at + 2 :] == other[at + 2 :])
