"""What reader tests need: a file of a snapshot from bytes, and a reader run to its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from qcp_graph import readers
from qcp_graph.errors import QcpError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, SourceRecord
from qcp_graph.model.snapshot import SnapshotFile

LIMIT = 1024 * 1024


@dataclass
class Outcome:
    """What a reader gave: records, issues and the error that ended it."""

    records: list[SourceRecord] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    error: QcpError | None = None

    @property
    def data(self) -> list[Mapping[str, JsonValue]]:
        return [record.data for record in self.records]

    @property
    def places(self) -> list[str]:
        return [str(record.locator) for record in self.records]

    @property
    def codes(self) -> list[str]:
        return [issue.code for issue in self.issues]

    @property
    def failed(self) -> str:
        return self.error.code if self.error else ""


Make = Callable[..., SnapshotFile]
Run = Callable[..., Outcome]


def snapshot_file(path: Path) -> SnapshotFile:
    return SnapshotFile(path.name, path, path.stat().st_size, "")


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write bytes or text into a file and describe it as part of a snapshot."""

    def write(content: bytes | str, name: str = "in.dat") -> SnapshotFile:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return snapshot_file(path)

    return write


@pytest.fixture
def run() -> Run:
    """Read a file to its end, or to the error that ends it."""

    def read(
        file: SnapshotFile, form: str, iterator: str = "", limit: int = LIMIT, **options: object
    ) -> Outcome:
        found = Outcome()
        spec = readers.ReaderSpec(form, iterator, options)
        try:
            for item in readers.read(spec, file, max_record_bytes=limit):
                (found.issues if isinstance(item, Issue) else found.records).append(item)  # type: ignore[arg-type]
        except QcpError as error:
            found.error = error
        return found

    return read
