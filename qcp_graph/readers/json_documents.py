"""JSON documents (RFC 8259): the records that a JSONPath iterator selects, streamed."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import ijson

from qcp_graph.errors import DataError, UsageError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import Locator, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import encoding as encodings
from qcp_graph.readers import issues, json_values, raw
from qcp_graph.readers.spec import Options, Spec

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
    encoding = Options(spec).text("encoding")
    path = steps(spec.iterator or "$")
    raw.refuse_foreign(raw.head(file), file, "JSON")
    if not path:
        yield from _whole(file, encoding, max_record_bytes)
        return
    with _utf8(file, encoding) as stream:
        meter = _Meter(stream, max_record_bytes, file)
        walk = _Walk(meter.events(), file, max_record_bytes)
        empty = True
        for item in walk.select(path):
            empty = False
            yield from item
    if not walk.reached:
        raise _absent(spec.iterator, file)
    if empty:
        yield issues.no_records(file.name)


@contextmanager
def _utf8(file: SnapshotFile, declared: str) -> Iterator[encodings.Utf8]:
    name = encodings.resolve(file, declared or _marked(file)).name
    with raw.open_bytes(file) as stream:
        yield encodings.Utf8(stream, name, file)


def _marked(file: SnapshotFile) -> str:
    # RFC 8259 §8.1: UTF-8; older exports with a byte order mark are read by it.
    start = raw.head(file, 4)
    return "" if start.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe")) else "utf-8"


def _whole(file: SnapshotFile, encoding: str, limit: int) -> Iterator[SourceRecord | Issue]:
    locator = Locator(file.name)
    pieces, size = [], 0
    with _utf8(file, encoding) as stream:
        while piece := stream.read():
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                yield issues.too_large(locator, limit)
                return
    try:
        yield from json_values.parse(b"".join(pieces), locator)
    except json.JSONDecodeError as error:
        if error.pos >= len(error.doc.rstrip()) or "Unterminated" in error.msg:
            raise raw.truncated(file, "a bracket or quotation mark is still open") from error
        raise _malformed(file, f"{error.msg}, line {error.lineno} column {error.colno}") from error


class _Meter:
    """Bounds what the parser swallows without telling: one text of several gigabytes."""

    def __init__(self, stream: encodings.Utf8, limit: int, file: SnapshotFile) -> None:
        self._stream = stream
        self._limit = limit
        self._file = file
        self._silent = 0

    def read(self, size: int = raw.CHUNK, /) -> bytes:
        """Return some bytes."""
        chunk = self._stream.read(size)
        self._silent += len(chunk)
        if self._silent > self._limit + raw.CHUNK:
            raise DataError(
                "QCP-SRC-RECORD-SIZE",
                f"A single value is larger than {self._limit:,} bytes.",
                where=self._file.name,
                remedy="Look for a quotation mark that is never closed.",
            )
        return chunk

    def events(self) -> json_values.Events:
        """Yield the parser's events, its complaints translated."""
        try:
            for event in ijson.basic_parse(self, buf_size=raw.CHUNK):
                self._silent = 0
                yield event
        except ijson.IncompleteJSONError as error:
            reason = str(error)
            if "EOF" in reason or "Incomplete" in reason:
                what = "a bracket or quotation mark is still open"
                raise raw.truncated(self._file, what) from error
            raise _malformed(self._file, reason.splitlines()[0]) from error
        except (ijson.JSONError, ValueError) as error:
            raise _malformed(self._file, str(error).splitlines()[0]) from error


class _Walk:
    """Follows the steps of an iterator through the events of a document."""

    def __init__(self, events: json_values.Events, file: SnapshotFile, limit: int) -> None:
        self._events = events
        self._file = file
        self._limit = limit
        self.reached = False

    def select(self, path: Sequence[str]) -> Iterator[list[SourceRecord | Issue]]:
        """Yield what each selected value gives: remarks and the record, or why there is none."""
        yield from self._select(*next(self._events), path, "")
        for _ in self._events:  # what follows must be well formed, too
            pass

    def _select(
        self, event: str, value: object, path: Sequence[str], pointer: str
    ) -> Iterator[list[SourceRecord | Issue]]:
        if not path:
            self.reached = True
            yield self._record(event, value, pointer)
        elif path[0] == ITEMS and event == "start_array":
            self.reached = self.reached or len(path) == 1
            yield from self._items(path[1:], pointer)
        elif path[0] != ITEMS and event == "start_map":
            yield from self._members(path, pointer)
        else:
            self._skip(event)

    def _items(self, path: Sequence[str], pointer: str) -> Iterator[list[SourceRecord | Issue]]:
        for index, (event, value) in enumerate(self._events):
            if event == "end_array":
                return
            yield from self._select(event, value, path, f"{pointer}/{index}")

    def _members(self, path: Sequence[str], pointer: str) -> Iterator[list[SourceRecord | Issue]]:
        step = path[0].replace("~", "~0").replace("/", "~1")
        for event, key in self._events:
            if event == "end_map":
                return
            event, value = next(self._events)
            if key == path[0]:
                yield from self._select(event, value, path[1:], f"{pointer}/{step}")
            else:
                self._skip(event)

    def _skip(self, event: str) -> None:
        json_values.drop(self._events, int(event in json_values.STARTS))

    def _record(self, event: str, value: object, pointer: str) -> list[SourceRecord | Issue]:
        locator = Locator(self._file.name, pointer)
        if event != "start_map":
            self._skip(event)
            return [issues.no_object(locator, value if value is not None else "")]
        builder = json_values.Builder(locator, self._limit)
        builder.fill(self._events)
        return builder.result()


def _malformed(file: SnapshotFile, reason: str) -> DataError:
    return DataError(
        "QCP-SRC-JSON",
        f"The file is not well-formed JSON: {reason}.",
        where=file.name,
        remedy="Fetch it again; if it stays so, ask the publisher to correct it.",
    )


def _absent(iterator: str, file: SnapshotFile) -> DataError:
    return DataError(
        "QCP-SRC-ITERATOR",
        f"The iterator {iterator!r} selects nothing: the file has no such list or field.",
        where=file.name,
        remedy="Compare it with the file, for example with `qcp source sniff`.",
    )
