"""One row of a register's ledger: the fate of one record in one release."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qcp_graph.model.issue import Issue
from qcp_graph.terms import Quad

Status = Literal["published", "quarantined", "rejected", "withdrawn"]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What became of one record.

    ``digest`` is the sha256 of the source record with its joined rows; ``snapshot`` the sha256 of
    the snapshot in which its present form was first seen, ``locator`` its place there. ``quads``
    are the record's own statements (with their role), ``shared`` those about nodes that several
    records describe. ``public`` tells whether they are in the release: a record that fails now but
    was published before is held, that is, its last good form stays public; a withdrawn one is
    public with its tombstone. ``judged`` is what profiles say of it, packed
    (:mod:`qcp_graph.model.judged`).
    """

    key: str
    digest: bytes
    status: Status
    iri: str
    locator: str
    snapshot: str
    quads: Sequence[Quad] = ()
    shared: Sequence[Quad] = ()
    issues: Sequence[Issue] = ()
    public: bool = True
    judged: bytes = b""
