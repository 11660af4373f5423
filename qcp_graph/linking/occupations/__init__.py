"""Occupations: from national classifications to ESCO, and the skills an occupation asks for."""

from qcp_graph.linking.occupations.classification import Entry, entries, prefixes, regrouped
from qcp_graph.linking.occupations.crosswalk import (
    Mapped,
    OccupationCrosswalk,
    assertions,
    read,
    through_groups,
)
from qcp_graph.linking.occupations.keeping import Occupations, Stated, keep
from qcp_graph.linking.occupations.skills import Requirements, compare, requirements

__all__ = [
    "Entry",
    "Mapped",
    "OccupationCrosswalk",
    "Occupations",
    "Requirements",
    "Stated",
    "assertions",
    "compare",
    "entries",
    "keep",
    "prefixes",
    "read",
    "regrouped",
    "requirements",
    "through_groups",
]
