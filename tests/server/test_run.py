"""The server as a process: address, signals, no worker left behind."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from qcp_graph.errors import UsageError
from qcp_graph.server import run
from qcp_graph.settings import Settings
from tests.server.conftest import publish

PROGRAM = """
import sys
from pathlib import Path
from qcp_graph.server import app
from qcp_graph.server.run import announced, listening, run
from qcp_graph.settings import Settings
from tests.server.conftest import PlainPages
settings = Settings(home=Path(sys.argv[1]), port=0, query_timeout=30)
with listening(settings) as listener, announced(listener, settings):
    run(app.create_app(settings, PlainPages()), listener, settings)
"""
SLOW = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r "
    "FILTER(?a != ?i && ?r != ?o) }"
)


@contextmanager
def started(home: Path, repository: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(home)],
        stderr=subprocess.PIPE,
        text=True,
        cwd=repository,
    )
    assert process.stderr is not None
    try:
        match = re.search(r"http://localhost:(\d+)/", process.stderr.readline())
        assert match, process.stderr.read()
        yield process, f"http://127.0.0.1:{match[1]}"
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def workers_of(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(entry.parent.name))
    return found


def gone(pids: list[int], seconds: float = 3.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def occupy(address: str) -> None:
    """Start a query that runs until its time is up, and leave it running."""
    host, port = address.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    body = b"query=" + httpx.QueryParams({"q": SLOW}).__str__()[2:].encode()
    connection.sendall(
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        + f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    time.sleep(0.8)
    occupied.append(connection)


occupied: list[socket.socket] = []


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    while occupied:
        occupied.pop().close()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_stop(tmp_path: Path, repository: Path, sent: signal.Signals) -> None:
    lines = "\n".join(f"<urn:{n}> <urn:p> {n} ." for n in range(500))
    publish(tmp_path, "r1", lines)
    with started(tmp_path, repository) as (process, address):
        assert httpx.get(address + "/health").json()["release"] == "r1"
        occupy(address)
        workers = workers_of(process.pid)
        assert len(workers) == 1
        before = time.monotonic()
        os.kill(process.pid, sent)
        code = process.wait(timeout=15)
        assert gone(workers)
        assert time.monotonic() - before < 9
        assert code == (-signal.SIGKILL if sent == signal.SIGKILL else 0)
        if sent != signal.SIGKILL:
            assert process.stderr is not None
            text = process.stderr.read()
            assert "Stopped." in text
            assert "Traceback" not in text


def test_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(UsageError, match="QCP-WEB-PORT") as caught,
            run.listening(Settings(port=port)),
        ):
            pass
    assert str(port) in caught.value.message
    assert "--port" in caught.value.remedy


@pytest.mark.parametrize("host", ["256.0.0.1", "no such host.invalid", "203.0.113.1"])
def test_host_that_is_not_ours(host: str) -> None:
    with pytest.raises(UsageError, match="QCP-WEB-PORT"), run.listening(Settings(host=host)):
        pass


def test_answers_are_not_held_back(client: httpx.Client) -> None:
    """Without TCP_NODELAY every answer on a kept connection waits 40 ms for an acknowledgement."""
    times = []
    for _ in range(20):
        before = time.monotonic()
        client.get("/health")
        times.append(time.monotonic() - before)
    assert sorted(times)[10] < 0.03


@pytest.mark.skipif(sys.platform != "linux", reason="processes end with their parent on Linux")
def test_several_processes_answer_and_end_together(tmp_path: Path) -> None:
    publish(tmp_path, "r1")
    command = [sys.executable, "-m", "qcp_graph.cli", "--home", str(tmp_path), "serve"]
    with subprocess.Popen(
        [*command, "--port", "0", "--processes", "2"], stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        found = re.search(r"http://\S+/", server.stderr.readline())
        assert found
        for _ in range(20):  # new connections, so that both processes get some
            assert httpx.get(found[0] + "health", timeout=30).status_code == 200
        figures = httpx.get(found[0] + "metrics").text
        counted = re.search(r'qcp_request_seconds_count\{part="page",status="2xx"\} (\d+)', figures)
        assert counted
        assert int(counted[1]) == 20  # of both processes together
        fronts = _children(server.pid)
        assert len(fronts) == 2
        os.kill(fronts[0], signal.SIGKILL)
        deadline = time.monotonic() + 20
        while len(_children(server.pid)) < 2 or fronts[0] in _children(server.pid):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert httpx.get(found[0] + "health", timeout=30).status_code == 200
        server.terminate()
        assert server.wait(30) == 0
        assert server.stderr.read().endswith("Stopped.\n")


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent and fields[0] != "Z":
                found.append(int(entry.parent.name))
    return sorted(found)
