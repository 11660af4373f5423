"""Indexes of a version and language, built when first needed and kept in the home folder."""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from qcp_graph.errors import DataError
from qcp_graph.linking.esco.catalogue import Catalogue
from qcp_graph.linking.rank.lexical import LexicalIndex
from qcp_graph.linking.rank.pivot import ENGLISH
from qcp_graph.linking.rank.ranker import Ranker
from qcp_graph.linking.semantic.encoder import Encoder

# Raised when the same catalogue would give other arrays.
_FORMAT: Final = "5"
_VECTORS: Final = "4"
_CORES: Final = 4
_STAMP: Final = "stamp.txt"
Advance = Callable[[int], object]


def open_ranker(
    catalogue: Catalogue,
    language: str,
    encoder: Encoder | None = None,
    advance: Advance = lambda n: None,
) -> Ranker:
    """Open the ranking of a version for a language, building what is missing.

    Languages other than the encoder's, English, are ranked without it.

    ``advance`` is told how many texts were encoded. An index of another version of the catalogue,
    the model or the program is built anew; a build that is cut short leaves nothing behind.
    """
    root = catalogue.path.with_suffix(".index")
    stamp = f"{_FORMAT} {catalogue.fingerprint}"
    folder = root / f"{language}-core"
    if _stamp(folder) != stamp:
        _keep(folder, stamp, LexicalIndex.build(catalogue, language).save)
    lexical = LexicalIndex.load(folder, catalogue, language)  # mapped, where building holds it all
    if encoder is None or language != ENGLISH:
        return Ranker(lexical)
    from qcp_graph.linking.semantic.vectors import VectorIndex  # built on this package's tables

    folder, stamp = (
        root / f"{language}-vectors",
        f"{_VECTORS} {catalogue.fingerprint} {encoder.fingerprint}",
    )
    if _stamp(folder) != stamp:
        several = encoder.threaded(_cores())
        concepts, labels = lexical.concepts, lexical.labels
        _keep(folder, stamp, VectorIndex.build(
            catalogue, concepts, labels, language, several, advance
        ).save)  # fmt: skip
        del several
    return Ranker(lexical, VectorIndex.load(folder), encoder)


def _cores() -> int:
    """Return how many cores an index may be built on."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, _CORES)


def _stamp(folder: Path) -> str:
    try:
        return (folder / _STAMP).read_text(encoding="utf-8")
    except OSError:
        return ""


def _keep(folder: Path, stamp: str, save: Callable[[Path], None]) -> None:
    """Write a folder aside and put it in place; of two builders at once the first is kept."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        save(temporary)
        (temporary / _STAMP).write_text(stamp, encoding="utf-8")
        if folder.exists() and _stamp(folder) != stamp:
            shutil.rmtree(folder)
        with suppress(OSError):  # somebody else's is in place
            temporary.rename(folder)
        if _stamp(folder) != stamp:
            raise DataError(
                "QCP-LNK-INDEX", "The index of labels cannot be kept.", where=str(folder),
                remedy="Check that the folder can be written and the disk is not full; let no "
                "older version of the program use the same home.",
            )  # fmt: skip
    finally:
        if temporary.exists():
            shutil.rmtree(temporary)
