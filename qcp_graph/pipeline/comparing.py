"""The facts of a comparison, asked of a store by the documented queries of ``sparql/compare``."""

from collections.abc import Iterator
from functools import lru_cache

import pyoxigraph as ox

from qcp_graph import assets, compare, saved_queries
from qcp_graph.errors import UsageError


@lru_cache(maxsize=1)
def _queries() -> dict[str, saved_queries.SavedQuery]:
    folder = assets.root() / "sparql" / "compare"
    return {name: saved_queries.read(folder / f"{name}.rq") for name in compare.QUERIES}


def gather(store: ox.Store, iri: str, base: str) -> compare.Facts:
    """Return the facts of one qualification.

    :raises UsageError: when the store knows no qualification of that IRI.
    """
    answers = {name: list(_ask(store, query, iri, base)) for name, query in _queries().items()}
    if not answers["compare-source"] and not answers["compare-statements"]:
        raise UsageError(
            "QCP-CMP-UNKNOWN",
            f"This release has no qualification {iri[:200]}.",
            remedy="Search for it by its title or its code.",
        )
    return compare.of(iri, answers)


def _ask(
    store: ox.Store, query: saved_queries.SavedQuery, iri: str, base: str
) -> Iterator[list[compare.Term | None]]:
    found = store.query(
        query.bind({"qualification": iri}, base), base_iri=base, use_default_graph_as_union=True
    )
    assert isinstance(found, ox.QuerySolutions)
    for solution in found:
        yield [_term(term) for term in solution]


def _term(term: object) -> compare.Term | None:
    if isinstance(term, ox.NamedNode):
        return compare.Term(term.value, "", True)
    if isinstance(term, ox.Literal):
        return compare.Term(term.value, term.language or "")
    return None
