"""A folder for snapshots, and a web server on this machine that behaves as it is told."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from qcp_graph import fetch
from qcp_graph.model.snapshot import Snapshot

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
LIMITS = fetch.Limits(private_networks=True, backoff=0.001, timeout=2.0, retries=2, max_wait=0.2)

Fetch = Callable[..., fetch.Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "snapshots"


@pytest.fixture
def get(folder: Path) -> Fetch:
    """Fetch into the folder; nothing unfinished may remain, whatever happens."""

    def run(
        address: Path | str,
        limits: fetch.Limits = LIMITS,
        *,
        previous: Snapshot | None = None,
        now: datetime = NOW,
        patterns: tuple[str, ...] = (),
    ) -> fetch.Result:
        try:
            return fetch.fetch(
                "fr-test",
                str(address),
                folder,
                limits,
                patterns=patterns,
                previous=previous,
                now=now,
            )
        finally:
            assert not list(folder.glob("*/.*")), "an unfinished snapshot remains"

    return run


def names(snapshot: Snapshot) -> list[str]:
    return [file.name for file in snapshot.files]


def contents(snapshot: Snapshot) -> dict[str, bytes]:
    return {file.name: file.path.read_bytes() for file in snapshot.files}


Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A server: ``reply`` says how it answers, ``seen`` what it was asked."""

    address: str = ""
    reply: Reply | None = None
    seen: list[dict[str, str]] = field(default_factory=list)

    def says(self, body: bytes = b"id\n1\n", status: int = 200, **headers: str) -> None:
        """Answer always the same; header names with ``_`` for ``-``."""

        def reply(handler: BaseHTTPRequestHandler) -> None:
            send(handler, body, status, **headers)

        self.reply = reply


def send(
    handler: BaseHTTPRequestHandler, body: bytes = b"", status: int = 200, **headers: str
) -> None:
    handler.send_response(status)
    if "Content_Length" not in headers and "Transfer_Encoding" not in headers:
        handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    found = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.seen.append(
                {"path": self.path, **{k.lower(): v for k, v in self.headers.items()}}
            )
            assert found.reply is not None
            found.reply(self)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients hang up in tests
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()
