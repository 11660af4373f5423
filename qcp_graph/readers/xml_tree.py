"""From XML elements to nested fields: one convention for every register.

=====================================  =============================================
``<A>text</A>``, CDATA the same        ``"text"``, as it is written; ``<A/>`` is ``""``
``<A><B>1</B><C>2</C></A>``            ``{"B": "1", "C": "2"}``
``<A><B>1</B><B>2</B></A>``            ``{"B": ["1", "2"]}``: a list only where repeated
``<A x="1">text</A>``                  ``{"@x": "1", "#text": "text"}``
``<A>text <b>bold</b> text</A>``       ``{"b": "bold", "#text": "text  text"}``
=====================================  =============================================

So a mapping always flattens lists and takes a nested element's ``#text``: then a field reads the
same whether it occurs once or twice, with or without attributes. Names in a namespace that the
option ``namespaces`` declares are written ``prefix:name``, all others by their local name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from qcp_graph.errors import DataError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import Locator, SourceRecord
from qcp_graph.readers import issues
from qcp_graph.readers.xml_fields import MAX_DEPTH, Fields, Names, inside

_XML: Final = "http://www.w3.org/XML/1998/namespace"


@dataclass(frozen=True, slots=True)
class Path:
    """An iterator: element names from the root, or one name ``anywhere``."""

    steps: tuple[str, ...]
    anywhere: bool = False


class Builder:
    """Hears the parser's events and makes records of them."""

    def __init__(self, path: Path, namespaces: dict[str, str], file: str, limit: int) -> None:
        self._path = path
        self._names = Names({iri: prefix for prefix, iri in namespaces.items()} | {_XML: "xml"})
        self._file = file
        self._limit = limit
        self._ready: list[SourceRecord | Issue] = []
        self._outside = 0  # open elements around the record
        self._matched = 0  # how many of them, from the root, are the iterator's steps
        self._counts = [0] * len(path.steps)
        self._lost = 0  # open elements of a record that broke a limit
        self._inside = inside(self._names, limit, self._done, self._lose)
        self.root = ""
        self.reached = path.anywhere

    def attach(self, parser: expat.XMLParserType) -> None:
        """Listen to a parser."""
        self._parser = parser
        parser.buffer_text = True
        parser.buffer_size = 64 * 1024
        parser.ordered_attributes = True
        self._listen_outside()

    # One set of ears outside of records and one inside, so that the most frequent events are
    # heard without asking where they happen.
    def _listen_outside(self) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = None

    def _start(self, raw: str, attributes: Sequence[str]) -> None:
        if not self._begins(self._names[raw]):
            self._outside += 1
            return
        self._parser.StartElementHandler = self._inside.start
        self._parser.EndElementHandler = self._inside.end
        self._parser.CharacterDataHandler = self._inside.text
        self._inside.begin(raw, attributes)

    def _done(self, fields: Fields) -> None:
        self._ready.append(SourceRecord(fields, self._locator))
        self._listen_outside()

    def take(self) -> list[SourceRecord | Issue]:
        """Return what became ready since the last call; to be called after every chunk."""
        if self._parser.CharacterDataHandler and self._inside.waiting() > self._limit:
            self._lose(True, self._inside.open())
        ready, self._ready = self._ready, []
        return ready

    def _begins(self, name: str) -> bool:
        """Follow the iterator; tell whether a record begins with this element."""
        self.root = self.root or name
        steps = self._path.steps
        if self._outside >= MAX_DEPTH:
            raise DataError(
                "QCP-SRC-DEPTH",
                f"Elements nest deeper than {MAX_DEPTH} levels.",
                where=f"{self._file} line {self._parser.CurrentLineNumber}",
                remedy="Check that the file is the register's export.",
            )
        if self._path.anywhere:
            level = 0
        elif self._outside == self._matched < len(steps):
            level = self._matched
        else:
            return False
        if name != steps[level]:
            return False
        self._counts[level] += 1
        self._counts[level + 1 :] = [0] * (len(steps) - level - 1)
        if level + 1 < len(steps):
            self._matched += 1
            self.reached = self.reached or level + 2 == len(steps)
            return False
        self.reached = True
        self._locator = Locator(self._file, self._place())
        return True

    def _place(self) -> str:
        line = f"(line {self._parser.CurrentLineNumber})"
        counted = zip(self._path.steps, self._counts, strict=True)
        if self._path.anywhere:
            return f"(//{self._path.steps[0]})[{self._counts[0]}] {line}"
        root, *inner = counted
        return (
            "".join([f"/{root[0]}", *(f"/{name}[{count}]" for name, count in inner)]) + f" {line}"
        )

    def _end(self, _raw: str) -> None:
        self._outside -= 1
        self._matched = min(self._matched, self._outside)

    def _lose(self, large: bool, opened: int) -> None:
        """Give a record up and pass over the rest of it, of which some elements are open."""
        self._ready.append(
            issues.too_large(self._locator, self._limit)
            if large
            else issues.too_deep(self._locator, MAX_DEPTH)
        )
        self._lost = opened
        self._parser.StartElementHandler = self._start_lost
        self._parser.EndElementHandler = self._end_lost
        self._parser.CharacterDataHandler = None
        if not opened:
            self._listen_outside()

    def _start_lost(self, _raw: str, _attributes: Sequence[str]) -> None:
        self._lost += 1

    def _end_lost(self, _raw: str) -> None:
        self._lost -= 1
        if not self._lost:
            self._listen_outside()
