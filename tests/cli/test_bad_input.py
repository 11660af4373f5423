"""Bad input of every kind: a clear message that names the place and the remedy, no traceback."""

import gzip
import io
import json
import os
import resource
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Answer

Qcp = Callable[..., Answer]
BOMB = (
    '<!DOCTYPE R [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {c} "{f"&{p};" * 10}">' for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><R><Q><id>1</id><title>&i;</title></Q></R>"
)
ENTITY = (
    '<!DOCTYPE R [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<R><Q><id>1</id><title>&x;</title></Q></R>"
)


def _zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _traversal() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../evil.csv", "id,title\n1,x\n")
    return out.getvalue()


CASES = [
    ("empty file", "ee-table", "a.csv", b""),
    ("only a header", "ee-table", "a.csv", b"id,title\n"),
    ("truncated JSON", "ee-mini", "a.json", b'[{"id": "Q1", "title": "x"'),
    ("truncated XML", "ee-tree", "a.xml", b"<R><Q><id>1</id>"),
    ("truncated gzip", "ee-table", "a.csv.gz", gzip.compress(b"id,title\n1,x\n" * 1000)[:-20]),
    ("wrong delimiter", "ee-table", "a.csv", b"id|title\n1|x\n2|y\n"),
    ("missing column", "ee-table", "a.csv", b"number,name\n1,x\n"),
    ("binary instead of text", "ee-table", "a.csv", bytes(range(256)) * 50),
    ("HTML instead of CSV", "ee-table", "a.csv", b"<!doctype html><html><p>Log in</p></html>"),
    ("XML entities", "ee-tree", "a.xml", ENTITY.encode()),
    ("billion laughs", "ee-tree", "a.xml", BOMB.encode()),
    ("deeply nested JSON", "ee-mini", "a.json", b"[" * 200_000 + b"]" * 200_000),
    ("deeply nested XML", "ee-tree", "a.xml", b"<R>" + b"<Q>" * 99_999 + b"</Q>" * 99_999),
    ("JSON that is no list", "ee-mini", "a.json", b'{"id": 1}'),
    ("not a zip", "ee-table", "a.zip", b"PK\x03\x04 this is no archive"),
    ("zip bomb", "ee-table", "a.zip", _zip(**{"a.csv": b"id,title\n" + b"0" * 300_000_000})),
    ("path traversal in a zip", "ee-table", "a.zip", _traversal()),
    ("zip without a fitting file", "ee-table", "a.zip", _zip(**{"readme.txt": b"hello"})),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "name", "content"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_a_bad_file_is_named_and_nothing_is_published(
    qcp: Qcp, tmp_path: Path, source: str, name: str, content: bytes
) -> None:
    path = tmp_path / "given" / name
    path.parent.mkdir()
    path.write_bytes(content)
    answer = qcp("build", source, "--input", path)
    assert answer.code == 1, answer
    assert "Traceback" not in answer.err
    assert "QCP-" in answer.err
    assert not (tmp_path / "home" / "releases" / "CURRENT").exists()
    assert not (tmp_path / "evil.csv").exists()
    assert "root:" not in answer.err


def test_wrong_encoding_is_read_and_said(qcp: Qcp, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id,title\n1,Bäcker und Konditor für Süßes\n".encode("cp1252"))
    answer = qcp("source", "check", "ee-table", "--input", path)
    assert "QCP-SRC-ENCODING" in answer.err
    assert "Bäcker und Konditor für Süßes" in qcp("map", "ee-table", "--input", path).out


@pytest.mark.parametrize("words", [("build", "ee-table", "--input", "."), ("source", "sniff", ".")])
def test_a_directory_where_a_file_is_expected(
    qcp: Qcp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    answer = qcp(*words)
    assert answer.code in {1, 2}
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("build", "ee-mni"), "ee-mini"),
        (("build",), "qcp build --specimens"),
        (("source", "show", "nothing"), "QCP-SRC"),
        (("release", "show"), "qcp build --specimens"),
        (("release", "publish", "../x"), "QCP-REL-MISSING"),
        (("validate", "ee-mini", "--shapes", "publcation"), "QCP-VAL-PROFILE"),
        (("map", "ee-mini", "--explain"), "--record"),
        (("build", "ee-mini", "ee-table", "--input", "x"), "QCP-SRC-INPUT"),
        (("build", "ee-mini"), "--input"),
    ],
)
def test_a_wrong_word_is_a_usage_error_with_a_hint(
    qcp: Qcp, words: tuple[str, ...], expected: str
) -> None:
    answer = qcp(*words)
    assert answer.code == 2, answer
    assert expected in answer.err
    assert "Traceback" not in answer.err


def test_a_home_that_is_a_file(qcp: Qcp, tmp_path: Path, rows_file: Path) -> None:
    (tmp_path / "home").write_text("no folder", encoding="utf-8")
    answer = qcp("build", "ee-mini", "--input", rows_file)
    assert answer.code in {2, 3}
    assert "Traceback" not in answer.err


def test_a_full_disk_leaves_the_old_release(qcp: Qcp, tmp_path: Path, rows_file: Path) -> None:
    assert qcp("build", "ee-mini", "--input", rows_file).code == 0
    live = (tmp_path / "home" / "releases" / "CURRENT").read_text("utf-8")
    rows = json.loads(rows_file.read_text("utf-8"))
    rows[0]["outcomes"] = [f"outcome {n}" * 20 for n in range(2000)]
    rows_file.write_text(json.dumps(rows), encoding="utf-8")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(
        resource.RLIMIT_FSIZE, (100_000, hard)
    )  # writes beyond fail like a full disk
    try:
        answer = qcp("build", "ee-mini", "--input", rows_file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert answer.code == 3, answer
    assert "QCP-" in answer.err
    assert (tmp_path / "home" / "releases" / "CURRENT").read_text("utf-8") == live
    assert qcp("build", "ee-mini", "--input", rows_file).code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission(qcp: Qcp, tmp_path: Path, rows_file: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o500)
    answer = qcp("build", "ee-mini", "--input", rows_file)
    assert answer.code == 3
    assert "Traceback" not in answer.err


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = ["--home", str(tmp_path), "serve", "--port", str(port)]
        done = subprocess.run(
            [sys.executable, "-m", "qcp_graph.cli", *words],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert "QCP-WEB-PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_build_at_the_same_time_is_told(qcp: Qcp, tmp_path: Path, rows_file: Path) -> None:
    from qcp_graph.iris import Iris
    from qcp_graph.store import ReleaseFolder

    holder = (
        "import sys, time\nfrom pathlib import Path\nfrom qcp_graph.iris import Iris\n"
        "from qcp_graph.store import ReleaseFolder\n"
        "with ReleaseFolder(Path(sys.argv[1]), Iris('http://e.org/')).lock():\n"
        "    print('held', flush=True)\n    time.sleep(60)\n"
    )
    home = tmp_path / "home"
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(home)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        answer = qcp("build", "ee-mini", "--input", rows_file)
        other.kill()
    assert answer.code == 1
    assert "QCP-REL-LOCKED" in answer.err
    assert ReleaseFolder(home, Iris("http://e.org/")).current() is None
