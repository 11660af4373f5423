"""One writer at a time: an advisory lock that the operating system drops when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qcp_graph.errors import DataError


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file ``path`` for the duration of the block.

    :raises DataError: when another process holds it, naming that process.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _taken(path, os.read(descriptor, 20)) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
        yield
    finally:
        os.close(descriptor)  # releases the lock; the file stays, or two could hold "the" lock


def _taken(path: Path, content: bytes) -> DataError:
    pid = content.decode("ascii", "replace").strip() or "unknown"
    return DataError(
        "QCP-REL-LOCKED",
        f"Another qcp command is writing to this folder (process {pid}).",
        where=str(path),
        remedy="Wait until it has ended, or use another --home.",
    )
