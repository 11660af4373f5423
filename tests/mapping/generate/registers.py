"""The records of every register at hand: golden inputs, and the specimens themselves."""

import tempfile
from functools import cache
from pathlib import Path

from qcp_graph import sources
from qcp_graph.mapping import Plan
from qcp_graph.model.record import PreparedRecord, SourceRecord
from qcp_graph.pipeline import context, job, reading
from qcp_graph.pipeline.progress import Silent
from qcp_graph.settings import Settings

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
LIMIT = 2**25
MOST = 60  # records of a specimen


def named() -> list[str]:
    """Return the registers whose records are at hand."""
    return [s.id for s in sources.scan(None).values() if s.specimen or _given(s.id)]


def _given(source_id: str) -> str | None:
    folder = GOLDEN / source_id / "input"
    return str(folder) if folder.is_dir() else None


@cache
def register(source_id: str) -> tuple[Plan, tuple[tuple[str, PreparedRecord], ...]]:
    """Return the mapping of a register, and its records with the name of their input."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(home=Path(scratch))
        shared = context.load(settings)
        given = _given(source_id)
        order = job.Order((source_id,), inputs={source_id: given} if given else {})
        (one,) = job.prepare(shared, [sources.get(source_id, None)], order, Silent())
        found: list[tuple[str, PreparedRecord]] = []
        with reading.tables(one.plan, one.snapshot, Path(scratch), LIMIT, []) as tables:
            for name, item in reading.records(one.plan, one.snapshot, LIMIT):
                if isinstance(item, SourceRecord):
                    prepared = one.plan.prepare(item, name, tables)
                    if isinstance(prepared, PreparedRecord):
                        found.append((name, prepared))
                if len(found) == MOST:
                    break
    return one.plan, tuple(found)
