"""XML documents (XML 1.0): the elements that an XPath iterator selects, streamed.

The parser is expat and not a tree: it tells a document type before it reads one, so that no entity
is ever declared; it holds no element that we do not keep; and it can pass over a huge record.
"""

import re
from collections.abc import Iterator
from typing import Final, NoReturn
from xml.parsers import expat
from xml.parsers.expat import errors as codes

from qcp_graph.errors import DataError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import encoding as encodings
from qcp_graph.readers import issues, raw
from qcp_graph.readers.doubled import may_be_in
from qcp_graph.readers.options import Options
from qcp_graph.readers.spec import Spec
from qcp_graph.readers.xml_paths import path
from qcp_graph.readers.xml_tree import Builder

_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]{1,100}?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_BUILT_IN: Final = frozenset({"utf-8", "ascii", "iso8859-1"})
_MAX_NAMES: Final = 100_000
_CUT: Final = frozenset(
    {codes.XML_ERROR_NO_ELEMENTS, codes.XML_ERROR_UNCLOSED_TOKEN, codes.XML_ERROR_PARTIAL_CHAR}
    | {codes.XML_ERROR_UNCLOSED_CDATA_SECTION}
)


def read(spec: Spec, file: SnapshotFile, max_record_bytes: int) -> Iterator[SourceRecord | Issue]:
    """Yield the elements that the iterator selects; see :mod:`~qcp_graph.readers.xml_tree`."""
    options = Options(spec)
    wanted = path(spec.iterator)
    namespaces, parents = options.names("namespaces"), options.flag("parents")
    builder = Builder(wanted, namespaces, file.name, max_record_bytes, parents=parents)
    empty = True
    for batch in _parse(file, options.text("encoding"), builder, max_record_bytes):
        empty = empty and not batch
        yield from batch
    if not builder.reached:
        raise DataError(
            "QCP-SRC-ITERATOR",
            f"The iterator {spec.iterator!r} selects nothing: the file's outermost element is "
            f"{builder.root!r}.",
            where=file.name,
            remedy="Compare it with the file, for example with `qcp source sniff`. Prefixes must "
            "be declared in options: {namespaces: {…}}.",
        )
    if empty:
        yield issues.no_records(file.name)


def _parse(
    file: SnapshotFile, declared: str, builder: Builder, limit: int
) -> Iterator[list[SourceRecord | Issue]]:
    names: dict[str, str] = {}
    encoding = _encoding(file, declared)
    parser = expat.ParserCreate("utf-8" if encoding else None, " ", intern=names)
    builder.attach(parser)
    parser.StartDoctypeDeclHandler = lambda *_: refuse_doctype(file.name)
    with raw.open_bytes(file) as stream:
        source: raw.Readable = encodings.Utf8(stream, encoding, file) if encoding else stream
        fed = 0
        quiet = _Quiet(known=bool(encoding) or _is_utf8(file))
        try:
            while chunk := source.read(raw.CHUNK):
                fed += len(chunk)
                builder.plain = quiet.hear(chunk)
                parser.Parse(chunk, False)
                ready = builder.take()
                quiet.ended(bool(ready))
                yield ready
                if fed - parser.CurrentByteIndex > limit + raw.CHUNK or len(names) > _MAX_NAMES:
                    raise _monstrous(file, parser)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            yield builder.take()  # what stood before the fault in the same chunk
            _broken(file, error)
    yield builder.take()


class _Quiet:
    """Tells whether the records that end in a chunk can hold text that was encoded twice.

    A record may have begun in the chunk in which another ended, and in every one since. Characters
    written as numbers are not looked at, so they count as noise.
    """

    def __init__(self, *, known: bool) -> None:
        self._known = known  # whether the bytes are those of UTF-8
        self._noise = False
        self._since = False
        self._tail = b""

    def hear(self, chunk: bytes) -> bool:
        """Take a chunk; return whether no record that ends in it needs a closer look."""
        text = self._tail + chunk
        self._tail = chunk[-8:]
        self._noise = not self._known or b"&#" in text or may_be_in(text)
        self._since = self._since or self._noise
        return not self._since

    def ended(self, any_record: bool) -> None:
        """Note that records ended in the chunk."""
        if any_record:
            self._since = self._noise


def _is_utf8(file: SnapshotFile) -> bool:
    start = raw.head(file, 1024)
    match = _DECLARED.match(start.removeprefix(b"\xef\xbb\xbf"))
    declared = encodings.known(match[1].decode("ascii")) if match else "utf-8"
    return declared in {"utf-8", "ascii"} and start[:2] not in {b"\xff\xfe", b"\xfe\xff"}


def _encoding(file: SnapshotFile, declared: str) -> str:
    """Return the encoding to translate from, or "" where expat reads the file by itself."""
    if declared:
        return encodings.resolve(file, declared).name
    start = raw.head(file, 1024)
    raw.refuse_foreign(start, file, "XML")
    match = _DECLARED.match(start.removeprefix(b"\xef\xbb\xbf"))
    name = encodings.known(match[1].decode("ascii")) if match else "utf-8"
    return "" if name in _BUILT_IN or start[:2] in {b"\xff\xfe", b"\xfe\xff"} else name


def refuse_doctype(file: str) -> NoReturn:
    """Refuse a document type (XML 1.0 §2.8): entities can read files and swell to terabytes.

    :raises DataError: always.
    """
    raise DataError(
        "QCP-SRC-DOCTYPE",
        "The XML file declares a document type (<!DOCTYPE …>), which can hide attacks.",
        where=file,
        remedy="Ask the publisher for a file without it; or, if you trust the file, remove it.",
    )


def _broken(file: SnapshotFile, error: expat.ExpatError) -> NoReturn:
    place = f"line {error.lineno}, column {error.offset + 1}"
    reason = expat.ErrorString(error.code)
    if reason in _CUT:
        raise raw.truncated(file, f"an element is still open ({reason})", place) from error
    raise DataError(
        "QCP-SRC-XML",
        f"The file is not well-formed XML: {reason}.",
        where=f"{file.name} {place}",
        remedy="Fetch it again; if it stays so, ask the publisher to correct it.",
    ) from error


def _monstrous(file: SnapshotFile, parser: expat.XMLParserType) -> DataError:
    return DataError(
        "QCP-SRC-RECORD-SIZE",
        "A single tag or comment is larger than a record may be, or names are without number.",
        where=f"{file.name} line {parser.CurrentLineNumber}",
        remedy="Check that the file is the register's export.",
    )
