"""Snapshots on disk: ``<folder>/<source>/<sha16>/snapshot.json`` and ``files/``, never changed.

Beside them ``<source>/latest.json`` names the one that was delivered last, with the validators
and patterns of that delivery: a register may return to an earlier state.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from qcp_graph.errors import DataError
from qcp_graph.model.snapshot import Snapshot, SnapshotFile
from qcp_graph.transfer import names
from qcp_graph.transfer.problems import explained

_DESCRIPTION: Final = "snapshot.json"
_LATEST: Final = "latest.json"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a snapshot arrived the last time; the first time is in the snapshot itself."""

    sha256: str
    origin: str
    etag: str = ""
    last_modified: str = ""
    patterns: tuple[str, ...] = ()


def digest(files: Iterable[SnapshotFile]) -> str:
    """Return the sha256 over names and contents: equal deliveries have the same."""
    total = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.name):
        total.update(f"{file.name}\0{file.sha256}\n".encode())
    return total.hexdigest()


def history(folder: Path, source_id: str) -> list[Snapshot]:
    """Return all snapshots of a register, oldest first.

    :raises DataError: when one is damaged.
    """
    paths = sorted((folder / source_id).glob(f"*/{_DESCRIPTION}"))
    visible = (path.parent for path in paths if not path.parent.name.startswith("."))
    return sorted(map(load_snapshot, visible), key=lambda s: (s.retrieved, s.sha256))


def latest(folder: Path, source_id: str) -> Snapshot | None:
    """Return the snapshot of the last delivery with its validators, ``None`` before the first.

    :raises DataError: when it is damaged.
    """
    delivery = last_delivery(folder, source_id)
    if delivery is None:
        found = history(folder, source_id)
        return found[-1] if found else None
    snapshot = load_snapshot(folder / source_id / delivery.sha256[:16])
    return _as_delivered(snapshot, delivery)


def last_delivery(folder: Path, source_id: str) -> Delivery | None:
    """Return how the latest snapshot arrived."""
    path = folder / source_id / _LATEST
    if not path.is_file():
        return None
    content = _read(path)
    try:
        patterns = tuple(str(pattern) for pattern in content["patterns"])
        return Delivery(
            sha256=str(content["sha256"]),
            origin=str(content["origin"]),
            etag=str(content["etag"]),
            last_modified=str(content["last_modified"]),
            patterns=patterns,
        )
    except (KeyError, TypeError) as error:
        raise _damaged(path, "an entry is missing") from error


def load_snapshot(path: Path) -> Snapshot:
    """Return the snapshot in a folder; every file is there with its size (contents are trusted).

    :raises DataError: when the description or a file is damaged or missing.
    """
    content = _read(path / _DESCRIPTION)
    try:
        files = tuple(_file(path, entry) for entry in content["files"])
        snapshot = Snapshot(
            source_id=str(content["source"]),
            sha256=str(content["sha256"]),
            retrieved=datetime.fromisoformat(content["retrieved"]),
            origin=str(content["origin"]),
            files=files,
            etag=str(content["etag"]),
            last_modified=str(content["last_modified"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path, f"its description is wrong ({error})") from error
    if snapshot.sha256 != digest(files) or snapshot.short != path.name:
        raise _damaged(path, "its description does not fit its name")
    return snapshot


def _file(path: Path, entry: dict[str, Any]) -> SnapshotFile:
    name = names.safe(str(entry["name"]), str(path))
    file = SnapshotFile(name, path / "files" / name, int(entry["size"]), str(entry["sha256"]))
    with explained(file.path):
        if not file.path.is_file():
            raise _damaged(path, f"the file {name!r} is missing")
        size = file.path.stat().st_size
    if size != file.size:
        raise _damaged(path, f"the file {name!r} has {size:,} bytes instead of {file.size:,}")
    return file


def store(
    built: Path, register: Path, snapshot: Snapshot, delivery: Delivery
) -> tuple[Snapshot, bool]:
    """Put a finished folder in its place; return the snapshot there and whether it is new.

    An equal snapshot stays as it is, with the date of its first retrieval.
    """
    home = register / snapshot.short
    new = not home.exists()
    if new:
        with explained(home):
            _write(built / _DESCRIPTION, _described(snapshot))
            _sync(built)
            new = _place(built, home)
            _sync(register)
    stored = load_snapshot(home)
    remember(register, delivery)
    return _as_delivered(stored, delivery), new


def _place(built: Path, home: Path) -> bool:
    try:
        built.rename(home)
    except OSError:
        if not home.exists():
            raise
        return False  # another run put the same snapshot there just now
    return True


def remember(register: Path, delivery: Delivery) -> None:
    """Note the last delivery of a register, atomically."""
    content = {
        "sha256": delivery.sha256,
        "origin": delivery.origin,
        "etag": delivery.etag,
        "last_modified": delivery.last_modified,
        "patterns": list(delivery.patterns),
    }
    draft = register / f".{_LATEST}.{os.getpid()}"
    with explained(draft):
        _write(draft, content)
        draft.replace(register / _LATEST)
        _sync(register)


def _as_delivered(snapshot: Snapshot, delivery: Delivery) -> Snapshot:
    return replace(
        snapshot,
        origin=delivery.origin,
        etag=delivery.etag,
        last_modified=delivery.last_modified,
    )


def _described(snapshot: Snapshot) -> dict[str, object]:
    files = [{"name": f.name, "size": f.size, "sha256": f.sha256} for f in snapshot.files]
    return {
        "source": snapshot.source_id,
        "sha256": snapshot.sha256,
        "retrieved": snapshot.retrieved.astimezone(UTC).isoformat(),
        "origin": snapshot.origin,
        "etag": snapshot.etag,
        "last_modified": snapshot.last_modified,
        "files": files,
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        with explained(path):
            content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _damaged(path, "it is no JSON") from error
    if not isinstance(content, dict):
        raise _damaged(path, "it holds no description")
    return content


def _write(path: Path, content: Mapping[str, object]) -> None:
    with path.open("w", encoding="utf-8") as out:
        json.dump(content, out, ensure_ascii=False, indent=1)
        out.flush()
        os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _damaged(path: Path, reason: str) -> DataError:
    return DataError(
        "QCP-SRC-SNAPSHOT",
        f"A snapshot is damaged: {reason}.",
        where=str(path),
        remedy="Delete this folder (or file) and fetch again; other snapshots are not touched.",
    )
