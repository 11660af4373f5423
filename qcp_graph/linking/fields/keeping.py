"""Where classifiers are kept: the operator's own, and the built-in one once it was made."""

import hashlib
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from qcp_graph import assets
from qcp_graph.errors import DataError
from qcp_graph.linking.fields.builtin import VOCABULARY, builtin
from qcp_graph.linking.fields.model import FieldModel

FOLDER: Final = "fields"
_CACHE: Final = "links"  # of the home folder: what can be found again


def keep(model: FieldModel, home: Path) -> Path:
    """Save a model in the home folder in place of an earlier one; return the folder."""
    home.mkdir(parents=True, exist_ok=True)
    return _replace(model, home / FOLDER, exact=False)


def builtin_kept(home: Path, workspace: Path | None, fingerprint: str) -> FieldModel:
    """Return the built-in classifier: from the home folder, where the first process puts it.

    Making it takes seconds, and every process of a job needs it. Where nothing can be written each
    process makes its own; a damaged copy is made anew. ``fingerprint`` stands for the terms.
    """
    folder = home / _CACHE / f"fields-{_edition(fingerprint)}"
    with suppress(DataError):
        return FieldModel.load(folder)
    model = builtin(workspace)
    with suppress(OSError):
        folder.parent.mkdir(parents=True, exist_ok=True)
        for old in folder.parent.glob("fields-*"):
            shutil.rmtree(old, ignore_errors=True)
        _replace(model, folder, exact=True)
    return model


def _edition(fingerprint: str) -> str:
    """Return what the built-in classifier is made from, hashed: terms, vocabulary, this program."""
    digest = hashlib.sha256(fingerprint.encode())
    digest.update((assets.root() / VOCABULARY).read_bytes())
    for module in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(module.read_bytes())
    return digest.hexdigest()[:16]


def _replace(model: FieldModel, target: Path, *, exact: bool) -> Path:
    temporary = Path(tempfile.mkdtemp(prefix=".fields-", dir=target.parent))
    try:
        temporary.chmod(0o755)
        model.save(temporary, exact=exact)
        if target.exists():
            shutil.rmtree(target)
        temporary.rename(target)
    finally:
        if temporary.exists():
            shutil.rmtree(temporary)
    return target
