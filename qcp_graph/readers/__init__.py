"""One reader per format: from a snapshot's file to records with their places."""

from typing import TYPE_CHECKING

from qcp_graph.readers.options import OPTIONS, Option
from qcp_graph.readers.reading import fields, read, read_together
from qcp_graph.readers.spec import FORMATS, ReaderReport, ReaderSpec, Spec

if TYPE_CHECKING:
    from qcp_graph.readers.database import request
    from qcp_graph.readers.sniffing import sniff

__all__ = [
    "FORMATS",
    "OPTIONS",
    "Option",
    "ReaderReport",
    "ReaderSpec",
    "Spec",
    "fields",
    "read",
    "read_together",
    "request",
    "sniff",
]


def __getattr__(name: str) -> object:
    """Load what few runs need when it is asked for (PEP 562)."""
    if name == "request":
        from qcp_graph.readers.database import request

        return request
    if name == "sniff":
        from qcp_graph.readers.sniffing import sniff

        return sniff
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
