"""Reading another site: its event stream (LDES), its OAI-PMH or its dump, as a source.

What was read is kept, so the next time only news is asked for, and an interrupted run goes on.
"""

from qcp_graph.harvest.harvesting import Outcome, harvest
from qcp_graph.harvest.web import Bounds

__all__ = ["Bounds", "Outcome", "harvest"]
