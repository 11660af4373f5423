"""The manifest of a release as a JSON file."""

import json
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final

from pydantic import TypeAdapter, ValidationError

from qcp_graph.errors import DataError
from qcp_graph.model.release import Manifest

NAME: Final = "manifest.json"
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,99}\Z")


def is_id(text: str) -> bool:
    """Tell whether a text can name a release (and nothing outside the releases' folder)."""
    return _ID.match(text) is not None


def dumps(manifest: Manifest) -> str:
    """Return a manifest as JSON text."""
    return json.dumps(asdict(manifest), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def read(folder: Path) -> Manifest:
    """Read the manifest of the release in ``folder``.

    :raises DataError: when it is missing, damaged, or another release's.
    """
    path = folder / NAME
    try:
        manifest = _adapter().validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise _damaged(path, "it does not exist") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _damaged(path, f"{place}: {first['msg']}".lstrip(": ")) from error
    if manifest.id != folder.name:
        raise _damaged(path, f"it describes the release {manifest.id}")
    for name in files(manifest):
        parts = PurePosixPath(name).parts
        if not parts or parts[0] == "/" or ".." in parts:
            raise _damaged(path, f"it names a file outside the release: {name}")
    return manifest


def files(manifest: Manifest) -> dict[str, str]:
    """Return the sha256 of every file of a release, by path inside its folder."""
    total = dict(manifest.files)
    for entry in manifest.registers.values():
        total.update(entry.files)
    return dict(sorted(total.items()))


@cache
def _adapter() -> TypeAdapter[Manifest]:
    return TypeAdapter(Manifest)


def _damaged(path: Path, detail: str) -> DataError:
    return DataError(
        "QCP-REL-MANIFEST",
        f"The description of a release cannot be read: {detail}.",
        where=str(path),
        remedy="Go back with qcp release rollback or publish another one of qcp release list.",
    )
