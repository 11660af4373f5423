"""What the disk and SQLite complain about, as errors with a remedy."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from qcp_graph.errors import DataError, InternalError, QcpError, UsageError

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN: Final = {errno.EACCES, errno.EPERM, errno.EROFS}
_NOT_A_FOLDER: Final = {errno.ENOTDIR, errno.EEXIST}
# RocksDB reports without an error number.
_FULL_TEXTS: Final = ("No space left", "File too large", "Disk quota exceeded", "disk is full")
_FORBIDDEN_TEXTS: Final = ("Permission denied", "Read-only file system", "readonly database")
_DAMAGED: Final = ("malformed", "not a database", "Corruption")


@contextmanager
def guard(where: Path) -> Iterator[None]:
    """Turn errors of the disk, of SQLite and of the store inside the block into QcpErrors."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise fault(error, where) from error


def fault(error: OSError | sqlite3.Error, where: Path) -> QcpError:
    """Return the error with a remedy that stands for an error of the disk or of SQLite."""
    number, text = getattr(error, "errno", None), str(error)
    if number in _FULL or any(part in text for part in _FULL_TEXTS):
        return InternalError(
            "QCP-REL-DISK",
            "The disk is full or a file would grow too large. The live release is as it was.",
            where=str(where),
            remedy="Free space (qcp release list shows what is kept), then run the command again.",
        )
    if number in _FORBIDDEN or any(part in text for part in _FORBIDDEN_TEXTS):
        return InternalError(
            "QCP-REL-PERMISSION",
            f"This user may not read or write here: {text}.",
            where=str(where),
            remedy="Give the user the right to write to the home folder, or choose another --home.",
        )
    if number in _NOT_A_FOLDER:
        return UsageError(
            "QCP-REL-HOME",
            f"A file stands where a folder is expected: {text}.",
            where=str(where),
            remedy="Name a folder with --home or QCP_HOME, or move the file away.",
        )
    if number == errno.ENOENT and where.suffix and not where.parent.is_dir():
        return UsageError(
            "QCP-SYS-FOLDER",
            "There is no such folder to write to.",
            where=str(where.parent),
            remedy="Make the folder first, or name a file in another one.",
        )
    if number == errno.ENOENT or any(part in text for part in _DAMAGED):
        return damaged(where, text)
    return InternalError(
        "QCP-REL-IO",
        f"Reading or writing a release failed: {text}.",
        where=str(where),
        remedy="Check the disk; the live release is as it was.",
    )


def damaged(where: Path, detail: str) -> DataError:
    """Return the error for a file of a release that is not what its release wrote."""
    return DataError(
        "QCP-REL-DAMAGED",
        f"A file of a release is damaged or missing: {detail}.",
        where=str(where),
        remedy="Go back with qcp release rollback, then build again with qcp build --full.",
    )
