"""Download official files (ELM, ESCO, authority tables) with checksum, for users on the internet.

Nothing the program needs to run is downloaded here: the folder ``ontology/`` is enough.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal

import requests

from qcp_graph.errors import DataError, InternalError, QcpError
from qcp_graph.vocabulary.addresses import check
from qcp_graph.vocabulary.lock import VendorEntry

_CHUNK: Final = 1024**2
_REDIRECTS: Final = 5
_TRY_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})

Progress = Callable[[VendorEntry, int], None]
"""Told the entry and the bytes received so far."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a download: seconds without a byte, attempts after the first, bytes per file."""

    timeout: float = 60.0
    retries: int = 3
    max_bytes: int = 1024**3
    private_networks: bool = False
    pause: float = 1.0
    """Seconds before the first repetition; doubled each time."""


@dataclass(frozen=True, slots=True)
class VendorResult:
    """A file that is in place; ``sha256`` is the digest to pin where the entry has none."""

    entry: VendorEntry
    path: Path
    sha256: str
    size: int
    state: Literal["fetched", "present"]


class _PassingError(Exception):
    """A failure that may pass: the attempt is repeated."""


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
    bounds = limits or Limits()
    with requests.Session() as session:
        for entry in entries:
            try:
                yield _present(entry, target) or _fetch(session, entry, target, bounds, progress)
            except requests.RequestException as error:
                raise _failed(entry, str(error)) from error
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
    session: requests.Session,
    entry: VendorEntry,
    target: Path,
    limits: Limits,
    progress: Progress | None,
) -> VendorResult:
    target.mkdir(parents=True, exist_ok=True)
    for attempt in range(limits.retries + 1):
        try:
            return _attempt(session, entry, target, limits, progress)
        except _PassingError as failure:
            if attempt == limits.retries:
                raise _failed(entry, str(failure)) from failure
            time.sleep(limits.pause * 2**attempt)
    raise AssertionError("unreachable")  # the last attempt returns or raises


def _attempt(
    session: requests.Session,
    entry: VendorEntry,
    target: Path,
    limits: Limits,
    progress: Progress | None,
) -> VendorResult:
    descriptor, name = tempfile.mkstemp(prefix=".part-", dir=target)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            digest, size = _receive(session, entry, stream, limits, progress)
        if entry.sha256 and digest != entry.sha256:
            raise _differs(entry, digest)
        part.chmod(0o644)
        part.replace(target / entry.file)
    finally:
        part.unlink(missing_ok=True)
    return VendorResult(entry, target / entry.file, digest, size, "fetched")


def _receive(
    session: requests.Session,
    entry: VendorEntry,
    stream: BinaryIO,
    limits: Limits,
    progress: Progress | None,
) -> tuple[str, int]:
    """Write the answer to ``stream``; return its SHA-256 and size."""
    digest, size = hashlib.sha256(), 0
    try:
        with closing(_open(session, entry, limits)) as response:
            for chunk in response.iter_content(_CHUNK):
                size += len(chunk)
                if size > limits.max_bytes:
                    raise _too_large(entry, limits)
                digest.update(chunk)
                stream.write(chunk)
                if progress is not None:
                    progress(entry, size)
            _complete(response, size)
    except (requests.ConnectionError, requests.Timeout) as error:
        raise _PassingError(str(error)) from error
    except requests.exceptions.ChunkedEncodingError as error:
        raise _PassingError("the connection ended early") from error
    stream.flush()
    os.fsync(stream.fileno())
    return digest.hexdigest(), size


def _open(session: requests.Session, entry: VendorEntry, limits: Limits) -> requests.Response:
    """Follow redirections one by one, so that each address is checked before it is asked."""
    url = entry.url
    headers = {"Accept": entry.accept or "*/*", "Accept-Encoding": "identity"}
    for _ in range(_REDIRECTS + 1):
        check(url, private_networks=limits.private_networks)
        response = session.get(
            url, headers=headers, stream=True, timeout=limits.timeout, allow_redirects=False
        )
        if not response.is_redirect:
            return _answered(response)
        url = requests.compat.urljoin(url, response.headers["Location"])
        response.close()
    raise _failed(entry, f"more than {_REDIRECTS} redirections")


def _answered(response: requests.Response) -> requests.Response:
    if response.status_code == requests.codes.ok:
        return response
    response.close()
    text = f"the server answered {response.status_code} {response.reason}"
    if response.status_code in _TRY_AGAIN:
        raise _PassingError(text)
    raise requests.HTTPError(text)


def _complete(response: requests.Response, size: int) -> None:
    """Refuse a body that is shorter than announced; requests itself lets it pass."""
    announced = response.headers.get("Content-Length", "")
    encoded = response.headers.get("Content-Encoding", "identity") != "identity"
    if announced.isdecimal() and not encoded and int(announced) != size:
        raise _PassingError(f"the connection ended after {size} of {announced} bytes")


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
