"""Text and facet index of a release: one SQLite file, built with the release, read by the pages.

>>> from qcp_graph import search
>>> search.fold("Infirmière")
'infirmiere'
"""

from qcp_graph.search.builder import Figures, build
from qcp_graph.search.index import Index
from qcp_graph.search.model import (
    FACETS,
    FIELDS,
    SORTS,
    Facet,
    FacetValue,
    Framework,
    Hit,
    Level,
    OrganisationEntry,
    RegisterEntry,
    Result,
)
from qcp_graph.search.similar import Similar, Wanted, similar
from qcp_graph.search.text import fold

__all__ = [
    "FACETS",
    "FIELDS",
    "SORTS",
    "Facet",
    "FacetValue",
    "Figures",
    "Framework",
    "Hit",
    "Index",
    "Level",
    "OrganisationEntry",
    "RegisterEntry",
    "Result",
    "Similar",
    "Wanted",
    "build",
    "fold",
    "similar",
]
