"""Versions of ESCO, imported from its official releases and kept side by side."""

from qcp_graph.linking.esco.catalogue import Catalogue, Hit, Label, Summary
from qcp_graph.linking.esco.delta import Delta, Renamed, delta
from qcp_graph.linking.esco.importing import Imported, import_files
from qcp_graph.linking.esco.packages import EscoFile, files
from qcp_graph.linking.esco.publishing import triples
from qcp_graph.linking.esco.versions import FOLDER, check, number, open_version, versions

__all__ = [
    "FOLDER",
    "Catalogue",
    "Delta",
    "EscoFile",
    "Hit",
    "Imported",
    "Label",
    "Renamed",
    "Summary",
    "check",
    "delta",
    "files",
    "import_files",
    "number",
    "open_version",
    "triples",
    "versions",
]
