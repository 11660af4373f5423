"""Which field of a record became which statement, by which rule."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from qcp_graph import mapping, sources
from qcp_graph.errors import DataError
from qcp_graph.model.record import PreparedRecord, SourceRecord
from qcp_graph.pipeline import context, job, reading
from qcp_graph.pipeline.progress import Progress
from qcp_graph.settings import Settings


def explain(
    settings: Settings, source_id: str, given: str | None, key: str, progress: Progress
) -> Iterator[dict[str, str]]:
    """Yield field, value, rule and statement of every quad that a record gives.

    :raises DataError: when no record of the delivery has this key.
    """
    shared = context.load(settings)
    source = sources.get(source_id, settings.workspace)
    order = job.Order((source_id,), inputs={source_id: given} if given else {})
    (one,) = job.prepare(shared, [source], order, progress)
    limit = settings.record_max_bytes
    with (
        tempfile.TemporaryDirectory(prefix="qcp-") as scratch,
        reading.tables(one.plan, one.snapshot, Path(scratch), limit, []) as tables,
    ):
        for name, item in reading.records(one.plan, one.snapshot, limit):
            if not isinstance(item, SourceRecord):
                continue
            prepared = one.plan.prepare(item, name, tables)
            if prepared.key == key and isinstance(prepared, PreparedRecord):
                yield from (_row(step) for step in one.plan.explain(prepared, name))
                return
    raise DataError(
        "QCP-MAP-NORECORD",
        f"No record of the delivery has the key {key!r}, or it has no key at all.",
        where=one.snapshot.origin,
        remedy="The first column of qcp release issues and of qcp map --issues shows keys.",
    )


def _row(step: mapping.Explanation) -> dict[str, str]:
    return {
        "field": ", ".join(field for field, _ in step.fields),
        "value": ", ".join(value for _, value in step.fields),
        "rule": step.rule,
        "statement": " ".join(step.quad[:3]),
    }
