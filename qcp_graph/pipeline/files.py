"""Files that are complete or not there: written beside their place, then moved."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from qcp_graph.errors import UsageError


@contextmanager
def replaced(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that takes the place of ``path`` when all went well.

    :raises UsageError: when there is no such folder, or the path is one.
    """
    if path.is_dir() or not path.parent.is_dir():
        what = "is a folder" if path.is_dir() else "lies in a folder that does not exist"
        raise UsageError("QCP-SYS-OUTPUT", f"The file to write {what}.", where=str(path))
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def quads(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file for N-Quads, compressed where its name ends in ``.gz``: equal data, equal bytes.

    :raises UsageError: when it cannot lie there.
    """
    with replaced(path) as file:
        if path.suffix.lower() != ".gz":
            yield file
            return
        with gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as packed:
            yield cast(IO[bytes], packed)
