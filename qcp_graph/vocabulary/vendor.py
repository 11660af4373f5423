"""Download official files (ELM, ESCO, authority tables) with checksum, for users on the internet.

Nothing the program needs to run is downloaded here: the folder ``ontology/`` is enough.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from qcp_graph.errors import DataError, InternalError, QcpError
from qcp_graph.transfer import remote
from qcp_graph.transfer.limits import Limits
from qcp_graph.transfer.remote import Validators
from qcp_graph.vocabulary.addresses import check, refused
from qcp_graph.vocabulary.lock import VendorEntry

MAX_BYTES: Final = 1024**3
"""Bytes per file, unless the limits say otherwise."""

Progress = Callable[[VendorEntry, int], None]
"""Told the entry and the bytes received so far."""


@dataclass(frozen=True, slots=True)
class VendorResult:
    """A file that is in place; ``sha256`` is the digest to pin where the entry has none."""

    entry: VendorEntry
    path: Path
    sha256: str
    size: int
    state: Literal["fetched", "present"]


def fetch_vendor(
    entries: Iterable[VendorEntry],
    target: Path,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Iterator[VendorResult]:
    """Bring each file into ``target``, one after the other; a pinned file in place is kept.

    :raises DataError: for an address that may not be used, a failed download, a file that is too
        large, or a checksum that differs; no file is left then.
    :raises InternalError: when ``target`` cannot be written.
    """
    bounds = limits or Limits(max_bytes=MAX_BYTES)
    for entry in entries:
        try:
            yield _present(entry, target) or _fetch(entry, target, bounds, progress)
        except OSError as error:
            raise _cannot_write(target, error) from error


def _present(entry: VendorEntry, target: Path) -> VendorResult | None:
    path = target / entry.file
    if not entry.sha256 or not path.is_file():
        return None
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != entry.sha256:
        return None
    return VendorResult(entry, path, digest, path.stat().st_size, "present")


def _fetch(
    entry: VendorEntry, target: Path, limits: Limits, progress: Progress | None
) -> VendorResult:
    target.mkdir(parents=True, exist_ok=True)
    check(entry.url, private_networks=limits.private_networks)
    descriptor, name = tempfile.mkstemp(prefix=".part-", dir=target)
    os.close(descriptor)
    part = Path(name)
    try:
        _download(entry, part, limits, progress)
        with part.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
        if entry.sha256 and digest != entry.sha256:
            raise _differs(entry, digest)
        size = part.stat().st_size
        part.chmod(0o644)
        part.replace(target / entry.file)
    finally:
        part.unlink(missing_ok=True)
    return VendorResult(entry, target / entry.file, digest, size, "fetched")


def _download(entry: VendorEntry, part: Path, limits: Limits, progress: Progress | None) -> None:
    """Receive a file as every other download does, and say what fails in the words of this one."""
    received = 0

    def count(size: float) -> None:
        nonlocal received
        received += int(size)
        if progress is not None:
            progress(entry, received)

    accept = entry.accept or "*/*"
    try:
        remote.download(entry.url, part, limits, Validators(), count, accept)
    except InternalError:
        raise
    except QcpError as error:
        if error.code == "QCP-SRC-SIZE":
            raise _too_large(entry, limits) from error
        if error.code in {"QCP-SRC-URL", "QCP-SRC-PRIVATE"}:
            raise refused(entry.url, error.message) from error
        raise _failed(entry, error.message.rstrip(".")) from error


def _failed(entry: VendorEntry, reason: str) -> QcpError:
    return DataError(
        "QCP-VOC-DOWNLOAD",
        f"{entry.title} could not be downloaded: {reason[:300]}.",
        where=entry.url,
        remedy="Check the connection and try again, or download the file by hand.",
    )


def _too_large(entry: VendorEntry, limits: Limits) -> QcpError:
    return DataError(
        "QCP-VOC-SIZE",
        f"{entry.title} is larger than {limits.max_bytes} bytes.",
        where=entry.url,
        remedy="Check the address; raise fetch_max_bytes when the file is right.",
    )


def _differs(entry: VendorEntry, digest: str) -> QcpError:
    return DataError(
        "QCP-VOC-DIGEST",
        f"{entry.title} is not the file that was pinned: expected SHA-256 {entry.sha256}, "
        f"received {digest}. Nothing was kept.",
        where=entry.url,
        remedy="Compare with the publisher's announcement before you change vendor.lock.toml.",
    )


def _cannot_write(target: Path, error: OSError) -> QcpError:
    return InternalError(
        "QCP-VOC-WRITE",
        f"The file cannot be written: {error.strerror or error}.",
        where=str(target),
        remedy="Check free space and permissions of the folder.",
    )
