"""Public queries answered by a store elsewhere, with the same limits, formats and turns.

The store sees the graphs of the live release alone, whatever a query says: the request names
them (SPARQL 1.1 Protocol §2.1.4). Names of graphs are translated both ways.
"""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from qcp_graph import logs
from qcp_graph.errors import DataError
from qcp_graph.server.sparql import clauses, guard
from qcp_graph.server.sparql.pool import Outcome, Pool
from qcp_graph.server.sparql.turns import FullError, Turns
from qcp_graph.server.sparql.worker import execute
from qcp_graph.settings import Settings
from qcp_graph.store.remote import Names, RemoteStore
from qcp_graph.store.remote_graph import JSON, public, results
from qcp_graph.store.remote_protocol import RefusedError, TooLargeError

_GRAPH: Final = "application/n-triples, text/turtle;q=0.9"
_FORMS: Final = {"SELECT": JSON, "ASK": JSON, "CONSTRUCT": _GRAPH, "DESCRIBE": _GRAPH}
_GRACE: Final = 0.4


class RemotePool(Pool):
    """Runs queries in a store elsewhere, ``query_workers`` of them at a time."""

    def __init__(self, settings: Settings, store: RemoteStore) -> None:
        super().__init__(settings)
        self._store = store
        number = len(self._workers)
        self._threads = ThreadPoolExecutor(number, thread_name_prefix="remote-query")
        self._places: Turns[int] = Turns(range(number))
        self.turns = self._places  # type: ignore[assignment]

    async def run(self, job: dict[str, Any], store: Path, client: str = "") -> Outcome:
        """Run a query within the limits; ``store`` is the folder in the release."""
        seconds = self._settings.query_timeout
        if self._closing:
            return Outcome("busy")
        try:
            place = await self._places.take(client, seconds)
        except TimeoutError:
            return Outcome("busy")
        except FullError as error:
            return Outcome("many" if error.own else "busy")
        loop = asyncio.get_running_loop()
        running = self._threads.submit(self._answer, job, store.parent.name)

        def done(_: "Future[Outcome]") -> None:
            loop.call_soon_threadsafe(self._places.give, place, client)

        # The place is free when the store has answered, even if nobody waits for it any more.
        running.add_done_callback(done)
        try:
            async with asyncio.timeout(seconds + _GRACE):
                return await asyncio.shield(asyncio.wrap_future(running))
        except TimeoutError:
            return Outcome("time")

    async def close(self) -> None:
        """Take no more queries; those that run end with their limit."""
        await super().close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _answer(self, job: dict[str, Any], release: str) -> Outcome:
        names = Names(self._store.base, release)
        try:
            bare = clauses.taken_out(job["query"])
        except clauses.NotInFullError as error:
            return Outcome("syntax", message=str(error))
        if "DEFINE" in guard.words(bare.query):
            return Outcome("syntax", message="DEFINE is no part of SPARQL.")
        query = f"BASE <{job['base']}>\n{bare.query}".replace(names.public, names.hidden)
        try:
            kind, body = self._store.client.ask(
                query,
                self._dataset(job, bare, names),
                _accepted(bare.query),
                self._settings.query_timeout,
                job["max_bytes"],
            )
            head, content = _written(kind, public(body, names), job)
        except TimeoutError:
            return Outcome("time")
        except TooLargeError:
            return Outcome("large")
        except RefusedError as error:
            return Outcome("syntax", message=str(error).replace(names.hidden, names.public))
        except (DataError, ValueError, SyntaxError) as error:
            logs.get("sparql").error("the store did not answer", error=str(error))
            return Outcome("failed", message="The store did not answer.")
        return Outcome(head["outcome"], bytes(content), head.get("kind", ""))

    def _dataset(
        self, job: Mapping[str, Any], bare: clauses.Bare, names: Names
    ) -> dict[str, Sequence[str]]:
        """Return the graphs that a query sees; never an empty list, which would mean all.

        The graphs that the request names replace those that the query names.
        """
        default, named = job["default_graphs"], job["named_graphs"]
        if not (default or named):
            default, named = bare.default, bare.named
        if default or named:
            return {
                "default-graph-uri": [names.inside(one) for one in default] or [names.nothing],
                "named-graph-uri": [names.inside(one) for one in named] or [names.nothing],
            }
        graphs = [names.inside(one) for one in self._store.graphs(names.release)]
        return {"default-graph-uri": [names.union], "named-graph-uri": graphs or [names.nothing]}


def _accepted(query: str) -> str:
    """Return the media types of what a query asks for: stores would turn a graph into a table."""
    words = (text.upper() for kind, text in guard.tokens(query) if kind == "word")
    return next((_FORMS[word] for word in words if word in _FORMS), JSON)


class _Answer:
    """An answer of the store, as a store that has exactly this answer to everything."""

    def __init__(self, kind: str, body: bytes) -> None:
        self._kind = kind
        self._body = body

    def query(self, _query: str, **_: object) -> Any:
        """Return the answer."""
        if self._kind == JSON:
            return results(self._body)
        form = ox.RdfFormat.from_media_type(self._kind) or ox.RdfFormat.TURTLE
        graph = ox.Store()
        graph.bulk_load(self._body, form)
        everything = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
        return graph.query(everything)


def _written(kind: str, body: bytes, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the answer in the format asked for, as a worker would."""
    head, content = execute(_Answer(kind, body), job)  # type: ignore[arg-type]
    if head["outcome"] == "syntax":  # of the answer, not of the query
        return {"outcome": "failed"}, b""
    return head, bytes(content)
