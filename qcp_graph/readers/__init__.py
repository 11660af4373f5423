"""One reader per format: from a snapshot's file to records with their places."""

from qcp_graph.readers.database import request
from qcp_graph.readers.options import OPTIONS, Option
from qcp_graph.readers.reading import fields, read, read_together
from qcp_graph.readers.sniffing import sniff
from qcp_graph.readers.spec import FORMATS, ReaderReport, ReaderSpec, Spec

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
