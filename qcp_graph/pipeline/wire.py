"""What crosses the pipe between processes: plain tuples, which pickle several times faster.

Measured on England's register (20,000 records, 60 fields; microseconds per record, to write and
read): records as objects 10 and 13, as plain tuples 3 and 4, as JSON text 15 and 9. Rows come back
packed as the ledger stores them, or as N-Quads text, so that the main process only writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any, Final, Literal, TypeAlias

from qcp_graph.model.issue import FIELDS
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.model.record import JsonValue, Locator, PreparedRecord, SourceRecord
from qcp_graph.pipeline.rows import Made, RowMaker, Task
from qcp_graph.store import Packed, PackedIssues, PlainIssues, pack, pack_issues

Form: TypeAlias = Literal["rows", "lines"]
Plain: TypeAlias = tuple[Any, ...]
_issue: Final = attrgetter(*FIELDS)
_NODE: Final = 16  # characters that a number, a name or a bracket counts


def task_out(task: Task) -> Plain:
    """Return a task as plain values; of the old row only what the work needs."""
    prepared, old = task.prepared, task.old
    record = prepared.record
    return (
        task.input_name, prepared.key, prepared.digest, record.data,
        record.locator.file, record.locator.path, prepared.joined,
        None if old is None else _row_out(replace(old, issues=()), packed=True),
    )  # fmt: skip


def task_in(plain: Plain) -> Task:
    """Return the task of :func:`task_out`."""
    name, key, digest, data, file, path, joined, old = plain
    record = SourceRecord(data, Locator(file, path))
    prepared = PreparedRecord(key, digest, record, joined)
    return Task(name, prepared, None if old is None else _row_in(old))


def made_out(maker: RowMaker, row: LedgerRow, form: Form) -> Plain:
    """Return a row as plain values: its quads packed, or as N-Quads text."""
    lines = maker.lines(row) if form == "lines" else b""
    return (*_row_out(row, packed=form == "rows"), lines)


def made_in(plain: Plain) -> Made:
    """Return what :func:`made_out` wrote."""
    return Made(_row_in(plain[:-1]), lines=plain[-1])


def _row_out(row: LedgerRow, *, packed: bool) -> Plain:
    return (
        row.key, row.digest, row.status, row.iri, row.locator, row.snapshot,
        pack(row.quads) if packed else b"", pack(row.shared) if packed else b"",
        pack_issues(row.issues) if packed else [_issue(issue) for issue in row.issues],
        row.public, row.judged,
    )  # fmt: skip


def _row_in(plain: Plain) -> LedgerRow:
    key, digest, status, iri, locator, snapshot, quads, shared, issues, public, judged = plain
    return LedgerRow(
        key, digest, status, iri, locator, snapshot, Packed(quads), Packed(shared),
        PackedIssues(issues) if isinstance(issues, bytes) else PlainIssues(issues),
        public, judged,
    )  # fmt: skip


def weight(value: JsonValue, limit: int) -> int:
    """Return about how many characters a value holds; it stops counting above ``limit``.

    >>> weight({"a": ["text", 1, None]}, 1000)
    85
    """
    if isinstance(value, dict):
        try:  # a flat record of texts, as tables have them
            return _NODE * (len(value) + 1) + len("".join(value.values()))
        except TypeError:
            pass
    total = 0
    waiting: list[JsonValue] = [value]
    while waiting and total <= limit:
        item = waiting.pop()
        total += _NODE
        if type(item) is str:
            total += len(item) - _NODE + 1
        elif isinstance(item, Mapping):
            total += _NODE * len(item)
            waiting.extend(item.values())
        elif isinstance(item, Sequence) and not isinstance(item, str):
            waiting.extend(item)
    return total
