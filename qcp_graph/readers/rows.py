"""Rows of a delimited text, one at a time, whatever is wrong with single ones."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Fault = Literal["", "large", "characters", "quotes", "unclosed"]
# Bytes that the encoding does not know arrive as lone surrogates; a zero byte is never text.
UNREADABLE: Final = re.compile("[\ud800-\udfff\x00]")
_PIECE: Final = 64 * 1024


@dataclass(slots=True)
class Row:
    """One row: its number as a spreadsheet counts, its first line, its cells or what is wrong.

    Not frozen: one is made per record, and a frozen one takes three times as long to make.
    """

    number: int
    line: int
    cells: list[str]
    fault: Fault = ""

    @property
    def place(self) -> str:
        """``row 12``, with the line of the text file where cells of several lines precede."""
        if self.line == self.number:
            return f"row {self.number}"
        return f"row {self.number} (line {self.line})"


class _TooLargeError(Exception):
    """A row passed the limit while the parser was still asking for lines."""


class _Lines:
    """Feeds the parser with lines and keeps the books of the row that they belong to."""

    def __init__(self, text: io.TextIOBase, limit: int, quote: str) -> None:
        self._text = text
        self._limit = limit
        self._quote = quote
        self.number = 0
        self.ended = False
        self.begin()

    def begin(self) -> None:
        """Start the next row."""
        self._room = self._limit
        self._quotes = 0
        self.unreadable = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._room + 1)
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        self._room -= len(line)
        if self._quote:
            self._quotes += line.count(self._quote)
        if self._room < 0:
            self._skip(line)
            raise _TooLargeError
        if not _is_readable(line):
            self.unreadable = True
        return line

    def _skip(self, piece: str) -> None:
        # A row ends at the first line end outside quotes, which is where their count is even.
        while not (piece.endswith(("\n", "\r")) and self._quotes % 2 == 0):
            whole = piece.endswith(("\n", "\r"))
            piece = self._text.readline(_PIECE)
            if not piece:
                self.ended = True
                return
            self.number += whole
            if self._quote:
                self._quotes += piece.count(self._quote)


def _is_readable(line: str) -> bool:
    """Tell what UNREADABLE does, at a tenth of the time."""
    if "\x00" in line:
        return False
    if line.isascii():
        return True
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:  # half a character
        return False
    return True


def read(text: io.TextIOBase, delimiter: str, quotechar: str, limit: int) -> Iterator[Row]:
    """Yield the rows of a text (RFC 4180 with any delimiter); blank lines count and are left out.

    A faulty row is yielded without cells; only ``unclosed`` (a quotation mark that nothing
    closes before the end of the file) is the last one. ``limit`` is the size of a row in
    characters.
    """
    # The parser's own limit is a global 128 KiB per cell; ours is per row, held by `_Lines`.
    csv.field_size_limit(2**31 - 1)
    lines = _Lines(text, limit, quotechar)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quotechar else csv.QUOTE_NONE
    parser = csv.reader(
        lines, delimiter=delimiter, quotechar=quotechar or None, quoting=quoting, strict=True
    )
    number = 0
    while True:
        number += 1
        first = lines.number + 1
        lines.begin()
        row = Row(number, first, [])
        try:
            row.cells = next(parser)
        except StopIteration:
            return
        except csv.Error:
            row.fault = "unclosed" if lines.ended else "quotes"
        except _TooLargeError:
            row.fault = "unclosed" if lines.ended else "large"
        else:
            if lines.unreadable:
                row.fault = "characters"
            elif not row.cells:
                continue
        yield row
        if row.fault == "unclosed":
            return
