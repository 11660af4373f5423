"""Releases on disk: ledgers, dumps, the graph, the pointer to the live one (docs/releases.md)."""

from qcp_graph.store.builder import Loaded, ReleaseBuilder
from qcp_graph.store.described import Descriptions
from qcp_graph.store.diff import Change
from qcp_graph.store.dump import Dump
from qcp_graph.store.folder import ReleaseFolder
from qcp_graph.store.issue_blobs import PackedIssues, PlainIssues, kinds, pack_issues
from qcp_graph.store.ledger import LedgerReader, LedgerWriter, Public, RecordIssue
from qcp_graph.store.packing import ROLES, Packed, digest, nquads, pack, unpack

__all__ = [
    "ROLES",
    "Change",
    "Descriptions",
    "Dump",
    "LedgerReader",
    "LedgerWriter",
    "Loaded",
    "Packed",
    "PackedIssues",
    "PlainIssues",
    "Public",
    "RecordIssue",
    "ReleaseBuilder",
    "ReleaseFolder",
    "digest",
    "kinds",
    "nquads",
    "pack",
    "pack_issues",
    "unpack",
]
