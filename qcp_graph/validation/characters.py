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


@cache
def _case_table() -> dict[str, str]:
    """Return the characters that are another one in the other case: ``k`` → ``K`` and Kelvin's."""
    same: dict[str, set[str]] = {}
    for point in range(0x20000):
        character = chr(point)
        for other in (character.lower(), character.upper()):
            if other != character and len(other) == 1:
                same.setdefault(other, {other}).add(character)
    table: dict[str, set[str]] = {}
    for group in same.values():
        for character in group:
            table.setdefault(character, set()).update(group)
    return {character: "".join(sorted(group)) for character, group in table.items()}


@cache
def cases(first: str, last: str) -> str:
    """Return the inside of a class with what differs from a range of characters by case only.

    >>> cases("a", "c"), cases("1", "9")
    ('ABC', '')
    """
    table = _case_table()
    found = (table[c] for c in table if first <= c <= last)
    return "".join(sorted({c for group in found for c in group if not first <= c <= last}))


def without_spaces(pattern: str) -> str:
    r"""Return a pattern as the flag ``x`` has it: no spaces but in classes.

    >>> without_spaces(r"hello\ sworld [ ]!")
    'hello\\sworld[ ]!'
    """
    kept: list[str] = []
    depth, escaped = 0, False
    for c in pattern:
        if c in " \t\n\r" and not depth:
            continue
        kept.append(c)
        if not escaped and c in "[]":
            depth = max(0, depth + (1 if c == "[" else -1))
        escaped = c == "\\" and not escaped
    return "".join(kept)
