"""Sets of characters as the inside of a character class: Unicode's general categories."""

import re
import sys
import unicodedata
from functools import cache
from itertools import chain
from typing import Final

_PLANES: Final = tuple(
    point for plane in (0xF0000, 0x100000) for point in (plane, plane + 0xFFFD, plane + 0xFFFE)
)


@cache
def _ranges() -> dict[str, str]:
    """Return the text of a class for each general category of Unicode."""
    runs: dict[str, list[tuple[int, int]]] = {}
    start, current = 0, unicodedata.category("\0")
    # Planes 4 to 13 hold no character, nor does most of 14; to look would take half a second.
    for point in chain(range(1, 0x40000), range(0xE0000, 0xE1000), _PLANES, [sys.maxunicode + 1]):
        name = unicodedata.category(chr(point)) if point <= sys.maxunicode else ""
        if name != current:
            runs.setdefault(current, []).append((start, point - 1))
            start, current = point, name
    return {name: "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in r) for name, r in runs.items()}


@cache
def category(name: str) -> str:
    """Return the inside of a class with the characters of a category (``L``, ``Lu``).

    :raises KeyError: for an unknown category; blocks (``IsGreek``) are not supported.
    """
    found = "".join(text for key, text in _ranges().items() if key == name or key[0] == name)
    if not found:
        raise KeyError(name)
    return found


@cache
def complement(content: str) -> str:
    """Return the inside of a class that holds everything outside of ``content``."""
    inside = re.compile(f"[{content}]")
    text, start = [], -1
    for point in range(sys.maxunicode + 2):
        outside = point <= sys.maxunicode and inside.match(chr(point)) is None
        if outside and start < 0:
            start = point
        elif not outside and start >= 0:
            text.append(f"\\U{start:08x}-\\U{point - 1:08x}")
            start = -1
    return "".join(text)
