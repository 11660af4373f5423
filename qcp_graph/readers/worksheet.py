"""What a worksheet says beside its values: merged cells, hidden rows, formulas without result.

Found in one pass over the sheet's XML, and only where a search of its bytes shows that there is
something to find: most sheets hold none of it.
"""

import re
import zipfile
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from qcp_graph.readers import raw

Range = tuple[int, int, int, int]
"""First column, first row, last column, last row; from 1."""

_MAX_MERGED: Final = 50_000
_MAX_FORMULAS: Final = 100_000
_MAX_ROWS: Final = 1_048_576
_SIGNS: Final = re.compile(rb"<(?:\w+:)?(?:f[ />]|mergeCell[ />])|\shidden=")
_OVERLAP: Final = 32
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?\Z")


@dataclass(slots=True)
class Facts:
    """Merged ranges, hidden rows, and for each row the columns of formulas without a result."""

    merged: list[Range] = field(default_factory=list)
    hidden: bytearray = field(default_factory=bytearray)
    formulas: dict[int, list[int]] = field(default_factory=dict)
    more_formulas: int = 0

    def is_hidden(self, row: int) -> bool:
        """Tell whether a row is hidden."""
        return row // 8 < len(self.hidden) and bool(self.hidden[row // 8] & 1 << row % 8)

    def hide(self, row: int) -> None:
        """Take note of a hidden row."""
        if row <= _MAX_ROWS:
            self.hidden.extend(bytes(max(0, row // 8 + 1 - len(self.hidden))))
            self.hidden[row // 8] |= 1 << row % 8


def area(reference: str) -> Range | None:
    """Return the cells that a reference names.

    >>> area("B2:C3"), area("AA10"), area("nonsense")
    ((2, 2, 3, 3), (27, 10, 27, 10), None)
    """
    match = _REFERENCE.match(reference.replace("$", ""))
    if match is None:
        return None
    column, row = _column(match[1]), int(match[2])
    return column, row, _column(match[3] or match[1]), int(match[4] or match[2])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def facts(archive: zipfile.ZipFile, member: str) -> Facts:
    """Return what a worksheet says beside its values.

    :raises expat.ExpatError: when it is not well-formed XML.
    """
    return _Listener().read(archive, member) if _has_any(archive, member) else Facts()


def _has_any(archive: zipfile.ZipFile, member: str) -> bool:
    with archive.open(member) as stream:
        rest = b""
        while chunk := stream.read(raw.CHUNK):
            if _SIGNS.search(rest + chunk):
                return True
            rest = chunk[-_OVERLAP:]
    return False


class _Listener:
    """Hears the events of the parser."""

    def __init__(self) -> None:
        self._facts = Facts()
        self._row = 0
        self._column = 0
        self._formula = self._value = False

    def read(self, archive: zipfile.ZipFile, member: str) -> Facts:
        """Return the facts of a sheet."""
        parser = expat.ParserCreate(None, " ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._parser = parser
        with archive.open(member) as stream:
            while chunk := stream.read(raw.CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        return self._facts

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(" ")[2]
        if kind == "c":
            self._column += 1
            place = area(attributes.get("r", ""))
            if place is not None:
                self._column = place[0]
            self._formula = self._value = False
        elif kind == "f":
            self._formula = True
        elif kind in ("v", "is"):
            self._parser.CharacterDataHandler = self._text
        elif kind == "row":
            self._start_row(attributes)
        elif kind == "mergeCell" and len(self._facts.merged) < _MAX_MERGED:
            found = area(attributes.get("ref", ""))
            self._facts.merged += [found] if found else []

    def _start_row(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r", "")
        self._row = int(stated) if stated.isdecimal() and len(stated) < 8 else self._row + 1
        self._column = 0
        if attributes.get("hidden") in ("1", "true"):
            self._facts.hide(self._row)

    def _text(self, text: str) -> None:
        self._value = self._value or not text.isspace()

    def _end(self, name: str) -> None:
        kind = name.rpartition(" ")[2]
        if kind in ("v", "is"):
            self._parser.CharacterDataHandler = None
        elif kind == "c" and self._formula and not self._value:
            self._without_result()

    def _without_result(self) -> None:
        if len(self._facts.formulas) < _MAX_FORMULAS:
            self._facts.formulas.setdefault(self._row, []).append(self._column)
        else:
            self._facts.more_formulas += 1
