"""Occupations: from national classifications to ESCO, and the skills an occupation asks for."""

from qcp_graph.linking.occupations.crosswalk import (
    Mapped,
    OccupationCrosswalk,
    assertions,
    read,
    through_groups,
)
from qcp_graph.linking.occupations.skills import Requirements, compare, requirements

__all__ = [
    "Mapped",
    "OccupationCrosswalk",
    "Requirements",
    "assertions",
    "compare",
    "read",
    "requirements",
    "through_groups",
]
