"""From a snapshot to records: which file feeds which input, and the side tables of joins."""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from qcp_graph import mapping, readers
from qcp_graph.errors import DataError
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import SourceRecord
from qcp_graph.model.snapshot import Snapshot, SnapshotFile


def records(
    plan: mapping.Plan, snapshot: Snapshot, max_record_bytes: int
) -> Iterator[tuple[str, SourceRecord | Issue]]:
    """Yield (input name, record or problem) of every file that feeds an input, in file order.

    :raises DataError: when no file of the snapshot feeds an input.
    """
    for source in plan.inputs:
        for file in _matching(snapshot, source.pattern):
            for item in readers.read(source, file, max_record_bytes=max_record_bytes):
                yield source.name, item


def tables(
    plan: mapping.Plan,
    snapshot: Snapshot,
    folder: Path,
    max_record_bytes: int,
    notes: list[Issue],
) -> mapping.Tables:
    """Return the side tables of a plan, spilled into ``folder``; close them after use.

    Rows that cannot be read, and remarks of the readers, are added to ``notes``.
    """
    filled = mapping.Tables(plan, folder)
    for table in plan.side_tables:
        for file in _matching(snapshot, table.pattern):
            rows = readers.read(table, file, max_record_bytes=max_record_bytes)
            filled.fill(table.name, _records(rows, notes))
    return filled


def _records(rows: Iterable[SourceRecord | Issue], notes: list[Issue]) -> Iterator[SourceRecord]:
    for row in rows:
        if isinstance(row, SourceRecord):
            yield row
        else:
            notes.append(row)


def _matching(snapshot: Snapshot, pattern: str) -> list[SnapshotFile]:
    found = [
        file
        for file in snapshot.files
        if fnmatch(file.name, pattern) or fnmatch(Path(file.name).name, pattern)
    ]
    if not found and len(snapshot.files) == 1 and "*" not in pattern:
        return list(snapshot.files)  # a file the user named replaces the one the mapping names
    if not found:
        names = ", ".join(file.name for file in snapshot.files[:5])
        raise DataError(
            "QCP-SRC-NOFILE",
            f"No file of the snapshot matches {pattern!r}; it holds {names}.",
            where=snapshot.origin,
            remedy="Give the files under the names the mapping expects, or adapt `access`.",
        )
    return found
