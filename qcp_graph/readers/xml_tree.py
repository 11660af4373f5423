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
from typing import Final
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


class _Element:
    """An open element of a record."""

    __slots__ = ("fields", "name", "texts")

    def __init__(self, name: str, fields: dict[str, JsonValue]) -> None:
        self.name = name
        self.fields = fields
        self.texts: list[str] = []

    def value(self) -> JsonValue:
        text = "".join(self.texts)
        if not self.fields:
            return text
        if text and not text.isspace():
            self.fields["#text"] = text.strip()
        return self.fields

    def add(self, name: str, value: JsonValue) -> None:
        present = self.fields.get(name)
        if present is None:
            self.fields[name] = value
        elif isinstance(present, list):
            present.append(value)
        else:
            self.fields[name] = [present, value]


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
        self._open: list[_Element] = []
        self._lost = 0  # open elements of a record that broke a limit
        self._size = 0
        self.root = ""
        self.reached = path.anywhere

    def attach(self, parser: expat.XMLParserType) -> None:
        """Listen to a parser."""
        self._parser = parser
        parser.buffer_text = True
        parser.buffer_size = 64 * 1024
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

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
        if self._lost:
            self._lost += 1
            return
        name = self._name(raw)
        if not self._open and not self._begins(name):
            self._outside += 1
            return
        fields: dict[str, JsonValue] = {}
        for key, value in attributes.items():
            fields["@" + self._name(key)] = value
            self._size += _COST + len(key) + len(value)
        self._size += _COST + len(name)
        self._open.append(_Element(name, fields))
        self._check()

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
        if self._lost:
            self._lost -= 1
        elif self._open:
            element = self._open.pop()
            value = element.value()
            if self._open:
                self._open[-1].add(element.name, value)
            else:
                data = value if isinstance(value, dict) else {"#text": value}
                self._ready.append(SourceRecord(data, self._locator))
        else:
            self._outside -= 1
            self._matched = min(self._matched, self._outside)

    def _text(self, text: str) -> None:
        if self._open and not self._lost:
            self._open[-1].texts.append(text)
            self._size += len(text)
            self._check()

    def _check(self) -> None:
        if len(self._open) > MAX_DEPTH:
            self._ready.append(issues.too_deep(self._locator, MAX_DEPTH))
        elif self._size > self._limit:
            self._ready.append(issues.too_large(self._locator, self._limit))
        else:
            return
        self._lost = len(self._open)
        self._open.clear()
