"""Cells that a spreadsheet opens: no formulas, no line ends, no control characters."""

import unicodedata
from typing import Final

LONGEST: Final = 32_000  # characters that a cell of a workbook holds
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def safe(value: str) -> str:
    """Return a text as a cell: on one line, and an apostrophe before what would be a formula.

    >>> safe("=cmd|' /C calc'!A0"), safe("a\\tb")
    ("'=cmd|' /C calc'!A0", 'a b')
    """
    plain = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in value)
    plain = plain[:LONGEST]
    return f"'{plain}" if plain.lstrip().startswith(_FORMULA) else plain


def unsafe(value: str) -> str:
    """Return the text that :func:`safe` made a cell of.

    >>> unsafe("'=1+1"), unsafe("'tis"), unsafe(" x ")
    ('=1+1', "'tis", 'x')
    """
    plain = value.strip()
    if plain.startswith("'") and plain[1:].lstrip().startswith(_FORMULA):
        return plain[1:]
    return plain
