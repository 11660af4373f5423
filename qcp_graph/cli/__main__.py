"""``python -m qcp_graph.cli``: the same as ``qcp``."""

from qcp_graph.cli.main import run

run()
