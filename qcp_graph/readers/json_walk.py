"""Follows an iterator through a JSON document: streaming, with what encloses each record.

An enclosing object that fits into the limit of a record is taken as a whole, so that all of its
members are known; of a larger one (nearly always the document itself) the members are gathered
in a first pass, or, further inside, as far as they stand before the list.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, Locator, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import issues
from qcp_graph.readers.json_text import Document

ITEMS: Final = "[*]"
EACH: Final = ".*"
KEY: Final = "@key"
PARENT: Final = "^"
# What a parent holds is written into every digest of its records: titles and codes, no lists.
SMALL: Final = 4096

Found: TypeAlias = Sequence[SourceRecord | Issue]
Members: TypeAlias = dict[str, JsonValue]


def index_of(step: str) -> int | None:
    """Return the number of a step such as ``[3]``."""
    return int(step[1:-1]) if step[:1] == "[" and step[1:-1].isdecimal() else None


class Walk:
    """One way through a document.

    ``inherit`` names members of the objects around a record that the record gets, too;
    with ``outermost`` (the members of the document itself) records get their enclosing objects as
    ``^``.
    """

    def __init__(
        self,
        text: Document,
        file: SnapshotFile,
        limit: int,
        inherit: frozenset[str] = frozenset(),
        outermost: Members | None = None,
    ) -> None:
        self._text = text
        self._file = file
        self._limit = limit
        self._inherit = inherit
        self._parents = outermost is not None
        self._outermost = outermost or {}
        self._around: Members = {}
        self._above: Members | None = None
        self._cut = False
        self._document = ""
        self.reached = False

    def select(self, path: Sequence[str], *, concatenated: bool = False) -> Iterator[Found]:
        """Yield what each selected value gives: remarks and the record, or why there is none."""
        number = 1
        while True:
            if concatenated and self._text.peek() == "\x1e":  # RFC 7464: before each document
                self._text.step("\x1e")
            if not path:  # one value: have it in memory at once
                self._text.grow(self._limit + 1)
            yield from self._select(path, "")
            if not self._text.peek():
                return
            if not concatenated:
                self._text.step("\0")  # fails: something follows
            number += 1
            self._document = f"(document {number}) "

    def _locator(self, pointer: str) -> Locator:
        return Locator(self._file.name, f"{self._document}{pointer}".rstrip())

    def _select(self, path: Sequence[str], pointer: str, key: str | None = None) -> Iterator[Found]:
        sign = self._text.peek()
        if not path:
            self.reached = True
            found = self._text.record(self._locator(pointer), self._limit)
            yield [self._completed(item, key) for item in found]
            return
        step = path[0]
        if sign == "[" and (step in (ITEMS, EACH) or index_of(step) is not None):
            self.reached = self.reached or len(path) == 1
            yield from self._items(path, pointer)
        elif sign == "{" and step != ITEMS and index_of(step) is None:
            self.reached = self.reached or (len(path) == 1 and step == EACH)
            yield from self._object(path, pointer, key)
        else:
            self._text.skip()

    def _completed(self, item: SourceRecord | Issue, key: str | None) -> SourceRecord | Issue:
        if isinstance(item, Issue) or not (self._around or key is not None or self._above):
            return item
        data: Members = dict(self._around)
        if key is not None:
            data[KEY] = key
        data.update(item.data)
        if self._above:
            data[PARENT] = self._above
        return SourceRecord(data, item.locator)

    def _items(self, path: Sequence[str], pointer: str) -> Iterator[Found]:
        wanted = index_of(path[0])
        self._text.step("[")
        index = 0
        if self._text.peek() == "]":
            self._text.step("]")
            return
        while True:
            if wanted is None or wanted == index:
                yield from self._select(path[1:], f"{pointer}/{index}")
            else:
                self._text.skip()
            if self._text.step(",]") == "]":
                return
            index += 1

    def _object(self, path: Sequence[str], pointer: str, key: str | None) -> Iterator[Found]:
        around, above = self._around, self._above
        named: Members = {} if key is None else {KEY: key}
        if self._parents and pointer:
            whole = self._text.whole(self._limit)
            if whole is not None:
                value, text, repeated = whole
                yield from ([issues.repeated_key(self._locator(pointer), k)] for k in repeated)
                yield from self._inside(value, path, pointer, key, text)
                self._around, self._above = around, above
                return
            if not self._cut:
                self._cut = True
                yield [_cut(self._locator(pointer), self._limit)]
        if self._parents:
            known = {**named, **({} if pointer else self._outermost)}
            self._above = {**known, PARENT: above} if above else known
        yield from self._members(path, pointer)
        self._around, self._above = around, above

    def _members(self, path: Sequence[str], pointer: str) -> Iterator[Found]:
        self._text.step("{")
        if self._text.peek() == "}":
            self._text.step("}")
            return
        while True:
            name = self._text.key()
            if path[0] in (name, EACH):
                key = name if path[0] == EACH else None
                yield from self._select(path[1:], f"{pointer}/{_escaped(name)}", key)
            elif name in self._inherit:
                self._around = {**self._around, name: self._text.scalar()}
            elif self._parents and pointer:
                self._above = {**(self._above or {}), name: self._text.small(SMALL)}
            else:
                self._text.skip()
            if self._text.step(",}") == "}":
                return

    def _inside(
        self, value: JsonValue, path: Sequence[str], pointer: str, key: str | None, text: str
    ) -> Iterator[Found]:
        """Follow the rest of the path through a value that is in memory."""
        if not path:
            self.reached = True
            found = self._text.deliver(value, text, self._locator(pointer))
            yield [self._completed(item, key) for item in found]
            return
        step, rest = path[0], path[1:]
        if isinstance(value, list) and (step in (ITEMS, EACH) or index_of(step) is not None):
            self.reached = self.reached or not rest
            wanted = index_of(step)
            for index, item in enumerate(value):
                if wanted is None or wanted == index:
                    yield from self._inside(item, rest, f"{pointer}/{index}", None, text)
        elif isinstance(value, Mapping) and step != ITEMS and index_of(step) is None:
            yield from self._inside_object(value, path, pointer, key, text)

    def _inside_object(
        self,
        value: Mapping[str, JsonValue],
        path: Sequence[str],
        pointer: str,
        key: str | None,
        text: str,
    ) -> Iterator[Found]:
        around, above = self._around, self._above
        self.reached = self.reached or (len(path) == 1 and path[0] == EACH)
        chosen = [name for name in value if path[0] in (name, EACH)]
        self._around = {
            **around,
            **{n: v for n, v in value.items() if n in self._inherit and _plain(v)},
        }
        own = {n: v for n, v in value.items() if n not in chosen and _small(v)}
        named: Members = {} if key is None else {KEY: key}
        self._above = {**named, **own, **({PARENT: above} if above else {})}
        for name in chosen:
            inner = name if path[0] == EACH else None
            pointed = f"{pointer}/{_escaped(name)}"
            yield from self._inside(value[name], path[1:], pointed, inner, text)
        self._around, self._above = around, above


def outermost(text: Document, path: Sequence[str]) -> Members:
    """Return the small members of the outermost object, but for the one that the path enters."""
    found: Members = {}
    if text.peek() != "{":
        return found
    text.step("{")
    while text.peek() != "}":
        name = text.key()
        if name == path[0] or path[0] == EACH:
            text.skip()
        else:
            found[name] = text.small(SMALL)
        if text.step(",}") == "}":
            break
    return found


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _plain(value: JsonValue) -> bool:
    return not isinstance(value, Mapping | list)


def _small(value: JsonValue) -> bool:
    if isinstance(value, str):
        return len(value) <= SMALL
    return _plain(value) or len(json.dumps(value, ensure_ascii=False)) <= SMALL


def _cut(locator: Locator, limit: int) -> Issue:
    return Issue(
        "QCP-SRC-PARENT",
        "warning",
        f"An object around records is larger than {limit:,} bytes, so that only its members "
        "before the list are known to them.",
        locator=str(locator),
        remedy="Ask the publisher to put them first, or raise record_max_bytes.",
    )
