"""Which qualification a reader means: by IRI, by code, or by an unambiguous title."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

import pyoxigraph as ox

from qcp_graph.errors import UsageError
from qcp_graph.namespaces import expand
from qcp_graph.search import Index
from qcp_graph.search.text import fold
from qcp_graph.terms import is_iri

_LONGEST: Final = 1_000
_TYPES: Final = frozenset(
    expand(name)
    for name in ("elm:Qualification", "elm:LearningAchievementSpecification", "qcp:WithdrawnRecord")
)
_MANY: Final = 20


def query(iris: Sequence[str], purpose: str, on: str, release: str) -> str:
    """Return the parameters of a permalink, always in the same order.

    >>> query(["http://x/1"], "work", "2024-01-01", "r1")
    'q=http%3A%2F%2Fx%2F1&purpose=work&date=2024-01-01&release=r1'
    """
    pairs = [("q", iri) for iri in iris]
    return urlencode([*pairs, ("purpose", purpose), ("date", on), ("release", release)])


class AmbiguousError(UsageError):
    """Several qualifications fit; ``candidates`` are their IRIs."""

    def __init__(self, text: str, candidates: list[str]) -> None:
        named = ", ".join(candidates[:5]) + (", …" if len(candidates) > 5 else "")
        super().__init__(
            "QCP-CMP-AMBIGUOUS",
            f"Several qualifications are called {text[:100]!r}: {named}",
            remedy="Name one by its IRI or its code.",
        )
        self.candidates = candidates


def find(store: ox.Store, index: Index, base: str, text: str) -> str:
    """Return the IRI of the qualification that a text names.

    :raises UsageError: when none is called so, or several are (:class:`AmbiguousError`).
    """
    text = text.strip()[:_LONGEST]
    if text.startswith(("/id/", "id/")):
        text = base + text.removeprefix("/")
    if is_iri(text) and _is_qualification(store, text):
        return text
    found = by_code(store, text) or _by_title(index, text)
    if len(found) > 1:
        raise AmbiguousError(text, found)
    if not found:
        raise UsageError(
            "QCP-CMP-UNKNOWN",
            f"No qualification of this release is called {text[:100]!r}.",
            remedy="Use its IRI, code or whole title; the page of qualifications searches titles.",
        )
    return found[0]


def _is_qualification(store: ox.Store, iri: str) -> bool:
    types = store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(expand("rdf:type")), None)
    return any(isinstance(q.object, ox.NamedNode) and q.object.value in _TYPES for q in types)


def by_code(store: ox.Store, text: str) -> list[str]:
    """Return the qualifications with a code: an identifier's notation, or the record's key."""
    if not text:
        return []
    code = ox.Literal(text)
    found: set[str] = set()
    for quad in store.quads_for_pattern(None, ox.NamedNode(expand("skos:notation")), code):
        node = quad.subject
        owner = node.value.partition("#")[0] if isinstance(node, ox.NamedNode) else ""
        if "/id/qualification/" in owner and "#" in str(node):
            found.add(owner)
    for quad in store.quads_for_pattern(None, ox.NamedNode(expand("qcp:sourceKey")), code):
        record = quad.subject
        if isinstance(record, ox.NamedNode):
            described = store.quads_for_pattern(record, ox.NamedNode(expand("qcp:describes")), None)
            found |= {q.object.value for q in described if isinstance(q.object, ox.NamedNode)}
    return sorted(iri for iri in found if "/id/qualification/" in iri)


def _by_title(index: Index, text: str) -> list[str]:
    """Return those with the whole title; without one, the only one that the search finds."""
    if not text or "://" in text:  # an address means itself, not what looks like it
        return []
    result = index.search(text, size=_MANY)
    wanted = fold(text)
    whole = [
        hit.iri
        for hit in result.hits
        if wanted in {fold(title) for title in (hit.title, *hit.titles.values())}
    ]
    if whole:
        return whole
    # A comparison is of what was named, never of what the search read instead of it.
    guessed = bool(result.read or result.ignored)
    return [] if guessed else [hit.iri for hit in result.hits]
