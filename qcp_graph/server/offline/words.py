"""The search of a bundle: an index in pieces that a page loads as scripts, as it needs them.

Browsers let a page from a file system load scripts beside it, but read no files. The words are in
one order and cut into pieces; ``meta.js`` names the first word of each, so that a page loads only
the pieces in which a word, or what begins like it, can be. ``web/static/offline/search.js`` reads
them and folds words in the same way as :func:`fold`.
"""

import json
import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from typing import Final

from qcp_graph.server.offline.target import Target

FOLDER: Final = "search"
DOCUMENTS: Final = 100
"""Qualifications in one piece of the list of them."""
_PIECE: Final = 32_000
"""Characters of a piece of the index, unless one word alone has more."""
_LONGEST: Final = 40
_MOST_WORDS: Final = 200
_CODE: Final = "="
"""Before a code in the index: sorts before all words."""
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_LETTERS: Final = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    "ħ": "h", "ς": "σ", "ـ": "",
})  # fmt: skip
_WORD: Final = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Return a text in small letters without accents and marks.

    >>> fold("Pâtissière Œnologie ŁÓDŹ Straße مُؤهِّل")
    'patissiere oenologie lodz strasse موهل'
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    bare = "".join(c for c in decomposed if unicodedata.category(c)[0] != "M")
    return bare.translate(_LETTERS)


def words(text: str) -> list[str]:
    """Return the words of a text as the index has them.

    >>> words("L'Art du Pâtissier (niveau 3)")
    ['l', 'art', 'du', 'patissier', 'niveau', '3']
    """
    return [word[:_LONGEST] for word in _WORD.findall(fold(text))]


def code(text: str) -> str:
    """Return a code as the index has it: without what people write between its parts.

    >>> code("603/1234/5"), code("RNCP 35185")
    ('60312345', 'rncp35185')
    """
    return "".join(words(text))[:_LONGEST]


class Words:
    """Collects the words of qualifications, in their order, and writes the pieces.

    Memory holds four bytes per qualification and word, and one piece of documents.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._places: dict[str, array[int]] = {}
        self._documents: list[tuple[str, str, str, str]] = []
        self._lengths: list[str] = []

    def add(
        self, document: tuple[str, str, str, str], texts: Iterable[str], codes: Iterable[str]
    ) -> None:
        """Take a qualification: its title, language, file and a line about it; what finds it."""
        number = len(self._lengths)
        found = dict.fromkeys(word for text in texts for word in words(text))
        keys = list(found)[:_MOST_WORDS]
        keys += [_CODE + held for held in dict.fromkeys(map(code, codes)) if held]
        for key in keys:
            self._places.setdefault(key, array("I")).append(number)
        self._lengths.append(_DIGITS[min(len(words(document[0])), 35)])
        self._documents.append(document)
        if len(self._documents) == DOCUMENTS:
            self._flush()

    def finish(self) -> int:
        """Write the rest; return how many files there are of the search."""
        if self._documents:
            self._flush()
        firsts = []
        for number, piece in enumerate(self._pieces()):
            firsts.append(next(iter(piece)))
            self._write(f"words/{number}.js", "words", number, piece)
        meta = {"count": len(self._lengths), "size": DOCUMENTS, "firsts": firsts,
                "lengths": "".join(self._lengths)}  # fmt: skip
        self._write("meta.js", "meta", 0, meta)
        return len(firsts) + -(-len(self._lengths) // DOCUMENTS) + 1

    def _flush(self) -> None:
        number = (len(self._lengths) - 1) // DOCUMENTS
        self._write(f"documents/{number}.js", "documents", number, self._documents)
        self._documents = []

    def _pieces(self) -> Iterator[dict[str, str]]:
        """Yield words with their places, in the order in which JavaScript compares texts."""
        piece: dict[str, str] = {}
        size = 0
        for word in sorted(self._places, key=lambda word: word.encode("utf-16-be")):
            places = _written(self._places[word])
            if piece and size + len(word) + len(places) > _PIECE:
                yield piece
                piece, size = {}, 0
            piece[word] = places
            size += len(word) + len(places) + 6
        if piece:
            yield piece

    def _write(self, name: str, kind: str, number: int, value: object) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        script = f'qcpOffline.take("{kind}",{number},{text});\n'
        self._target.add(f"{FOLDER}/{name}", script.encode())


def _written(places: "array[int]") -> str:
    """Return ascending numbers as their steps, in base 36.

    >>> _written(array("I", [3, 4, 50]))
    '3 1 1a'
    """
    steps, last = [], 0
    for place in places:
        steps.append(_base36(place - last))
        last = place
    return " ".join(steps)


def _base36(number: int) -> str:
    text = _DIGITS[number % 36]
    while number := number // 36:
        text = _DIGITS[number % 36] + text
    return text
