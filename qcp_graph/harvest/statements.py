"""Statements as N-Triples lines; blank nodes named after the record that uses them."""

from collections.abc import Iterable
from hashlib import blake2b

import pyoxigraph as ox

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def lines(triples: Iterable[ox.Triple], owner: str) -> bytes:
    """Return triples as sorted lines; the same blank node never stands in two records."""
    mark = blake2b(owner.encode(), digest_size=8).hexdigest()
    names: dict[str, str] = {}
    found = set()
    for triple in triples:
        subject, value = _named(triple.subject, mark, names), _named(triple.object, mark, names)
        found.add(f"{subject} {triple.predicate} {value} .\n")
    return "".join(sorted(found)).encode()


def _named(node: object, mark: str, names: dict[str, str]) -> str:
    if not isinstance(node, ox.BlankNode):
        return str(node)
    return names.setdefault(node.value, f"_:h{mark}n{len(names)}")
