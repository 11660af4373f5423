"""``DESCRIBE <iri>`` of one of our things without a worker: the most frequent query of all.

A record is bounded when it is read, so what the graph says about one of our IRIs is small; every
other query goes to a worker.
"""

import re
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import pyoxigraph as ox
from starlette.types import ASGIApp, Receive, Scope, Send

from qcp_graph.namespaces import PREFIXES
from qcp_graph.server import negotiation
from qcp_graph.server.live import Live, Release
from qcp_graph.server.negotiation import Format
from qcp_graph.server.shell import DATA_HEADERS
from qcp_graph.server.sparql.protocol import Operation, headers
from qcp_graph.server.sparql.worker import GRAPHS
from qcp_graph.store import described, record

_DESCRIBE: Final = re.compile(r'\s*DESCRIBE\s+<([^<>"{}|^`\\\x00-\x20]+)>\s*\Z', re.IGNORECASE)
_ALONE: Final = re.compile(rb"query=([^&;]{1,4000})\Z")
_PASSED_ON: Final = frozenset({b"if-none-match", b"if-modified-since", b"range"})
Count = Callable[[str, int, float], None]
Answer = tuple[list[tuple[bytes, bytes]], bytes]


class Lane:
    """ASGI layer that answers such a query before anything is routed; the rest goes on.

    Its answers have the bytes and headers that the endpoint gives. ``count`` takes path, status and
    seconds.
    """

    def __init__(self, app: ASGIApp, live: Live, count: Count) -> None:
        self._app = app
        self._live = live
        self._count = count
        self._paths = {"/sparql", f"{live.settings.root_path}/sparql"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        start = time.perf_counter()
        found = self._found(scope) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        head, body = found
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})
        self._count("/sparql", 200, time.perf_counter() - start)

    def _found(self, scope: Scope) -> Answer | None:
        if scope["path"] not in self._paths or scope["method"] != "GET" or self._live.due():
            return None
        asked = _ALONE.match(scope["query_string"])
        accept = _accept(scope)
        if asked is None or accept is None:
            return None
        try:
            query = unquote_to_bytes(asked[1].replace(b"+", b" ")).decode()
        except UnicodeDecodeError:
            return None
        with self._live.lease() as release:
            return self._answer(release, query, accept) if release else None

    def _answer(self, release: Release, query: str, accept: str) -> Answer | None:
        results, graph = _forms(accept)
        if graph is None:
            return None
        body = _ahead(release, query) if graph is negotiation.TURTLE else None
        if body is None:
            body = describe(release.store, query, graph, self._live.settings.base_iri)
        if body is None:
            return None
        sent = headers(release.id, Operation(query), results, graph)
        named = {"Content-Length": str(len(body)), "Content-Type": graph.content_type}
        return _lines(named | sent) + _ALWAYS, body


def _lines(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


_ALWAYS: Final = _lines(DATA_HEADERS)


@lru_cache(maxsize=256)
def _forms(accept: str) -> tuple[Format | None, Format | None]:
    """Return the form of a table of results and that of a graph, as the endpoint chooses them."""
    return (
        negotiation.choose(accept or None, negotiation.RESULTS),
        negotiation.choose(accept or None, negotiation.GRAPHS),
    )


def _accept(scope: Any) -> str | None:
    """Return the Accept header, empty without one; None for what the endpoint must look at."""
    found = ""
    for name, value in scope["headers"]:
        if name in _PASSED_ON:
            return None
        if name == b"accept":
            if found:
                return None
            found = value.decode("latin-1")
    return found


def _ahead(release: Release, query: str) -> bytes | None:
    """Return what a release has ready about a qualification; releases of before have nothing."""
    match = _DESCRIBE.match(query)
    if not isinstance(release.store, ox.Store):  # the graph lies elsewhere
        return None
    known = release.resource("described", _opened)
    return known.turtle(match[1]) if known is not None and match is not None else None


def _opened(release: Release) -> described.Descriptions | None:
    path = release.folder / described.NAME
    return described.Descriptions(path) if path.is_file() else None


def describe(store: ox.Store, query: str, form: Format, base: str) -> bytes | None:
    """Return the answer to a query for one of our things, None when a worker should give it."""
    match = _DESCRIBE.match(query)
    if not isinstance(store, ox.Store):  # the graph lies elsewhere
        return None
    if match is None or not match[1].startswith(f"{base}id/"):
        return None
    try:
        if form is negotiation.TURTLE and (body := record.turtle(store, match[1])) is not None:
            return body
        found = store.query(query, use_default_graph_as_union=True)
    except SyntaxError:  # no IRI after all
        return None
    assert isinstance(found, ox.QueryTriples)
    return ox.serialize(found, format=GRAPHS[form.name], prefixes=PREFIXES)
