"""Where the live release lies on disk: the only module of the server that knows the layout.

See ``docs/architecture.md``, "Runtime state", and ``docs/releases.md``.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

import pyoxigraph as ox

from qcp_graph.errors import DataError, InternalError
from qcp_graph.store import held
from qcp_graph.store.remote import RemoteStore
from qcp_graph.store.remote_graph import RemoteGraph

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]*\Z")
Signature = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """A release on disk and when it became the live one."""

    id: str
    folder: Path
    published: datetime

    @property
    def store(self) -> Path:
        """The Oxigraph directory."""
        return self.folder / "store"


def signature(home: Path) -> Signature | None:
    """Return what changes when another release is published, None without a live release."""
    try:
        stat = _pointer(home).stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def current(home: Path) -> Place | None:
    """Return the live release, None before the first ``qcp build``.

    :raises DataError: when the pointer names something that is not a release.
    """
    pointer = _pointer(home)
    try:
        name = pointer.read_text(encoding="utf-8").strip()
        published = _modified(pointer)
    except FileNotFoundError:
        return None
    if not _ID.match(name):
        raise DataError(
            "QCP-WEB-RELEASE",
            "The pointer to the live release does not hold a release id.",
            where=str(pointer),
            remedy="Run qcp release list, then qcp release publish <id>.",
        )
    return Place(name, home / "releases" / name, published)


def kept(home: Path) -> Mapping[str, Place]:
    """Return the releases that are kept, newest first; each counts from when it was made.

    Those that wait for approval are not public.
    """
    names = sorted((one.name for one in (home / "releases").glob("*")), reverse=True)
    places = (home / "releases" / name for name in names if _ID.match(name))
    return {
        path.name: Place(path.name, path, _modified(path / "manifest.json"))
        for path in places
        if (path / "manifest.json").is_file() and not held.waits(path.parent, path.name)
    }


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0)


def open_store(place: Place, elsewhere: RemoteStore | None = None) -> ox.Store:
    """Open the store of a release for reading; ``elsewhere`` stands in for it where it is given.

    :raises InternalError: when it cannot be opened, or was not written elsewhere.
    """
    if elsewhere is not None:
        if not elsewhere.has(place.id):
            raise InternalError(
                "QCP-REL-REMOTE",
                f"The release {place.id} is not in the store that the settings name.",
                where=elsewhere.client.place.query,
                remedy=f"Write it there: qcp release publish {place.id}",
            )
        return cast(ox.Store, RemoteGraph(elsewhere, place.id))
    try:
        return ox.Store.read_only(str(place.store))
    except (OSError, ValueError) as error:
        raise _unreadable(place, error) from error


def manifest(place: Place) -> Mapping[str, object]:
    """Return the content of the release's manifest.

    :raises InternalError: when it is missing or damaged.
    """
    try:
        content = json.loads((place.folder / "manifest.json").read_bytes())
        if not isinstance(content, dict):
            raise TypeError("the manifest is not a JSON object")
    except (OSError, ValueError, TypeError) as error:
        raise _unreadable(place, error) from error
    return content


def _pointer(home: Path) -> Path:
    return home / "releases" / "CURRENT"


def _unreadable(place: Place, error: Exception) -> InternalError:
    return InternalError(
        "QCP-WEB-RELEASE",
        f"The live release {place.id} cannot be opened ({type(error).__name__}).",
        where=str(place.folder),
        remedy="Run qcp doctor, or qcp release rollback to return to the release before it.",
    )
