"""The dumps of a release once more as Zstandard, beside those in gzip.

They are made from the gzip files, so both hold the same text. A file whose gzip did not change is
taken over from the last release.
"""

import gzip
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from qcp_graph import store, zst
from qcp_graph.pipeline.context import Context
from qcp_graph.store import files
from qcp_graph.store.faults import guard

SUFFIX: Final = ".zst"
_PIECE: Final = 1 << 20


def dumps(shared: Context, builder: store.ReleaseBuilder) -> None:
    """Write ``dumps/<name>.nq.zst`` for those dumps of a release in the making that lack it."""
    if not shared.settings.exports:
        return
    folder = builder.folder / "dumps"
    old = builder.base_folder / "dumps" if builder.base_folder else None
    with guard(folder):
        for path in sorted(folder.glob("*.nq.gz")):
            target = path.with_suffix(SUFFIX)
            if target.exists():
                continue
            if old and files.same(old / path.name, path) and (old / target.name).exists():
                files.link(old / target.name, target)
            else:
                pack(path)


def pack(path: Path) -> Path:
    """Write ``x.zst`` beside ``x.gz`` with the same content; return its path."""
    target = path.with_suffix(SUFFIX)
    with gzip.open(path, "rb") as text, target.open("wb") as file, zst.writing(file) as out:
        shutil.copyfileobj(text, out, _PIECE)
    return target


def join(target: Path, paths: Iterable[Path]) -> None:
    """Join compressed files end to end: the frames of one are those of all (RFC 8878 §3.1)."""
    with target.open("wb") as out:
        for path in paths:
            with path.open("rb") as source:
                shutil.copyfileobj(source, out, _PIECE)
