"""qcp-graph: national qualification registers as comparable linked open data."""

__version__ = "0.1.0"
