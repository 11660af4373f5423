"""A whole register taken out: every published record leaves its tombstone."""

from qcp_graph.iris import Iris
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.pipeline import tombstone
from qcp_graph.pipeline.sinks import Earlier, Sink


def withdrawn(row: LedgerRow, source_id: str, country: str, iris: Iris, snapshot: str) -> LedgerRow:
    """Return the row that a public record leaves when it is withdrawn.

    ``snapshot`` is the sha256 of the first snapshot without it. A tombstone stays as it is.
    """
    if row.status == "withdrawn":
        return row
    quads = tombstone.of_record(row.quads, row.iri, source_id, country, iris, snapshot)
    return LedgerRow(
        key=row.key,
        digest=row.digest,
        status="withdrawn",
        iri=row.iri,
        locator=row.locator,
        snapshot=snapshot,
        quads=sorted(set(quads)),
    )


def withdraw_all(
    old: Earlier, ledger: Sink, source_id: str, country: str, iris: Iris, snapshot: str
) -> int:
    """Write the tombstones of all public records of a register; return how many there are."""
    count = 0
    for row in old.rows():
        if row.public:
            ledger.add(withdrawn(row, source_id, country, iris, snapshot))
            count += 1
    return count
