"""Files and folders of this machine."""

import os
from collections.abc import Iterator
from pathlib import Path

from qcp_graph.errors import DataError, UsageError
from qcp_graph.fetch import archive
from qcp_graph.fetch.building import Building
from qcp_graph.transfer.problems import explained


def collect(path: Path, building: Building) -> None:
    """Copy a file, an unpacked archive or a whole folder into a snapshot under construction.

    Archives in a folder are unpacked, too: a register may come as several zips, or as a zip and
    the tables it is joined with.

    Copies, never links: a user's file may be changed in place later.

    :raises UsageError: when there is nothing at the path.
    :raises DataError: for a link that leaves the folder, and for what is neither file nor folder.
    """
    with explained(path):
        if not path.exists():
            raise UsageError(
                "QCP-SRC-MISSING",
                "There is no such file or folder.",
                where=str(path),
                remedy="Check the path; it is relative to the current folder.",
            )
        if not path.is_dir():
            _file(path, path.name, building, beside=False)
            return
        root = path.resolve()
        for found in _walk(root):
            _file(found, found.relative_to(root).as_posix(), building, beside=True)


def _walk(root: Path) -> Iterator[Path]:
    folders = [root]
    while folders:
        for entry in sorted(folders.pop().iterdir()):
            if entry.is_symlink():
                target = entry.resolve()
                if not target.is_relative_to(root):
                    raise DataError(
                        "QCP-SRC-LINK",
                        "The folder holds a link that leads out of it.",
                        where=str(entry),
                        remedy="Replace the link by a copy of what it names.",
                    )
                if target.is_dir():  # read under its own path
                    continue
            if entry.is_dir():
                if not entry.name.startswith("."):
                    folders.append(entry)
            else:
                yield entry


def _file(path: Path, name: str, building: Building, *, beside: bool) -> None:
    if not path.is_file():
        raise DataError(
            "QCP-SRC-MISSING",
            "This is neither a file nor a folder.",
            where=str(path),
            remedy="Give a regular file.",
        )
    if archive.unpack(path, name, building, beside=beside):
        return
    if accepted := building.accept(name):
        # A pipe put in the file's place meanwhile must not block us.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(handle, "rb") as stream:  # noqa: PTH123  # an open handle has no path
            building.add(accepted, stream.read)
