"""From source records to quads, as ``mapping.yaml`` says (``docs/mapping.md``)."""

from qcp_graph.mapping.explaining import Explanation
from qcp_graph.mapping.load import load
from qcp_graph.mapping.plan import Plan
from qcp_graph.mapping.spec import Input, SideTable
from qcp_graph.mapping.tables import Tables
from qcp_graph.mapping.writing import Written

__all__ = ["Explanation", "Input", "Plan", "SideTable", "Tables", "Written", "load"]
