"""Folder or zip: whole or not at all, and never over something of others."""

from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.server.offline import target

MARK = f'{{"format": "{target.FORMAT}"}}'.encode()


def fill(path: Path, text: bytes) -> None:
    with target.opened(path) as output:
        output.add("a/b.html", text)
        output.add(target.MARK, MARK)


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_a_bundle_of_ours_is_replaced(tmp_path: Path, name: str) -> None:
    fill(tmp_path / name, b"old")
    old = _content(tmp_path / name)
    fill(tmp_path / name, b"new")
    assert _content(tmp_path / name) != old
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["bundle", "bundle.zip"])
def test_a_failure_leaves_what_was_there(tmp_path: Path, name: str) -> None:
    fill(tmp_path / name, b"old")
    old = _content(tmp_path / name)
    with pytest.raises(RuntimeError):
        _break_off(tmp_path / name)
    assert _content(tmp_path / name) == old
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    fill(tmp_path / "bundle", b"new")
    assert (tmp_path / "bundle" / "a" / "b.html").read_bytes() == b"new"


@pytest.mark.parametrize("what", ["folder", "file", "zip", "link"])
def test_what_is_not_ours_stays(tmp_path: Path, what: str) -> None:
    path = tmp_path / ("bundle.zip" if what in {"zip", "file"} else "bundle")
    if what == "folder":
        path.mkdir()
        (path / "thesis.txt").write_text("three years")
    elif what == "link":
        (tmp_path / "elsewhere").mkdir()
        path.symlink_to(tmp_path / "elsewhere")
    else:
        path.write_bytes(b"PK\x05\x06" + 18 * b"\0" if what == "zip" else b"text")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError) as error:
        fill(path, b"new")
    assert error.value.code == "QCP-OFF-OCCUPIED"
    assert sorted(tmp_path.rglob("*")) == before


def _break_off(path: Path) -> None:
    with target.opened(path) as output:
        output.add("a/b.html", b"new")
        raise RuntimeError


def _content(path: Path) -> bytes:
    return (path / "a" / "b.html").read_bytes() if path.is_dir() else path.read_bytes()
