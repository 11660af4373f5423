"""From an address or a path to an immutable snapshot."""

from qcp_graph.fetch.databases import is_database
from qcp_graph.fetch.fetching import Result, fetch
from qcp_graph.fetch.snapshots import history, latest, load_snapshot
from qcp_graph.transfer.limits import Limits

__all__ = ["Limits", "Result", "fetch", "history", "is_database", "latest", "load_snapshot"]
