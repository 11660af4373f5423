"""One record of a delivery, found by its key: nothing before it is mapped."""

import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from qcp_graph import sources
from qcp_graph.errors import DataError
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.model.record import MappedRecord, PreparedRecord, SourceRecord
from qcp_graph.pipeline import context, job, reading
from qcp_graph.pipeline.progress import Progress
from qcp_graph.pipeline.record import RecordWorker
from qcp_graph.pipeline.rows import Failed, RowMaker, Task
from qcp_graph.settings import Settings


class Single(NamedTuple):
    """A record with what works on it; ``prepared`` is rejected where it is out of scope."""

    maker: RowMaker
    input_name: str
    prepared: PreparedRecord | MappedRecord

    def row(self) -> LedgerRow:
        """Return what becomes of the record."""
        one = self.prepared
        if isinstance(one, PreparedRecord):
            return self.maker.make(Task(self.input_name, one))
        failed = Failed("rejected", one.key, "", str(one.locator), one.issues)
        return self.maker.held(failed, b"", None)


@contextmanager
def found(
    settings: Settings, source_id: str, given: str | None, key: str, progress: Progress
) -> Iterator[Single]:
    """Yield the first record with a key; a file that is ``given`` leaves no trace.

    :raises DataError: when no record of the delivery has this key.
    """
    shared = context.load(settings)
    source = sources.get(source_id, settings.workspace)
    with tempfile.TemporaryDirectory(prefix="qcp-") as scratch:
        local = settings.model_copy(update={"home": Path(scratch)}) if given else settings
        order = job.Order((source_id,), inputs={source_id: given} if given else {})
        (one,) = job.prepare(replace(shared, settings=local), [source], order, progress)
        maker = RowMaker(RecordWorker(shared, source, one.plan), one.snapshot.sha256)
        with closing(_records(one, Path(scratch), settings.record_max_bytes)) as records:
            for name, prepared in records:
                if prepared.key == key:
                    yield Single(maker, name, prepared)
                    return
    raise DataError(
        "QCP-MAP-NORECORD",
        f"No record of the delivery has the key {key!r}, or it has no key at all.",
        where=one.snapshot.origin,
        remedy="The first column of qcp release issues and of qcp map --issues shows keys.",
    )


def _records(
    one: job.RegisterJob, scratch: Path, limit: int
) -> Generator[tuple[str, PreparedRecord | MappedRecord]]:
    with reading.tables(one.plan, one.snapshot, scratch, limit, []) as tables:
        for name, item in reading.records(one.plan, one.snapshot, limit):
            if isinstance(item, SourceRecord):
                yield name, one.plan.prepare(item, name, tables)
