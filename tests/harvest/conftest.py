"""A site of our own to harvest, and a server that says whatever a test wants."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from qcp_graph.harvest import Bounds, Outcome, harvest
from qcp_graph.transfer.limits import Limits
from tests.feeds.conftest import serve, site

__all__ = ["serve", "site"]

LIMITS = Limits(private_networks=True, backoff=0.001, timeout=5.0, retries=1, max_wait=0.2)
BOUNDS = Bounds(LIMITS, page_bytes=4 * 1024**2, pages=200)
Statements = set[tuple[str, str, str]]
Harvest = Callable[..., Outcome]


def said(path: Path | None) -> Statements:
    """The statements of a replica."""
    assert path is not None
    found = ox.parse(path=str(path), format=ox.RdfFormat.N_TRIPLES)
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in found}


@pytest.fixture
def read(tmp_path: Path) -> Harvest:
    """Harvest into a folder of the test."""

    def run(address: str, bounds: Bounds = BOUNDS, **more: object) -> Outcome:
        return harvest(address, tmp_path / "harvest", bounds, **more)  # type: ignore[arg-type]

    return run


@dataclass
class Liar:
    """A server: by path, what it answers (status, headers, body), and what it was asked."""

    address: str
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def say(
        self, path: str, body: bytes | str, media_type: str = "application/trig", **headers: str
    ) -> str:
        """Answer a path from now on; return its address."""
        content = body.encode() if isinstance(body, str) else body
        self.answers[path] = (200, {"Content-Type": media_type, **headers}, content)
        return self.address + path


@pytest.fixture
def liar() -> Iterator[Liar]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            nothing: tuple[int, dict[str, str], bytes] = (404, {}, b"")
            whole = told.answers.get(self.path)
            status, headers, body = whole or told.answers.get(self.path.partition("?")[0], nothing)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told = Liar(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
