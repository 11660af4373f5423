"""RML, read, run and written: the original vocabulary, and RML-Core, RML-IO and RML-FNML."""

from qcp_graph.mapping.rml.load import load
from qcp_graph.mapping.rml.plan import Made, RmlPlan, SourcePlan

__all__ = ["Made", "RmlPlan", "SourcePlan", "load"]
