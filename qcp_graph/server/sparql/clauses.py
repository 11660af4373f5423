"""The dataset clauses of a query (SPARQL 1.1 §13.2), taken out of its text.

Stores differ in what they do with ``FROM`` beside the graphs that a request names (§2.1.4 of the
protocol lets the request win; some add both up), so a query goes to a store without it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from qcp_graph.server.sparql import guard


class NotInFullError(ValueError):
    """A graph after ``FROM`` is not written as an IRI in angle brackets."""


@dataclass(frozen=True, slots=True)
class Bare:
    """A query without dataset clauses, and the graphs that they named."""

    query: str
    default: tuple[str, ...]
    named: tuple[str, ...]


def taken_out(query: str) -> Bare:
    """Return a query and the graphs of its dataset clauses.

    >>> taken_out("SELECT * FROM <http://a> FROM NAMED <http://b> { ?s ?p 'FROM' }")
    Bare(query="SELECT *   { ?s ?p 'FROM' }", default=('http://a',), named=('http://b',))

    :raises NotInFullError: for a graph given as a prefixed name.
    """
    kept: list[str] = []
    graphs: dict[bool, list[str]] = {False: [], True: []}
    tokens = guard.tokens(query)
    for kind, text in tokens:
        if kind != "word" or text.upper() != "FROM":
            kept.append(text)
            continue
        kind, text = _significant(tokens)
        named = kind == "word" and text.upper() == "NAMED"
        if named:
            kind, text = _significant(tokens)
        if kind != "iri":
            raise NotInFullError("After FROM a graph is written as an IRI in angle brackets.")
        graphs[named].append(text[1:-1])
    return Bare("".join(kept), tuple(graphs[False]), tuple(graphs[True]))


def _significant(tokens: Iterator[tuple[str, str]]) -> tuple[str, str]:
    """Return the next token that is neither blank nor comment."""
    return next(
        ((kind, text) for kind, text in tokens if kind != "comment" and not text.isspace()),
        ("", ""),
    )
