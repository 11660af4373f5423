"""Recognise what a file is, so that a steward need not know."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Final
from xml.parsers import expat

import ijson

from qcp_graph.errors import DataError
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import delimited, raw, reading
from qcp_graph.readers import encoding as encodings
from qcp_graph.readers.spec import ReaderReport, ReaderSpec
from qcp_graph.readers.xml_records import refuse_doctype

_EVENTS: Final = 200_000


def sniff(file: SnapshotFile) -> ReaderReport:
    """Return format, encoding, delimiter, fields and the likeliest iterator of a file.

    :raises DataError: when it is empty or none of the formats.
    """
    start = raw.head(file)
    if start.startswith(b"PK\x03\x04"):
        return ReaderReport("xlsx", fields=reading.fields(ReaderSpec("xlsx"), file))
    raw.refuse_foreign(start, file, "a register (CSV, JSON, XML, XLSX)")
    encoding = encodings.resolve(file, "")
    mark = start[:2048].decode(encoding.name, "replace").lstrip("\ufeff \t\r\n")[:1]
    if mark == "<":
        return _nested("xml", file, _xml_iterator(file))
    if mark in {"[", "{"} and _has_lines(start):
        return _nested("jsonl", file, "")
    if mark in {"[", "{"}:
        return _nested("json", file, _json_iterator(file, encoding.name))
    form = delimited.form(ReaderSpec("csv"), file)
    return ReaderReport(
        "csv",
        encoding=encoding.name,
        delimiter=form.delimiter,
        fields=reading.fields(ReaderSpec("csv"), file),
        guessed=encoding.guessed,
    )


def _nested(form: str, file: SnapshotFile, iterator: str) -> ReaderReport:
    return ReaderReport(
        form, fields=reading.fields(ReaderSpec(form, iterator), file), iterator=iterator
    )


def _has_lines(start: bytes) -> bool:
    lines = [line for line in start.split(b"\n")[:3] if line.strip()]
    if len(lines) < 2:
        return False
    try:
        return isinstance(json.loads(lines[0]), dict) and lines[1].lstrip().startswith(b"{")
    except (ValueError, RecursionError):
        return False


def _json_iterator(file: SnapshotFile, encoding: str) -> str:
    """Return the first list of objects, outermost first; else the whole file."""
    best: tuple[int, str] | None = None
    with raw.open_bytes(file) as stream:
        events = ijson.parse(encodings.Utf8(stream, encoding, file), buf_size=raw.CHUNK)
        try:
            for prefix, event, _ in islice(events, _EVENTS):
                names = prefix.split(".")
                if event == "start_map" and names[-1] == "item":
                    found = (len(names), _json_path(names))
                    best = min(best or found, found, key=lambda item: item[0])
        except (ijson.JSONError, ValueError):
            pass  # reading it will tell
    return best[1] if best and best[0] <= 3 else "$"


def _json_path(names: list[str]) -> str:
    return "$" + "".join("[*]" if name == "item" else f".{name}" for name in names)


def _xml_iterator(file: SnapshotFile) -> str:
    """Return the path of the first element that follows one of the same name, outermost first."""
    best, last, trail = "", [""], list[str]()
    for name in islice(_tags(file), _EVENTS):
        if not name:
            trail.pop()
            last.pop()
            continue
        trail.append(name)
        path = "/" + "/".join(trail)
        if last[-1] == name and (not best or path.count("/") < best.count("/")):
            best = path
        last[-1] = name
        last.append("")
    return best or f"/{last[0]}"


def _tags(file: SnapshotFile) -> Iterator[str]:
    """Yield the local name of each start tag and "" for each end tag."""
    found: list[str] = []
    parser = expat.ParserCreate(None, " ")
    parser.StartElementHandler = lambda name, _: found.append(name.rpartition(" ")[2])
    parser.EndElementHandler = lambda _: found.append("")
    parser.StartDoctypeDeclHandler = lambda *_: refuse_doctype(file.name)
    with raw.open_bytes(file) as stream:
        try:
            while chunk := stream.read(raw.CHUNK):
                parser.Parse(chunk, False)
                yield from found
                found.clear()
        except expat.ExpatError as error:
            if not found:
                raise DataError(
                    "QCP-SRC-XML",
                    f"The file is not well-formed XML: {error}.",
                    where=file.name,
                    remedy="Ask the publisher to correct it.",
                ) from error
            yield from found
