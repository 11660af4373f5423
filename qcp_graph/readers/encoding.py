"""In which encoding a text file is written: proved where that is possible, else declared."""

import codecs
import io
import re
from dataclasses import dataclass
from typing import Final

from qcp_graph.errors import DataError, UsageError
from qcp_graph.model.issue import Issue
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers.raw import CHUNK, Readable, open_bytes

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FALLBACK: Final = "cp1252"
# One marked byte in ten readable accents: a UTF-8 file with a few broken places, not another code.
_BROKEN_SHARE: Final = 0.1
# Wide sets of characters take milliseconds to compile, so they are patterns until they are used.
_ESCAPED: Final = "[\udc80-\udcff]"
# A single zero byte is damage and costs its record; many mean another encoding, or no text.
_STRAY: Final = 0.02
_NOT_1252: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_CONTROL: Final = "[\x00-\x08\x0b\x0e-\x1f\x7f\ufffd\uffff]"
_ACCENT: Final = "[\x80-\U0010ffff]"


@dataclass(frozen=True, slots=True)
class Encoding:
    """The name of a codec; ``guessed`` when nothing proves it; ``evidence`` in words."""

    name: str
    guessed: bool = False
    evidence: str = ""


def resolve(file: SnapshotFile, declared: str) -> Encoding:
    """Return the encoding of a file: the declared one, else byte order mark, UTF-8, Windows-1252.

    :raises UsageError: when the declared encoding is unknown.
    :raises DataError: when the file is no text.
    """
    with open_bytes(file) as stream:
        start = stream.peek(4)[:4]
    marked = next((name for bom, name in _BOMS if start.startswith(bom)), "")
    if declared:
        name = known(declared)
        if marked.startswith(("utf-16", "utf-32")) and not name.startswith(marked):
            raise undecodable(file, name, f"its first bytes say that it is {marked}")
        return Encoding("utf-8-sig" if name == "utf-8" else name, evidence="declared")
    if marked:
        return Encoding(marked, evidence="the file begins with its byte order mark")
    if _is_utf8(file):
        return Encoding("utf-8", evidence="all bytes of the file are UTF-8")
    return _other(file)


def known(name: str) -> str:
    """Return the canonical name of an encoding: ``known("UTF8") == "utf-8"``.

    :raises UsageError: when there is none of that name.
    """
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError) as error:
        raise _unknown(name) from error
    if not info._is_text_encoding:
        raise _unknown(name)
    return info.name


def _unknown(name: str) -> UsageError:
    return UsageError(
        "QCP-SRC-OPTION",
        f"There is no text encoding named {name[:40]!r}.",
        remedy="Use for example utf-8, windows-1252, iso-8859-15 or utf-16.",
    )


def guessed(file: SnapshotFile, encoding: Encoding) -> Issue:
    """Return the remark that a file's letters may be wrong."""
    return Issue(
        "QCP-SRC-ENCODING-GUESSED",
        "warning",
        f"The file is not UTF-8; it was read as {encoding.name}, so some letters may be wrong: "
        f"{encoding.evidence}.",
        locator=file.name,
        remedy="Find out the encoding and name it in mapping.yaml: options: {encoding: …}.",
    )


def undecodable(file: SnapshotFile, encoding: str, reason: str) -> DataError:
    """Return the error of a file that is not in the declared encoding at all."""
    return DataError(
        "QCP-SRC-ENCODING",
        f"The file cannot be read as {encoding}: {reason}.",
        where=file.name,
        remedy="Find out the encoding and name it in mapping.yaml: options: {encoding: …}.",
    )


class Text:
    """A stream in any encoding, read as text."""

    def __init__(self, stream: Readable, encoding: str, file: SnapshotFile) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._encoding = encoding
        self._file = file

    def read(self) -> str:
        """Return some text, none at the end.

        :raises DataError: when the bytes are no text in this encoding.
        """
        while True:
            chunk = self._stream.read(CHUNK)
            try:
                text = self._decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                raise undecodable(self._file, self._encoding, str(error)) from error
            if text or not chunk:
                return text


class Utf8:
    """A stream in any encoding, read as UTF-8."""

    def __init__(self, stream: Readable, encoding: str, file: SnapshotFile) -> None:
        self._text = Text(stream, encoding, file)

    def read(self, _size: int = CHUNK, /) -> bytes:
        """Return some bytes of UTF-8, none at the end."""
        return self._text.read().encode("utf-8", "surrogatepass")


def _is_utf8(file: SnapshotFile) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_bytes(file) as stream:
        try:
            while chunk := stream.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _other(file: SnapshotFile) -> Encoding:
    with open_bytes(file) as stream:
        sample = stream.read(4 * CHUNK)
    if sample.count(0) > _STRAY * len(sample):
        return _wide(sample, file)
    text = io.TextIOWrapper(io.BytesIO(sample), "utf-8", "surrogateescape").read()
    broken, accents = len(re.findall(_ESCAPED, text)), len(re.findall(_ACCENT, text))
    if broken <= _BROKEN_SHARE * accents:
        words = f"UTF-8 but for {broken:,} bytes in {accents:,} letters beyond ASCII"
        return Encoding("utf-8", evidence=words)
    strange = len(_NOT_1252.findall(sample))
    words = f"{broken:,} of its bytes are no UTF-8" + (
        f", and {strange:,} are no Windows-1252 either" if strange else ""
    )
    return Encoding(FALLBACK, guessed=True, evidence=words)


def _wide(sample: bytes, file: SnapshotFile) -> Encoding:
    """Recognise UTF-16 without byte order mark by its zero bytes; anything else is no text."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = sample[: len(sample) // 2 * 2].decode(name, "replace")
    strange = len(re.findall(_CONTROL, text))
    if max(even, odd) * 4 < len(text) or strange:
        raise undecodable(file, "UTF-8", "it holds zero bytes, so it is UTF-16 or no text at all")
    words = "every second byte is zero, as in UTF-16 without a byte order mark"
    return Encoding(name, guessed=True, evidence=words)
