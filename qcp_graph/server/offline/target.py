"""Where a bundle is written: a folder or a zip, whole or not at all, and the same bytes again."""

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

from qcp_graph.errors import UsageError
from qcp_graph.store.faults import guard

MARK: Final = "bundle.json"
"""The file by which a bundle is known as ours."""
FORMAT: Final = "qcp-offline-bundle"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o644 << 16


class Target(Protocol):
    """Takes the files of a bundle."""

    def add(self, name: str, content: bytes) -> None:
        """Take one file; names are unique and use ``/``."""


class Nowhere:
    """Takes what a dry run would have written."""

    def add(self, name: str, content: bytes) -> None:
        """Drop a file."""


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._made: set[str] = set()

    def add(self, name: str, content: bytes) -> None:
        """Write a file, with its folder."""
        folder = name.rpartition("/")[0]
        if folder not in self._made:
            (self._root / folder).mkdir(parents=True, exist_ok=True)
            self._made.add(folder)
        (self._root / name).write_bytes(content)


class _Zip:
    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file

    def add(self, name: str, content: bytes) -> None:
        """Add a file; all have the same time, so that equal pages make equal zips."""
        entry = zipfile.ZipInfo(name, _EPOCH)
        entry.external_attr = _READABLE
        entry.create_system = 3  # the same bytes wherever it is written
        entry.compress_type = zipfile.ZIP_DEFLATED
        self._file.writestr(entry, content, compresslevel=6)


@contextmanager
def opened(path: Path | None) -> Iterator[Target]:
    """Open a folder, or a zip where the name ends in ``.zip``; None takes nothing.

    What is there already is replaced at the end, if it is a bundle of ours.

    :raises UsageError: when something else is there.
    """
    if path is None:
        yield Nowhere()
        return
    _refuse_others(path)
    with guard(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == ".zip":
            yield from _zip(path)
        else:
            yield from _folder(path)


def _zip(path: Path) -> Iterator[Target]:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            with zipfile.ZipFile(stream, "w", allowZip64=True) as file:
                yield _Zip(file)
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(0o644)
        part.replace(path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _folder(path: Path) -> Iterator[Target]:
    part = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
    old = part.with_suffix(".old")
    try:
        yield _Folder(part)
        part.chmod(0o755)
        if path.exists():
            path.rename(old)  # two renames: a reader finds the old bundle or the new one
        try:
            part.rename(path)
        except OSError:
            if old.exists():
                old.rename(path)
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if path.exists():
            shutil.rmtree(old, ignore_errors=True)


def _refuse_others(path: Path) -> None:
    wanted = path.suffix.lower() == ".zip"
    if not path.exists() and not path.is_symlink():
        return
    if path.is_symlink() or wanted == path.is_dir() or not _ours(path):
        raise UsageError(
            "QCP-OFF-OCCUPIED",
            "There is something else in the place of the bundle; it is left as it is.",
            where=str(path),
            remedy="Name another folder or file with --output, or remove it first.",
        )


def _ours(path: Path) -> bool:
    """Tell whether a folder is empty or holds a bundle, or a file is a bundle's zip."""
    try:
        if path.is_dir():
            if not any(path.iterdir()):
                return True
            text = (path / MARK).read_bytes()
        else:
            with zipfile.ZipFile(path) as file:
                text = file.read(MARK) if file.getinfo(MARK).file_size < 100_000 else b""
        mark = json.loads(text)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return False
    return isinstance(mark, dict) and mark.get("format") == FORMAT
