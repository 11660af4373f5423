"""Zip archives, gzip and Zstandard files: unpacked with bounds, or refused with a reason."""

import errno
import gzip
import stat
import struct
import zipfile
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from qcp_graph import zst
from qcp_graph.errors import DataError
from qcp_graph.fetch.building import Building
from qcp_graph.transfer.limits import Meter, too_large

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP: Final = b"\x1f\x8b"
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1
# Office documents are zips, too, but one file to their reader.
_DOCUMENTS: Final = ("[Content_Types].xml", "mimetype")
_DAMAGE: Final = (
    zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, ValueError, OverflowError,
    RuntimeError, struct.error, zst.Damaged,
)  # fmt: skip


def unpack(path: Path, name: str, building: Building, *, beside: bool = False) -> bool:
    """Unpack an archive into a snapshot; tell whether ``path`` was one.

    Archives inside archives stay closed. ``beside`` says that the archive lies in a folder that is
    delivered whole: a zip's files go below its own name, and what is unpacked there already
    counts instead.

    :raises DataError: for a damaged, encrypted or hostile archive, and for what is called ``.zip``
        ``.gz`` or ``.zst`` and is none.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
    try:
        if start in _ZIP and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                if any(member in archive.NameToInfo for member in _DOCUMENTS):
                    return False
                _unzip(archive, path, building, name[: -len(path.suffix)] if beside else "")
            return True
        if start.startswith(_GZIP) or start == zst.MAGIC:
            suffix = ".gz" if start.startswith(_GZIP) else ".zst"
            if not (beside and path.suffix.lower() == suffix and path.with_suffix("").exists()):
                _inflate(path, name, suffix, building)
            return True
    except _DAMAGE as error:
        raise _damaged(building.origin, str(error) or type(error).__name__) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the file's beginning
            raise
        raise _damaged(building.origin, "it names impossible places") from error
    if start and name.lower().endswith((".zip", ".gz", ".zst")):
        kind = "an unfinished zip archive" if start in _ZIP else "no archive"
        raise _damaged(building.origin, f"although it is named {name!r}, it is {kind}")
    return False


def _unzip(archive: zipfile.ZipFile, path: Path, building: Building, below: str) -> None:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if below:
        members = [member for member in members if not _lies_beside(path, member)]
    total = sum(member.file_size for member in members)
    limits = building.limits
    if total > limits.max_bytes:
        raise too_large(limits.max_bytes, building.origin)
    if total > max(limits.ratio_floor, limits.max_ratio * path.stat().st_size):
        raise _bomb(building.origin)
    for member in members:
        inner = _name(member)
        name = building.accept(f"{below}/{inner}" if below else inner)
        if not name:
            continue
        if stat.S_ISLNK(member.external_attr >> 16):
            raise DataError(
                "QCP-SRC-LINK",
                "The archive holds a link instead of a file.",
                where=f"{building.origin}: {name!r}",
                remedy="Ask the publisher for an archive without links, or unpack it by hand.",
            )
        if member.flag_bits & _ENCRYPTED:
            raise DataError(
                "QCP-SRC-ENCRYPTED",
                "The archive is protected by a password.",
                where=f"{building.origin}: {name!r}",
                remedy="Unpack it by hand and give the folder.",
            )
        # zipfile stops at the announced size and compares the checksum, so sizes cannot lie.
        with archive.open(member) as stream:
            building.add(name, stream.read)


def _lies_beside(path: Path, member: zipfile.ZipInfo) -> bool:
    """Tell whether a file of the member's name and size lies beside the archive."""
    file = path.parent / Path(_name(member)).name
    return file.is_file() and file.stat().st_size == member.file_size


def _name(member: zipfile.ZipInfo) -> str:
    if member.flag_bits & _UTF8_NAME:
        return member.orig_filename
    try:  # many programs write UTF-8 and do not say so
        return member.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.orig_filename


def _inflate(path: Path, name: str, suffix: str, building: Building) -> None:
    inner = name[: -len(suffix)] if name.lower().endswith(suffix) else name
    accepted = building.accept(inner or "data")
    if not accepted:
        return
    limits = building.limits
    bound = max(limits.ratio_floor, limits.max_ratio * path.stat().st_size)
    meter = Meter(bound, building.origin)

    with ExitStack() as opened:
        file = opened.enter_context(path.open("rb"))
        packed = gzip.GzipFile(fileobj=file) if suffix == ".gz" else zst.reading(file)
        stream = opened.enter_context(packed)

        def read(size: int) -> bytes:
            try:
                chunk = stream.read(size)
            except gzip.BadGzipFile as error:  # an OSError, but not the machine's fault
                raise _damaged(building.origin, str(error)) from error
            if meter.left < len(chunk):
                raise _bomb(building.origin)
            meter.add(len(chunk))
            return chunk

        building.add(accepted, read)


def _bomb(origin: str) -> DataError:
    return DataError(
        "QCP-SRC-BOMB",
        "The archive would unpack to far more than its size allows (a “zip bomb”).",
        where=origin,
        remedy="Do not open it. Ask the publisher what it is.",
    )


def _damaged(origin: str, reason: str) -> DataError:
    return DataError(
        "QCP-SRC-ARCHIVE",
        f"The archive is damaged or is none: {reason}.",
        where=origin,
        remedy="Fetch it again; if it stays so, open it by hand and give the unpacked files.",
    )
