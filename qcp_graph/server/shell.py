"""What surrounds every request: the leased release, security headers, limits, the last net."""

import time
from collections.abc import Callable
from typing import Final

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qcp_graph import logs
from qcp_graph.errors import QcpError
from qcp_graph.server import errors, linksets
from qcp_graph.server.live import Live
from qcp_graph.server.paths import route_path
from qcp_graph.server.seam import Problem

MAX_BODY: Final = 1024 * 1024
"""Largest body of a request, in bytes."""
MAX_TARGET: Final = 32 * 1024
"""Longest path with query string, in bytes; longer queries are posted."""
DATA_PATHS: Final = (
    "/id/",
    "/sparql",
    "/api/",
    "/dumps/",
    "/exports/",
    "/manifest.json",
    "/context.jsonld",
    "/health",
    "/.well-known/",
    "/catalogue",
    "/sitemap",
    "/feed/",
    "/oai",
    "/linkset",
)
WITHOUT_RELEASE: Final = ("/static/", "/health", "/metrics", "/robots.txt", "/context.jsonld")
_SENDS_HEAD_ITSELF: Final = ("/static/", "/dumps/", "/exports/")

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, Content-Profile, ETag, Link,"
    " Last-Modified, Repr-Digest, Retry-After",
}
DATA_HEADERS: Final = SECURITY_HEADERS | _CORS
"""What every answer carries that programs of other sites may read."""
_PREFLIGHT: Final = _CORS | {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Profile, Content-Type, If-None-Match,"
    " If-Modified-Since, Range",
    "Access-Control-Max-Age": "86400",
}
_NO_RELEASE: Final = Problem(
    503,
    "QCP-WEB-EMPTY",
    "Nothing has been published here yet.",
    remedy="Run qcp build; the server notices the first release by itself.",
    headers={"Retry-After": "30"},
)

Respond = Callable[[Request, Problem], Response]
Count = Callable[[str, int, float], None]
"""Takes path, status and seconds of every answer."""


class Shell:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, live: Live, respond: Respond, count: Count) -> None:
        self._app = app
        self._live = live
        self._respond = respond
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if root := self._live.settings.root_path:
            scope["root_path"] = root
        path = route_path(scope)
        headers = _headers(path)
        if path == "/":
            headers = headers | {"Link": linksets.header(self._live.settings.root_path)}
        send = _finishing(_counting(send, path, self._count), headers)
        if scope["method"] == "OPTIONS" and path.startswith(DATA_PATHS):
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
            return
        if scope["method"] == "HEAD" and not path.startswith(_SENDS_HEAD_ITSELF):
            # Every GET answers HEAD with the same headers; routes need not know.
            scope = dict(scope) | {"method": "GET"}
            send = _without_body(send)
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._serve(path, scope, receive, watched)
        except Exception as error:
            if started:
                logs.get("server").error("answer broken off", path=path, exc_info=error)
                raise
            await self._failed(error, scope, receive, send)

    async def _serve(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        _check_size(scope)
        if self._live.due():
            try:
                await run_in_threadpool(self._live.refresh)
            except QcpError:
                if not path.startswith(WITHOUT_RELEASE):
                    raise
        with self._live.lease() as release:
            if release is None and not path.startswith(WITHOUT_RELEASE):
                raise errors.ProblemError(_NO_RELEASE)
            scope.setdefault("state", {})["release"] = release
            await self._app(scope, receive, send)

    async def _failed(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        if isinstance(error, errors.ProblemError):
            problem = error.problem
        elif isinstance(error, QcpError):
            logs.get("server").error("request failed", error=str(error))
            problem = errors.of_error(error)
        else:
            logs.get("server").error("request failed", path=scope["path"], exc_info=error)
            problem = errors.UNEXPECTED
        with self._live.lease() as release:  # the request's own lease has ended with the error
            scope.setdefault("state", {})["release"] = release
            response = await run_in_threadpool(self._respond, Request(scope), problem)
        await response(scope, receive, send)


def _check_size(scope: Scope) -> None:
    target = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    if target > MAX_TARGET:
        raise errors.ProblemError(
            Problem(
                414,
                "QCP-WEB-TOOLONG",
                "The address is too long.",
                f"An address may have {MAX_TARGET} bytes, this one has {target}.",
                "Send a long query by POST.",
            )
        )
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if not length.isdigit() or int(length[:20]) > MAX_BODY:
        raise errors.ProblemError(body_too_large())


def body_too_large() -> Problem:
    """Return the problem for a request body over :data:`MAX_BODY`."""
    return Problem(
        413,
        "QCP-WEB-TOOLARGE",
        "The request is too large.",
        f"The body of a request may have {MAX_BODY} bytes.",
        "Shorten the query; large exports are under /dumps/.",
    )


def _headers(path: str) -> dict[str, str]:
    return DATA_HEADERS if path.startswith(DATA_PATHS) else SECURITY_HEADERS


def _counting(send: Send, path: str, count: Count) -> Send:
    """Tell status and time of an answer when it has been sent."""
    start, status = time.perf_counter(), 0

    async def counted(message: Message) -> None:
        nonlocal status
        await send(message)
        if message["type"] == "http.response.start":
            status = message["status"]
        elif not message.get("more_body", False):
            count(path, status, time.perf_counter() - start)

    return counted


def _finishing(send: Send, headers: dict[str, str]) -> Send:
    """Add headers that the answer does not set itself."""

    async def finish(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = MutableHeaders(scope=message)
            for name, value in headers.items():
                present.setdefault(name, value)
        await send(message)

    return finish


def _without_body(send: Send) -> Send:
    async def head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = message | {"body": b""} if isinstance(message, dict) else message
        await send(message)

    return head
