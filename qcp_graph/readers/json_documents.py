"""JSON documents (RFC 8259): the records that a JSONPath iterator selects, streamed."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from qcp_graph.errors import DataError, UsageError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import encoding as encodings
from qcp_graph.readers import issues, json_walk, raw
from qcp_graph.readers.json_text import Document
from qcp_graph.readers.options import Options
from qcp_graph.readers.spec import Spec

_STEP: Final = re.compile(
    r"\.([^.\[\]'\"*\s]+)|\['([^']+)'\]|\[\"([^\"]+)\"\]|(\.\*|\[\*\]|\[\d{1,9}\])"
)


def steps(iterator: str) -> tuple[str, ...]:
    """Split a JSONPath iterator (RFC 9535: ``$``, names, ``[*]``, ``.*``, ``[0]``) into its steps.

    >>> steps("$.a['b c'][*]"), steps("$.by_id.*")
    (('a', 'b c', '[*]'), ('by_id', '.*'))

    :raises UsageError: for anything that one pass over the file cannot select.
    """
    found, position = [], 1
    while iterator.startswith("$") and position < len(iterator):
        match = _STEP.match(iterator, position)
        if match is None:
            break
        found.append(match[1] or match[2] or match[3] or match[4])
        position = match.end()
    if not iterator.startswith("$") or position != len(iterator):
        raise UsageError(
            "QCP-SRC-ITERATOR",
            f"The iterator {iterator[:80]!r} is none this reader can follow.",
            remedy="Write $ (the whole file), $[*] (each item of the list), $.name.name[*], or "
            "$.name.* (each member of an object).",
        )
    return tuple(found)


def read(spec: Spec, file: SnapshotFile, max_record_bytes: int) -> Iterator[SourceRecord | Issue]:
    """Yield the objects that the iterator selects, with their JSON Pointers (RFC 6901)."""
    path = steps(spec.iterator or "$")
    options = Options(spec)
    raw.refuse_foreign(raw.head(file), file, "JSON")
    inherit, concatenated = frozenset(options.texts("inherit")), options.flag("concatenated")
    above = _above(file, options, path)
    with document(file, options.text("encoding")) as text:
        walk = json_walk.Walk(text, file, max_record_bytes, inherit, above)
        empty = True
        for items in walk.select(path, concatenated=concatenated):
            empty = False
            yield from items
    skip = options.choice("absent") == "skip"
    if not walk.reached and not skip:
        raise _absent(spec.iterator, file)
    if empty and not skip:
        yield issues.no_records(file.name)


def _above(file: SnapshotFile, options: Options, path: Sequence[str]) -> json_walk.Members | None:
    """Return what the document itself says beside its records, wherever it stands."""
    if not options.flag("parents"):
        return None
    if not path or options.flag("concatenated"):
        return {}
    with document(file, options.text("encoding")) as text, suppress(DataError):
        return json_walk.outermost(text, path)  # a fault is told where the records end
    return {}


@contextmanager
def document(file: SnapshotFile, encoding: str) -> Iterator[Document]:
    """Open a file as JSON text: UTF-8 (RFC 8259 §8.1), unless declared or marked otherwise."""
    marked = raw.head(file, 4).startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe"))
    name = encodings.resolve(file, encoding or ("" if marked else "utf-8")).name
    with raw.open_bytes(file) as stream:
        yield Document(encodings.Text(stream, name, file), file)


def _absent(iterator: str, file: SnapshotFile) -> DataError:
    return DataError(
        "QCP-SRC-ITERATOR",
        f"The iterator {iterator!r} selects nothing: the file has no such list or field.",
        where=file.name,
        remedy="Compare it with the file, for example with `qcp source sniff`.",
    )
