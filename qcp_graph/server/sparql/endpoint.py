"""SPARQL 1.1 Protocol, query part: GET and both POST forms, read-only."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from qcp_graph import logs
from qcp_graph.server import conditional, json_ld, negotiation, writers
from qcp_graph.server.dereference import CACHE
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.live import Live
from qcp_graph.server.negotiation import GRAPHS, HTML, RESULTS, Format
from qcp_graph.server.seam import Pages, release_of
from qcp_graph.server.sparql import description, direct, guard, limits, protocol
from qcp_graph.server.sparql.pool import Outcome, Pool
from qcp_graph.server.sparql.protocol import Operation
from qcp_graph.server.sparql.turns import client_name

_SHORT: Final = 0.05
"""Seconds after which it is worth looking whether the client is still there."""


Count = Callable[[str, float, int], None]
"""Takes outcome, seconds and bytes of every query."""


def saved(
    live: Live, pool: Pool, count: Count
) -> Callable[[Request, str, str], Awaitable[Response]]:
    """Return what runs a documented query: the same limits, formats and validators."""
    runner = Runner(live, pool, count)

    async def run(request: Request, query: str, form: str) -> Response:
        return await _answer(request, runner, Operation(query, format=form))

    return run


def routes(live: Live, pool: Pool, pages: Pages, count: Count) -> list[BaseRoute]:
    """Return the routes of ``/sparql``."""
    runner = Runner(live, pool, count)

    async def by_get(request: Request) -> Response:
        pairs = protocol.pairs(request.scope["query_string"])
        if not any(name in {"query", "update"} for name, _ in pairs):
            return await run_in_threadpool(_without_query, request, live, pages)
        return await _answer(request, runner, protocol.operation(pairs))

    async def by_post(request: Request) -> Response:
        return await _answer(request, runner, await protocol.posted(request))

    async def ask(request: Request) -> Response:
        return await (by_post if request.method == "POST" else by_get)(request)

    # A plain route: there is nothing that FastAPI could validate, and it takes twice the time.
    return [Route("/sparql", ask, methods=["GET", "POST"])]


def _without_query(request: Request, live: Live, pages: Pages) -> Response:
    """Answer with the form for browsers, else the service description (Service Description §2)."""
    offers = (*GRAPHS, HTML)
    name = request.query_params.get("format")
    accept = request.headers.get("accept")
    form = negotiation.named(name, offers) if name else negotiation.choose(accept, offers)
    if form is HTML:
        return pages.render_query_form(request, live)
    if form is None:
        raise ProblemError(protocol.problem("No query is given: send one parameter 'query'."))
    base, release = live.settings.base_iri, release_of(request)
    context = json_ld.context_path(live.settings.workspace)
    content = writers.write(
        description.describe(release, base), form, f"{base}context.jsonld", context
    )
    tag = conditional.entity_tag(release.id, "service", form.name)
    headers = {"Vary": "Accept", "Cache-Control": CACHE, "ETag": tag}
    response = Response(content, headers=headers | {"Content-Type": form.content_type})
    if conditional.unchanged(request, tag, release.published):
        return conditional.not_modified(response)
    return response


class Runner(NamedTuple):
    live: Live
    pool: Pool
    report: Count


async def _answer(request: Request, runner: Runner, operation: Operation) -> Response:
    words = guard.check(operation.query)
    results, graph = _formats(request, operation)
    release = release_of(request)
    headers = protocol.headers(release.id, operation, results, graph)
    if "if-none-match" in request.headers and conditional.unchanged(
        request, headers["ETag"], release.published
    ):
        return Response(status_code=304, headers=headers)
    if graph and not (operation.default_graphs or operation.named_graphs):
        body = direct.describe(release.store, operation.query, graph, runner.live.settings.base_iri)
        if body is not None:
            return Response(body, headers=headers | {"Content-Type": graph.content_type})
    settings = runner.live.settings
    job: dict[str, Any] = {
        "query": operation.query,
        "base": settings.base_iri,
        "default_graphs": operation.default_graphs,
        "named_graphs": operation.named_graphs,
        "from": "FROM" in words,
        "results": results.name if results else "",
        "graph": graph.name if graph else "",
        "max_bytes": settings.query_max_bytes,
        "max_rows": settings.query_max_rows,
    }
    outcome = await _timed(request, runner, job)
    if outcome.kind != "ok":
        raise ProblemError(limits.problem(outcome, settings))
    form = graph if outcome.result == "graph" else results
    assert form is not None
    return Response(outcome.body, headers=headers | {"Content-Type": form.content_type})


async def _timed(request: Request, runner: Runner, job: dict[str, Any]) -> Outcome:
    """Run a query and note how it went; the log tells equal queries apart, not who asked."""
    start = time.perf_counter()
    kind, size = "left", 0
    try:
        outcome = await _run_while_connected(request, runner.pool, job)
        kind, size = outcome.kind, len(outcome.body)
        return outcome
    finally:
        seconds = time.perf_counter() - start
        runner.report(kind, seconds, size)
        digest = hashlib.sha256(job["query"].encode()).hexdigest()[:16]
        log = logs.get("sparql")
        log.info("query", digest=digest, outcome=kind, seconds=round(seconds, 3), bytes=size)


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
    store = release_of(request).folder / "store"
    running = asyncio.ensure_future(pool.run(job, store, _client(request)))
    tasks: list[asyncio.Future[Any]] = [running]
    try:
        await asyncio.wait(tasks, timeout=_SHORT)
        if not running.done():
            tasks.append(asyncio.ensure_future(_disconnected(request)))
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            raise ProblemError(protocol.problem("The client has gone.", status=499))
        return running.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _client(request: Request) -> str:
    return client_name(request.client.host) if request.client else ""


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass  # the rest of a body that nobody asked for
