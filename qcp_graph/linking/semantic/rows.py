"""Rows of a large array that stay in their file until they are asked for.

Mapped into memory, a few rows here and there soon make the whole file count as the process's own:
the system maps 64 KB around each. Read, they take what they are.
"""

import os
import weakref
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qcp_graph.errors import DataError
from qcp_graph.linking.rank.arrays import Ints


class RowsOnDisk:
    """A table that was written with :func:`numpy.save`; ``table[numbers]`` reads these rows."""

    def __init__(self, path: Path) -> None:
        """Open the file; it is read at places, so several processes may share it."""
        known = np.load(path, mmap_mode="r")
        if known.ndim != 2 or not known.flags.c_contiguous:
            raise _damaged(path)
        self._path, self._offset = path, known.offset
        self._width, self._type, self._length = known.shape[1], known.dtype, int(known.shape[0])
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        weakref.finalize(self, os.close, self._file)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, rows: Ints) -> NDArray[Any]:
        """Return some rows; those that follow each other are read at once."""
        found = np.empty((len(rows), self._width), self._type)
        into = memoryview(found.reshape(-1).view(np.uint8).data)
        heads = np.flatnonzero(np.diff(rows, prepend=-2) != 1).tolist()
        size = found.itemsize * self._width
        for begin, end in zip(heads, [*heads, len(rows)][1:], strict=True):
            place = self._offset + int(rows[begin]) * size
            self._read(into[begin * size : end * size], place)
        return found

    def _read(self, into: memoryview, place: int) -> None:
        if hasattr(os, "preadv"):
            read = os.preadv(self._file, [into], place)
        else:  # systems on which no process shares another's files
            os.lseek(self._file, place, os.SEEK_SET)
            said = os.read(self._file, len(into))
            read, into[: len(said)] = len(said), said
        if read != len(into):
            raise _damaged(self._path)


def _damaged(path: Path) -> DataError:
    return DataError(
        "QCP-LNK-INDEX", "The index of labels is damaged.", where=str(path),
        remedy="Remove the folder; the index is built again.",
    )  # fmt: skip
