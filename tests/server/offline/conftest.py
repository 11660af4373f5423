"""Bundles of a release that has something for every page to show."""

import html
import posixpath
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qcp_graph.pipeline.progress import Silent
from qcp_graph.server import offline
from qcp_graph.settings import Settings
from tests.server.pages import release

LINK = re.compile(r"\s(?:href|src|action)=\"([^\"]*)\"")
Write = Callable[..., offline.Outcome]


@pytest.fixture(scope="session")
def offline_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("offline-home")
    release.publish(folder, "r1", release.RDF, release.many(230))
    return folder


@pytest.fixture(scope="session")
def write(offline_home: Path) -> Write:
    settings = Settings(base_iri=release.BASE, home=offline_home)

    def run(country: str, output: Path | None, **other: str) -> offline.Outcome:
        return offline.run(settings, offline.Order(country, output, **other), Silent())

    return run


@pytest.fixture(scope="session")
def finland(write: Write, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle") / "finland"
    write("FIN", folder)
    return folder


@pytest.fixture(scope="session")
def france(write: Write, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle") / "france"
    write("FRA", folder)
    return folder


def pages(root: Path) -> dict[str, str]:
    """Return every page by its path in the bundle."""
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*.html"))
    }


def dead_links(root: Path) -> list[tuple[str, str]]:
    """Return the relative links of a bundle that lead to no file or to no part of it."""
    texts = pages(root)
    found = []
    for name, text in texts.items():
        for link in LINK.findall(text):
            target, _, part = html.unescape(link).partition("#")
            if re.match(r"(?:https?|mailto):", target) or " " in target:
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target or name))
            path = name if not target else path
            whole = (root / path).is_file() and not path.startswith(("/", "..", "//"))
            if not whole or (part and path in texts and f'id="{part}"' not in texts[path]):
                found.append((name, link))
    return found
