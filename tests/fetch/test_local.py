"""Files and folders: copied, recognised when equal, refused when they lead elsewhere."""

import errno
import gzip
import os
import resource
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from qcp_graph import fetch
from qcp_graph.errors import DataError, InternalError, UsageError
from tests.fetch.conftest import LIMITS, NOW, Fetch, contents, names


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "table.csv"
    path.parent.mkdir()
    path.write_bytes(b"id\n1\n")
    return path


def test_a_file_becomes_a_snapshot(table: Path, get: Fetch, folder: Path) -> None:
    result = get(table)
    snapshot = result.snapshot
    assert result.changed
    assert contents(snapshot) == {"table.csv": b"id\n1\n"}
    assert (snapshot.source_id, snapshot.retrieved) == ("fr-test", NOW)
    assert snapshot.origin == str(table)
    home = folder / "fr-test" / snapshot.short
    assert fetch.load_snapshot(home) == snapshot == fetch.latest(folder, "fr-test")
    assert snapshot.files[0].path == home / "files" / "table.csv"


def test_the_snapshot_is_a_copy(table: Path, get: Fetch) -> None:
    snapshot = get(table).snapshot
    with table.open("ab") as out:
        out.write(b"2\n")
    assert contents(snapshot) == {"table.csv": b"id\n1\n"}
    assert snapshot.files[0].path.stat().st_nlink == 1


def test_an_equal_delivery_is_the_same_snapshot(table: Path, get: Fetch, folder: Path) -> None:
    first = get(table)
    again = get(table, previous=first.snapshot, now=NOW + timedelta(days=1))
    assert not again.changed
    assert again.snapshot == first.snapshot, "the date of the first retrieval is kept"
    assert fetch.history(folder, "fr-test") == [first.snapshot]


def test_the_latest_is_what_came_last_even_when_it_came_before(
    table: Path, get: Fetch, folder: Path
) -> None:
    first = get(table).snapshot
    table.write_bytes(b"id\n2\n")
    second = get(table, previous=first, now=NOW + timedelta(days=1)).snapshot
    table.write_bytes(b"id\n1\n")
    third = get(table, previous=second, now=NOW + timedelta(days=2))
    assert third.changed
    assert third.snapshot == first
    assert fetch.latest(folder, "fr-test") == first
    assert fetch.history(folder, "fr-test") == [first, second]


def test_names_belong_to_the_identity(table: Path, get: Fetch) -> None:
    first = get(table).snapshot
    table.rename(table.with_name("other.csv"))
    assert get(table.with_name("other.csv")).snapshot.sha256 != first.sha256


def test_a_folder_is_taken_whole_and_sorted(tmp_path: Path, get: Fetch) -> None:
    root = tmp_path / "in"
    for name in ("b.csv", "a/z.csv", "a/b/c.csv", "é.csv", ".hidden", ".git/config"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    first = get(root).snapshot
    assert names(first) == ["a/b/c.csv", "a/z.csv", "b.csv", "é.csv"]
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    assert get(copy).snapshot.sha256 == first.sha256


def test_archives_in_a_folder_are_unpacked_below_their_names(tmp_path: Path, get: Fetch) -> None:
    root = tmp_path / "in"
    (root / "deep").mkdir(parents=True)
    for name in ("one.zip", "deep/two.ZIP"):
        with zipfile.ZipFile(root / name, "w") as archive:
            archive.writestr("table.csv", f"id of {name}")
            archive.writestr("again/kit.csv", "the same")
    (root / "kit.csv").write_text("the same")  # unpacked by hand already
    with gzip.open(root / "codes.csv.gz", "wb") as out:
        out.write(b"code")
    with gzip.open(root / "kit.csv.gz", "wb") as out:
        out.write(b"not read")
    assert contents(get(root).snapshot) == {
        "codes.csv": b"code",
        "deep/two/again/kit.csv": b"the same",
        "deep/two/table.csv": b"id of deep/two.ZIP",
        "kit.csv": b"the same",
        "one/table.csv": b"id of one.zip",
    }


def test_office_documents_in_a_folder_stay_whole(tmp_path: Path, get: Fetch) -> None:
    root = tmp_path / "in"
    root.mkdir()
    with zipfile.ZipFile(root / "kit.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    assert names(get(root).snapshot) == ["kit.xlsx"]


def test_a_damaged_archive_in_a_folder_is_named(tmp_path: Path, get: Fetch) -> None:
    root = tmp_path / "in"
    root.mkdir()
    (root / "half.zip").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(DataError) as caught:
        get(root)
    assert caught.value.code == "QCP-SRC-ARCHIVE"


def test_patterns_choose_files(tmp_path: Path, get: Fetch) -> None:
    root = tmp_path / "in"
    (root / "deep").mkdir(parents=True)
    for name in ("a.csv", "b.xml", "deep/c.xml", "note.pdf"):
        (root / name).write_text("x")
    assert names(get(root, patterns=("*.xml",)).snapshot) == ["b.xml", "deep/c.xml"]
    with pytest.raises(DataError) as caught:
        get(root, patterns=("*.json",))
    assert caught.value.code == "QCP-SRC-PATTERN"
    assert "a.csv" in caught.value.message


def test_links_inside_are_read_and_links_outside_refused(tmp_path: Path, get: Fetch) -> None:
    root = tmp_path / "in"
    (root / "sub").mkdir(parents=True)
    (root / "a.csv").write_text("x")
    (root / "b.csv").symlink_to(root / "a.csv")
    (root / "loop").symlink_to(root)
    assert names(get(root).snapshot) == ["a.csv", "b.csv"]
    (tmp_path / "secret").write_text("s")
    (root / "sub" / "c.csv").symlink_to(tmp_path / "secret")
    with pytest.raises(DataError) as caught:
        get(root)
    assert caught.value.code == "QCP-SRC-LINK"


def test_a_pipe_is_refused_and_does_not_block(tmp_path: Path, get: Fetch) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError) as caught:
        get(tmp_path / "pipe")
    assert caught.value.code == "QCP-SRC-MISSING"


def test_what_is_missing_or_empty(tmp_path: Path, get: Fetch) -> None:
    with pytest.raises(UsageError, match="no such file"):
        get(tmp_path / "nothing.csv")
    (tmp_path / "empty.csv").touch()
    (tmp_path / "dir").mkdir()
    for path in (tmp_path / "empty.csv", tmp_path / "dir"):
        with pytest.raises(DataError) as caught:
            get(path)
        assert caught.value.code == "QCP-SRC-EMPTY"


def test_the_size_and_number_of_files_are_bounded(tmp_path: Path, get: Fetch) -> None:
    root = tmp_path / "in"
    root.mkdir()
    for number in range(5):
        (root / f"{number}.csv").write_bytes(b"x" * 100)
    for limits in (fetch.Limits(max_bytes=499), fetch.Limits(max_files=4)):
        with pytest.raises(DataError) as caught:
            get(root, limits)
        assert caught.value.code == "QCP-SRC-SIZE"
    assert len(get(root, fetch.Limits(max_bytes=500, max_files=5)).snapshot.files) == 5


def test_a_full_disk_leaves_nothing_behind(
    table: Path, get: Fetch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InternalError) as caught:
        get(table)
    assert caught.value.code == "QCP-SRC-DISK"
    assert caught.value.exit_code == 3
    monkeypatch.undo()
    assert fetch.latest(folder, "fr-test") is None
    assert get(table).changed


def test_a_quota_is_explained_like_a_full_disk(tmp_path: Path, get: Fetch) -> None:
    big = tmp_path / "big.csv"
    big.write_bytes(b"x" * 300_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(InternalError) as caught:
            get(big)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.code == "QCP-SRC-DISK"


@pytest.mark.parametrize("place", ["read", "write"])
def test_no_permission(
    place: str, table: Path, get: Fetch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Simulated, because the tests may run as root, whom nothing is forbidden."""
    real = Path.mkdir if place == "write" else os.open

    def denied(path: object, *args: object, **kwargs: object) -> object:
        if place == "write" or str(path).endswith("table.csv"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, *args, **kwargs)  # type: ignore[operator]

    monkeypatch.setattr(*((Path, "mkdir") if place == "write" else (os, "open")), denied)
    with pytest.raises(InternalError) as caught:
        get(table)
    assert caught.value.code == "QCP-SRC-PERMISSION"
    assert caught.value.where


def test_a_crash_while_storing_leaves_the_old_state(
    table: Path, get: Fetch, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = get(table).snapshot
    table.write_bytes(b"id\n2\n")
    with monkeypatch.context() as patch:
        patch.setattr(
            Path, "rename", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "broken"))
        )
        with pytest.raises(InternalError):
            get(table)
    assert fetch.latest(folder, "fr-test") == first
    assert fetch.history(folder, "fr-test") == [first]


def test_what_a_killed_run_left_is_swept_after_a_day(table: Path, get: Fetch, folder: Path) -> None:
    left = folder / "fr-test" / ".building-x"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    get(table)
    assert not left.exists()


@pytest.mark.parametrize("damage", ["missing", "size", "json", "list", "key", "name", "digest"])
def test_a_damaged_snapshot_is_told_with_its_place(
    damage: str, table: Path, get: Fetch, folder: Path
) -> None:
    home = get(table).snapshot.files[0].path.parent.parent
    description = home / "snapshot.json"
    text = description.read_text()
    if damage == "missing":
        (home / "files" / "table.csv").unlink()
    elif damage == "size":
        (home / "files" / "table.csv").write_bytes(b"id\n")
    else:
        change = {
            "json": "{",
            "list": "[]",
            "key": text.replace('"origin"', '"orign"'),
            "name": text.replace("table.csv", "../../../etc/passwd"),
            "digest": text.replace('"size": 5', '"size": 5, "x": 1').replace(
                '"sha256": "', '"sha256": "0', 1
            ),
        }
        description.write_text(change[damage])
    for call in (fetch.latest, fetch.history):
        with pytest.raises(DataError) as caught:
            call(folder, "fr-test")
        assert str(home) in caught.value.where
        assert caught.value.code in {"QCP-SRC-SNAPSHOT", "QCP-SRC-NAME"}


def test_before_the_first_fetch_there_is_nothing(folder: Path) -> None:
    assert fetch.latest(folder, "fr-test") is None
    assert fetch.history(folder, "fr-test") == []


def test_an_id_cannot_leave_the_folder(table: Path, folder: Path) -> None:
    with pytest.raises(UsageError):
        fetch.fetch("../x", str(table), folder, LIMITS, now=NOW)


def test_progress_hears_of_every_byte(table: Path, folder: Path) -> None:
    heard: list[float] = []
    fetch.fetch("fr-test", str(table), folder, LIMITS, now=NOW, progress=heard.append)
    assert sum(heard) == 5
