"""A release in a store elsewhere, with those methods of the local one that the server uses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from qcp_graph.errors import DataError
from qcp_graph.store.remote import Names, RemoteStore

JSON: Final = "application/sparql-results+json"
_MOST: Final = 64 * 1024**2
_SECONDS: Final = 30.0
Term = ox.NamedNode | ox.Literal | None


@dataclass(frozen=True)
class RemoteGraph:
    """The graph of one release; every lookup is a request, so what asks keeps its answers."""

    store: RemoteStore
    release: str

    def quads_for_pattern(
        self,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None,
        value: Term,
        graph: ox.NamedNode | None = None,
    ) -> Iterator[ox.Quad]:
        """Yield the statements that fit, each with the public name of its graph."""
        given = {"s": subject, "p": predicate, "o": value}
        pattern = " ".join(
            f"?{name}" if term is None else str(term) for name, term in given.items()
        )
        wanted = {name for name, term in given.items() if term is None} | {"g"}
        head = " ".join(f"?{name}" for name in sorted(wanted))
        for row in self._rows(f"SELECT {head} WHERE {{ GRAPH ?g {{ {pattern} }} }}"):
            found = {**given, **{name: row[name] for name in wanted}}
            if graph is None or found["g"] == graph:
                yield ox.Quad(found["s"], found["p"], found["o"], found["g"])

    def named_graphs(self) -> Iterator[ox.NamedNode]:
        """Yield the public names of all graphs."""
        return (ox.NamedNode(name) for name in self.store.graphs(self.release))

    def _rows(self, query: str) -> Any:
        names = Names(self.store.base, self.release)
        graphs = [names.inside(one) for one in self.store.graphs(self.release)]
        dataset = {"default-graph-uri": [names.nothing], "named-graph-uri": graphs}
        try:
            _, body = self.store.client.ask(query, dataset, JSON, _SECONDS, _MOST)
            return results(public(body, names))
        except (TimeoutError, ValueError, SyntaxError, RuntimeError) as error:
            raise DataError(
                "QCP-REL-REMOTE",
                f"The store's answer cannot be used ({type(error).__name__}: {str(error)[:200]}).",
                where=self.store.client.place.query,
                remedy="Look into the store's log; docs/remote-store.md says how to configure it.",
            ) from error

    def close(self) -> None:
        """Nothing is held."""


def public(body: bytes, names: Names) -> bytes:
    """Return an answer with the public names of graphs; JSON may write a slash as ``\\/``."""
    escaped = names.hidden.replace("/", "\\/")
    for hidden in (names.hidden, escaped):
        body = body.replace(hidden.encode(), names.public.encode())
    return body


def results(body: bytes) -> Any:
    """Read a table or a truth value in JSON as stores write them.

    Virtuoso 7 answers ASK with a table, and writes true as 1.

    :raises SyntaxError: when it is none.
    :raises ValueError: likewise.
    """
    if truth := _TRUTH.search(body):
        body = b'{"head":{},"boolean":' + (b"false" if truth[1] == b"0" else b"true") + b"}"
    body = _ONE.sub(rb'\1"true"', _ZERO.sub(rb'\1"false"', body))
    return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)


_BOOLEAN: Final = rb'("datatype"\s*:\s*"[^"]*XMLSchema#boolean"\s*,\s*"value"\s*:\s*)'
_ONE: Final = re.compile(_BOOLEAN + rb'"1"')
_ZERO: Final = re.compile(_BOOLEAN + rb'"0"')
_TRUTH: Final = re.compile(
    rb'\A\s*{\s*"head"\s*:\s*{[^}]*"vars"\s*:\s*\["__ASK_RETVAL"\].{0,400}"value"\s*:\s*"([01])"',
    re.DOTALL,
)
