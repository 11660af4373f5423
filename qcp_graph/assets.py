"""Where the project's non-Python folders lie: in the installed wheel or in a checkout.

The folders are ``ontology shapes mappings sparql web data``. A workspace (a folder of an operator
with the same sub-folders) is searched first, so that a ministry adds a register without forking.
"""

from collections.abc import Iterator
from pathlib import Path

from qcp_graph.errors import InternalError

FOLDERS = ("ontology", "shapes", "mappings", "sparql", "web", "data")


def root() -> Path:
    """Return the folder that holds :data:`FOLDERS`.

    :raises InternalError: when the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "_assets", package.parent):
        if all((candidate / folder).is_dir() for folder in FOLDERS):
            return candidate
    raise InternalError(
        "QCP-SET-ASSETS",
        "The program's own folders are missing: " + ", ".join(FOLDERS) + ".",
        where=str(package),
        remedy="Install qcp-graph again (pip install --force-reinstall qcp-graph).",
    )


def roots(workspace: Path | None = None) -> Iterator[Path]:
    """Yield the workspace, when there is one, then :func:`root`: the search order of every scan."""
    if workspace is not None:
        yield workspace
    yield root()
