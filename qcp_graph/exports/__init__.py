"""Records in the forms of other systems, each with what it had to leave out and why."""

from qcp_graph.exports.acqf import PROFILE as ACQF
from qcp_graph.exports.acqf import Codes, acqf
from qcp_graph.exports.acqf_rdf import triples as acqf_triples
from qcp_graph.exports.ctdl import PROFILE as CTDL
from qcp_graph.exports.ctdl import ctdl
from qcp_graph.exports.europass import EuropassFile
from qcp_graph.exports.europass_record import RecordWriter, Register
from qcp_graph.exports.europass_single import loq
from qcp_graph.exports.europass_values import Facts, facts
from qcp_graph.exports.left_out import LeftOut, summary
from qcp_graph.exports.reading import Labels, Made, Object
from qcp_graph.exports.schema_org import PROFILE as SCHEMA_ORG
from qcp_graph.exports.schema_org import schema_org
from qcp_graph.exports.table import COLUMNS, rows

__all__ = [
    "ACQF",
    "COLUMNS",
    "CTDL",
    "SCHEMA_ORG",
    "Codes",
    "EuropassFile",
    "Facts",
    "Labels",
    "LeftOut",
    "Made",
    "Object",
    "RecordWriter",
    "Register",
    "acqf",
    "acqf_triples",
    "ctdl",
    "facts",
    "loq",
    "rows",
    "schema_org",
    "summary",
]
