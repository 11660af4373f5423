"""Ten mistakes that people make: each message says what is wrong, where, and what to do."""

import errno
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qcp_graph.pipeline.releases import folder
from qcp_graph.settings import Settings
from tests.cli.conftest import Answer

Qcp = Callable[..., Answer]


@pytest.fixture
def built(qcp: Qcp, rows_file: Path) -> Qcp:
    assert qcp("build", "ee-mini", "--input", rows_file).code == 0
    return qcp


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["source", "check", "ee-mini", "--input", "gone.json"], 2,
         ["no such file", "[gone.json]", "Check the path", "QCP-SRC-MISSING"]),
        (["build", "ee-minni"], 2, ["ee-minni", "ee-mini", "QCP-SRC-UNKNOWN"]),
        (["biuld"], 2, ["Did you mean 'build'?"]),
        (["compare", "A", "B", "--purposes", "work"], 2, ["Did you mean '--purpose'?"]),
        (["compare", "A", "B", "--date", "2020-13-01"], 2, ["--date", "2020-13-01", "%Y-%m-%d"]),
        (["query", "SELECT * WHERE {}"], 2,
         ["Nothing has been published yet", "releases", "qcp build", "QCP-REL-NONE"]),
        (["serve", "--port", "99999"], 2, ["--port", "65535"]),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) and "[" not in value[0] else None,
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_a_remedy(
    qcp: Qcp, words: list[str], code: int, told: list[str]
) -> None:
    answer = qcp(*words)
    assert (answer.code, answer.out) == (code, "")
    for part in told:
        assert part in answer.err, answer.err
    assert "Traceback" not in answer.err


def test_a_file_in_another_encoding_is_told_with_its_name(qcp: Qcp, tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_bytes("id,title\nQ1,Métier\n".encode("latin-1"))
    answer = qcp("source", "check", "ee-table", "--input", table)
    told = answer.out + answer.err
    assert "not UTF-8" in told
    assert "cp1252" in told
    assert "[rows.csv]" in told


def test_a_port_in_use_is_told_with_another_one(built: Qcp) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = built("serve", "--port", port)
    assert answer.code == 2
    assert f"Port {port} is in use" in answer.err
    assert "choose another port" in answer.err


def test_a_locked_home_says_so(built: Qcp, tmp_path: Path, rows_file: Path) -> None:
    holder = (
        "import fcntl, sys\nf = open(sys.argv[1], 'w')\n"
        "fcntl.flock(f, fcntl.LOCK_EX)\nprint('held', flush=True)\nsys.stdin.read()"
    )
    words = [sys.executable, "-c", holder, str(tmp_path / "home" / "lock")]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        answer = built("build", "ee-mini", "--input", rows_file, "--full")
        process.communicate("")
    assert answer.code in {1, 2}
    assert "Another qcp command is writing" in answer.err
    assert "Wait until it has ended" in answer.err


def test_a_full_disk_leaves_the_live_release(
    built: Qcp, tmp_path: Path, rows_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path / "home")
    before = folder(settings).current_id()

    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    answer = built("build", "ee-mini", "--input", rows_file, "--full")
    assert answer.code == 3
    assert "disk is full" in answer.err or "No space left" in answer.err
    assert folder(settings).current_id() == before


def test_an_output_in_a_folder_that_is_not_there_blames_no_release(
    built: Qcp, tmp_path: Path
) -> None:
    target = tmp_path / "nowhere" / "out.csv"
    answer = built("export", "csv", "ee-mini", "--output", target)
    assert answer.code == 2
    assert "QCP-SYS-FOLDER" in answer.err
    assert str(target.parent) in answer.err
    assert "damaged" not in answer.err


def test_serving_an_empty_home_says_what_to_do_first(
    qcp: Qcp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qcp_graph.server.app.serve", lambda _settings: None)
    answer = qcp("serve")
    assert answer.code == 0
    assert "qcp build --specimens" in answer.err


def test_problems_that_go_into_a_file_are_counted(built: Qcp, tmp_path: Path) -> None:
    target = tmp_path / "problems.csv"
    answer = built("release", "issues", "--output", target)
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert f"{len(lines) - 1} problems written to {target}." in answer.err
