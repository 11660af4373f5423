"""Functions on HTML texts: read with the parser of the standard library, never executed."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

from qcp_graph.mapping.functions.registry import function

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote br caption dd div dl dt fieldset figure footer form h1 "
        "h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul",
    )
)
_ITEMS = frozenset({"li", "p", "dd", "td"})
_SILENT = frozenset({"script", "style", "head", "title", "template"})
_SPACES = re.compile(r"[ \t\r\f\v\xa0]+")
_LINES = re.compile(r" ?\n[ \n]*")


class _Text(HTMLParser):
    """Collects text; block elements end a line, ``on`` elements open an item."""

    def __init__(self, on: frozenset[str] = frozenset()) -> None:
        super().__init__(convert_charrefs=True)
        self._on = on
        self._silent = 0
        self.items: list[list[str]] = [[]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        self._boundary(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._boundary(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1
        self._boundary(tag)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.items[-1].append(data)

    def _boundary(self, tag: str) -> None:
        if tag in self._on:
            self.items.append([])
        elif tag in _BLOCKS:
            self.items[-1].append("\n")


def _parsed(text: str, on: frozenset[str] = frozenset()) -> list[str]:
    if "<" not in text and "&" not in text:
        return [_tidy(text)]
    parser = _Text(on)
    parser.feed(text)
    parser.close()
    return [_tidy("".join(item)) for item in parser.items]


def _tidy(text: str) -> str:
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


@function
def html_text(text: str) -> str:
    r"""Turn HTML into plain text: tags go, entities are decoded, blocks become lines.

    >>> html_text("<p>Plan &amp; do</p><ul><li>a</li><li>b</li></ul><script>x()</script>")
    'Plan & do\na\nb'
    """
    return _parsed(text)[0]


@function
def html_items(text: str) -> Sequence[str]:
    """Turn HTML into a list of texts, one per list item, paragraph or table cell.

    >>> html_items("<p>Can:</p><ul><li>weld <b>pipes</b></li><li> </li><li>read plans</li></ul>")
    ['Can:', 'weld pipes', 'read plans']
    """
    return [item for item in _parsed(text, _ITEMS) if item]


@function
def html_list(text: str) -> Sequence[str]:
    """Turn HTML into a list of texts, one per list item; what stands outside of lists goes.

    >>> html_list("<p>Can:</p><ul><li>weld</li><li>read plans</li></ul>")
    ['weld', 'read plans']
    """
    parser = _Lists()
    parser.feed(text)
    parser.close()
    return [item for item in map(_tidy, ("".join(parts) for parts in parser.items)) if item]


class _Lists(HTMLParser):
    """Collects the text of ``li`` elements; an inner list opens items of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[list[str]] = []
        self.items: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "li":
            self.items.append([])
            self._open.append(self.items[-1])
        elif self._open and tag in _BLOCKS:
            self._open[-1].append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "li" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1].append(data)
