"""What the graph says about one IRI in Turtle, in less time than the query engine describes it.

The subject is known, so only predicates and objects are fetched from the store, as the rows of a
table; grouping them is all that is left to do.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from qcp_graph.namespaces import PREFIXES

# Local names that need no escape in Turtle 1.1 (PN_LOCAL without '.', ':' and '%').
_LOCAL: Final = re.compile(rb"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?\Z")
_BY_NAMESPACE: Final = {iri.encode(): prefix.encode() for prefix, iri in PREFIXES.items()}
_HEAD: Final = {
    prefix.encode(): f"@prefix {prefix}: <{iri}> .\n".encode() for prefix, iri in PREFIXES.items()
}
_ELSEWHERE: Final = (b"_:", b"<<")
"""How a blank node and a statement begin: about these a description says more."""


def turtle(store: ox.Store, iri: str) -> bytes | None:
    """Return the statements of all graphs about an IRI, None where the engine should be asked.

    :raises SyntaxError: when it is no IRI.
    """
    found = store.query(f"SELECT ?p ?o {{ <{iri}> ?p ?o }}", use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    table = found.serialize(format=ox.QueryResultsFormat.TSV)
    assert table is not None
    return _document(iri.encode(), table.split(b"\n")[1:-1])


def _document(subject: bytes, rows: Iterable[bytes]) -> bytes | None:
    parts: list[bytes] = []
    used: set[bytes] = set()
    last = b""
    for row in dict.fromkeys(rows):  # a statement may stand in several graphs
        predicate, _, value = row.partition(b"\t")
        if value.startswith(_ELSEWHERE):
            return None
        if predicate == last:
            parts.append(b" , ")
        else:
            parts += (b" ;\n\t", _name(predicate, used), b" ") if last else (
                _name(predicate, used), b" ",
            )  # fmt: skip
            last = predicate
        parts.append(_name(value, used) if value.startswith(b"<") else value)
    if not parts:
        return b""
    head = b"".join([_HEAD[prefix] for prefix in sorted(used)])
    return b"%s<%s> %s .\n" % (head, subject, b"".join(parts))


def _name(term: bytes, used: set[bytes]) -> bytes:
    prefix = _BY_NAMESPACE.get(term[1 : max(term.rfind(b"/"), term.rfind(b"#")) + 1])
    if prefix is None:
        return term
    short = _shortened(term, prefix)
    if short is not term:
        used.add(prefix)
    return short


@lru_cache(maxsize=4096)  # predicates and terms of vocabularies come again and again
def _shortened(term: bytes, prefix: bytes) -> bytes:
    cut = max(term.rfind(b"/"), term.rfind(b"#")) + 1
    if not _LOCAL.match(term, cut, len(term) - 1):
        return term
    return b"%s:%s" % (prefix, term[cut:-1])
