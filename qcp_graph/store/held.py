"""Releases that wait for a second person: made, complete, and not to go live unapproved.

A release that is held has a marker beside its folder. Who approved which is kept in
``approvals.csv`` there; nothing removes a line of it.
"""

import csv
import io
import os
from pathlib import Path
from typing import Final

from qcp_graph.errors import UsageError
from qcp_graph.model.release import Manifest
from qcp_graph.store import files

APPROVALS: Final = "approvals.csv"
_LONGEST: Final = 200


def mark(releases: Path, release_id: str) -> None:
    """Say of a release that it waits."""
    files.replace_text(_marker(releases, release_id), "")


def waits(releases: Path, release_id: str) -> bool:
    """Tell whether a release waits for approval."""
    return _marker(releases, release_id).is_file()


def forget(releases: Path, release_id: str) -> None:
    """Remove the marker of a release that is live now, or gone."""
    _marker(releases, release_id).unlink(missing_ok=True)


def check(releases: Path, manifest: Manifest, live: str | None, by: str) -> None:
    """Make sure that a release that waits may go live.

    :raises UsageError: when nobody approves it, or another one went live since it was made: what
        that one published would be lost.
    """
    if not waits(releases, manifest.id):
        return
    if not by.strip() or len(by) > _LONGEST:
        raise UsageError(
            "QCP-REL-HELD",
            f"The release {manifest.id} waits for approval.",
            where=str(releases),
            remedy=f"Who approves it says so: qcp release publish {manifest.id} --by NAME.",
        )
    if (manifest.previous or None) != live:
        raise UsageError(
            "QCP-REL-OUTDATED",
            f"The release {manifest.id} follows {manifest.previous or 'none'}, but {live} is live.",
            where=str(releases),
            remedy="Build it again (qcp build --hold), so that it holds what went live since.",
        )


def approve(releases: Path, release_id: str, by: str, moment: str) -> None:
    """Note who approved a release that waits, before it goes live."""
    path = releases / APPROVALS
    line = io.StringIO()
    writer = csv.writer(line)
    if not path.is_file():
        writer.writerow(["release", "by", "moment"])
    writer.writerow([release_id, " ".join(by.split()), moment])
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(line.getvalue())
        file.flush()
        os.fsync(file.fileno())


def _marker(releases: Path, release_id: str) -> Path:
    return releases / f"{release_id}.held"
