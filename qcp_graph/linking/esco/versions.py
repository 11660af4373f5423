"""The versions of ESCO that were imported into a home folder."""

import re
from pathlib import Path
from typing import Final

from qcp_graph.errors import UsageError
from qcp_graph.linking.esco.catalogue import Catalogue

FOLDER: Final = "esco"
_VERSION: Final = re.compile(r"\d+(?:\.\d+){1,3}\Z")


def versions(home: Path) -> list[str]:
    """Return the imported versions, the newest last."""
    found = [path.stem for path in (home / FOLDER).glob("*.sqlite") if _VERSION.match(path.stem)]
    return sorted(found, key=number)


def number(version: str) -> tuple[int, ...]:
    """Return a version as numbers, for sorting.

    >>> number("1.10.0") > number("1.9.2")
    True
    """
    return tuple(int(part) for part in version.split("."))


def check(version: str) -> str:
    """Return a version as it is written in file names.

    >>> check("v1.1")
    '1.1.0'

    :raises UsageError: when it is none (it becomes part of a file name).
    """
    plain = version.strip().removeprefix("v")
    if not _VERSION.match(plain) or len(plain) > 20:
        raise UsageError(
            "QCP-LNK-ESCO-VERSION", f"{version[:40]!r} is no version of ESCO.", where="--version",
            remedy="Write it with three numbers, such as 1.1.1.",
        )  # fmt: skip
    parts = plain.split(".")
    return ".".join([*parts, *["0"] * (3 - len(parts))])


def open_version(home: Path, version: str = "") -> Catalogue:
    """Open an imported version, the newest one without ``version``.

    :raises UsageError: naming the versions there are.
    :raises DataError: when its file is unusable.
    """
    known = versions(home)
    wanted = check(version) if version else (known[-1] if known else "")
    if wanted not in known or not wanted:
        raise UsageError(
            "QCP-LNK-ESCO-UNKNOWN",
            f"ESCO {wanted} is not imported." if wanted else "No version of ESCO is imported.",
            where=str(home / FOLDER),
            remedy=f"Imported are: {', '.join(known)}."
            if known
            else "Download the archives of a "
            "version from the ESCO portal and give them to `qcp esco import`.",
        )
    return Catalogue(home / FOLDER / f"{wanted}.sqlite")
