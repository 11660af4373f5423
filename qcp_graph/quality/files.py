"""Where a release keeps the figures of a register: one JSON file."""

import json
from pathlib import Path
from typing import Final

from qcp_graph.errors import DataError
from qcp_graph.quality.figures import Figures

NAME: Final = "quality"


def path(release: Path, register: str) -> Path:
    """Return the file of a register in a release's folder."""
    return release / NAME / f"{register}.json"


def write(release: Path, figures: Figures) -> None:
    """Write the figures of a register."""
    target = path(release, figures.register)
    target.parent.mkdir(exist_ok=True)
    text = json.dumps(figures.as_dict(), ensure_ascii=False, indent=1)
    target.write_text(text + "\n", encoding="utf-8")


def read(release: Path, register: str) -> Figures | None:
    """Return the figures of a register; None where the release was made without.

    :raises DataError: when the file is damaged.
    """
    source = path(release, register)
    if not source.is_file():
        return None
    try:
        return Figures.of(json.loads(source.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            "QCP-QLT-FILE",
            f"The quality figures of {register} cannot be read: {error}",
            where=str(source),
            remedy="Build the register again with qcp build --full.",
        ) from error
