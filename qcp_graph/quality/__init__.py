"""How good a register's data are: measured for every release, comparable over time.

Five dimensions (ISO/IEC 25012, DQV): completeness, validity, uniqueness, timeliness, consistency.
"""

from qcp_graph.quality.dqv import triples
from qcp_graph.quality.figures import (
    Completeness,
    Delta,
    Figures,
    Moment,
    Problem,
    ProfileFigures,
    ReasonCount,
)
from qcp_graph.quality.files import NAME, path, read, write
from qcp_graph.quality.measuring import EXPECTED, Given, measure

__all__ = [
    "EXPECTED",
    "NAME",
    "Completeness",
    "Delta",
    "Figures",
    "Given",
    "Moment",
    "Problem",
    "ProfileFigures",
    "ReasonCount",
    "measure",
    "path",
    "read",
    "triples",
    "write",
]
