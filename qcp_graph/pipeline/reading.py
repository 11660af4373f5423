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
        files = _matching(snapshot, source.pattern)
        for item in readers.read_together(source, files, max_record_bytes=max_record_bytes):
            yield source.name, item


def tables(
    plan: mapping.Plan,
    snapshot: Snapshot,
    folder: Path,
    max_record_bytes: int,
    notes: list[Issue],
) -> mapping.Tables:
    """Return the side tables of a plan, spilled into ``folder``; close them after use.

    Rows that cannot be read, remarks of the readers, and optional tables that the delivery lacks
    are added to ``notes``.

    :raises DataError: when a table that is not optional is missing.
    """
    filled = mapping.Tables(plan, folder)
    for table in plan.side_tables:
        files = _named(snapshot, table.pattern)
        if not files:
            _missing(plan, table, snapshot, notes)
        for file in files:
            rows = readers.read(table, file, max_record_bytes=max_record_bytes)
            filled.fill(table.name, _records(rows, notes))
    return filled


def _records(rows: Iterable[SourceRecord | Issue], notes: list[Issue]) -> Iterator[SourceRecord]:
    for row in rows:
        if isinstance(row, SourceRecord):
            yield row
        else:
            notes.append(row)


def _missing(
    plan: mapping.Plan, table: mapping.SideTable, snapshot: Snapshot, notes: list[Issue]
) -> None:
    if not table.optional:
        raise _no_file(snapshot, table.pattern)
    notes.append(
        Issue(
            code="QCP-MAP-OPTIONAL",
            severity="info",
            message=f"The delivery lacks the optional side table {table.name!r}.",
            source=plan.source_id,
            field=f"join:{table.name}",
            rule=str(table.place),
            value=table.pattern,
            remedy="Put such a file beside the others when you want its values.",
        )
    )


def _named(snapshot: Snapshot, pattern: str) -> list[SnapshotFile]:
    return [
        file
        for file in snapshot.files
        if fnmatch(file.name, pattern) or fnmatch(Path(file.name).name, pattern)
    ]


def _matching(snapshot: Snapshot, pattern: str) -> list[SnapshotFile]:
    found = _named(snapshot, pattern)
    if not found and len(snapshot.files) == 1 and "*" not in pattern:
        return list(snapshot.files)  # a file the user named replaces the one the mapping names
    if not found:
        raise _no_file(snapshot, pattern)
    return found


def _no_file(snapshot: Snapshot, pattern: str) -> DataError:
    names = ", ".join(file.name for file in snapshot.files[:5])
    return DataError(
        "QCP-SRC-NOFILE",
        f"No file of the snapshot matches {pattern!r}; it holds {names}.",
        where=snapshot.origin,
        remedy="Give the files under the names the mapping expects, or adapt `access`.",
    )
