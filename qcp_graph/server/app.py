"""The web application: dereferencing, SPARQL, dumps and pages around one live release."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from qcp_graph import __version__, assets
from qcp_graph.server import (
    api,
    compare,
    compressed,
    dereference,
    discovery,
    downloads,
    errors,
    feeds,
    feeds_atom,
    fronts,
    linksets,
    metrics,
    oai,
    openapi,
    run,
)
from qcp_graph.server.live import Live
from qcp_graph.server.quick import Quick
from qcp_graph.server.seam import Pages, Problem
from qcp_graph.server.shell import Shell
from qcp_graph.server.sparql import direct, endpoint
from qcp_graph.server.sparql.pool import Pool
from qcp_graph.server.sparql.remote import RemotePool
from qcp_graph.settings import Settings
from qcp_graph.store import remote


class Site(FastAPI):
    """The application behind ``front``, which answers what is frequent before anything is routed.

    The layers of the framework cost as much time as such an answer, so the front stands before
    them.
    """

    front: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self.front(scope, receive, send)

    async def within(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request behind the front."""
        await super().__call__(scope, receive, send)


def create_app(settings: Settings, pages: Pages | None = None) -> Site:
    """Return the application; ``pages`` stand in for the project's own pages in tests.

    The application needs no release to start: it answers 503 until there is one.
    """
    face = pages or _project_pages()
    live = Live(settings)
    elsewhere = remote.of(settings)
    pool = Pool(settings) if elsewhere is None else RemotePool(settings, elsewhere)
    figures = metrics.Metrics(live, pool)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await pool.close()
            live.close()

    app = Site(
        title="Qualification registers as linked open data",
        version=__version__,
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
        lifespan=lifespan,
    )

    def respond(request: Request, problem: Problem) -> Response:
        return errors.respond(request, live, face, problem)

    _handle_errors(app)
    app.add_middleware(Shell, live=live, respond=respond, count=figures.request)
    app.add_middleware(compressed.Compressed)  # within Quick: what is kept is compressed once
    room = settings.cache_bytes // settings.server_processes
    lane = direct.Lane(app.within, live, figures.request)
    app.front = Quick(lane, live, figures.request, room)
    app.routes.extend(endpoint.routes(live, pool, face, figures.query))
    app.include_router(dereference.router(live, face))
    app.include_router(downloads.router(live, face))
    app.include_router(discovery.router(live))
    app.include_router(feeds.router(live))
    app.include_router(feeds_atom.router(live))
    app.include_router(oai.router(live))
    app.include_router(linksets.router(live))
    app.include_router(metrics.router(live, figures))
    app.include_router(compare.router(live))
    app.include_router(api.router(live, endpoint.saved(live, pool, figures.query)))
    app.mount("/static", _static(settings), name="static")
    app.state.live = live
    app.state.pool = pool
    app.state.templates = face.templates(settings)
    app.include_router(face.router(live, app.state.templates))
    openapi.describe(app)
    return app


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM.

    :raises UsageError: when the port cannot be used.
    """
    with run.listening(settings) as listener, run.announced(listener, settings):
        if settings.server_processes > 1:
            fronts.watch(listener, settings)
        else:
            run.run(create_app(settings), listener, settings)


def _project_pages() -> Pages:
    from qcp_graph.server import pages  # late: tests bring their own

    return cast(Pages, pages)


def _handle_errors(app: FastAPI) -> None:
    """Lead the framework's errors to :class:`Shell`, which answers all errors in one shape."""

    async def http(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        raise errors.ProblemError(errors.of_http(error)) from error

    async def parameters(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        raise errors.ProblemError(errors.of_parameters(error)) from error

    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, parameters)


class _Static(StaticFiles):
    """Files of the pages; an address that names its content (``?v=<hash>``) never changes."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file, cacheable for a year where the address names the content."""
        response = await super().get_response(path, scope)
        versioned = scope.get("query_string", b"").startswith(b"v=")
        response.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if versioned else "public, max-age=300"
        )
        return response


def _static(settings: Settings) -> StaticFiles:
    folders = [root / "web" / "static" for root in assets.roots(settings.workspace)]
    files = _Static(directory=folders[-1], check_dir=False)
    files.all_directories = list(folders)
    return files
