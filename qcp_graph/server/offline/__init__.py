"""A country as static pages: for those who read without a network (``docs/offline.md``).

The pages are those of the server, rendered without a request; links lead from file to file.
"""

from qcp_graph.server.offline.bundle import Order, Outcome, run

__all__ = ["Order", "Outcome", "run"]
