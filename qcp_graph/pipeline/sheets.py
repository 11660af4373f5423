"""A mapping folder that a sheet describes, tried before it is written."""

from collections.abc import Mapping
from pathlib import Path

from qcp_graph import mapping, vocabulary
from qcp_graph.errors import QcpError
from qcp_graph.iris import Iris
from qcp_graph.model.issue import Issue
from qcp_graph.settings import Settings


def levels(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Return framework id → notations of its levels."""
    known = vocabulary.load(settings.base_iri, settings.workspace)
    return {name: tuple(table) for name, table in known.levels.items()}


def tried(
    settings: Settings, source_id: str, files: Mapping[str, str], scratch: Path
) -> list[Issue]:
    """Load a register from its files in an empty folder; return what is wrong with it."""
    from qcp_graph.sources.description import load

    folder = scratch / source_id
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    known = vocabulary.load(settings.base_iri, settings.workspace)
    try:
        source = load(folder / "source.yaml")
        mapping.load(
            folder, source, Iris(settings.base_iri), known.levels,
            own_functions=settings.own_functions,
        )  # fmt: skip
    except QcpError as error:
        where = error.where.replace(str(folder), source_id)
        return [
            Issue(
                error.code, "violation", error.message, source_id, locator=where,
                remedy=error.remedy,
            )
        ]  # fmt: skip
    return []
