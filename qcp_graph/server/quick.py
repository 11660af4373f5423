"""Answers kept in memory: what was answered once is sent again until another release is live.

Every public answer depends on the release, the address and the headers of ``_NAMES`` only, so an
equal request gets equal bytes. This is the outermost layer: a kept answer costs no routing, no
store and no thread. Requests with a body, a range or a condition other than one entity tag go on
to the application.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qcp_graph.server.live import Live

_NAMES: Final = frozenset({b"accept", b"accept-language", b"accept-profile", b"accept-encoding"})
_PASSED_ON: Final = frozenset({b"range", b"if-modified-since", b"authorization"})
_NOT_IN_304: Final = frozenset(
    {b"content-length", b"content-type", b"content-profile", b"last-modified", b"link"}
)
"""What the client has already (RFC 9110 §15.4.5)."""
_LARGEST: Final = 1 / 64
"""Share of the room that one answer may take."""
_OVERHEAD: Final = 1000
"""Bytes that an entry takes beside its key, its body and the headers that it shares with none."""
_SHARED: Final = 1000
"""Pairs of name and value, of headers, that are kept once for all answers."""
_SHORT: Final = 300
"""Bytes up to which a pair may be one of them."""
_OWN: Final = frozenset({b"etag", b"content-length", b"content-location", b"link"})

Count = Callable[[str, int, float], None]
Pair = tuple[bytes, bytes]
Headers = list[Pair]


class _Kept(NamedTuple):
    tag: bytes
    headers: Headers
    unchanged: Headers
    body: bytes
    size: int


class Quick:
    """ASGI layer around the application; ``room`` in bytes, 0 keeps nothing."""

    def __init__(self, app: ASGIApp, live: Live, count: Count, room: int) -> None:
        self._app = app
        self._live = live
        self._count = count
        self._room = room
        self._kept: OrderedDict[tuple[Any, ...], _Kept] = OrderedDict()
        self.size = 0
        self._release = ""
        self._pairs: dict[Pair, Pair] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"} or not self._room:
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        key, condition = _key(scope)
        if key is None or self._live.due():
            await self._app(scope, receive, send)
            return
        self._follow_release()
        kept = self._kept.get(key)
        if kept is None or (condition and condition not in {kept.tag, b"*"}):
            whole = scope["method"] == "GET" and not condition
            await self._app(scope, receive, self._keeping(key, send) if whole else send)
            return
        self._kept.move_to_end(key)
        status = await _answer(kept, bool(condition), scope["method"] == "HEAD", send)
        self._count(scope["path"], status, time.perf_counter() - start)

    def _follow_release(self) -> None:
        release = self._live.id
        if release != self._release:
            self._kept.clear()
            self._pairs.clear()
            self.size = 0
            self._release = release

    def _keeping(self, key: tuple[Any, ...], send: Send) -> Send:
        """Send an answer and keep it, when it is whole, public and not too large."""
        release = self._live.id
        head: Message | None = None

        async def keep(message: Message) -> None:
            nonlocal head
            await send(message)
            if message["type"] == "http.response.start":
                head = message
            elif head is not None and not message.get("more_body", False):
                if self._live.id == release == self._release:
                    self._add(key, head, bytes(message.get("body", b"")))
                head = None
            else:
                head = None  # in pieces: a file

        return keep

    def _add(self, key: tuple[Any, ...], head: Message, body: bytes) -> None:
        headers: Headers = list(head["headers"])
        named = dict(headers)
        if head["status"] != 200 or not named.get(b"cache-control", b"").startswith(b"public"):
            return
        headers = self._sharing(headers)
        key = (*key[:2], *self._sharing(key[2:]))
        own = sum(len(pair[1]) for pair in headers if pair[0] in _OWN)
        size = len(body) + len(key[0]) + len(key[1]) + own + _OVERHEAD
        if size > self._room * _LARGEST or key in self._kept:
            return
        unchanged = [pair for pair in headers if pair[0] not in _NOT_IN_304]
        self._kept[key] = _Kept(named.get(b"etag", b""), headers, unchanged, body, size)
        self.size += size
        while self.size > self._room:
            _, dropped = self._kept.popitem(last=False)
            self.size -= dropped.size

    def _sharing(self, pairs: Iterable[Pair]) -> Headers:
        """Return the same pairs, as one object where other answers have them, too."""
        if len(self._pairs) >= _SHARED:
            self._pairs.clear()
        return [
            pair if pair[0] in _OWN or len(pair[1]) > _SHORT else self._pairs.setdefault(pair, pair)
            for pair in pairs
        ]


async def _answer(kept: _Kept, unchanged: bool, head: bool, send: Send) -> int:
    headers, body, status = kept.headers, kept.body, 200
    if unchanged:
        headers, body, status = kept.unchanged, b"", 304
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})
    return status


def _key(scope: Scope) -> tuple[tuple[Any, ...] | None, bytes]:
    """Return what an answer depends on (None: pass the request on) and the tag given."""
    named: list[tuple[bytes, bytes]] = []
    condition = b""
    for name, value in scope["headers"]:
        if name in _NAMES:
            named.append((name, value))
        elif name in _PASSED_ON:
            return None, b""
        elif name == b"if-none-match":
            condition = value
    return (scope.get("raw_path") or b"", scope["query_string"], *named), condition
