"""The functions a mapping may use (``docs/functions.md``)."""

from qcp_graph.mapping.functions import (
    checks,
    dates,
    html,
    identifiers,
    lists,
    measures,
    names,
    numbers,
    text,
)
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
    "checks",
    "dates",
    "html",
    "identifiers",
    "library",
    "lists",
    "measures",
    "names",
    "numbers",
    "pattern",
    "text",
]
