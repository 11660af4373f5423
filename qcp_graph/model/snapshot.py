"""An immutable copy of what a source delivered."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """One file of a snapshot; ``name`` uses ``/`` and never leaves the snapshot's folder."""

    name: str
    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All files of one delivery.

    ``sha256`` covers names and contents of all files (so equal deliveries are equal snapshots);
    ``retrieved`` is UTC; ``origin`` the address or path; the rest HTTP validators.
    """

    source_id: str
    sha256: str
    retrieved: datetime
    origin: str
    files: tuple[SnapshotFile, ...]
    etag: str = ""
    last_modified: str = ""

    @property
    def short(self) -> str:
        """The first sixteen digits: enough to name it."""
        return self.sha256[:16]
