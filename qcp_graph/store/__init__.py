"""Releases on disk: ledgers, dumps, the graph, the pointer to the live one (docs/releases.md)."""

from qcp_graph.store.builder import Loaded, ReleaseBuilder
from qcp_graph.store.diff import Change
from qcp_graph.store.dump import Dump
from qcp_graph.store.folder import ReleaseFolder
from qcp_graph.store.ledger import LedgerReader, LedgerWriter, RecordIssue

__all__ = [
    "Change",
    "Dump",
    "LedgerReader",
    "LedgerWriter",
    "Loaded",
    "RecordIssue",
    "ReleaseBuilder",
    "ReleaseFolder",
]
