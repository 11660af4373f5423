"""Names of files from outside: made safe or refused, never repaired behind one's back."""

import unicodedata
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from qcp_graph.errors import DataError

_MAX_PART = 200  # bytes; file systems end at 255, and ours adds nothing
_MAX_NAME = 1000


def safe(name: str, where: str) -> str:
    """Return a name inside a delivery in one spelling (``/``, Unicode NFC).

    >>> safe("a/Blocs_De_Compe\\u0301tences.csv", "x.zip")
    'a/Blocs_De_Compétences.csv'

    :raises DataError: when it could leave the snapshot's folder or cannot be a file's name.
    """
    name = unicodedata.normalize("NFC", name)
    parts = name.split("/")
    if "\\" in name or name.startswith("/") or (len(parts[0]) == 2 and parts[0][1] == ":"):
        raise _unsafe(name, where, "it is an absolute or foreign path")
    if any(part in {"", ".", ".."} for part in parts):
        raise _unsafe(name, where, "it leaves its folder")
    if any(
        ord(char) < 32 or 127 <= ord(char) < 160 or "\ud800" <= char <= "\udfff" for char in name
    ):
        raise _unsafe(name, where, "it holds control characters or bytes that are no letters")
    encoded = [len(part.encode()) for part in parts]
    if max(encoded) > _MAX_PART or sum(encoded) > _MAX_NAME:
        raise _unsafe(name[:100], where, "it is too long")
    return name


def hidden(name: str) -> bool:
    """Tell what systems leave behind (``.DS_Store``, ``__MACOSX/``) from delivered files."""
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") for part in parts) or "__MACOSX" in parts


def wanted(name: str, patterns: Sequence[str]) -> bool:
    """Tell whether a name, or its last part, matches one of the patterns; all do without any.

    >>> wanted("a/b.xml", ["*.xml"]), wanted("a/b.xml", ["*.csv"]), wanted("a", [])
    (True, False, True)
    """
    last = name.rpartition("/")[2]
    return not patterns or any(fnmatchcase(name, p) or fnmatchcase(last, p) for p in patterns)


def _unsafe(name: str, where: str, reason: str) -> DataError:
    return DataError(
        "QCP-SRC-NAME",
        f"The delivery holds a file whose name cannot be accepted: {reason}.",
        where=f"{where}: {name[:200]!r}",
        remedy="This can be an attack. Look at the archive with an expert, or unpack it by hand.",
    )
