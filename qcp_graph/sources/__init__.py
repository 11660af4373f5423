"""The registers: what ``mappings/<id>/source.yaml`` says of each."""

from qcp_graph.sources.scanning import get, scan

__all__ = ["get", "scan"]
