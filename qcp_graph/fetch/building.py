"""A snapshot under construction: files are copied in, hashed, and appear all at once or never."""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from qcp_graph.errors import DataError
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.transfer import names
from qcp_graph.transfer.limits import Limits, Meter, Progress
from qcp_graph.transfer.problems import explained

_CHUNK: Final = 1024 * 1024
_PREFIX: Final = ".building-"
_STALE: Final = 24 * 3600.0
Read = Callable[[int], bytes]


class Building:
    """The folder in which a snapshot is put together."""

    def __init__(
        self,
        folder: Path,
        origin: str,
        limits: Limits,
        patterns: Sequence[str],
        progress: Progress | None,
    ) -> None:
        self.folder = folder
        self.origin = origin
        self.limits = limits
        self._patterns = patterns
        self._meter = Meter(limits.max_bytes, origin, progress)
        self._files: dict[str, SnapshotFile] = {}
        self._folders: dict[str, str] = {}
        self._passed_over: list[str] = []
        self._seen = 0

    def accept(self, name: str) -> str:
        """Return the safe name of a delivered file, or "" for one that is not wanted.

        :raises DataError: for an unsafe name, a name that occurs twice, and too many files.
        """
        self._seen += 1
        if self._seen > self.limits.max_files:
            raise DataError(
                "QCP-SRC-SIZE",
                f"The delivery holds more than {self.limits.max_files:,} files.",
                where=self.origin,
                remedy="Give the file or folder that holds the register alone.",
            )
        name = names.safe(name, self.origin)
        if names.hidden(name):
            return ""
        if not names.wanted(name, self._patterns):
            self._passed_over.append(name)
            return ""
        clash = self._clash(name)
        if clash:
            raise DataError(
                "QCP-SRC-NAME",
                "Two files of the delivery have the same name.",
                where=f"{self.origin}: {clash!r} and {name!r}",
                remedy="Ask the publisher for a correct archive, or unpack it by hand.",
            )
        return name

    def _clash(self, name: str) -> str:
        # A file system that ignores case would let the second overwrite the first; and what is a
        # file cannot be a folder, too.
        folded = name.casefold()
        parts = folded.split("/")
        parents = {"/".join(parts[:depth]) for depth in range(1, len(parts))}
        for known in (folded, *sorted(parents)):
            if known in self._files:
                return self._files[known].name
        if folded in self._folders:
            return self._folders[folded]
        self._folders.update(dict.fromkeys(parents, name))
        return ""

    def add(self, name: str, read: Read) -> None:
        """Copy one accepted file in, hashing it on the way."""
        target = self.folder / "files" / name
        digest, size = hashlib.sha256(), 0
        with explained(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as out:
                while chunk := read(_CHUNK):
                    self._meter.add(len(chunk))
                    size += len(chunk)
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
        self._files[name.casefold()] = SnapshotFile(name, target, size, digest.hexdigest())

    def files(self) -> tuple[SnapshotFile, ...]:
        """Return what was copied in, sorted by name.

        :raises DataError: when that is nothing, or nothing but empty files.
        """
        found = tuple(sorted(self._files.values(), key=lambda file: file.name))
        if not found and self._passed_over:
            raise DataError(
                "QCP-SRC-PATTERN",
                "No file of the delivery has the expected name "
                f"({', '.join(self._patterns)}); it holds {', '.join(self._passed_over[:5])}.",
                where=self.origin,
                remedy="Rename the file, or adapt `access` in mapping.yaml.",
            )
        if not any(file.size for file in found):
            raise DataError(
                "QCP-SRC-EMPTY",
                "The delivery holds no file." if not found else "The delivery is empty.",
                where=self.origin,
                remedy="Check the path, or ask the publisher for a complete export.",
            )
        return found


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """Yield a new folder beside the snapshots; whatever is left in it at the end is deleted."""
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    _sweep(folder)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Delete what killed runs left behind; younger folders may belong to a run under way."""
    for path in folder.glob(_PREFIX + "*"):
        try:
            old = time.time() - path.stat().st_mtime > _STALE
        except OSError:  # another run deleted it just now
            continue
        if old:
            shutil.rmtree(path, ignore_errors=True)
