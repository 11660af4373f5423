"""From a prepared record to its row: published, held in its last good form, or kept out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

from qcp_graph.model.issue import Issue
from qcp_graph.model.ledger import LedgerRow, Status
from qcp_graph.model.record import PreparedRecord
from qcp_graph.pipeline import tombstone
from qcp_graph.pipeline.clock import now
from qcp_graph.pipeline.provenance import Provenance
from qcp_graph.pipeline.record import Judged, RecordWorker
from qcp_graph.store import ROLES
from qcp_graph.terms import Quad, nquad

NO_KEY: Final = "? "  # starts the key of a row whose record has none


@dataclass(frozen=True, slots=True)
class Task:
    """A record to work on, with the row it has in the live release."""

    input_name: str
    prepared: PreparedRecord
    old: LedgerRow | None = None


class Made(NamedTuple):
    """The row of a record; ``unchanged`` when it is the one of the live release.

    ``lines`` are its N-Quads, sorted, each with its line end, where a run asks for text.
    """

    row: LedgerRow
    unchanged: bool = False
    lines: bytes = b""


class Failed(NamedTuple):
    """A record that may not be published, and why."""

    status: Status
    key: str
    iri: str
    locator: str
    issues: Sequence[Issue]


@dataclass(frozen=True)
class RowMaker:
    """Makes the rows of one register; ``snapshot`` is the sha256 of the delivery.

    It keeps nothing between records, so several processes can share the work.
    """

    worker: RecordWorker
    snapshot: str

    @cached_property
    def _provenance(self) -> Provenance:
        return Provenance(self.worker.context.iris, self.worker.source)

    def make(self, task: Task) -> LedgerRow:
        """Map, link and validate a record and decide its fate."""
        prepared, old = task.prepared, task.old
        if not prepared.digest:
            digest = self.worker.plan.digest(prepared, task.input_name)
            prepared = replace(prepared, digest=digest)
        judged = self.worker.work(prepared, task.input_name)
        mapped = judged.mapped
        seen = old if old is not None and old.digest == prepared.digest else None
        locator = seen.locator if seen else str(prepared.record.locator)
        snapshot = seen.snapshot if seen else self.snapshot
        if mapped.rejected or judged.blocked:
            status: Status = "rejected" if mapped.rejected else "quarantined"
            failed = Failed(status, mapped.key, mapped.iri, locator, judged.issues)
            return replace(self.held(failed, prepared.digest, old), judged=judged.states)
        start = now()
        quads = self._public(judged, prepared, old, locator, snapshot)
        self.worker.stages.since(start, "provenance")
        return LedgerRow(
            key=mapped.key,
            digest=prepared.digest,
            status="published",
            iri=mapped.iri,
            locator=locator,
            snapshot=snapshot,
            quads=quads,
            shared=mapped.shared,
            issues=judged.issues,
            judged=judged.states,
        )

    def held(self, failed: Failed, digest: bytes, old: LedgerRow | None) -> LedgerRow:
        """Keep a failing record out, or in its last good form where it was public before."""
        last = old if old is not None and old.public and old.status != "withdrawn" else None
        return LedgerRow(
            key=failed.key or f"{NO_KEY}{failed.locator}",
            digest=digest,
            status=failed.status,
            iri=last.iri if last else failed.iri,
            locator=failed.locator,
            snapshot=self.snapshot,
            quads=last.quads if last else (),
            shared=last.shared if last else (),
            issues=failed.issues,
            public=last is not None,
        )

    def lines(self, row: LedgerRow) -> bytes:
        """Return the N-Quads of a row, sorted; nothing for a row that is not public."""
        if not row.public:
            return b""
        context, source_id = self.worker.context, self.worker.source.id
        graphs = {role: context.iris.graph(source_id, role) for role in ROLES}
        found = {nquad(quad, graphs[quad[3]]) for quad in (*row.quads, *row.shared)}
        return "".join(f"{line}\n" for line in sorted(found)).encode()

    def _public(
        self,
        judged: Judged,
        prepared: PreparedRecord,
        old: LedgerRow | None,
        locator: str,
        snapshot: str,
    ) -> list[Quad]:
        context, source = self.worker.context, self.worker.source
        iri = judged.mapped.iri
        provenance = self._provenance.quads(
            judged.mapped.key, iri, prepared.digest, locator, snapshot, judged.lacks
        )
        quads = [*judged.quads, *provenance]
        if old is not None and old.public:
            quads += tombstone.of_parts(
                old.quads, quads, iri, source.id, context.iris, self.snapshot
            )
        return sorted(set(quads))
