"""The functions a mapping may use (``docs/functions.md``)."""

from qcp_graph.mapping.functions import dates, html, identifiers, lists, numbers, text
from qcp_graph.mapping.functions.registry import (
    MAX_MATCHED,
    Function,
    Result,
    library,
    pattern,
)

__all__ = [
    "MAX_MATCHED",
    "Function",
    "Result",
    "dates",
    "html",
    "identifiers",
    "library",
    "lists",
    "numbers",
    "pattern",
    "text",
]
