"""JSON documents (RFC 8259): the records that a JSONPath iterator selects, streamed."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from qcp_graph.errors import DataError, UsageError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, Locator, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import encoding as encodings
from qcp_graph.readers import issues, raw
from qcp_graph.readers.json_text import Document
from qcp_graph.readers.options import Options
from qcp_graph.readers.spec import Spec

ITEMS: Final = "[*]"
_STEP: Final = re.compile(r"\.([^.\[\]'\"*\s]+)|\['([^']+)'\]|(\[\*\])")


def steps(iterator: str) -> tuple[str, ...]:
    """Split a JSONPath iterator (RFC 9535: ``$``, names and ``[*]``) into its steps.

    >>> steps("$.a['b c'][*]")
    ('a', 'b c', '[*]')

    :raises UsageError: for anything that one pass over the file cannot select.
    """
    found, position = [], 1
    while iterator.startswith("$") and position < len(iterator):
        match = _STEP.match(iterator, position)
        if match is None:
            break
        found.append(match[1] or match[2] or ITEMS)
        position = match.end()
    if not iterator.startswith("$") or position != len(iterator):
        raise UsageError(
            "QCP-SRC-ITERATOR",
            f"The iterator {iterator[:80]!r} is none this reader can follow.",
            remedy="Write $ (the whole file), $[*] (each item of the list) or $.name.name[*].",
        )
    return tuple(found)


def read(spec: Spec, file: SnapshotFile, max_record_bytes: int) -> Iterator[SourceRecord | Issue]:
    """Yield the objects that the iterator selects, with their JSON Pointers (RFC 6901)."""
    path = steps(spec.iterator or "$")
    options = Options(spec)
    raw.refuse_foreign(raw.head(file), file, "JSON")
    with document(file, options.text("encoding")) as text:
        walk = _Walk(text, file, max_record_bytes, frozenset(options.texts("inherit")))
        empty = True
        for items in walk.select(path):
            empty = False
            yield from items
    if not walk.reached:
        raise _absent(spec.iterator, file)
    if empty:
        yield issues.no_records(file.name)


@contextmanager
def document(file: SnapshotFile, encoding: str) -> Iterator[Document]:
    """Open a file as JSON text: UTF-8 (RFC 8259 §8.1), unless declared or marked otherwise."""
    marked = raw.head(file, 4).startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe"))
    name = encodings.resolve(file, encoding or ("" if marked else "utf-8")).name
    with raw.open_bytes(file) as stream:
        yield Document(encodings.Text(stream, name, file), file)


class _Walk:
    """Follows the steps of an iterator through a document.

    ``inherit`` names members of the objects around a record that the record gets, too: texts,
    numbers, true and false that stand before the list it is in.
    """

    def __init__(
        self, text: Document, file: SnapshotFile, limit: int, inherit: frozenset[str] = frozenset()
    ) -> None:
        self._text = text
        self._file = file
        self._limit = limit
        self._inherit = inherit
        self._around: dict[str, JsonValue] = {}
        self.reached = False

    def select(self, path: Sequence[str]) -> Iterator[list[SourceRecord | Issue]]:
        """Yield what each selected value gives: remarks and the record, or why there is none."""
        if not path:  # one value: have it in memory at once
            self._text.grow(self._limit + 1)
        yield from self._select(path, "")
        if self._text.peek():
            self._text.step("\0")  # fails: something follows

    def _select(self, path: Sequence[str], pointer: str) -> Iterator[list[SourceRecord | Issue]]:
        sign = self._text.peek()
        if not path:
            self.reached = True
            found = self._text.record(Locator(self._file.name, pointer), self._limit)
            yield [self._completed(item) for item in found] if self._around else found
        elif path[0] == ITEMS and sign == "[":
            self.reached = self.reached or len(path) == 1
            yield from self._items(path[1:], pointer)
        elif path[0] != ITEMS and sign == "{":
            yield from self._members(path, pointer)
        else:
            self._text.skip()

    def _completed(self, item: SourceRecord | Issue) -> SourceRecord | Issue:
        if isinstance(item, Issue):
            return item
        return SourceRecord({**self._around, **item.data}, item.locator)

    def _items(self, path: Sequence[str], pointer: str) -> Iterator[list[SourceRecord | Issue]]:
        self._text.step("[")
        index = 0
        if self._text.peek() == "]":
            self._text.step("]")
            return
        while True:
            yield from self._select(path, f"{pointer}/{index}")
            if self._text.step(",]") == "]":
                return
            index += 1

    def _members(self, path: Sequence[str], pointer: str) -> Iterator[list[SourceRecord | Issue]]:
        step = path[0].replace("~", "~0").replace("/", "~1")
        self._text.step("{")
        if self._text.peek() == "}":
            self._text.step("}")
            return
        outside = self._around
        while True:
            name = self._text.key()
            if name == path[0]:
                yield from self._select(path[1:], f"{pointer}/{step}")
            elif name in self._inherit:
                self._around = {**self._around, name: self._text.scalar()}
            else:
                self._text.skip()
            if self._text.step(",}") == "}":
                self._around = outside
                return


def _absent(iterator: str, file: SnapshotFile) -> DataError:
    return DataError(
        "QCP-SRC-ITERATOR",
        f"The iterator {iterator!r} selects nothing: the file has no such list or field.",
        where=file.name,
        remedy="Compare it with the file, for example with `qcp source sniff`.",
    )
