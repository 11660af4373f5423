"""JSON Lines: one JSON object per line, so that a broken line costs one record only."""

import codecs
from collections.abc import Iterator

from qcp_graph.model.issue import Issue
from qcp_graph.model.record import Locator, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import encoding as encodings
from qcp_graph.readers import issues, raw
from qcp_graph.readers.json_values import MAX_DEPTH, Decoder, MalformedError
from qcp_graph.readers.options import Options
from qcp_graph.readers.spec import Spec


def read(spec: Spec, file: SnapshotFile, max_record_bytes: int) -> Iterator[SourceRecord | Issue]:
    """Yield the object of each line; blank lines count and are left out."""
    raw.refuse_foreign(raw.head(file), file, "JSON Lines")
    name = encodings.resolve(file, Options(spec).text("encoding") or "utf-8").name
    empty, decoder = True, Decoder()
    for number, line in enumerate(_lines(file, name, max_record_bytes), start=1):
        locator = Locator(file.name, f"line {number}")
        if line is None:
            empty = False
            yield issues.too_large(locator, max_record_bytes)
        elif line.strip():
            empty = False
            yield from _record(line, locator, decoder)
    if empty:
        yield issues.no_records(file.name)


def _record(line: bytes, locator: Locator, decoder: Decoder) -> list[SourceRecord | Issue]:
    try:
        text = line.removeprefix(codecs.BOM_UTF8).decode("utf-8").strip()
    except UnicodeDecodeError:
        return [issues.unreadable_text(locator, line[:500].decode("utf-8", "replace"))]
    try:
        value, end = decoder.decode(text, 0)
    except RecursionError:
        return [issues.too_deep(locator, MAX_DEPTH)]
    except MalformedError as error:
        return [issues.malformed(locator, f"{error} at character {error.at + 1:,}", text)]
    if end < len(text):
        return [issues.malformed(locator, f"something follows at character {end + 1:,}", text)]
    return decoder.deliver(value, text, locator)


def _lines(file: SnapshotFile, encoding: str, limit: int) -> Iterator[bytes | None]:
    """Yield the lines as UTF-8, ``None`` for one beyond the limit."""
    pending, skipping = b"", False
    with raw.open_bytes(file) as stream:
        plain = encoding.startswith("utf-8")
        source: raw.Readable = stream if plain else encodings.Utf8(stream, encoding, file)
        while chunk := source.read(raw.CHUNK):
            *whole, rest = chunk.split(b"\n")
            for piece in whole:
                line, pending = pending + piece, b""
                yield None if skipping or len(line) > limit else line
                skipping = False
            pending = b"" if skipping else pending + rest
            skipping = skipping or len(pending) > limit
        if pending or skipping:
            yield None if skipping else pending
