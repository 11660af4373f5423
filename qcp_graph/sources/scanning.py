"""Find every register by walking ``mappings/`` of workspace and project: a folder is a register."""

import difflib
from pathlib import Path

from qcp_graph import assets
from qcp_graph.errors import UsageError
from qcp_graph.model.source import Source


def scan(workspace: Path | None = None) -> dict[str, Source]:
    """Return all registers by id, sorted; workspace and project count the same.

    :raises UsageError: for a description that cannot be used, or an id given twice (both named).
    """
    from qcp_graph.sources.description import load  # pydantic and YAML only when they are needed

    found: dict[str, Source] = {}
    for path in _descriptions(workspace):
        source = load(path)
        if source.id in found:
            raise _twice(source.id, found[source.id].folder / path.name, path)
        found[source.id] = source
    return dict(sorted(found.items()))


def get(source_id: str, workspace: Path | None = None) -> Source:
    """Return one register, without reading the descriptions of the others.

    :raises UsageError: naming the nearest known id when there is none of that id.
    """
    from qcp_graph.sources.description import load

    paths = _descriptions(workspace)
    mine = [path for path in paths if path.parent.name == source_id]
    if len(mine) > 1:
        raise _twice(source_id, *mine[:2])
    if mine:
        return load(mine[0])
    known = sorted(path.parent.name for path in paths)
    near = difflib.get_close_matches(source_id, known, n=1, cutoff=0.4)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    raise UsageError(
        "QCP-SRC-UNKNOWN",
        f"There is no register {source_id[:60]!r}.",
        remedy=f"{hint}`qcp source list` shows all {len(known)}.",
    )


def _descriptions(workspace: Path | None) -> list[Path]:
    folders = dict.fromkeys(root.resolve() / "mappings" for root in assets.roots(workspace))
    return [path for folder in folders for path in sorted(folder.glob("*/source.yaml"))]


def _twice(source_id: str, first: Path, second: Path) -> UsageError:
    return UsageError(
        "QCP-SRC-DUPLICATE",
        f"Two registers have the id {source_id!r}.",
        where=f"{first} and {second}",
        remedy="Give one of them another id and folder name.",
    )
