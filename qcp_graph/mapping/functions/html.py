"""Functions on HTML texts, which are read as text and never executed.

The tokeniser is our own because that of the standard library takes quadratic time on texts such
as ``<a <a <a …``, which a hostile source could send.
"""

import re
from collections.abc import Iterator, Sequence
from html import unescape

from qcp_graph.mapping.functions.registry import function

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote br caption dd div dl dt fieldset figure footer form h1 "
        "h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul",
    )
)
_ITEMS = frozenset({"li", "p", "dd", "td"})
_PARAGRAPHS = frozenset(re.findall(r"\w+", "blockquote br dd div dt h1 h2 h3 h4 h5 h6 li p td tr"))
_LISTS = frozenset({"ul", "ol"})
_SILENT = frozenset({"script", "style", "head", "title", "template"})
# Up to the next bracket only, so that unclosed tags cost no more than their own length.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})(?:[\s/][^<>]*)?>")
_DECLARATION = re.compile(r"<[!?][^<>]*>")
_ENDS = {tag: re.compile(rf"</{tag}[^<>]*>", re.IGNORECASE) for tag in _SILENT}
_SPACES = re.compile(r"[ \t\r\f\v\xa0]+")
_LINES = re.compile(r" ?\n[ \n]*")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield ("text", …), ("open", tag) and ("close", tag); comments and scripts are left out."""
    place = 0
    while (start := text.find("<", place)) >= 0:
        if start > place:
            yield "text", text[place:start]
        if text.startswith("<!--", start):
            end = text.find("-->", start + 4)
            place = end + 3 if end >= 0 else len(text)
        elif tag := _TAG.match(text, start):
            place = tag.end()
            name = tag.group(2).lower()
            if name in _SILENT and not tag.group(1):
                closing = _ENDS[name].search(text, place)
                place = closing.end() if closing else len(text)
            else:
                yield ("close" if tag.group(1) else "open"), name
        elif declaration := _DECLARATION.match(text, start):
            place = declaration.end()
        else:
            yield "text", "<"
            place = start + 1
    if place < len(text):
        yield "text", text[place:]


def _pieces(text: str, on: frozenset[str] = frozenset()) -> list[str]:
    """Return the texts between ``on`` elements; other block elements end a line."""
    if "<" not in text and "&" not in text:
        return [_tidy(text)]
    found: list[list[str]] = [[]]
    for kind, value in _tokens(text):
        if kind == "text":
            found[-1].append(value)
        elif value in on:
            found.append([])
        elif value in _BLOCKS:
            found[-1].append("\n")
    return [_tidy(unescape("".join(piece))) for piece in found]


def _tidy(text: str) -> str:
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


@function
def html_text(text: str) -> str:
    r"""Turn HTML into plain text: tags go, entities are decoded, blocks become lines.

    >>> html_text("<p>Plan &amp; do</p><ul><li>a</li><li>b</li></ul><script>x()</script>")
    'Plan & do\na\nb'
    """
    return _pieces(text)[0]


@function
def html_items(text: str) -> Sequence[str]:
    """Turn HTML into a list of texts, one per list item, paragraph or table cell.

    >>> html_items("<p>Can:</p><ul><li>weld <b>pipes</b></li><li> </li><li>read plans</li></ul>")
    ['Can:', 'weld pipes', 'read plans']
    """
    return [item for item in _pieces(text, _ITEMS) if item]


@function
def paragraphs(text: str, longest: int = 10_000) -> Sequence[str]:
    r"""Split a long text or HTML into paragraphs, none longer than ``longest`` characters.

    A longer one is divided at the end of a sentence, else at a space: nothing is lost.

    >>> paragraphs("<p>One.</p><p>Two <b>b</b></p>"), paragraphs("a b\n\nc\nd", 100)
    (['One.', 'Two b'], ['a b', 'c d'])
    >>> paragraphs("One two. Three four.", 12)
    ['One two.', 'Three four.']
    """
    found: list[str] = []
    plain = "<" not in text
    pieces = re.split(r"\n[ \t\r]*\n\s*", text) if plain else _pieces(text, _PARAGRAPHS)
    for piece in pieces:
        rest = " ".join((unescape(piece) if plain else piece).split())
        while len(rest) > max(longest, 1):
            cut = _cut(rest, max(longest, 1))
            found.append(rest[:cut].rstrip())
            rest = rest[cut:].lstrip()
        if rest:
            found.append(rest)
    return found


def _cut(text: str, longest: int) -> int:
    """Return where to divide a text: behind a sentence, a word, or where it must be."""
    end = max(text.rfind(mark, 0, longest) for mark in (". ", "! ", "? ", "; "))
    if end >= longest // 4:
        return end + 1
    space = text.rfind(" ", 0, longest + 1)
    return space if space > 0 else longest


@function
def html_list(text: str) -> Sequence[str]:
    """Turn HTML into a list of texts, one per list item; what stands outside of lists goes.

    >>> html_list("<p>Can:</p><ul><li>weld</li><li>read plans</li></ul>")
    ['weld', 'read plans']
    """
    found: list[list[str]] = []
    inside: list[list[str] | None] = []  # open items; None where a list begins
    for kind, value in _tokens(text):
        item = inside[-1] if inside else None
        if kind == "open" and value in _LISTS:
            inside.append(None)
        elif kind == "close" and value in _LISTS:
            while inside and inside.pop() is not None:
                pass
        elif kind != "text" and value == "li":
            if item is not None:  # an item ends where the next one begins
                inside.pop()
            if kind == "open":
                found.append([])
                inside.append(found[-1])
        elif item is not None:
            item.append(value if kind == "text" else "\n" if value in _BLOCKS else "")
    return [item for item in (_tidy(unescape("".join(parts))) for parts in found) if item]
