"""The bytes of a snapshot's file: unpacked, sizes bounded, every failure explained."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn, Protocol, TypeAlias

from qcp_graph import zst
from qcp_graph.errors import DataError, InternalError, UsageError
from qcp_graph.model.snapshot import SnapshotFile

GZIP_MAGIC: Final = b"\x1f\x8b"
# Registers shrink to a tenth; markup without content to a hundredth. Beyond this it is a bomb.
MAX_RATIO: Final = 250
RATIO_FLOOR: Final = 64 * 1024**2
MAX_UNPACKED: Final = 64 * 1024**3
CHUNK: Final = 256 * 1024


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to ``size`` bytes, none at the end."""


class _Guarded(io.RawIOBase):
    """A stream that stops at a bound and turns the failures of a file into errors for people."""

    def __init__(self, source: io.BufferedIOBase, file: SnapshotFile, bound: int) -> None:
        super().__init__()
        self._source = source
        self._file = file
        self._left = bound

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        assert isinstance(buffer, memoryview | bytearray)
        try:
            count = self._source.readinto(buffer)
        except (EOFError, zlib.error, zst.Damaged, OSError) as error:
            _unreadable(self._file, error)
        self._left -= count
        if self._left < 0:
            raise DataError(
                "QCP-SRC-BOMB",
                "The compressed file unpacks to far more than its size allows.",
                where=self._file.name,
                remedy="Unpack it by hand, check what it holds, and give the unpacked file.",
            )
        return count

    def close(self) -> None:
        self._source.close()
        super().close()


Stream: TypeAlias = "io.BufferedReader[_Guarded]"


@contextmanager
def open_bytes(file: SnapshotFile) -> Iterator[Stream]:
    """Open a file of a snapshot; gzip and Zstandard are undone, whatever the file is called.

    :raises DataError: when the file is missing, empty, truncated or a compression bomb.
    """
    try:
        plain = file.path.open("rb")
    except OSError as error:
        _unreadable(file, error)
    with plain:
        start = plain.peek(4)[:4]
        if not start:
            raise DataError(
                "QCP-SRC-EMPTY",
                "The file is empty.",
                where=file.name,
                remedy="Fetch it again, or ask the publisher for a complete file.",
            )
        bound = MAX_UNPACKED
        source: io.BufferedIOBase = plain
        gzipped = start.startswith(GZIP_MAGIC)
        if gzipped or start == zst.MAGIC:
            bound = min(MAX_UNPACKED, max(RATIO_FLOOR, MAX_RATIO * file.path.stat().st_size))
            source = gzip.GzipFile(fileobj=plain, mode="rb") if gzipped else zst.reading(plain)
        with io.BufferedReader(_Guarded(source, file, bound), CHUNK) as stream:
            yield stream


def head(file: SnapshotFile, size: int = CHUNK) -> bytes:
    """Return the first bytes of a file.

    :raises DataError: as :func:`open_bytes`; also when unpacking gives nothing.
    """
    with open_bytes(file) as stream:
        start = stream.read(size)
    if not start.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise DataError(
            "QCP-SRC-EMPTY",
            "The file holds nothing but blanks.",
            where=file.name,
            remedy="Fetch it again, or ask the publisher for a complete file.",
        )
    return start


def refuse_foreign(start: bytes, file: SnapshotFile, wanted: str) -> None:
    """Recognise what is plainly something else: an error page of a website, an archive, a PDF.

    :raises DataError: naming what the file really is.
    """
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    kinds = {
        b"<!doctype html": "a web page",
        b"<html": "a web page",
        b"%pdf": "a PDF document",
        b"pk\x03\x04": "a zip archive or an office document",
        b"\xd0\xcf\x11\xe0": "an old binary office document (.xls, .doc)",
    }
    for magic, kind in kinds.items():
        if text.startswith(magic):
            remedy = (
                "An archive inside an archive is not unpacked: unpack it by hand and give the "
                "folder. A workbook needs referenceFormulation: xlsx."
                if magic.startswith(b"pk")
                else "Look at it with a viewer; perhaps the address leads to a log-in page, "
                "or referenceFormulation in mapping.yaml names another format."
            )
            raise DataError(
                "QCP-SRC-FORMAT",
                f"The file should be {wanted} but is {kind}.",
                where=file.name,
                remedy=remedy,
            )


def truncated(file: SnapshotFile, what: str, locator: str = "") -> DataError:
    """Return the error of a file that ends too early; records before the cut were delivered."""
    return DataError(
        "QCP-SRC-TRUNCATED",
        f"The file ends too early: {what}.",
        where=f"{file.name} {locator}".rstrip(),
        remedy="Fetch it again; if it stays so, ask the publisher for a complete file.",
    )


def _unreadable(file: SnapshotFile, error: Exception) -> NoReturn:
    where, reason = str(file.path), str(error)
    if isinstance(error, EOFError):
        raise truncated(file, "the compressed data are cut off") from error
    if isinstance(error, gzip.BadGzipFile | zlib.error | zst.Damaged):
        raise DataError(
            "QCP-SRC-ARCHIVE",
            f"The compressed file is damaged: {reason}.",
            where=file.name,
            remedy="Fetch it again.",
        ) from error
    if isinstance(error, FileNotFoundError):
        raise DataError(
            "QCP-SRC-SNAPSHOT",
            "A file of the snapshot is missing.",
            where=where,
            remedy="Delete the snapshot's folder and fetch again.",
        ) from error
    if isinstance(error, IsADirectoryError):
        raise UsageError(
            "QCP-SRC-DIRECTORY",
            "A file is expected here, but this is a directory.",
            where=where,
            remedy="Name a file inside it.",
        ) from error
    raise InternalError(
        "QCP-SRC-READ",
        f"The file cannot be read: {reason}.",
        where=where,
        remedy="Check that it exists, its permissions and the disk.",
    ) from error
