"""One register on its way into a release: every record read, judged, and handed on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from qcp_graph import mapping
from qcp_graph.errors import DataError
from qcp_graph.model.issue import Issue
from qcp_graph.model.ledger import LedgerRow, Status
from qcp_graph.model.record import MappedRecord, PreparedRecord, SourceRecord
from qcp_graph.model.release import Counts
from qcp_graph.model.snapshot import Snapshot
from qcp_graph.model.source import Source
from qcp_graph.pipeline import reading, tombstone
from qcp_graph.pipeline.clock import Stages
from qcp_graph.pipeline.context import Context
from qcp_graph.pipeline.progress import Step
from qcp_graph.pipeline.provenance import Provenance
from qcp_graph.pipeline.record import Judged, RecordWorker
from qcp_graph.pipeline.report import RegisterReport, Tally
from qcp_graph.pipeline.sinks import Earlier, Sink
from qcp_graph.pipeline.withdrawal import withdrawn
from qcp_graph.terms import Quad


class _Failed(NamedTuple):
    """A record that may not be published, and why."""

    status: Status
    key: str
    iri: str
    locator: str
    issues: Sequence[Issue]


@dataclass
class RegisterRun:
    """Reads a snapshot once and makes one row per record.

    ``old`` is the register's ledger in the live release; ``same_rules`` says that mapping, shapes
    and vocabularies are those of that release, so a record with the same digest needs no work.
    """

    context: Context
    source: Source
    plan: mapping.Plan
    snapshot: Snapshot
    sink: Sink
    scratch: Path
    old: Earlier | None = None
    same_rules: bool = False
    stages: Stages = field(default_factory=Stages)
    tally: Tally = field(default_factory=Tally)
    notes: list[Issue] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)

    def run(self, step: Step) -> RegisterReport:
        """Process every record, then the withdrawn ones.

        :raises DataError: when the file as a whole cannot be read, or when fewer records would be
            published than the source declares as its minimum.
        """
        limit = self.context.settings.record_max_bytes
        worker = RecordWorker(self.context, self.source, self.plan, self.stages)
        tables = reading.tables(self.plan, self.snapshot, self.scratch, limit, self.notes)
        try:
            for name, item in self._timed(reading.records(self.plan, self.snapshot, limit)):
                self._one(worker, tables, name, item)
                step.update(1)
        finally:
            tables.close()
        self._withdrawn()
        self.notes.extend(self.plan.audit())
        return self._checked(self._report())

    def _timed(
        self, items: Iterator[tuple[str, SourceRecord | Issue]]
    ) -> Iterator[tuple[str, SourceRecord | Issue]]:
        while True:
            with self.stages.time("read"):
                item = next(items, None)
            if item is None:
                return
            yield item

    def _one(
        self, worker: RecordWorker, tables: mapping.Tables, name: str, item: SourceRecord | Issue
    ) -> None:
        if isinstance(item, Issue):
            if item.severity == "violation":
                self._reject(item.record, item.locator, [item])
            else:
                self.notes.append(item)
            return
        with self.stages.time("map"):
            prepared = self.plan.prepare(item, name, tables)
        if isinstance(prepared, MappedRecord):
            self._reject(prepared.key, str(prepared.locator), prepared.issues)
            return
        old = self.old.get(prepared.key) if self.old else None
        same = old is not None and old.digest == prepared.digest
        if old is not None and same and self.same_rules and old.status in _LIVING:
            self._add(old, unchanged=True)
            return
        seen = old if same else None
        self._judged(worker.work(prepared, name), prepared, old, seen)

    def _judged(
        self,
        judged: Judged,
        prepared: PreparedRecord,
        old: LedgerRow | None,
        seen: LedgerRow | None,
    ) -> None:
        """Turn a judged record into its row; ``seen`` is the row that had the same digest."""
        mapped = judged.mapped
        locator = seen.locator if seen else str(prepared.record.locator)
        snapshot = seen.snapshot if seen else self.snapshot.sha256
        if mapped.rejected or judged.blocked:
            status: Status = "rejected" if mapped.rejected else "quarantined"
            failed = _Failed(status, mapped.key, mapped.iri, locator, judged.issues)
            self._held(failed, prepared.digest, old)
            return
        with self.stages.time("provenance"):
            quads = self._public(judged, prepared, old, locator, snapshot)
        self._add(
            LedgerRow(
                key=mapped.key,
                digest=prepared.digest,
                status="published",
                iri=mapped.iri,
                locator=locator,
                snapshot=snapshot,
                quads=quads,
                shared=mapped.shared,
                issues=judged.issues,
            )
        )

    def _public(
        self,
        judged: Judged,
        prepared: PreparedRecord,
        old: LedgerRow | None,
        locator: str,
        snapshot: str,
    ) -> list[Quad]:
        iri = judged.mapped.iri
        provenance = Provenance(self.context.iris, self.source).quads(
            judged.mapped.key, iri, prepared.digest, locator, snapshot, judged.lacks
        )
        quads = [*judged.quads, *provenance]
        if old is not None and old.public:
            quads += tombstone.of_parts(
                old.quads, quads, iri, self.source.id, self.context.iris, self.snapshot.sha256
            )
        return sorted(set(quads))

    def _held(self, failed: "_Failed", digest: bytes, old: LedgerRow | None) -> None:
        """Keep a failing record out, or in its last good form where it was public before."""
        last = old if old is not None and old.public and old.status != "withdrawn" else None
        self._add(
            LedgerRow(
                key=failed.key or f"{_NO_KEY}{failed.locator}",
                digest=digest,
                status=failed.status,
                iri=last.iri if last else failed.iri,
                locator=failed.locator,
                snapshot=self.snapshot.sha256,
                quads=last.quads if last else (),
                shared=last.shared if last else (),
                issues=failed.issues,
                public=last is not None,
            )
        )

    def _reject(self, key: str, locator: str, issues: Sequence[Issue]) -> None:
        old = self.old.get(key) if self.old and key else None
        self._held(_Failed("rejected", key, "", locator, issues), b"", old)

    def _add(self, row: LedgerRow, *, unchanged: bool = False) -> None:
        with self.stages.time("ledger"):
            first = self.sink.add(row)
        if first:
            self._duplicate(row, first)
            return
        self._count("read", row.status, *(["unchanged"] if unchanged else []))
        self.tally.add(row.issues)

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
        key = f"{_NO_KEY}{row.locator}"
        again = LedgerRow(
            key=key,
            digest=b"",
            status="rejected",
            iri="",
            locator=row.locator,
            snapshot=self.snapshot.sha256,
            issues=[issue],
            public=False,
        )
        if not self.sink.add(again):
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
        return RegisterReport(
            source_id=self.source.id,
            counts=Counts(**self._counts),
            reasons=tuple(self.tally.reasons()),
            notes=tuple(self.notes),
            seconds=dict(self.stages.seconds),
        )

    def _checked(self, report: RegisterReport) -> RegisterReport:
        published = report.counts.published
        if report.counts.read == 0:
            raise DataError(
                "QCP-SRC-EMPTY",
                "No record was found in the delivery.",
                where=f"{self.source.id}: {self.snapshot.origin}",
                remedy="Check that the file is the right one and that `iterator` fits it.",
            )
        if published < self.source.minimum:
            top = "; ".join(f"{r.count}x {r.code} {r.message}" for r in report.top(3))
            raise DataError(
                "QCP-REL-MINIMUM",
                f"Only {published} records could be published; {self.source.id} declares at least "
                f"{self.source.minimum}. Nothing was changed. Most frequent problems: {top}.",
                where=self.snapshot.origin,
                remedy="Check whether the delivery is complete, or lower `minimum` in source.yaml.",
            )
        return report


_LIVING = {"published", "quarantined", "rejected"}
_NO_KEY = "? "
