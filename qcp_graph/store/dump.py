"""Dumps: sorted, unique N-Quads, gzipped so that equal sets of quads give equal bytes.

Sorting is external: runs of bounded size are sorted in memory, spooled, and merged.
"""

import gzip
import hashlib
import heapq
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Final

from qcp_graph.store.faults import damaged

_RUN_BYTES: Final = 32 << 20  # text per sorted run; about twice as much in memory
_MAX_RUNS: Final = 64  # open files while merging
_BATCH: Final = 5000
_LEVEL: Final = 6
_GZIP: Final = 31  # zlib's window bits that ask for a gzip header: no name, no time


@dataclass(frozen=True, slots=True)
class Dump:
    """A finished dump: its number of statements and the sha256 of the file."""

    lines: int
    sha256: str


@dataclass
class DumpWriter:
    """Collects N-Quads lines (with line end) in any order and writes them sorted, once each.

    ``scratch`` is a folder for the sorted runs; they are removed by :meth:`finish`.
    """

    path: Path
    scratch: Path
    run_bytes: int = _RUN_BYTES
    _lines: list[bytes] = field(default_factory=list)
    _size: int = 0
    _runs: list[Path] = field(default_factory=list)
    _made: int = 0

    def extend(self, lines: Iterable[bytes]) -> None:
        """Take lines; memory stays bounded however many there are."""
        append = self._lines.append
        for line in lines:
            append(line)
            self._size += len(line)
            if self._size >= self.run_bytes:
                self._spool()
                append = self._lines.append

    def finish(self) -> Dump:
        """Write the dump; it is on the disk when this returns."""
        self._lines.sort()
        with ExitStack() as open_files:
            runs: list[Iterable[bytes]] = [
                open_files.enter_context(path.open("rb")) for path in self._runs
            ]
            dump = _write(self.path, _merged([*runs, self._lines]))
        for path in self._runs:
            path.unlink()
        self._lines, self._runs = [], []
        return dump

    def _spool(self) -> None:
        self._lines.sort()
        self._runs.append(self._run(self._lines))
        self._lines, self._size = [], 0
        if len(self._runs) >= _MAX_RUNS:
            with ExitStack() as open_files:
                files = [open_files.enter_context(path.open("rb")) for path in self._runs]
                merged = self._run(_merged(files))
            for path in self._runs:
                path.unlink()
            self._runs = [merged]

    def _run(self, lines: Iterable[bytes]) -> Path:
        self._made += 1
        path = self.scratch / f"{self.path.name}.run{self._made}"
        with path.open("wb") as out:
            out.writelines(lines)
        return path


def _merged(runs: Sequence[Iterable[bytes]]) -> Iterator[bytes]:
    """Merge sorted runs, dropping repetitions."""
    for line, _ in groupby(heapq.merge(*runs)):
        yield line


def _write(path: Path, lines: Iterator[bytes]) -> Dump:
    """Write lines as one gzip member (RFC 1952) without time and name."""
    count, digest = 0, hashlib.sha256()
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    with path.open("wb") as out:
        while batch := list(islice(lines, _BATCH)):
            count += len(batch)
            part = packer.compress(b"".join(batch))
            digest.update(part)
            out.write(part)
        part = packer.flush()
        digest.update(part)
        out.write(part)
        out.flush()
        os.fsync(out.fileno())
    return Dump(count, digest.hexdigest())


def blocks(path: Path | None, size: int) -> Iterator[bytes]:
    """Yield the text of a dump in blocks of whole lines, of about ``size`` bytes.

    :raises DataError: when the file is damaged.
    """
    if path is None or not path.exists():
        return
    try:
        with gzip.open(path, "rb") as text:
            while block := text.read(size):
                yield block if block.endswith(b"\n") else block + text.readline()
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise damaged(path, str(error)) from error
