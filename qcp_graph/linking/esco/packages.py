"""Files, folders and zip archives of ESCO releases, opened with bounds."""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from qcp_graph.errors import DataError, UsageError
from qcp_graph.linking.esco import csv_files

MAX_BYTES: Final = 2 * 1024**3  # the largest release unpacks to a tenth of it
MAX_RATIO: Final = 200
_RDF: Final = (".ttl", ".nt", ".rdf", ".ttl.gz", ".nt.gz", ".rdf.gz")
_VERSION: Final = re.compile(r"\bv(\d+(?:\.\d+){1,3})\b")
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError)


@dataclass(frozen=True)
class EscoFile:
    """A file of a release: its name, where it lies, and the version its package names.

    ``member`` is the name inside a zip archive.
    """

    name: str
    path: Path
    member: str
    version: str
    language: str

    @property
    def is_rdf(self) -> bool:
        """Whether it is a dump in RDF rather than a table."""
        return self.name.lower().endswith(_RDF)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Open the file for reading.

        :raises DataError: when its archive is damaged.
        """
        if not self.member:
            with self.path.open("rb") as stream:
                yield stream
            return
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as inner:
                yield inner  # type: ignore[misc]  # a binary stream in all but name
        except _DAMAGE as error:
            raise _damaged(self.path, error) from error


def files(paths: Iterable[Path]) -> list[EscoFile]:
    """Return the files of releases at some paths: zips, folders, single files; others are left out.

    :raises UsageError: when a path does not exist or none holds a file of ESCO.
    :raises DataError: for a damaged or hostile archive.
    """
    given = list(paths)
    found = [file for path in given for file in _at(path)]
    if not found:
        raise UsageError(
            "QCP-LNK-ESCO-FILES",
            "No file of an ESCO release was found.",
            where=", ".join(map(str, given)),
            remedy="Give the zip archives that the ESCO portal sends (classification, CSV or "
            "Turtle), or a folder with them.",
        )
    return found


def _at(path: Path) -> Iterator[EscoFile]:
    if path.is_dir():
        for inner in sorted(path.rglob("*")):
            if inner.is_file() and not inner.is_symlink():
                yield from _file(inner, f"{path.name} {inner.relative_to(path)}")
    elif path.is_file():
        yield from _file(path, path.name)
    else:
        raise UsageError(
            "QCP-LNK-ESCO-FILES", "The file does not exist.", where=str(path),
            remedy="Check the path.",
        )  # fmt: skip


def _file(path: Path, label: str) -> Iterator[EscoFile]:
    version = _version(label)
    if path.suffix.lower() == ".zip":
        yield from _zip(path, version)
        return
    found = csv_files.recognised(path.name)
    if found or path.name.lower().endswith(_RDF):
        yield EscoFile(path.name, path, "", version, found[1] if found else "")


def _zip(path: Path, version: str) -> Iterator[EscoFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
    except _DAMAGE as error:
        raise _damaged(path, error) from error
    total = sum(member.file_size for member in members)
    if total > MAX_BYTES or total > MAX_RATIO * max(path.stat().st_size, 100_000):
        raise DataError(
            "QCP-LNK-ESCO-BOMB",
            "The archive would unpack to far more than a release of ESCO holds.",
            where=str(path),
            remedy="Download it again from the ESCO portal.",
        )
    for member in members:
        found = csv_files.recognised(member.filename)
        if found or member.filename.lower().endswith((".ttl", ".nt", ".rdf")):
            inner = version or _version(member.filename)
            yield EscoFile(
                f"{path.name}: {member.filename}", path, member.filename, inner,
                found[1] if found else "",
            )  # fmt: skip


def _version(name: str) -> str:
    match = _VERSION.search(name.replace("_", " ")) or re.search(r"v(\d+\.\d+(?:\.\d+)*)", name)
    return _three(match.group(1)) if match else ""


def _three(version: str) -> str:
    """Write a version with three numbers, as ESCO does since 1.0.3.

    >>> _three("1.0"), _three("1.1.1")
    ('1.0.0', '1.1.1')
    """
    parts = version.split(".")
    return ".".join([*parts, *["0"] * (3 - len(parts))])


def _damaged(path: Path, error: Exception) -> DataError:
    return DataError(
        "QCP-LNK-ESCO-ARCHIVE",
        f"The archive is damaged: {str(error)[:200]}",
        where=str(path),
        remedy="Download it again from the ESCO portal.",
    )
