"""``python -m qcp_graph`` is ``qcp``."""

from qcp_graph.cli.main import run

run()
