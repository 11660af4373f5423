"""Bring a register's delivery home as a snapshot, from a path or a web address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from qcp_graph.errors import UsageError
from qcp_graph.fetch import archive, databases, local, snapshots
from qcp_graph.fetch.building import Building, workshop
from qcp_graph.fetch.snapshots import Delivery
from qcp_graph.model.database import TableRequest
from qcp_graph.model.snapshot import Snapshot
from qcp_graph.transfer import addresses, remote
from qcp_graph.transfer.limits import Limits, Progress
from qcp_graph.transfer.problems import explained
from qcp_graph.transfer.remote import Validators


@dataclass(frozen=True, slots=True)
class Result:
    """What a fetch brought: the snapshot, whether it differs from the last one, and why."""

    snapshot: Snapshot
    changed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Job:
    source_id: str
    address: str
    origin: str
    folder: Path
    limits: Limits
    patterns: tuple[str, ...]
    now: datetime
    progress: Progress | None
    tables: tuple[TableRequest, ...] = ()


def fetch(
    source_id: str,
    address: str,
    folder: Path,
    limits: Limits,
    *,
    patterns: Sequence[str] = (),
    previous: Snapshot | None = None,
    now: datetime,
    progress: Progress | None = None,
    tables: Sequence[TableRequest] = (),
    said_origin: str = "",
) -> Result:
    """Return the snapshot of what ``address`` delivers now, stored under ``folder``.

    ``address`` is a file, a folder, a zip or gzip file, an http(s) address of one, or a database
    (``database:<name>``) of which ``tables`` says what is exported; ``patterns``
    choose files by name; ``previous`` lets a server answer that nothing changed; ``progress``
    hears of bytes. ``said_origin`` is named as origin where the file came from elsewhere.
    An interrupted fetch leaves nothing behind.

    :raises UsageError: for an address that cannot be one.
    :raises DataError: for a delivery that is empty, truncated, hostile or too large.
    :raises InternalError: for a full disk or a missing permission.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", source_id):
        raise UsageError("QCP-SRC-UNKNOWN", f"{source_id[:60]!r} cannot be a register's id.")
    web = addresses.is_web(address)
    database = databases.is_database(address)
    origin = address if database else str(Path(address).resolve())
    if web:
        origin = addresses.without_secrets(address)
    job = _Job(
        source_id,
        address,
        said_origin or origin,
        folder,
        limits,
        tuple(patterns),
        now,
        progress,
        tuple(tables),
    )
    with workshop(folder / source_id) as room:
        if database:
            return _exported(job, previous, room)
        return _remote(job, previous, room) if web else _local(job, previous, room)


def _exported(job: _Job, previous: Snapshot | None, room: Path) -> Result:
    building = Building(room / "new", job.origin, job.limits, job.patterns, job.progress)
    databases.collect(job.address, job.tables, building)
    return _finish(job, building, Validators(), previous)


def _local(job: _Job, previous: Snapshot | None, room: Path) -> Result:
    building = Building(room / "new", job.origin, job.limits, job.patterns, job.progress)
    local.collect(Path(job.address), building)
    return _finish(job, building, Validators(), previous)


def _remote(job: _Job, previous: Snapshot | None, room: Path) -> Result:
    known = _validators(job, previous)
    target = room / "download"
    loaded = remote.download(job.address, target, job.limits, known, job.progress)
    if loaded is None:
        assert previous is not None  # validators come from nothing else
        return Result(previous, changed=False, detail="not modified (HTTP 304)")
    building = Building(room / "new", job.origin, job.limits, job.patterns, None)
    with explained(target):
        if not archive.unpack(target, loaded.name, building) and (
            name := building.accept(loaded.name)
        ):
            with target.open("rb") as stream:
                building.add(name, stream.read)
    return _finish(job, building, loaded.validators, previous)


def _validators(job: _Job, previous: Snapshot | None) -> Validators:
    """Return what to ask the server with: nothing, unless the same files were asked for before."""
    last = snapshots.last_delivery(job.folder, job.source_id)
    if previous is None or last is None or last.sha256 != previous.sha256:
        return Validators()
    if (last.origin, last.patterns) != (job.origin, job.patterns):
        return Validators()
    return Validators(last.etag, last.last_modified)


def _finish(
    job: _Job, building: Building, validators: Validators, previous: Snapshot | None
) -> Result:
    files = building.files()
    sha256 = snapshots.digest(files)
    etag, modified = validators.etag, validators.last_modified
    moment = job.now.astimezone(UTC)
    snapshot = Snapshot(job.source_id, sha256, moment, job.origin, files, etag, modified)
    delivery = Delivery(sha256, job.origin, etag, modified, job.patterns)
    stored, new = snapshots.store(building.folder, job.folder / job.source_id, snapshot, delivery)
    changed = new if previous is None else previous.sha256 != stored.sha256
    size = sum(file.size for file in files)
    return Result(stored, changed, f"{len(files)} files, {size:,} bytes" if changed else "equal")
