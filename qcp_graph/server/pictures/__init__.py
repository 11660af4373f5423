"""Pictures of figures, drawn on the server as SVG: numbers in, markup out.

Each picture has a title and a description for screen readers, takes its colours from the style
sheet (classes, never values), needs no script, and stands beside a table that says the same.

>>> from qcp_graph.server import pictures
>>> picture = pictures.heat_map("map", "Coverage", "Two countries", ["1", "2"], [("FI", [0, 4])])
>>> picture.startswith('<svg class="picture heat"')
True
"""

from qcp_graph.server.pictures.alignment import Link, alignment
from qcp_graph.server.pictures.bars import Overlap, overlap_bars
from qcp_graph.server.pictures.grid import heat_map
from qcp_graph.server.pictures.ladder import Rung, level_ladder
from qcp_graph.server.pictures.timeline import Moment, timeline

__all__ = [
    "Link",
    "Moment",
    "Overlap",
    "Rung",
    "alignment",
    "heat_map",
    "level_ladder",
    "overlap_bars",
    "timeline",
]
