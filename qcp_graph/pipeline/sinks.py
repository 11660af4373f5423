"""Where rows come from and go to: the ledger of the live release, the one being made."""

from collections.abc import Iterator
from typing import Protocol

from qcp_graph.model.ledger import LedgerRow


class Earlier(Protocol):
    """What the live release knows of the register: its ledger."""

    def get(self, key: str) -> LedgerRow | None:
        """Return the row of a record."""

    def rows(self) -> Iterator[LedgerRow]:
        """Yield all rows, sorted by key."""


class Sink(Protocol):
    """Where the rows go: a ledger, or a counter in a dry run."""

    def add(self, row: LedgerRow) -> str:
        """Take a row; return the place of an earlier record with the same key, else ''."""

    def __contains__(self, key: str) -> bool:
        """Tell whether a row with this key was taken."""
