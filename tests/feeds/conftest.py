"""A site over a small register with three releases behind it, served on this machine."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import uvicorn

from qcp_graph.feeds import writing
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.pipeline.releases import folder
from qcp_graph.server.app import create_app
from qcp_graph.server.run import listening
from qcp_graph.settings import Settings
from qcp_graph.store import ReleaseFolder
from tests.pipeline.conftest import MAPPING, SOURCE, Row, row

START = datetime(2026, 1, 1, tzinfo=UTC)
DELIVERIES: list[list[Row]] = [
    [row(n) for n in range(1, 8)],
    [row(1), row(2, title="A & <b>B</b>"), *(row(n) for n in range(4, 8))],
    [*(row(n) for n in range(1, 9))],
    [row(n) for n in range(2, 9)],
]


class Site(NamedTuple):
    """A home with its server."""

    settings: Settings
    client: httpx.Client

    @property
    def base(self) -> str:
        """The base IRI, under which the server answers."""
        return self.settings.base_iri

    @property
    def releases(self) -> ReleaseFolder:
        return folder(self.settings)

    def get(self, path: str, accept: str = "*/*", **headers: str) -> httpx.Response:
        return self.client.get(path, headers={"Accept": accept, **headers})


def deliver(settings: Settings, number: int, rows: list[Row]) -> None:
    """Build a release of the register, a day after the one before."""
    file = settings.home / "rows.json"
    settings.home.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(rows), encoding="utf-8")
    order = Order(("ee-mini",), inputs={"ee-mini": str(file)})
    build(settings, order, Silent(), clock=lambda: START + timedelta(days=number))


def workspace(folder_: Path) -> Path:
    """Write the register into a workspace."""
    register = folder_ / "mappings" / "ee-mini"
    register.mkdir(parents=True)
    (register / "source.yaml").write_text(SOURCE, encoding="utf-8")
    (register / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    return folder_


@contextmanager
def served(settings: Settings, prepare: Callable[[Settings], None]) -> Iterator[Site]:
    """Serve a home under the address that its IRIs begin with."""
    with listening(Settings(port=0)) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        settings = settings.model_copy(update={"base_iri": base})
        prepare(settings)
        app = create_app(settings)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            with httpx.Client(base_url=base, timeout=30) as client:
                yield Site(settings, client)
        finally:
            server.should_exit = True
            thread.join()


def _history(settings: Settings) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "MEMBERS", 3)
        for number, rows in enumerate(DELIVERIES):
            deliver(settings, number, rows)


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    place = tmp_path_factory.mktemp("site")
    settings = Settings(home=place / "home", workspace=workspace(place / "own"))
    with served(settings, _history) as opened:
        yield opened


@pytest.fixture
def serve() -> Iterator[Callable[[Settings], Site]]:
    """Serve homes of a test, empty at first."""
    with ExitStack() as stack:
        yield lambda settings: stack.enter_context(served(settings, lambda _: None))
