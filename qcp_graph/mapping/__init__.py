"""From source records to quads, as ``mapping.yaml`` says (``docs/mapping.md``)."""

from typing import TYPE_CHECKING

from qcp_graph.mapping.load import load
from qcp_graph.mapping.plan import Plan
from qcp_graph.mapping.spec import Input, SideTable
from qcp_graph.mapping.writing import Written

if TYPE_CHECKING:
    from qcp_graph.mapping.explaining import Explanation
    from qcp_graph.mapping.tables import Tables

__all__ = ["Explanation", "Input", "Plan", "SideTable", "Tables", "Written", "load"]


def __getattr__(name: str) -> object:
    """Load what few runs need when it is asked for: databases for joins, explanations."""
    if name == "Tables":
        from qcp_graph.mapping.tables import Tables

        return Tables
    if name == "Explanation":
        from qcp_graph.mapping.explaining import Explanation

        return Explanation
    raise AttributeError(name)
