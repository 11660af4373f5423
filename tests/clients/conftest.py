"""A site for clients that others wrote."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.feeds.conftest import site

__all__ = ["site"]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Let go of the sockets that these clients leave open, within the test that opened them."""
    yield
    gc.collect()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Their sockets are theirs to close: no warning of it fails a test of ours."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            ignored = "ignore::pytest.PytestUnraisableExceptionWarning"
            item.add_marker(pytest.mark.filterwarnings(ignored))
