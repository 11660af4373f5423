"""The files that an RML mapping names: only where it may look, archives unpacked in bounds."""

import gzip
import lzma
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from qcp_graph.errors import DataError, QcpError, UsageError
from qcp_graph.mapping.rml.model import Location
from qcp_graph.model.snapshot import SnapshotFile

MAX_RATIO: Final = 250
RATIO_FLOOR: Final = 64 * 1024**2
_CHUNK: Final = 1024**2


@dataclass(frozen=True, slots=True)
class Places:
    """Where files may lie: the mapping's folder, the current one, and those that are allowed."""

    mapping: Path
    current: Path
    allowed: Sequence[Path] = ()
    database: Path | None = None

    def find(self, location: Location, code: str, where: str) -> Path:
        """Return the path of a file that a mapping names.

        :raises UsageError: when it leaves the permitted folders.
        """
        if location.root == "database":
            if self.database is None:
                raise UsageError(
                    code, "The mapping reads a database.", where=where,
                    remedy="Give an SQLite file that holds its tables with --database FILE.",
                )  # fmt: skip
            return self.database
        if "://" in location.path:
            raise UsageError(
                code, f"{location.path[:80]!r} is an address, not a file.", where=where,
                remedy="Fetch it first, and name the file.",
            )  # fmt: skip
        start = {"mapping": self.mapping, "cwd": self.current, "either": self.mapping}
        base = start.get(location.root) or Path(location.root.removeprefix("path:"))
        try:
            found = (self.mapping / base / location.path).resolve()
            other = (self.current / location.path).resolve()
            if location.root == "either" and not found.is_file() and other.is_file():
                found = other
        except (OSError, ValueError) as error:
            raise UsageError(code, f"No file name: {location.path[:80]!r}.", where=where) from error
        folders = [folder.resolve() for folder in (self.mapping, self.current, *self.allowed)]
        if not any(found.is_relative_to(folder) for folder in folders):
            raise UsageError(
                code, "The file lies outside of the folder of the mapping.",
                where=f"{where}: {location.path[:80]}",
                remedy="Move it there, or permit its folder with --allow FOLDER.",
            )  # fmt: skip
        return found


def source(places: Places, location: Location, where: str, scratch: Path) -> SnapshotFile:
    """Return the file of a logical source, unpacked into ``scratch`` where it is an archive.

    :raises UsageError: QCP-RML-SOURCE when there is no such file.
    :raises DataError: for a damaged archive, one of several files, or a bomb.
    """
    path = places.find(location, "QCP-RML-SOURCE", where)
    if not path.is_file():
        raise UsageError(
            "QCP-RML-SOURCE", f"There is no file {location.path[:80]!r}.", where=where,
            remedy=f"It was looked for as {path}. {_hint(places, location)}".rstrip(),
        )  # fmt: skip
    name = location.path.removeprefix("./") or path.name
    if location.compression in {"zip", "targz", "tarxz"}:
        path = _unpacked(
            path, location.compression, scratch / f"source{len(list(scratch.iterdir()))}"
        )
    return SnapshotFile(name, path, path.stat().st_size, "")


def _hint(places: Places, location: Location) -> str:
    """Say so when the file lies beside the mapping, but is looked for in the current folder."""
    beside = location.root == "cwd" and (places.mapping / location.path).is_file()
    there = "One lies beside the mapping: state rml:root rml:MappingDirectory, or run it there."
    return there if beside else ""


def _unpacked(path: Path, kind: str, target: Path) -> Path:
    bound = max(RATIO_FLOOR, MAX_RATIO * path.stat().st_size)
    try:
        with _member(path, kind) as stream, target.open("wb") as out:
            while chunk := stream.read(_CHUNK):
                bound -= len(chunk)
                if bound < 0:
                    raise _wrong("QCP-SRC-BOMB", path, "unpacks to far more than its size allows")
                out.write(chunk)
    except (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError,
            NotImplementedError, RuntimeError, OSError) as error:  # fmt: skip
        if isinstance(error, QcpError):
            raise
        raise _wrong("QCP-SRC-ARCHIVE", path, f"is damaged: {error}") from error
    return target


@contextmanager
def _member(path: Path, kind: str) -> Iterator[IO[bytes]]:
    """Open the only file of an archive."""
    if kind == "zip":
        with zipfile.ZipFile(path) as archive:
            names = [member for member in archive.infolist() if not member.is_dir()]
            if len(names) != 1:
                raise _several(path, len(names))
            with archive.open(names[0]) as stream:
                yield stream
        return
    with tarfile.open(path, "r:gz" if kind == "targz" else "r:xz") as archive:
        files = [member for member in archive if member.isfile()]
        if len(files) != 1:
            raise _several(path, len(files))
        found = archive.extractfile(files[0])
        assert found is not None
        with found:
            yield found


def _several(path: Path, count: int) -> DataError:
    return _wrong("QCP-SRC-ARCHIVE", path, f"holds {count} files instead of one")


def _wrong(code: str, path: Path, reason: str) -> DataError:
    return DataError(
        code, f"The archive {reason}.", where=path.name,
        remedy="Unpack it by hand, check what it holds, and name the file.",
    )  # fmt: skip


def packed(path: Path, kind: str, target: Path, name: str) -> None:
    """Write a file in a compression of RML-IO; ``name`` without endings names the member."""
    for ending in (".zip", ".gz", ".tar", ".xz", ".tar"):
        name = name.removesuffix(ending)
    if kind == "zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, name)
    elif kind in {"targz", "tarxz"}:
        with tarfile.open(target, "w:gz" if kind == "targz" else "w:xz") as tar:
            tar.add(path, name)
    else:
        with path.open("rb") as plain, gzip.GzipFile(target, "wb", mtime=0) as out:
            shutil.copyfileobj(plain, out, _CHUNK)
