"""``DESCRIBE <iri>`` of one of our things without a worker: the most frequent query of all.

A record is bounded when it is read, so what the graph says about one of our IRIs is small; every
other query goes to a worker.
"""

import re
from typing import Final

import pyoxigraph as ox

from qcp_graph.namespaces import PREFIXES
from qcp_graph.server.negotiation import Format
from qcp_graph.server.sparql.worker import GRAPHS

_DESCRIBE: Final = re.compile(r'\s*DESCRIBE\s+<([^<>"{}|^`\\\x00-\x20]+)>\s*\Z', re.IGNORECASE)


def describe(store: ox.Store, query: str, form: Format, base: str) -> bytes | None:
    """Return the answer to a query for one of our things, None when a worker should give it."""
    match = _DESCRIBE.match(query)
    if not isinstance(store, ox.Store):  # the graph lies elsewhere
        return None
    if match is None or not match[1].startswith(f"{base}id/"):
        return None
    try:
        found = store.query(query, use_default_graph_as_union=True)
    except SyntaxError:  # no IRI after all
        return None
    assert isinstance(found, ox.QueryTriples)
    return ox.serialize(found, format=GRAPHS[form.name], prefixes=PREFIXES)
