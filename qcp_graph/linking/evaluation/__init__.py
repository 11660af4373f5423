"""How good the linking is: data sets, measures, and the fitting of weights."""

from qcp_graph.linking.evaluation.datasets import Query, read
from qcp_graph.linking.evaluation.measures import Measured, measure

__all__ = ["Measured", "Query", "measure", "read"]
