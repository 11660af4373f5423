"""The facts of a comparison, asked of a store by the documented queries of ``sparql/compare``."""

from collections import OrderedDict
from functools import lru_cache
from threading import Lock
from typing import Final, TypeAlias

import pyoxigraph as ox

from qcp_graph import assets, compare, saved_queries
from qcp_graph.errors import UsageError
from qcp_graph.namespaces import expand

_NONE: Final = compare.Term("")
_LEADS: Final = ("elm:isPartOf", "elm:accreditation")
"""What leads from a qualification to the record that it stands in, the surest first."""
_COUNTRY: Final = 3
_DEPTH: Final = 4
_MOST_WHOLES: Final = 20
MOST_STATEMENTS: Final = 50_000
Answer: TypeAlias = list[list[compare.Term | None]]


@lru_cache(maxsize=1)
def _queries() -> dict[str, saved_queries.SavedQuery]:
    folder = assets.root() / "sparql" / "compare"
    return {name: saved_queries.read(folder / f"{name}.rq") for name in compare.QUERIES}


def gather(store: ox.Store, iri: str, base: str) -> compare.Facts:
    """Return the facts of one qualification.

    :raises UsageError: when the store knows no qualification of that IRI.
    """
    answers = {name: _ask(store, query, iri, base) for name, query in _queries().items()}
    if not answers["compare-source"] and not answers["compare-statements"]:
        raise UsageError(
            "QCP-CMP-UNKNOWN",
            f"This release has no qualification {iri[:200]}.",
            remedy="Search for it by its title or its code.",
        )
    if not answers["compare-source"]:
        answers["compare-source"] = _source_of_whole(
            store, answers["compare-statements"], iri, base
        )
    return compare.of(iri, answers)


class Gathered:
    """The facts of a release's qualifications; those asked for last are kept.

    A person who compares asks for the same sides again: by purpose, by language, beside a third
    one. ``most`` bounds the statements that are kept, of some 500 bytes each.
    """

    def __init__(self, store: ox.Store, base: str, most: int = MOST_STATEMENTS) -> None:
        self._store: ox.Store | None = store
        self._base = base
        self._most = most
        self._kept: OrderedDict[str, tuple[compare.Facts, int]] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def of(self, iri: str) -> compare.Facts:
        """Return the facts of one qualification, as :func:`gather` does."""
        with self._lock:
            store = self._store
            if iri in self._kept:
                self._kept.move_to_end(iri)
                return self._kept[iri][0]
        if store is None:
            raise RuntimeError("the release is closed")
        found = gather(store, iri, self._base)
        size = self.weight(found)
        with self._lock:
            if size <= self._most and iri not in self._kept:
                self._kept[iri] = found, size
                self._size += size
            while self._size > self._most:
                self._size -= self._kept.popitem(last=False)[1][1]
        return found

    @staticmethod
    def weight(facts: compare.Facts) -> int:
        """Return how many statements facts are made of, roughly."""
        return sum(map(len, facts.held.values())) + len(facts.outcomes) + 1

    def close(self) -> None:
        """Let go of the store and of all facts."""
        with self._lock:
            self._store, self._size = None, 0
            self._kept.clear()


def _source_of_whole(
    store: ox.Store, statements: Answer, iri: str, base: str, depth: int = _DEPTH
) -> Answer:
    """Return the record in which a qualification without one of its own stands.

    That is the record of the qualification that it is a unit of, whose country it has, too, or of
    its accreditation, whose register may be of no country.
    """
    for name in _LEADS:
        wholes = sorted(
            {
                term.value
                for _, subject, predicate, term in statements
                if subject and predicate and term and term.is_iri
                and (subject.value, predicate.value) == (iri, expand(name))
            }
        )  # fmt: skip
        for whole in wholes[:_MOST_WHOLES]:
            found = _ask(store, _queries()["compare-source"], whole, base)
            if not found and depth > 1:
                above = _ask(store, _queries()["compare-statements"], whole, base)
                found = _source_of_whole(store, above, whole, base, depth - 1)
            if found and name == _LEADS[0]:
                return found
            if found:
                return [[*row[:_COUNTRY], None, *row[_COUNTRY + 1 :]] for row in found]
    return []


def _ask(
    store: ox.Store, query: saved_queries.SavedQuery, iri: str, base: str
) -> list[list[compare.Term | None]]:
    # Rows are sorted here: a store takes far longer for it, as it looks at every term anew.
    text, _, _ = query.bind({"qualification": iri}, base).rpartition("\nORDER BY ")
    found = store.query(text, base_iri=base, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    rows = [[_term(term) for term in solution] for solution in found]
    return sorted(rows, key=lambda row: [term or _NONE for term in row])


def _term(term: object) -> compare.Term | None:
    if isinstance(term, ox.NamedNode):
        return compare.Term(term.value, "", True)
    if isinstance(term, ox.Literal):
        return compare.Term(term.value, term.language or "")
    return None
