"""Several processes: the same rows, the same reports, in the same order; and a clean end."""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import pytest

from qcp_graph.errors import InternalError, QcpError, UsageError
from qcp_graph.model.issue import Issue
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.model.record import Locator, PreparedRecord, SourceRecord
from qcp_graph.pipeline import pool, preview, worker
from qcp_graph.pipeline.report import RegisterReport
from qcp_graph.pipeline.rows import Made, Task
from qcp_graph.pipeline.wire import Plain, made_in, task_in, task_out, weight
from tests.pipeline.conftest import Mini, row

ROWS = [
    row(n, **({"title": None} if n % 50 == 3 else {}), **({"extra": "x"} if n % 70 == 9 else {}))
    for n in range(700)
] + [row(5), {"id": ""}, row(701, title="Last")]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small chunks; all processes are at work before the second chunk is begun."""
    monkeypatch.setattr(pool, "ALONE", 1)
    monkeypatch.setattr(pool, "CHUNK", 16)
    start = pool.Pool._start

    def patiently(self: pool.Pool) -> None:
        start(self)
        while not all(helper.ready for helper in self._helpers):
            self._collect(0.1)

    monkeypatch.setattr(pool.Pool, "_start", patiently)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the rows that other processes made."""
    found: list[str] = []

    def seen(plain: Plain) -> Made:
        made = made_in(plain)
        found.append(made.row.key)
        return made

    monkeypatch.setattr(pool, "made_in", seen)
    return found


def _run(mini: Mini, jobs: int) -> tuple[list[LedgerRow], bytes, RegisterReport]:
    settings = mini.settings.model_copy(update={"jobs": jobs})
    rows: list[LedgerRow] = []
    text: list[bytes] = []
    report = preview.check(settings, "ee-mini", str(mini.file), take=rows.append, lines=text.append)
    return rows, b"".join(text), report


def test_any_number_of_processes_gives_the_same_bytes_issues_and_counts(
    mini: Mini, elsewhere: list[str]
) -> None:
    mini.write(*ROWS)
    rows, text, report = _run(mini, 1)
    assert report.counts.read == len(ROWS)
    assert (report.counts.quarantined, report.counts.rejected) == (14, 2)
    assert text.count(b"\n") > 700 * 8
    for jobs in (2, 4):
        elsewhere.clear()
        others, other_text, other = _run(mini, jobs)
        assert other_text == text
        assert [replace(r, quads=(), shared=(), issues=tuple(r.issues)) for r in others] == [
            replace(r, quads=(), shared=(), issues=tuple(r.issues)) for r in rows
        ]
        assert (other.counts, other.reasons, other.notes) == (
            report.counts, report.reasons, report.notes,
        )  # fmt: skip
        assert other.silent == report.silent != ()
        assert set(other.seconds) == set(report.seconds)
        assert 100 < len(elsewhere) < 700


def test_a_release_of_several_processes_has_the_same_bytes(
    make_mini: Callable[..., Mini],
) -> None:
    one, two = make_mini("one"), make_mini("two")
    two.settings = two.settings.model_copy(update={"jobs": 2})
    for mini in (one, two):
        mini.build(*ROWS)
        counts = mini.build(*ROWS[:300], *(row(n, title="New") for n in range(300, 320))).reports
        assert counts[0].counts.unchanged == 300
        assert counts[0].counts.withdrawn > 0
    assert one.dump() == two.dump()
    left_id, right_id = one.live().id, two.live().id
    with (
        one.releases.ledger(left_id, "ee-mini") as left,
        two.releases.ledger(right_id, "ee-mini") as right,
    ):
        assert list(left.rows()) == list(right.rows())


def test_a_process_that_dies_is_named_with_its_records(mini: Mini) -> None:
    mini.write(*ROWS)

    def kill(_text: bytes) -> None:
        for child in active_children():
            child.kill()

    settings = mini.settings.model_copy(update={"jobs": 2})
    with pytest.raises(InternalError, match=r"died \(signal SIGKILL\)") as caught:
        preview.check(settings, "ee-mini", str(mini.file), lines=kill)
    assert caught.value.code == "QCP-SYS-WORKER"
    assert active_children() == []


def test_processes_end_when_the_sink_fails(mini: Mini) -> None:
    mini.write(*ROWS)

    def full(_text: bytes) -> None:
        raise OSError(28, "No space left on device")

    settings = mini.settings.model_copy(update={"jobs": 3})
    with pytest.raises(OSError, match="No space"):
        preview.check(settings, "ee-mini", str(mini.file), lines=full)
    assert active_children() == []


def test_rules_that_change_under_way_are_refused(
    mini: Mini, monkeypatch: pytest.MonkeyPatch
) -> None:
    mini.write(*ROWS)
    start = pool.Pool._start

    def edited(self: pool.Pool) -> None:
        text = mini.mapping.read_text(encoding="utf-8")
        mini.mapping.write_text(text.replace("Body $(body)", "The body $(body)"), encoding="utf-8")
        start(self)

    monkeypatch.setattr(pool.Pool, "_start", edited)
    settings = mini.settings.model_copy(update={"jobs": 2})
    with pytest.raises(UsageError, match="QCP-SYS-CHANGED"):
        preview.check(settings, "ee-mini", str(mini.file))


def test_ctrl_c_ends_all_processes_in_silence(mini: Mini) -> None:
    mini.write(*(row(n) for n in range(60_000)))
    words = ["--home", str(mini.settings.home), "--workspace", str(mini.settings.workspace)]
    words += ["map", "ee-mini", "--input", str(mini.file), "--jobs", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "qcp_graph.cli", *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        # A shell starts background jobs deaf to Ctrl-C, and what they start inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    try:
        helper = _helper_of(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130
    assert said.strip() == "Stopped."
    assert not Path(f"/proc/{helper}").exists()


def _helper_of(pid: int) -> int:
    """Wait until a process has started a helper, and return the helper's pid."""
    if not Path("/proc").is_dir():
        pytest.skip("the system has no /proc to find processes in")
    for _ in range(300):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
        time.sleep(0.1)
    raise AssertionError("no helper was started")


def test_what_a_process_tells_of_an_unforeseen_error_is_an_error_of_ours() -> None:
    try:
        raise ValueError("odd")
    except ValueError as error:
        told: QcpError = worker._told(error)
    assert told.code == "QCP-SYS-WORKER"
    assert "ValueError: odd" in told.message
    assert "test_pool.py" in told.where


def test_a_task_crosses_the_pipe_unchanged() -> None:
    record = SourceRecord({"a": [{"b": None}, 1.5, True]}, Locator("f.json", "/0"))
    quads = (("<http://a/b>", "<http://a/p>", '"x"', "data"),)
    issues = (Issue("QCP-MAP-X", "warning", "m"),)
    old = LedgerRow("k", b"d", "published", "http://a/b", "f.json /0", "s", quads, (), issues)
    prepared = PreparedRecord("k", b"digest", record, {"join": [{"c": "x"}]})
    for task in (Task("rows", prepared), Task("rows", prepared, old)):
        assert task_in(pickle.loads(pickle.dumps(task_out(task)))) == replace(
            task, old=task.old and replace(task.old, issues=())
        )


def test_the_weight_of_a_huge_record_is_not_counted_to_its_end() -> None:
    assert weight({"a": "x" * 100}, 10) > 10
    assert weight([["x" * 50] * 10] * 10_000, 1_000) < 200_000


def test_chunks_are_bounded_by_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "CHUNK_WEIGHT", 1_000)
    record = SourceRecord({"a": "x" * 400}, Locator("f"))
    tasks = [Task("rows", PreparedRecord(str(n), b"", record)) for n in range(10)]
    assert [len(chunk.work) for chunk in pool._chunks(iter(tasks))] == [3, 3, 3, 1]
