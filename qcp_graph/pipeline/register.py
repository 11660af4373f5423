"""One register on its way into a release: every record read, judged, and handed on."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from qcp_graph import mapping, validation
from qcp_graph.errors import DataError, InternalError
from qcp_graph.model.issue import Issue
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.model.record import MappedRecord, SourceRecord
from qcp_graph.model.release import Counts
from qcp_graph.model.snapshot import Snapshot
from qcp_graph.model.source import Source
from qcp_graph.pipeline import job, pool, reading
from qcp_graph.pipeline.bulk import bulk
from qcp_graph.pipeline.clock import Stages, now
from qcp_graph.pipeline.context import Context
from qcp_graph.pipeline.progress import Step
from qcp_graph.pipeline.record import RecordWorker
from qcp_graph.pipeline.report import RegisterReport, Tally
from qcp_graph.pipeline.rows import NO_KEY, Failed, Made, RowMaker, Task
from qcp_graph.pipeline.sinks import Earlier, Sink
from qcp_graph.pipeline.withdrawal import withdrawn
from qcp_graph.pipeline.worker import Recipe

Crew: TypeAlias = Callable[[Recipe, RowMaker, Iterator[pool.Work]], Iterator[Made]]


@dataclass
class RegisterRun:
    """Reads a snapshot once and makes one row per record.

    ``old`` is the register's ledger in the live release; ``same_rules`` says that mapping, shapes
    and vocabularies are those of that release, so a record with the same digest needs no work.
    ``jobs`` is the number of processes; ``lines`` is given the N-Quads of every row; ``whole`` says
    that every record is mapped, so that words of code lists which none has can be told. ``crew``
    makes the rows by other means than processes of this machine.
    """

    context: Context
    source: Source
    plan: mapping.Plan
    snapshot: Snapshot
    sink: Sink
    scratch: Path
    old: Earlier | None = None
    same_rules: bool = False
    jobs: int = 1
    lines: Callable[[bytes], object] | None = None
    whole: bool = False
    crew: Crew | None = None
    stages: Stages = field(default_factory=Stages)
    tally: Tally = field(default_factory=Tally)
    notes: list[Issue] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)
    _given: int = 0
    _maker: RowMaker = field(init=False, repr=False)

    def run(self, step: Step) -> RegisterReport:
        """Process every record, then the withdrawn ones.

        :raises DataError: when the file as a whole cannot be read.
        """
        self.stages.settle()
        self.context.shapes.taken()  # those of the register before
        with bulk(), closing(self._made(step)) as found:
            for made in found:
                self._add(made)
        self._withdrawn()
        self.notes.extend(self.plan.audit())
        linker = self._maker.worker.linker
        self.notes.extend(replace(note, source=self.source.id) for note in linker.notes)
        if self.whole:
            self.notes.extend(self.plan.unused_words())
        return self._checked(self._report())

    def _made(self, step: Step) -> Generator[Made]:
        """Yield the rows of all records in their order, made here or in several processes."""
        limit = self.context.settings.record_max_bytes
        worker = RecordWorker(self.context, self.source, self.plan, self.stages)
        self._maker = maker = RowMaker(worker, self.snapshot.sha256)
        with (
            reading.tables(self.plan, self.snapshot, self.scratch, limit, self.notes) as tables,
            closing(self._items(limit)) as items,
        ):
            work = self._work(tables, items, step)
            if self.crew is not None:
                yield from self.crew(self._recipe(), maker, work)
                return
            if (jobs := pool.cores(self.jobs)) == 1:
                yield from (self._alone(maker, item) for item in work)
                return
            worker.linker.build(self.source.languages)
            with pool.Pool(self._recipe(), maker, jobs) as processes:
                yield from processes.rows(work)

    def _alone(self, maker: RowMaker, item: pool.Work) -> Made:
        if isinstance(item, Made):
            return item
        row = maker.make(item)
        return Made(row, lines=maker.lines(row) if self.lines else b"")

    def _recipe(self) -> Recipe:
        context = self.context
        return Recipe(
            context.settings, self.source, context.profiles,
            job.rules_of(context, self.plan, self.source), self.snapshot.sha256,
            "lines" if self.lines else "rows", context.language, context.quality,
        )  # fmt: skip

    def _items(self, limit: int) -> Generator[tuple[str, SourceRecord | Issue]]:
        yield from reading.records(self.plan, self.snapshot, limit)  # its files close with this

    def _work(
        self, tables: mapping.Tables, items: Iterator[tuple[str, SourceRecord | Issue]], step: Step
    ) -> Iterator[pool.Work]:
        """Yield what there is to do for each record, or its row where nothing is."""
        while True:
            start = now()
            found = next(items, None)
            start = self.stages.since(start, "read")
            if found is None:
                return
            step.update(1)
            work = self._prepared(tables, *found)
            self.stages.since(start, "prepare")
            if work is not None:
                self._given += 1
                yield work

    def _prepared(
        self, tables: mapping.Tables, name: str, item: SourceRecord | Issue
    ) -> pool.Work | None:
        if isinstance(item, Issue):
            if item.severity == "violation":
                return self._reject(item.record, item.locator, [item])
            self.notes.append(item)
            return None
        # Without an old row to compare, the digest is left to whichever process makes the row.
        prepared = self.plan.prepare(item, name, tables, digest=self.old is not None)
        if isinstance(prepared, MappedRecord):
            return self._reject(prepared.key, str(prepared.locator), prepared.issues)
        old = self.old.get(prepared.key) if self.old else None
        same = old is not None and old.digest == prepared.digest
        if old is not None and same and self.same_rules and old.status in _LIVING:
            return Made(old, unchanged=True)
        return Task(name, prepared, old)

    def _reject(self, key: str, locator: str, issues: Sequence[Issue]) -> Made:
        old = self.old.get(key) if self.old and key else None
        failed = Failed("rejected", key, "", locator, issues)
        return Made(self._maker.held(failed, b"", old))

    def _add(self, made: Made) -> None:
        row = made.row
        start = now()
        first = self.sink.add(row)
        if first:
            self._duplicate(row, first)
            return
        if self.lines is not None and made.lines:
            self.lines(made.lines)
        self._count("read", row.status, *(["unchanged"] if made.unchanged else []))
        self.tally.add(row.issues)
        self.stages.since(start, "ledger")

    def _duplicate(self, row: LedgerRow, first: str) -> None:
        issue = Issue(
            code="QCP-MAP-DUPLICATE",
            severity="violation",
            message="Another record of this delivery has the same key; the first one counts.",
            source=self.source.id,
            record=row.key,
            locator=row.locator,
            value=row.key,
            rule=f"first seen at {first}",
            remedy="Ask the data owner which one is right, or choose a key that tells them apart.",
        )
        again = LedgerRow(
            key=f"{NO_KEY}{row.locator}",
            digest=b"",
            status="rejected",
            iri="",
            locator=row.locator,
            snapshot=self.snapshot.sha256,
            issues=[issue],
            public=False,
        )
        number = 1
        while self.sink.add(again):  # two problems at one place: both are kept
            number += 1
            again = replace(again, key=f"{NO_KEY}{row.locator} ({number})")
        self._count("read", "rejected")
        self.tally.add([issue])

    def _withdrawn(self) -> None:
        """Turn what was public and is no longer delivered into tombstones."""
        if self.old is None:
            return
        for row in self.old.rows():
            if not row.public or row.key in self.sink:
                continue
            gone = withdrawn(
                row, self.source.id, self.source.country, self.context.iris, self.snapshot.sha256
            )
            self.sink.add(gone)
            self._count("withdrawn")

    def _count(self, *names: str) -> None:
        for name in names:
            self._counts[name] = self._counts.get(name, 0) + 1

    def _report(self) -> RegisterReport:
        self.stages.settle()
        return RegisterReport(
            source_id=self.source.id,
            counts=Counts(**self._counts),
            reasons=tuple(self.tally.reasons()),
            notes=tuple(self.notes),
            seconds=dict(self.stages.seconds),
            silent=self._silent(),
        )

    def _silent(self) -> tuple[Issue, ...]:
        """Return the shapes without a node to judge; nothing where no record was judged."""
        if self._counts.get("read", 0) == self._counts.get("unchanged", 0):
            return ()
        return tuple(validation.untested(self.context.shapes, self.context.language))

    def _checked(self, report: RegisterReport) -> RegisterReport:
        if not report.counts.balanced() or report.counts.read != self._given:
            raise InternalError(
                "QCP-SYS-COUNT",
                f"{self._given} records were read, but the fate of {report.counts.read} is known.",
                where=f"{self.source.id}: {self.snapshot.origin}",
                remedy="Nothing was changed. Please report this with the delivery.",
            )
        if report.counts.read == 0:
            raise DataError(
                "QCP-SRC-EMPTY",
                "No record was found in the delivery.",
                where=f"{self.source.id}: {self.snapshot.origin}",
                remedy="Check that the file is the right one and that `iterator` fits it.",
            )
        return report


_LIVING = {"published", "quarantined", "rejected"}
