"""Files for what memory does not hold: there while they are needed, gone afterwards."""

import sqlite3
from pathlib import Path

import pytest

from qcp_graph.scratch import Scratch

SCHEMA = "CREATE TABLE t (a TEXT)"


def test_the_file_is_made_late_and_removed(tmp_path: Path) -> None:
    with Scratch(tmp_path) as scratch:
        assert not list(tmp_path.iterdir())
        assert scratch.place == str(tmp_path)
        database = scratch.create("t-", SCHEMA, ["page_size = 8192"])
        database.execute("INSERT INTO t VALUES ('x')")
        assert database.execute("PRAGMA page_size").fetchone() == (8192,)
        assert [path.name[:2] for path in tmp_path.iterdir()] == ["t-"]
        assert scratch.place == str(scratch.file)
    assert not list(tmp_path.iterdir())
    scratch.close()
    with pytest.raises(sqlite3.ProgrammingError):
        database.execute("SELECT 1")


def test_the_file_is_removed_after_a_failure(tmp_path: Path) -> None:
    def fail() -> None:
        with Scratch(tmp_path) as scratch:
            scratch.create("t-", SCHEMA)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Scratch(tmp_path / "gone").create("t-", SCHEMA)
