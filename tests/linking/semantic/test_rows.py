"""Rows read from a file: the same as from the array, whichever and however often."""

import os
from pathlib import Path

import numpy as np
import pytest

from qcp_graph.errors import DataError
from qcp_graph.linking.semantic.rows import RowsOnDisk

TABLE = np.arange(60, dtype=np.float16).reshape(20, 3)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "table.npy"
    np.save(path, TABLE)
    return path


@pytest.mark.parametrize("rows", [[], [0], [19], [3, 4, 5, 9, 10], [7, 7, 2, 1], list(range(20))])
@pytest.mark.parametrize("positioned", [True, False])
def test_rows_are_those_of_the_array(
    kept: Path, rows: list[int], positioned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not positioned:
        monkeypatch.delattr(os, "preadv", raising=False)
    table, numbers = RowsOnDisk(kept), np.array(rows, np.int32)
    assert len(table) == 20
    assert table[numbers].tolist() == TABLE[numbers].tolist()
    assert table[numbers].dtype == np.float16


def test_a_file_that_was_cut_short_is_told_when_it_is_read(kept: Path) -> None:
    table = RowsOnDisk(kept)
    os.truncate(kept, kept.stat().st_size - 6)
    assert table[np.array([0], np.int32)].tolist() == [[0, 1, 2]]
    with pytest.raises(DataError, match="damaged") as caught:
        table[np.array([18, 19], np.int32)]
    assert caught.value.code == "QCP-LNK-INDEX"


def test_what_is_no_table_by_rows_is_refused(tmp_path: Path) -> None:
    for number, other in enumerate((np.arange(3), np.asfortranarray(TABLE))):
        path = tmp_path / f"{number}.npy"
        np.save(path, other)
        with pytest.raises(DataError, match="damaged"):
            RowsOnDisk(path)
