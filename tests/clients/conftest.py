"""A site for clients that others wrote."""

from tests.feeds.conftest import site

__all__ = ["site"]
