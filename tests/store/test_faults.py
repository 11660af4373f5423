"""A full disk, no permission, damage: a clear error, and the live release as it was."""

import errno
import fcntl
import os
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from qcp_graph.errors import DataError, InternalError, UsageError
from qcp_graph.iris import Iris
from qcp_graph.store import ReleaseFolder
from qcp_graph.store import files as store_files
from qcp_graph.store.faults import fault
from tests.store.conftest import BASE, build, row

ROWS = [row(str(number)) for number in range(20)]


def intact(releases: ReleaseFolder) -> None:
    live = releases.current()
    assert live is not None
    assert live.id == "r1"
    releases.verify("r1")
    assert sorted(p.name for p in releases.folder.iterdir()) == ["CURRENT", "r1"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "QCP-REL-DISK"),
        (errno.EROFS, "QCP-REL-PERMISSION"),
        (errno.EIO, "QCP-REL-IO"),
    ],
)
def test_whenever_the_disk_fails_the_old_release_stays(
    releases: ReleaseFolder, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    """The disk fails at the first write that is waited for, at the second, and so on."""
    build(releases, "r1", {"xx-demo": ROWS})
    made = calls = 0

    def fails(descriptor: int, original: Callable[[int], None] = os.fsync) -> None:
        nonlocal made
        made += 1
        if made > calls:
            raise OSError(number, os.strerror(number))
        original(descriptor)

    while releases.current_id() == "r1":
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fails)
            made = 0
            with pytest.raises(InternalError) as caught:
                build(releases, f"x{calls}", {"xx-demo": ROWS[1:]})
        assert caught.value.code == code
        assert caught.value.remedy
        assert caught.value.where
        calls += 1
        releases.verify("r1")
        for found in releases.list():
            releases.verify(found.id)
    assert calls > 10
    assert releases.current_id() == f"x{calls - 1}", "only the last wait follows the switch"


FULL_DISK = textwrap.dedent(
    """
    import random, resource, sys
    from pathlib import Path
    from qcp_graph.errors import QcpError
    from qcp_graph.iris import Iris
    from qcp_graph.store import ReleaseFolder
    from tests.store.conftest import BASE, TITLE, build, row

    def noise(number):  # cannot be compressed, so that files are as large as what they hold
        text = random.Random(number).randbytes(500).hex()
        return "<http://x/a>", TITLE, f'"{text}"'

    def rows(first, count):
        return [row(str(n), [(*noise(n), "data")]) for n in range(first, first + count)]

    registers = {
        "registers": ({"xx-demo": rows(0, 1500)}, []),
        "dumps": ({"xx-demo": rows(0, 10)}, map(noise, range(1500))),
        "store": ({f"{c}-demo": rows(n, 200) for n, c in zip(range(0, 1600, 200), "abcdefgh")}, []),
    }
    releases = ReleaseFolder(Path(sys.argv[1]), Iris(BASE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
    try:
        build(releases, "r2", *registers[sys.argv[2]], base=False)
    except QcpError as error:
        print(error.code, error.where)
    """
)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("registers", "QCP-REL-IO"),  # SQLite tells a size limit from a full disk
        ("dumps", "QCP-REL-DISK"),
        ("store", "QCP-REL-DISK"),
    ],
)
def test_a_full_disk_is_named_and_changes_nothing(
    releases: ReleaseFolder, repository: Path, place: str, code: str
) -> None:
    """A limit on file sizes stands for the full disk."""
    build(releases, "r1", {"xx-demo": ROWS})
    command = [sys.executable, "-c", FULL_DISK, str(releases.home), place]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(code), done.stdout
    assert f".building-r2/{place}" in done.stdout
    intact(releases)


def test_a_full_disk_under_the_ledger_is_named() -> None:
    error = fault(sqlite3.OperationalError("database or disk is full"), Path("x"))
    assert error.code == "QCP-REL-DISK"


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_home_without_permission_is_named(releases: ReleaseFolder) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    releases.folder.chmod(0o500)
    try:
        with pytest.raises(InternalError) as caught:
            build(releases, "r2", {"xx-demo": ROWS})
    finally:
        releases.folder.chmod(0o700)
    assert caught.value.code == "QCP-REL-PERMISSION"
    intact(releases)


@pytest.mark.parametrize("below", ["", "x"])
def test_a_file_as_home_is_named(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("")
    releases = ReleaseFolder(tmp_path / "file" / below, Iris(BASE))
    for attempt in (releases.current, lambda: build(releases, "r1", {})):
        with pytest.raises(UsageError) as caught:
            attempt()
        assert caught.value.code == "QCP-REL-HOME"


def test_only_one_writes_at_a_time(releases: ReleaseFolder) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    with (releases.home / "lock").open("r+") as other:
        other.write("4711\n")
        other.flush()
        fcntl.flock(other, fcntl.LOCK_EX)
        for attempt in (
            lambda: build(releases, "r2", {}),
            releases.rollback,
            lambda: releases.publish("r1"),
            lambda: releases.prune(1),
        ):
            with pytest.raises(DataError, match="process 4711") as caught:
                attempt()
            assert caught.value.code == "QCP-REL-LOCKED"
        assert releases.current_id() == "r1", "reading needs no lock"
    build(releases, "r2", {"xx-demo": ROWS})


def test_the_lock_is_held_until_the_outermost_block_ends(releases: ReleaseFolder) -> None:
    other = ReleaseFolder(releases.home, releases.iris)
    with releases.lock():
        with releases.lock():
            pass
        with pytest.raises(DataError, match=f"process {os.getpid()}"), other.lock():
            pass
    with other.lock():
        pass


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"id": 1}', b"\xff\xfe", b'{"id": "r1", "registers": {}}']
)
def test_a_damaged_manifest_is_named_and_the_others_are_listed(
    releases: ReleaseFolder, content: bytes
) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    build(releases, "r2", {"xx-demo": ROWS})
    (releases.path("r2") / "manifest.json").write_bytes(content)
    with pytest.raises(DataError) as caught:
        releases.current()
    assert caught.value.code == "QCP-REL-MANIFEST"
    assert [m.id for m in releases.list()] == ["r1"]
    assert releases.publish("r1").id == "r1", "there is a way back"


@pytest.mark.parametrize("content", ["", "gone", "../r1", "a\nb"])
def test_a_pointer_to_nowhere_is_named(releases: ReleaseFolder, content: str) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    (releases.folder / "CURRENT").write_text(content)
    with pytest.raises(DataError) as caught:
        releases.current()
    assert caught.value.code == "QCP-REL-POINTER"
    releases.publish("r1")
    assert releases.current_id() == "r1"


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [_flip, Path.unlink])
@pytest.mark.parametrize(
    "pattern", ["registers/*.sqlite", "dumps/xx-demo.nq.gz", "search.sqlite", "store/*.sst"]
)
def test_verify_names_the_damaged_file(
    releases: ReleaseFolder, pattern: str, damage: Callable[[Path], None]
) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    path = min(releases.path("r1").glob(pattern))
    damage(path)
    with pytest.raises(DataError) as caught:
        releases.verify("r1")
    assert caught.value.code == "QCP-REL-DAMAGED"
    assert caught.value.where == str(path)
    if damage is not _flip:
        with pytest.raises(DataError, match="does not exist"):
            releases.publish("r1")


def test_a_damaged_dump_of_the_last_release_costs_time_only(releases: ReleaseFolder) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    (releases.path("r1") / "dumps" / "xx-demo.nq.gz").write_bytes(b"rubbish")
    _, loaded = build(releases, "r2", {"xx-demo": ROWS[1:]})
    assert loaded.mode == "full"
    releases.verify("r2")


def test_a_missing_file_of_a_kept_register_is_named(releases: ReleaseFolder) -> None:
    build(releases, "r1", {"xx-demo": ROWS})
    missing = releases.path("r1") / "registers" / "xx-demo.sqlite"
    missing.unlink()
    with pytest.raises(DataError) as caught:
        build(releases, "r2", {"xx-demo": None})
    assert caught.value.code == "QCP-REL-DAMAGED"
    assert str(missing) in str(caught.value)


def test_a_file_system_without_hard_links_copies(
    releases: ReleaseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    build(releases, "r1", {"xx-demo": ROWS})
    monkeypatch.setattr(store_files.os, "link", none)
    build(releases, "r2", {"xx-demo": None})
    assert releases.verify("r2")


def test_every_error_says_what_to_do(repository: Path) -> None:
    """Each code of this part has its section in docs/errors."""
    text = (repository / "docs" / "errors" / "releases.md").read_text(encoding="utf-8")
    sources = (repository / "qcp_graph" / "store").glob("*.py")
    codes = {word for path in sources for word in path.read_text().split('"')
             if word.startswith("QCP-REL-") and " " not in word}  # fmt: skip
    assert len(codes) > 8
    assert [code for code in sorted(codes) if f"\n## {code}\n" not in text] == []
