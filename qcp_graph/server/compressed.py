"""Pages travel compressed: gzip (RFC 9110 §8.4.1.3) for HTML, style, script, SVG and JSON.

RDF and tables are left alone: who loads much takes the compressed dumps, and queries are answered
where each millisecond counts. No page holds a secret or sets a cookie, so that its compressed size
betrays nothing. A compressed answer has a weak entity tag: its bytes are others than those that
the strong one names (§8.8.3).
"""

import zlib
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qcp_graph.server.feeds import takes_gzip

TYPES: Final = frozenset(
    {
        *("text/html", "text/css", "text/javascript", "application/javascript"),
        *("image/svg+xml", "application/json", "application/problem+json"),
    }
)
SMALLEST: Final = 1000
"""Bytes below which compression gains nothing: such an answer is one packet either way."""
_LEVEL: Final = 6


class Compressed:
    """ASGI layer that compresses answers to GET for those who take gzip.

    HEAD has the same headers, less the length, which only compressing would tell (§9.3.2).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            send = _Answer(Headers(scope=scope), scope["method"] == "HEAD", send).pass_on
        await self._app(scope, receive, send)


class _Answer:
    """One answer on its way: the head waits for the first piece of the body."""

    def __init__(self, asked: Headers, head: bool, send: Send) -> None:
        self._gzip = "range" not in asked and takes_gzip(_codings(asked))
        self._head = head
        self._weak = asked.get("if-none-match", "").startswith("W/")
        self._send = send
        self._start: Message | None = None
        self._stream: zlib._Compress | None = None

    async def pass_on(self, message: Message) -> None:
        """Take a message of the application and send what becomes of it."""
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif message["type"] == "http.response.body" and self._stream:
            await self._piece(message)
        else:
            await self._send(message)

    async def _begin(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        if message["status"] == 304 and self._gzip and self._weak:
            _weaken(headers)
        if headers.get("content-type", "").partition(";")[0] in TYPES:
            headers.add_vary_header("Accept-Encoding")
            if self._gzip and _worth_it(message["status"], headers):
                if self._head:
                    _tell(headers, None)
                    await self._send(message)
                    return
                self._stream = zlib.compressobj(_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
                self._start = message
                return
        await self._send(message)

    async def _piece(self, message: Message) -> None:
        assert self._stream
        more = message.get("more_body", False)
        body = self._stream.compress(message.get("body", b""))
        # A stream that pauses is passed on so far: nobody waits for a buffer to fill.
        body += self._stream.flush(zlib.Z_SYNC_FLUSH if more else zlib.Z_FINISH)
        if start := self._start:
            self._start = None
            _tell(MutableHeaders(scope=start), None if more else len(body))
            await self._send(start)
        await self._send({"type": message["type"], "body": body, "more_body": more})


def _codings(asked: Headers) -> str:
    return ", ".join(asked.getlist("accept-encoding"))


def _worth_it(status: int, headers: Headers) -> bool:
    length = headers.get("content-length", "")
    long = not length.isdigit() or int(length) >= SMALLEST
    return long and status not in {204, 206, 304} and "content-encoding" not in headers


def _tell(headers: MutableHeaders, length: int | None) -> None:
    headers["Content-Encoding"] = "gzip"
    _weaken(headers)
    if length is None:
        del headers["Content-Length"]
    else:
        headers["Content-Length"] = str(length)
    if "accept-ranges" in headers:
        del headers["Accept-Ranges"]


def _weaken(headers: MutableHeaders) -> None:
    tag = headers.get("etag", "")
    if tag.startswith('"'):
        headers["ETag"] = f"W/{tag}"
