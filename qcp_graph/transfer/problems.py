"""What the machine refuses (a full disk, no permission), in words with a remedy."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qcp_graph.errors import InternalError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextmanager
def explained(place: Path | str) -> Iterator[None]:
    """Turn an error of the operating system at ``place`` into one for people.

    :raises InternalError: for a full disk, a missing permission and whatever else it reports.
    """
    try:
        yield
    except OSError as error:
        raise explain(error, place) from error


def explain(error: OSError, place: Path | str) -> InternalError:
    """Return the error for people of an error of the operating system."""
    where = str(error.filename or place)
    if error.errno in _FULL:
        return InternalError(
            "QCP-SRC-DISK",
            "The disk is full, or the file would pass the quota.",
            where=where,
            remedy="Free some space, or move the runtime folder (--home); nothing was changed.",
        )
    if error.errno in _DENIED:
        return InternalError(
            "QCP-SRC-PERMISSION",
            "There is no permission to read or write here.",
            where=where,
            remedy="Give the account that runs qcp the permission, or choose another folder.",
        )
    return InternalError(
        "QCP-SRC-READ",
        f"Reading or writing failed: {error.strerror or error}.",
        where=where,
        remedy="Check the path and the disk.",
    )
