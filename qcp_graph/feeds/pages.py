"""The pages of a feed on disk: immutable, one file per register and release.

``<home>/feed/<register>/<release>.nqz`` is a row of gzip members, one per page, each the N-Quads
of the page; ``<release>.json`` tells where each begins. Pages belong to no release alone, so
removing an old release takes nothing from the feed.
"""

import json
import os
import zlib
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO, Final

from qcp_graph.errors import DataError

MEMBERS: Final = 100
"""Most versions on a page."""
ROOM: Final = 512 * 1024
"""Bytes of N-Quads after which a page is full."""
LARGEST: Final = 256 * 1024**2
"""Most bytes of a page: one record may be this large, more is taken for damage."""
_LEVEL: Final = 6
_GZIP: Final = 31  # zlib's window bits that ask for a gzip header: no name, no time


@dataclass(frozen=True, slots=True)
class Pages:
    """The folder of pages of a home."""

    folder: Path

    def packed(self, source_id: str, release: str, number: int) -> bytes:
        """Return a page as one gzip member.

        :raises DataError: when the file is damaged or there is no such page.
        """
        path = self.path(source_id, release)
        try:
            table = path.with_suffix(".json")
            starts = _starts(table, table.stat().st_mtime_ns)
            begin, end = starts[number - 1], starts[number]
            with path.open("rb") as file:
                file.seek(begin)
                found = file.read(end - begin)
        except (OSError, ValueError, IndexError) as error:
            raise _damaged(path, str(error)) from error
        if len(found) != end - begin:
            raise _damaged(path, "it is too short")
        return found

    def text(self, source_id: str, release: str, number: int) -> bytes:
        """Return the N-Quads of a page.

        :raises DataError: when the file is damaged or there is no such page.
        """
        packed = self.packed(source_id, release, number)
        try:
            unpacker = zlib.decompressobj(_GZIP)
            text = unpacker.decompress(packed, LARGEST)
        except zlib.error as error:
            raise _damaged(self.path(source_id, release), str(error)) from error
        if not unpacker.eof:
            raise _damaged(self.path(source_id, release), "a page does not end")
        return text

    def path(self, source_id: str, release: str) -> Path:
        """Return the file of the pages of a register in a release."""
        return self.folder / source_id / f"{release}.nqz"

    def verify(self, source_id: str, release: str, checksum: str) -> None:
        """Compute the checksum of a file of pages again.

        :raises DataError: when it is missing or differs.
        """
        path = self.path(source_id, release)
        try:
            with path.open("rb") as file:
                found = file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise _damaged(path, str(error)) from error
        if found != checksum or not path.with_suffix(".json").is_file():
            raise _damaged(path, "its checksum is not the one that was recorded")

    def sweep(self, source_id: str, known: Set[str]) -> None:
        """Remove the pages of builds that never ended: those of no release in ``known``."""
        for path in self._files(source_id):
            if path.stem not in known:
                path.unlink(missing_ok=True)

    def _files(self, source_id: str) -> Iterator[Path]:
        folder = self.folder / source_id
        yield from sorted(folder.iterdir()) if folder.is_dir() else ()


class PageFile:
    """The pages of one register and release in the making; use as a context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._starts = [0]
        self._digest = sha256()
        self._file: BinaryIO | None = None

    @property
    def count(self) -> int:
        """The number of pages so far."""
        return len(self._starts) - 1

    @property
    def checksum(self) -> str:
        """The sha256 of the file so far."""
        return self._digest.hexdigest()

    def add(self, text: bytes) -> None:
        """Write a page."""
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("wb")
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        packed = packer.compress(text) + packer.flush()
        self._file.write(packed)
        self._digest.update(packed)
        self._starts.append(self._starts[-1] + len(packed))

    def __enter__(self) -> "PageFile":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Complete the file, which is on the disk then; after an error nothing of it stays."""
        if self._file is None:
            return
        if kind is not None:
            self._file.close()
            self._path.unlink(missing_ok=True)
            return
        _settle(self._file)
        with self._path.with_suffix(".json").open("wb") as table:
            table.write(json.dumps({"starts": self._starts}).encode())
            _settle(table)
        handle = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()


@lru_cache(maxsize=256)
def _starts(path: Path, _written: int) -> tuple[int, ...]:
    content = json.loads(path.read_bytes())
    starts = content["starts"] if isinstance(content, dict) else None
    if not isinstance(starts, list) or not all(isinstance(n, int) and n >= 0 for n in starts):
        raise ValueError("the table of pages holds no numbers")
    return tuple(starts)


def _damaged(path: Path, detail: str) -> DataError:
    return DataError(
        "QCP-FED-DAMAGED",
        f"A page of a feed is damaged or missing: {detail}.",
        where=str(path),
        remedy="Restore the folder feed/ of the home from a backup; the release itself is whole.",
    )
