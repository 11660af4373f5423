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

from dataclasses import dataclass
from typing import Final, TypeAlias
from xml.parsers import expat

from qcp_graph.errors import DataError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, Locator, SourceRecord
from qcp_graph.readers import issues

MAX_DEPTH: Final = 100
_COST: Final = 16
_XML: Final = "http://www.w3.org/XML/1998/namespace"


@dataclass(frozen=True, slots=True)
class Path:
    """An iterator: element names from the root, or one name ``anywhere``."""

    steps: tuple[str, ...]
    anywhere: bool = False


Open: TypeAlias = tuple[str, dict[str, JsonValue] | None, list[str]]
"""An open element: its name, its fields so far, its texts so far."""


class Builder:
    """Hears the parser's events and makes records of them."""

    def __init__(self, path: Path, namespaces: dict[str, str], file: str, limit: int) -> None:
        self._path = path
        self._prefixes = {iri: prefix for prefix, iri in namespaces.items()} | {_XML: "xml"}
        self._file = file
        self._limit = limit
        self._names: dict[str, str] = {}
        self._ready: list[SourceRecord | Issue] = []
        self._outside = 0  # open elements around the record
        self._matched = 0  # how many of them, from the root, are the iterator's steps
        self._counts = [0] * len(path.steps)
        self._around: list[Open] = []  # open elements of the record around the innermost one
        self._name_now = ""
        self._fields: dict[str, JsonValue] | None = None
        self._texts: list[str] = []
        self._lost = 0  # open elements of a record that broke a limit
        self._size = 0
        self.root = ""
        self.reached = path.anywhere

    def attach(self, parser: expat.XMLParserType) -> None:
        """Listen to a parser."""
        self._parser = parser
        parser.buffer_text = True
        parser.buffer_size = 64 * 1024
        self._listen_outside()

    # One set of ears outside of records and one inside, so that the most frequent events are
    # heard without asking where they happen.
    def _listen_outside(self) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = None

    def _listen_inside(self) -> None:
        self._parser.StartElementHandler = self._start_inside
        self._parser.EndElementHandler = self._end_inside
        self._parser.CharacterDataHandler = self._text

    def take(self) -> list[SourceRecord | Issue]:
        """Return what became ready since the last call."""
        ready, self._ready = self._ready, []
        return ready

    def _name(self, raw: str) -> str:
        name = self._names.get(raw)
        if name is None:
            iri, _, local = raw.rpartition(" ")
            prefix = self._prefixes.get(iri, "") if iri else ""
            name = self._names[raw] = f"{prefix}:{local}" if prefix else local
        return name

    def _start(self, raw: str, attributes: dict[str, str]) -> None:
        name = self._name(raw)
        if not self._begins(name):
            self._outside += 1
            return
        self._listen_inside()
        self._open(name, attributes)

    def _start_inside(self, raw: str, attributes: dict[str, str]) -> None:
        around = self._around
        around.append((self._name_now, self._fields, self._texts))
        if len(around) >= MAX_DEPTH:
            self._lose(issues.too_deep(self._locator, MAX_DEPTH))
            return
        self._open(self._names.get(raw) or self._name(raw), attributes)

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self._name_now = name
        self._texts = []
        size = self._size + _COST + len(name)
        if attributes:
            fields: dict[str, JsonValue] = {}
            for key, value in attributes.items():
                fields["@" + self._name(key)] = value
                size += _COST + len(key) + len(value)
            self._fields = fields
        else:
            self._fields = None
        self._size = size
        if size > self._limit:
            self._lose(issues.too_large(self._locator, self._limit))

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
        self._size = 0
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

    def _end_inside(self, _raw: str) -> None:
        texts, fields = self._texts, self._fields
        text = texts[0] if len(texts) == 1 else "".join(texts)
        value: JsonValue = text
        if fields:
            if text and not text.isspace():
                fields["#text"] = text.strip()
            value = fields
        if not self._around:
            data = fields or {"#text": text}
            self._ready.append(SourceRecord(data, self._locator))
            self._listen_outside()
            return
        name = self._name_now
        self._name_now, outer, self._texts = self._around.pop()
        if outer is None:
            outer = {name: value}
        else:
            present = outer.get(name)
            if present is None:
                outer[name] = value
            elif type(present) is list:
                present.append(value)
            else:
                outer[name] = [present, value]
        self._fields = outer

    def _text(self, text: str) -> None:
        self._texts.append(text)
        self._size += len(text)
        # Changing the handlers makes the parser deliver what it still holds: once is enough.
        if self._size > self._limit and not self._lost:
            self._lose(issues.too_large(self._locator, self._limit))

    def _lose(self, issue: Issue) -> None:
        """Give a record up and pass over the rest of it."""
        self._ready.append(issue)
        self._lost = len(self._around) + 1
        self._around.clear()
        self._texts = []
        self._fields = None
        self._parser.StartElementHandler = self._start_lost
        self._parser.EndElementHandler = self._end_lost
        self._parser.CharacterDataHandler = None

    def _start_lost(self, _raw: str, _attributes: dict[str, str]) -> None:
        self._lost += 1

    def _end_lost(self, _raw: str) -> None:
        self._lost -= 1
        if not self._lost:
            self._listen_outside()
