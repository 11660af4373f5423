"""Starting and stopping the server: the port first, the address printed, a clean end."""

import errno
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI

from qcp_graph.errors import UsageError
from qcp_graph.server.sparql.pool import Pool
from qcp_graph.settings import Settings

_GRACE = 5
"""Seconds that open requests get when the server is asked to stop."""


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """Listen on the port of the settings; a port in use is found before anything else is done.

    :raises UsageError: when the server cannot listen there.
    """
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            settings.host,
            settings.port,
            type=socket.SOCK_STREAM,
            proto=socket.IPPROTO_TCP,  # asyncio sets TCP_NODELAY only then; else 40 ms an answer
            flags=socket.AI_PASSIVE,
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _unusable(settings, error) from error
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(where)
            listener.listen(2048)
        except OSError as error:
            raise _unusable(settings, error) from error
        yield listener


def run(app: FastAPI, listener: socket.socket, settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM."""
    config = uvicorn.Config(
        app,
        # The application logs its own failures; uvicorn would add a traceback for every client
        # that is cut off when the server stops.
        log_level="debug" if settings.log_level == "debug" else "critical",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_graceful_shutdown=_GRACE,
        lifespan="on",
    )
    _Server(config, app.state.pool).run(sockets=[listener])


@contextmanager
def announced(listener: socket.socket, settings: Settings) -> Iterator[None]:
    """Say where the site is served and when it is no more."""
    print(f"Serving on {_address(listener, settings)} - Ctrl-C stops.", file=sys.stderr, flush=True)
    yield
    print("Stopped.", file=sys.stderr, flush=True)


class _Server(uvicorn.Server):
    """uvicorn that ends running queries first and, once stopped by a signal, exits with 0."""

    def __init__(self, config: uvicorn.Config, pool: Pool) -> None:
        super().__init__(config)
        self._pool = pool

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._pool.close()  # else the server would wait for queries until the grace is over
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        self._captured_signals.clear()


def _address(listener: socket.socket, settings: Settings) -> str:
    host, port = listener.getsockname()[:2]
    shown = "localhost" if host in {"0.0.0.0", "::", "127.0.0.1", "::1"} else host  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}{settings.root_path}/"


def _unusable(settings: Settings, error: OSError) -> UsageError:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        message = f"Port {settings.port} is in use by another program."
        remedy = "Stop that program or choose another port: qcp serve --port 8001 (or QCP_PORT)."
    elif error.errno == errno.EACCES:
        message = f"Port {settings.port} may not be used without special rights."
        remedy = "Choose a port above 1023: qcp serve --port 8000 (or QCP_PORT)."
    else:
        message = f"The server cannot listen there: {error}"
        remedy = "Check host and port (QCP_HOST, QCP_PORT)."
    return UsageError("QCP-WEB-PORT", message, where=where, remedy=remedy)
