"""The official files that ``qcp ontology fetch`` downloads: ``ontology/vendor.lock.toml``."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Final

from qcp_graph.errors import UsageError

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class VendorEntry:
    """One official file: where it lies, which version, under which licence, with which checksum.

    ``file`` is the name it is stored under; ``accept`` the media type to ask for where an address
    serves several. Either ``sha256`` is given or ``unpinned`` says why it cannot be.
    """

    id: str
    title: str
    url: str
    file: str
    version: str
    licence: str
    licence_url: str = ""
    sha256: str = ""
    unpinned: str = ""
    accept: str = ""


def read(path: Path) -> tuple[VendorEntry, ...]:
    """Return the entries of a lock file in the order of the file.

    :raises UsageError: naming the entry and what is wrong with it.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _bad(path, f"The list of official files cannot be read: {error}") from error
    entries = content.get("entry")
    if not isinstance(entries, list) or set(content) != {"entry"}:
        raise _bad(path, "The list of official files must consist of [[entry]] tables.")
    result = tuple(_entry(path, number, raw) for number, raw in enumerate(entries, 1))
    for attribute in ("id", "file"):
        values = [getattr(entry, attribute) for entry in result]
        for value in values:
            if values.count(value) > 1:
                raise _bad(path, f"Two entries have the {attribute} {value!r}.")
    return result


def select(entries: tuple[VendorEntry, ...], ids: tuple[str, ...]) -> tuple[VendorEntry, ...]:
    """Return the named entries, or all when none is named.

    :raises UsageError: for a name that is not in the list.
    """
    known = {entry.id: entry for entry in entries}
    for name in ids:
        if name not in known:
            raise UsageError(
                "QCP-VOC-UNKNOWN",
                f"There is no official file {name!r}.",
                remedy="Known are: " + ", ".join(sorted(known)) + ".",
            )
    return tuple(known[name] for name in ids) if ids else entries


def _entry(path: Path, number: int, raw: object) -> VendorEntry:
    if not isinstance(raw, Mapping) or not all(isinstance(v, str) for v in raw.values()):
        raise _bad(path, f"Entry {number}: every value must be a text.")
    names = {field.name for field in fields(VendorEntry)}
    required = {field.name for field in fields(VendorEntry) if field.default is MISSING}
    if unknown := sorted(set(raw) - names):
        raise _bad(path, f"Entry {number}: unknown key {unknown[0]!r}.")
    if missing := sorted(name for name in required if not raw.get(name)):
        raise _bad(path, f"Entry {number}: {missing[0]!r} is missing.")
    entry = VendorEntry(**raw)
    if not _NAME.match(entry.file):
        raise _bad(path, f"Entry {entry.id}: {entry.file!r} is not a plain file name.")
    if bool(entry.sha256) == bool(entry.unpinned):
        raise _bad(path, f"Entry {entry.id}: give sha256, or say in 'unpinned' why there is none.")
    if entry.sha256 and not _DIGEST.match(entry.sha256):
        raise _bad(path, f"Entry {entry.id}: sha256 must be 64 digits 0-9a-f.")
    return entry


def _bad(path: Path, message: str) -> UsageError:
    return UsageError(
        "QCP-VOC-LOCK", message, where=str(path), remedy="Correct the file; see docs/ontology.md."
    )
