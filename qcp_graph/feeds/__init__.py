"""What harvesters read: the log of changes, and its forms LDES, Atom and OAI-PMH.

The log is one line of history, shared by all releases of a home; see docs/harvesting.md.
"""

from qcp_graph.feeds.changes import Event, Standing
from qcp_graph.feeds.history import Batch, History, Tally
from qcp_graph.feeds.index import Entry, IndexReader
from qcp_graph.feeds.pages import Pages
from qcp_graph.feeds.writing import FeedWriter

__all__ = [
    "Batch",
    "Entry",
    "Event",
    "FeedWriter",
    "History",
    "IndexReader",
    "Pages",
    "Standing",
    "Tally",
]
