"""What all pictures share: safe text that fits, shapes, and the frame with its description.

Lengths are in units of the view box; a letter is taken to be 0.56 of the size of the font wide, a
wide one (CJK, full width) 1.0. The frame is drawn from left to right in every language: letters
find their own direction, places do not move.
"""

import re
import unicodedata
from collections.abc import Iterable
from html import escape
from typing import Final

from markupsafe import Markup

FONT: Final = 13
_WIDE: Final = frozenset("WF")
_LETTER: Final = 0.56
_FORBIDDEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+"
)


def clean(text: str) -> str:
    """Return a label that is safe to write: one line, no controls, no change of direction.

    >>> clean("<b>\\u202eevil\\n")
    '&lt;b&gt; evil'
    """
    return escape(" ".join(_FORBIDDEN.sub(" ", text).split()))


def width(text: str, font: int = FONT) -> float:
    """Return how wide a label is drawn, at most."""
    return sum(_letter(letter) for letter in text) * font


def _letter(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    wide = unicodedata.east_asian_width(letter) in _WIDE or letter.isupper() or letter in "mw%@—…"
    return 1.0 if wide else _LETTER


def fitted(text: str, room: float, font: int = FONT) -> str:
    """Return a label cut to the room it has; the table beside the picture has it in full.

    >>> fitted("Engineering, manufacturing and construction", 120)
    'Engineering,…'
    """
    text = " ".join(_FORBIDDEN.sub(" ", text).split())
    if width(text, font) <= room:
        return text
    used, kept = width("…", font), ""
    for letter in text:
        used += _letter(letter) * font
        if used > room:
            break
        kept += letter
    return kept.rstrip() + "…"


def words(
    x: float, y: float, text: str, room: float, *, anchor: str = "start", kind: str = ""
) -> str:
    """Return a label at a place; ``anchor`` says which end of it (start, middle, end)."""
    mark = f' class="{kind}"' if kind else ""
    label = escape(fitted(text, room))
    return f'<text{mark} x="{x:g}" y="{y:g}" text-anchor="{anchor}">{label}</text>'


def box(x: float, y: float, wide: float, high: float, kind: str) -> str:
    """Return a rectangle; one without width is left out."""
    if wide <= 0 or high <= 0:
        return ""
    return f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}"/>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """Return a straight line."""
    return f'<line class="{kind}" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"/>'


def frame(
    name: str, kind: str, size: tuple[float, float], title: str, told: str, parts: Iterable[str]
) -> Markup:
    """Return the whole picture; ``name`` is its id on the page, ``told`` what it shows."""
    wide, high = size
    return Markup(  # noqa: S704 - every text has gone through escape
        f'<svg class="picture {kind}" viewBox="0 0 {wide:g} {high:g}" width="{wide:g}"'
        f' height="{high:g}" role="img" direction="ltr" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{clean(title)}</title><desc id="{name}-d">{clean(told)}</desc>'
        f"{''.join(parts)}</svg>"
    )
