"""Spark: parts that sort to the same bytes, the same problems, the same counts."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.model.issue import Issue
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.model.record import Locator, PreparedRecord, SourceRecord
from qcp_graph.pipeline import spark, spark_parts
from qcp_graph.pipeline.rows import Made, Task
from qcp_graph.pipeline.seen import Seen
from qcp_graph.pipeline.wire import task_in
from tests.pipeline.conftest import Mini, row

INPUTS = Path(__file__).resolve().parent.parent / "golden"
MISSING = [
    what
    for what, found in (
        ("pyspark", importlib.util.find_spec("pyspark")),
        ("Java", os.environ.get("JAVA_HOME") or shutil.which("java")),
    )
    if not found
]
needs_spark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")
# Spark's own warnings and Java's lines stay out of this process; chunks of three records make
# several partitions of small inputs, which are fewer than what a register must have.
PROGRAM = """
import sys
from dataclasses import replace
from qcp_graph import sources
from qcp_graph.pipeline import pool
pool.CHUNK = 3
get = sources.get
sources.get = lambda *words: replace(get(*words), minimum=0)
from qcp_graph.cli.main import run
sys.argv = ["qcp", *sys.argv[1:]]
run()
"""


def _qcp(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)


def _sorted(folder: Path) -> list[str]:
    lines: list[str] = []
    for path in folder.iterdir():
        lines += path.read_text("utf-8").splitlines()
    return sorted(lines)


@needs_spark
@pytest.mark.slow
@pytest.mark.parametrize("source_id", ["za-saqa", "fr-rncp"])
def test_a_register_on_two_cores_gives_the_same_bytes(source_id: str, tmp_path: Path) -> None:
    given = ("map", source_id, "--home", tmp_path, "--input", INPUTS / source_id / "input")
    quads, issues = tmp_path / "a.nq", tmp_path / "a.jsonl"
    local = _qcp(*given, "--output", quads, "--issues", issues)
    out = tmp_path / "out"
    there = _qcp(*given, "--engine", "spark", "--master", "local[2]", "--output", out)
    assert (there.returncode, there.stdout) == (local.returncode, ""), there.stderr
    assert there.stderr.splitlines()[-1] == local.stderr.splitlines()[-1]  # the counts
    assert _sorted(out / "quads") == sorted(quads.read_text("utf-8").splitlines())
    assert _sorted(out / "issues") == sorted(issues.read_text("utf-8").splitlines())
    assert len(list((out / "quads").iterdir())) > 1
    assert sorted(path.name for path in out.iterdir()) == ["issues", "quads"]
    assert not (tmp_path / "out.part").exists()


@needs_spark
@pytest.mark.slow
def test_repeated_and_rejected_records_and_errors_of_executors(mini: Mini, tmp_path: Path) -> None:
    mini.write(*(row(n) for n in range(9)), row(4, title="again"), {"id": ""}, row(10, title=None))
    words = ["--home", tmp_path / "h", "--workspace", mini.settings.workspace]
    words += ["map", "ee-mini", "--input", mini.file]
    local = _qcp(*words, "--issues", tmp_path / "a.jsonl", "-o", tmp_path / "a.nq")
    out = tmp_path / "out"
    there = _qcp(*words, "--engine", "spark", "--master", "local[2]", "-o", out)
    assert "12 read, 9 publishable, 1 quarantined, 2 rejected" in there.stderr, there.stderr
    assert there.returncode == local.returncode == 1
    assert _sorted(out / "quads") == sorted((tmp_path / "a.nq").read_text("utf-8").splitlines())
    assert _sorted(out / "issues") == sorted((tmp_path / "a.jsonl").read_text("utf-8").splitlines())
    refused = _qcp(*words, "--engine", "spark", "-o", out)
    assert (refused.returncode, "QCP-SYS-OUTPUT" in refused.stderr) == (2, True)


def test_missing_parts_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(UsageError, match="PySpark"):
        spark.check()
    monkeypatch.setitem(sys.modules, "pyspark", sys)  # anything that can be imported
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(UsageError, match="Java"):
        spark.check()
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="Java"):
        spark.check()


def _task(key: str) -> Task:
    record = SourceRecord({"id": key}, Locator("f.json", f"/{key}"))
    return Task("rows", PreparedRecord(key, b"", record))


def test_the_spool_keeps_the_order_and_leaves_repeated_keys_out(tmp_path: Path) -> None:
    folders = spark_parts.Folders(tmp_path / "out")
    folders.make()
    spool = spark._Spool(folders, Seen(tmp_path))
    issues = (Issue("QCP-X", "violation", "m"),)
    bad = LedgerRow("? f", b"", "rejected", "", "f", "", issues=issues, public=False)
    for item in (_task("a"), Made(bad), _task("b"), _task("a")):
        spool.add(item)
    spool.flush()
    tasks = [task_in(plain) for plain in spark_parts.load(folders.tasks(0))]
    assert [task.prepared.key for task in tasks] == ["a", "b"]
    spool._put(folders.rows(0), [(t.prepared.key, "published", "", []) for t in tasks])
    rows = [made.row for made in spool.rows()]
    assert [(one.key, one.status) for one in rows] == [
        ("a", "published"), ("? f", "rejected"), ("b", "published"), ("a", "rejected"),
    ]  # fmt: skip
    assert rows[1] == bad


def test_problems_are_lines_of_json() -> None:
    row_ = LedgerRow("k", b"", "rejected", "", "f", "", issues=(Issue("QCP-X", "info", "é\ud800"),))
    (line,) = spark_parts.problem_lines(row_)
    assert json.loads(line)["status"] == "rejected"
