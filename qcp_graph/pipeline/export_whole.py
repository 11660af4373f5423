"""Files of all registers together: the whole graph, and one table of all qualifications.

Gzip and Zstandard files may be joined end to end (RFC 1952 §2.2, RFC 8878 §3.1), so the whole is
made by copying.
"""

import gzip
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from qcp_graph import store, zst
from qcp_graph.pipeline import zstd_step
from qcp_graph.pipeline.context import Context
from qcp_graph.pipeline.dcat_exports import WHOLE
from qcp_graph.pipeline.export_step import FOLDER
from qcp_graph.store.faults import guard

_LEVEL: Final = 6
_PIECE: Final = 1 << 20


def write(shared: Context, builder: store.ReleaseBuilder) -> None:
    """Write the files of all registers; the dumps and the registers' own files are complete."""
    if not shared.settings.exports:
        return
    folder = builder.folder / FOLDER / WHOLE
    registers = sorted(path.stem for path in (builder.folder / "registers").glob("*.sqlite"))
    files = [builder.folder / FOLDER / name for name in registers]
    dumps = sorted((builder.folder / "dumps").glob("*.nq.gz"))
    others = [one for one in dumps if one.name.removesuffix(".nq.gz") not in registers]
    zstd_step.dumps(shared, builder)
    with guard(folder):
        folder.mkdir()
        with (folder / "data.nq.gz").open("wb") as target:
            _join(target, dumps)
        with (folder / "data.ttl.gz").open("wb") as target:
            _join(target, (one / "data.ttl.gz" for one in files))
            with gzip.GzipFile("", "wb", _LEVEL, target, mtime=0) as packed:
                packed.writelines(_triples(others))
        zstd_step.join(folder / "data.nq.zst", (one.with_suffix(zstd_step.SUFFIX) for one in dumps))
        _turtle(folder / "data.ttl.zst", [one / "data.ttl.zst" for one in files], others)
        with (folder / "qualifications.csv.gz").open("wb") as target:
            _tables(target, [one / "qualifications.csv.gz" for one in files])


def _join(target: BinaryIO, paths: Iterable[Path]) -> None:
    for path in paths:
        with path.open("rb") as source:
            shutil.copyfileobj(source, target, _PIECE)


def _turtle(target: Path, paths: Iterable[Path], others: Iterable[Path]) -> None:
    zstd_step.join(target, paths)
    with target.open("ab") as file, zst.writing(file) as packed:
        packed.writelines(_triples(others))


def _triples(dumps: Iterable[Path]) -> Iterator[bytes]:
    """Yield the statements of canonical N-Quads without their graphs, which is Turtle, too."""
    for path in dumps:
        with gzip.open(path, "rb") as lines:
            for line in lines:
                yield line[: line.rindex(b" <")] + b" .\n"


def _tables(target: BinaryIO, paths: Iterable[Path]) -> None:
    """Join tables of the same columns: the head of the first one serves all."""
    with gzip.GzipFile("", "wb", _LEVEL, target, mtime=0) as packed:
        for number, path in enumerate(paths):
            with gzip.open(path, "rb") as source:
                head = source.readline()
                if number == 0:
                    packed.write(head)
                shutil.copyfileobj(source, packed, _PIECE)
