"""The application over a published release."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.server.conftest import served
from tests.server.pages import release


@pytest.fixture(scope="session")
def pages_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages-home")
    release.publish(folder, "r1", release.RDF, release.many(45))
    return folder


@pytest.fixture(scope="session")
def browser(pages_home: Path) -> Iterator[httpx.Client]:
    """A client that asks for HTML in English, as a browser does."""
    settings = Settings(base_iri=release.BASE, home=pages_home, cache_bytes=0)
    with served(create_app(settings)) as client:
        client.headers.update({"Accept": "text/html,*/*;q=0.8", "Accept-Language": "en"})
        client.follow_redirects = True
        yield client
