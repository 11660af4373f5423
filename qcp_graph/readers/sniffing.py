"""Recognise what a file is, so that a steward need not know."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Final
from xml.parsers import expat

from qcp_graph.errors import DataError
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import delimited, raw, rdf, reading, sqlite_file
from qcp_graph.readers import encoding as encodings
from qcp_graph.readers.json_documents import document
from qcp_graph.readers.spec import Finding, ReaderReport, ReaderSpec
from qcp_graph.readers.xml_records import refuse_doctype

_EVENTS: Final = 200_000
_WRAPPER: Final = 10  # members of an object that only wraps a list


def sniff(file: SnapshotFile) -> ReaderReport:
    """Return format, encoding, delimiter, fields and the likeliest iterator of a file.

    :raises DataError: when it is empty or none of the formats.
    """
    start = raw.head(file)
    if start.startswith(b"PK\x03\x04"):
        return ReaderReport("xlsx", fields=reading.fields(ReaderSpec("xlsx"), file))
    if start.startswith(sqlite_file.MAGIC):
        return ReaderReport("sql", fields=reading.fields(ReaderSpec("sql"), file))
    raw.refuse_foreign(start, file, "a register (CSV, JSON, XML, XLSX, RDF)")
    if rdf.looks_like(start, file.name):
        iterator = rdf.main_class(file)
        return _nested("rdf", file, iterator) if iterator else ReaderReport("rdf")
    encoding = encodings.resolve(file, "")
    mark = start[:2048].decode(encoding.name, "replace").lstrip("\ufeff \t\r\n")[:1]
    if mark == "<":
        return _nested("xml", file, _xml_iterator(file))
    if mark in {"[", "{"} and _has_lines(start):
        return _nested("jsonl", file, "")
    if mark in {"[", "{"}:
        return _nested("json", file, _json_iterator(file, encoding.name))
    return _table(file, encoding)


def _table(file: SnapshotFile, encoding: encodings.Encoding) -> ReaderReport:
    detected = delimited.form(ReaderSpec("csv"), file).detected
    assert detected is not None  # nothing was stated
    delimiter = detected.best.delimiter
    return ReaderReport(
        "csv",
        encoding=encoding.name,
        delimiter=delimiter,
        fields=reading.fields(ReaderSpec("csv", options={"repeated_columns": "number"}), file),
        guessed=encoding.guessed,
        findings=(
            _finding("encoding", encoding.name, encoding.evidence, sure=not encoding.guessed),
            _finding("delimiter", delimiter, detected.evidence, sure=detected.sure),
        ),
    )


def _finding(option: str, value: str, evidence: str, *, sure: bool) -> Finding:
    remedy = "" if sure else f"Look at the file and state it: options: {{{option}: {value!r}}}."
    return Finding(option, value, evidence, sure, remedy)


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
    """Return the list that a small outermost object wraps, or the outermost list, or all."""
    with document(file, encoding) as text:
        if text.peek() == "[":
            return "$[*]"
        text.step("{")
        found: list[str] = []
        for _ in range(_WRAPPER):
            if text.peek() == "}":
                return f"$.{found[0]}[*]" if len(found) == 1 else "$"
            name = text.key()
            if text.peek() == "[":
                text.step("[")
                if text.peek() == "{":
                    found.append(name)
                text.skip(depth=1)
            else:
                text.skip()
            if text.peek() == ",":
                text.step(",")
    return "$"


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
