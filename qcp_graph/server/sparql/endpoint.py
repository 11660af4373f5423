"""SPARQL 1.1 Protocol, query part: GET and both POST forms, read-only."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from qcp_graph.namespaces import PREFIXES
from qcp_graph.server import conditional, negotiation
from qcp_graph.server.dereference import CACHE
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.live import Live
from qcp_graph.server.negotiation import GRAPHS, HTML, RESULTS, Format
from qcp_graph.server.seam import Pages, Problem, release_of
from qcp_graph.server.shell import MAX_BODY, body_too_large
from qcp_graph.server.sparql import guard, limits
from qcp_graph.server.sparql.pool import Outcome, Pool
from qcp_graph.terms import is_iri

_FORM: Final = "application/x-www-form-urlencoded"
_DIRECT: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_CHARSET: Final = re.compile(r'charset\s*=\s*"?([^";\s]+)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Operation:
    """A query operation (SPARQL 1.1 Protocol §2.1)."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str = ""


def router(live: Live, pool: Pool, pages: Pages) -> APIRouter:
    """Return the routes of ``/sparql``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/sparql")
    async def by_get(request: Request) -> Response:
        pairs = _pairs(request.scope["query_string"])
        if not any(name == "query" for name, _ in pairs) and _wants_page(request):
            return await run_in_threadpool(pages.render_query_form, request, live)
        return await _answer(request, live, pool, _operation(pairs))

    @routes.post("/sparql")
    async def by_post(request: Request) -> Response:
        return await _answer(request, live, pool, await _posted(request))

    return routes


def _wants_page(request: Request) -> bool:
    accept = request.headers.get("accept")
    return negotiation.choose(accept, (*RESULTS, *GRAPHS, HTML)) is HTML


async def _posted(request: Request) -> Operation:
    """Read a posted operation (§2.1.2, §2.1.3)."""
    declared = request.headers.get("content-type", "")
    media_type = declared.partition(";")[0].strip().lower()
    if media_type == _UPDATE:
        raise ProblemError(guard.READ_ONLY)
    if media_type not in {_FORM, _DIRECT}:
        raise ProblemError(
            Problem(
                415,
                "QCP-QRY-MEDIATYPE",
                "A query cannot be posted in this media type.",
                f"Accepted: {_FORM} and {_DIRECT}.",
                headers={"Accept-Post": f"{_FORM}, {_DIRECT}"},
            )
        )
    charset = _CHARSET.search(declared)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        raise ProblemError(_protocol("A query is sent in UTF-8.", status=415))
    body = await _body(request)
    if media_type == _FORM:
        return _operation(_pairs(body))
    pairs = _pairs(request.scope["query_string"])
    if any(name in {"query", "update"} for name, _ in pairs):
        raise ProblemError(_protocol("The query is given twice: in the address and in the body."))
    return _operation([*pairs, ("query", _utf8(body))])


async def _body(request: Request) -> bytes:
    parts = bytearray()
    async for chunk in request.stream():
        parts += chunk
        if len(parts) > MAX_BODY:
            raise ProblemError(body_too_large())
    return bytes(parts)


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError(_protocol("The query is not valid UTF-8.")) from error


def _pairs(data: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            data.decode("ascii", errors="strict"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=100,
        )
    except (UnicodeDecodeError, ValueError) as error:
        raise ProblemError(_protocol("The parameters are not URL-encoded UTF-8.")) from error


def _operation(pairs: Sequence[tuple[str, str]]) -> Operation:
    """Return the operation that parameters describe.

    :raises ProblemError: when they do not describe exactly one query.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    if "update" in given:
        raise ProblemError(guard.READ_ONLY)
    queries = given.get("query", [])
    if len(queries) != 1:
        number = "No query is" if not queries else "More than one query is"
        raise ProblemError(_protocol(f"{number} given: send exactly one parameter 'query'."))
    graphs = {name: given.get(f"{name}-graph-uri", []) for name in ("default", "named")}
    for iri in (*graphs["default"], *graphs["named"]):
        if not is_iri(iri):
            raise ProblemError(_protocol(f"Not the absolute IRI of a graph: {iri[:200]}"))
    return Operation(
        queries[0],
        tuple(graphs["default"]),
        tuple(graphs["named"]),
        given.get("format", [""])[0],
    )


def _protocol(detail: str, status: int = 400) -> Problem:
    return Problem(
        status,
        "QCP-QRY-PROTOCOL",
        "This is not a query as the SPARQL protocol sends it.",
        detail,
        "See docs/http.md for examples.",
    )


async def _answer(request: Request, live: Live, pool: Pool, operation: Operation) -> Response:
    guard.check(operation.query)
    results, graph = _formats(request, operation)
    release = release_of(request)
    tag = conditional.entity_tag(release.id, repr(operation), str(results), str(graph))
    headers = {"Vary": "Accept", "Cache-Control": CACHE, "ETag": tag}
    if "if-none-match" in request.headers and conditional.unchanged(
        request, tag, release.published
    ):
        return Response(status_code=304, headers=headers)
    job: dict[str, Any] = {
        "query": operation.query,
        "base": live.settings.base_iri,
        "default_graphs": operation.default_graphs,
        "named_graphs": operation.named_graphs,
        "results": results.name if results else "",
        "graph": graph.name if graph else "",
        "max_bytes": live.settings.query_max_bytes,
        "prefixes": PREFIXES,
    }
    outcome = await _run_while_connected(request, pool, job)
    if outcome.kind != "ok":
        raise ProblemError(limits.problem(outcome, live.settings))
    form = graph if outcome.result == "graph" else results
    assert form is not None
    return Response(outcome.body, headers=headers | {"Content-Type": form.content_type})


def _formats(request: Request, operation: Operation) -> tuple[Format | None, Format | None]:
    """Return the format for a table of results and for a graph, None where none is acceptable."""
    if operation.format:
        found = (
            negotiation.named(operation.format, RESULTS),
            negotiation.named(operation.format, GRAPHS),
        )
    else:
        accept = request.headers.get("accept")
        found = negotiation.choose(accept, RESULTS), negotiation.choose(accept, GRAPHS)
        if found == (None, None) and negotiation.choose(accept, (HTML,)):
            return RESULTS[0], GRAPHS[0]  # a browser that follows a link to a query
    if found == (None, None):
        raise ProblemError(limits.not_acceptable())
    return found


async def _run_while_connected(request: Request, pool: Pool, job: dict[str, Any]) -> Outcome:
    """Run a query; stop it when the client goes away, so that its worker serves others."""
    running = asyncio.ensure_future(pool.run(job, release_of(request).folder / "store"))
    leaving = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({running, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            raise ProblemError(_protocol("The client has gone.", status=499))
        return running.result()
    finally:
        for task in (running, leaving):
            task.cancel()
        await asyncio.gather(running, leaving, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass  # the rest of a body that nobody asked for
