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
from typing import Final
from xml.parsers import expat

from qcp_graph.errors import DataError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import Locator, SourceRecord
from qcp_graph.readers import issues
from qcp_graph.readers.xml_around import PARENT, Around
from qcp_graph.readers.xml_fields import MAX_DEPTH, Fields, Names, inside
from qcp_graph.readers.xml_paths import Path, meets

_XML: Final = "http://www.w3.org/XML/1998/namespace"


class Builder:
    """Hears the parser's events and makes records of them."""

    def __init__(
        self,
        path: Path,
        namespaces: dict[str, str],
        file: str,
        limit: int,
        *,
        parents: bool = False,
    ) -> None:
        self._path = path
        self._names = Names({iri: prefix for prefix, iri in namespaces.items()} | {_XML: "xml"})
        self._around = Around(self._names) if parents else None
        self._file = file
        self._limit = limit
        self._ready: list[SourceRecord | Issue] = []
        self._levels: list[int] = []  # of each open element around: how many steps led to it
        self._counts = [0] * len(path.steps)
        self._passed = [0] * len(path.steps)  # of these, those that meet the step's conditions
        self._selected = 0
        self._children = path.steps[-1].children
        self._above: Fields | None = None
        self._lost = 0  # open elements of a record that broke a limit
        self._inside = inside(self._names, limit, self._done, self._lose)
        self.plain = False  # of the records that end now, see SourceRecord
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
        self._parser.CharacterDataHandler = self._around.text if self._around else None

    def _start(self, raw: str, attributes: Sequence[str]) -> None:
        level = self._level(self._names[raw], attributes)
        if level < len(self._path.steps):
            self._levels.append(level)
            if self._around:
                self._around.start(raw, attributes)
            return
        self.reached = True
        self._above = self._around.above() if self._around else None
        self._locator = Locator(self._file, self._place())
        self._parser.StartElementHandler = self._inside.start
        self._parser.EndElementHandler = self._inside.end
        self._parser.CharacterDataHandler = self._inside.text
        self._inside.begin(raw, attributes)

    def _done(self, fields: Fields) -> None:
        if not self._children or meets(fields, self._children):
            if self._above:
                fields[PARENT] = self._above
            self._ready.append(SourceRecord(fields, self._locator, self.plain))
        self._listen_outside()

    def take(self) -> list[SourceRecord | Issue]:
        """Return what became ready since the last call; to be called after every chunk."""
        inside = self._parser.CharacterDataHandler == self._inside.text
        if inside and self._inside.waiting() > self._limit:
            self._lose(True, self._inside.open())
        if self._around and (cut := self._around.told(self._file)):
            self._ready.append(cut)
        ready, self._ready = self._ready, []
        return ready

    def _level(self, name: str, attributes: Sequence[str]) -> int:
        """Follow the iterator; return how many of its steps lead to an element that begins."""
        self.root = self.root or name
        if len(self._levels) >= MAX_DEPTH:
            raise DataError(
                "QCP-SRC-DEPTH",
                f"Elements nest deeper than {MAX_DEPTH} levels.",
                where=f"{self._file} line {self._parser.CurrentLineNumber}",
                remedy="Check that the file is the register's export.",
            )
        around = self._levels[-1] if self._levels else 0
        if self._path.anywhere:
            if around and self._is(around, name, attributes):
                return around + 1
            return int(self._is(0, name, attributes))
        if around < len(self._levels) or not self._is(around, name, attributes):
            return 0
        self.reached = self.reached or around + 2 == len(self._path.steps)
        return around + 1

    def _is(self, level: int, name: str, attributes: Sequence[str]) -> bool:
        """Tell whether an element is what a step selects, and count it."""
        step = self._path.steps[level]
        if step.name not in (name, "*"):
            return False
        self._counts[level] += 1
        self._counts[level + 1 :] = [0] * (len(self._counts) - level - 1)
        if step.tests and not step.admits(attributes, lambda raw: "@" + self._names[raw]):
            return False
        self._passed[level] += 1
        if step.position and self._passed[level] != step.position:
            return False
        self._passed[level + 1 :] = [0] * (len(self._passed) - level - 1)
        return True

    def _place(self) -> str:
        line = f"(line {self._parser.CurrentLineNumber})"
        if self._path.anywhere:
            self._selected += 1
            return f"({self._path})[{self._selected}] {line}"
        steps = zip(self._path.steps, self._counts, strict=True)
        root, *inner = [(step.name, count) for step, count in steps]
        return f"/{root[0]}" + "".join(f"/{name}[{count}]" for name, count in inner) + f" {line}"

    def _end(self, _raw: str) -> None:
        self._levels.pop()
        if self._around:
            self._around.end()

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
