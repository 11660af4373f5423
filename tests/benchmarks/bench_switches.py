"""A server under load while another release goes live again and again: no request may fail.

``make bench-switches`` lets two releases of different content take turns a thousand times. Each
switch waits until the server names the new release, and every answer must be whole and of one of
the two. The server looks for a release every 10 ms here instead of every second.
"""

import argparse
import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Final
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from qcp_graph.store import described, files
from tests.benchmarks import serving_data

RECORDS: Final = 500
CLIENTS: Final = 4
_RELEASES: Final = ("r0", "r1")
_TITLE: Final = "http://purl.org/dc/terms/title"
_SERVER: Final = """
import sys
from qcp_graph.server import live
live.CHECK_INTERVAL = 0.01
from qcp_graph.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def run(switches: int) -> Counter[str]:
    """Print and return how many answers of which kind were right, and how many failed."""
    with tempfile.TemporaryDirectory(prefix="qcp-bench-") as folder:
        home = Path(folder)
        for release in _RELEASES:
            _publish(home, release)
        with _served(home) as (process, port):
            found = _switched(home, port, switches, process)
    failed = sum(count for name, count in found.items() if name.startswith("FAILED"))
    for name, count in sorted(found.items()):
        print(f"  {name:40} {count:>9,}")
    print(f"  {switches:,} switches, {found.total():,} requests, {failed} failed")
    return found


def _switched(
    home: Path, port: int, switches: int, process: "subprocess.Popen[bytes]"
) -> Counter[str]:
    counts: list[Counter[str]] = [Counter() for _ in range(CLIENTS)]
    stop: list[bool] = []
    before, start = _opened(process.pid), time.perf_counter()
    threads = [Thread(target=_ask, args=(port, counts[n], stop, n)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    times = []
    try:
        for number in range(switches):
            began = time.perf_counter()
            _go_live(home, port, _RELEASES[(number + 1) % 2])
            times.append(time.perf_counter() - began)
    finally:
        stop.append(True)
        for thread in threads:
            thread.join()
    times.sort()
    print(
        f"switches under load: {time.perf_counter() - start:.0f} s, noticed after p50 "
        f"{times[len(times) // 2] * 1000:.0f} ms, longest {times[-1] * 1000:.0f} ms; "
        f"files that the server holds open {before} -> {_opened(process.pid)}"
    )
    return sum(counts, Counter())


def _go_live(home: Path, port: int, release: str) -> None:
    files.replace_text(home / "releases" / "CURRENT", f"{release}\n")
    deadline = time.perf_counter() + 30
    while _get(port, "/health", "application/json")[1].get("release") != release:
        if time.perf_counter() > deadline:
            raise RuntimeError(f"the server does not notice the release {release}")
        time.sleep(0.005)


def _get(port: int, path: str, accept: str) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Accept": accept})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def _ask(port: int, counts: Counter[str], stop: list[bool], place: int) -> None:
    """Ask in turn for a record in two forms, its description and a query, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    number = place
    with contextlib.closing(connection):
        while not stop:
            number += 1
            iri = serving_data.iri(number % RECORDS)
            for name, target, accept in _targets(iri):
                try:
                    connection.request("GET", target, headers={"Accept": accept})
                    answer = connection.getresponse()
                    right = _right(answer.status, answer.read())
                except (OSError, http.client.HTTPException):
                    connection.close()  # the next request opens it again
                    right = False
                counts[name if right else f"FAILED {name}"] += 1


def _targets(iri: str) -> Iterator[tuple[str, str, str]]:
    query = f"SELECT ?title {{ <{iri}> <{_TITLE}> ?title }}"
    yield "dereference as Turtle", urlsplit(iri).path, "text/turtle"
    yield "dereference as JSON-LD", urlsplit(iri).path, "application/ld+json"
    yield "describe", f"/sparql?query={quote(f'DESCRIBE <{iri}>')}", "text/turtle"
    yield "query of a worker", f"/sparql?query={quote(query)}", "text/csv"


def _right(status: int, body: bytes) -> bool:
    """Tell whether an answer is of exactly one of the releases: each marks its titles."""
    return status == 200 and sum(f"({name})".encode() in body for name in _RELEASES) == 1


def _publish(home: Path, release: str) -> None:
    """Write a release whose titles name it."""
    original = home / "original"
    path = serving_data.publish(original, RECORDS)
    store = ox.Store(str(path))
    title = ox.NamedNode(_TITLE)
    for quad in list(store.quads_for_pattern(None, title, None)):
        assert isinstance(quad.object, ox.Literal)
        marked = ox.Literal(f"{quad.object.value} ({release})", language=quad.object.language)
        store.remove(quad)
        store.add(ox.Quad(quad.subject, title, marked, quad.graph_name))
    store.flush()
    ahead = path.with_name(described.NAME)
    ahead.unlink()
    described.write(ahead, store, serving_data.BASE)
    del store
    (home / "releases").mkdir(exist_ok=True)
    (original / "releases" / "bench").rename(home / "releases" / release)
    manifest = home / "releases" / release / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8")) | {"id": release}
    manifest.write_text(json.dumps(content), encoding="utf-8")
    (home / "releases" / "CURRENT").write_text("r0\n", encoding="utf-8")


@contextlib.contextmanager
def _served(home: Path) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = int(server.getsockname()[1])
    command = [sys.executable, "-c", _SERVER, "--home", str(home), "serve", "--port", str(port)]
    environment = os.environ | {"QCP_BASE_IRI": serving_data.BASE, "QCP_LOG_LEVEL": "warning"}
    process = subprocess.Popen([*command, "--processes", "1"], env=environment)
    try:
        _wait(process, port)
        yield process, port
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError("the server did not start")


def _opened(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def main() -> None:
    """Print how many requests there were and how many failed; the status tells it, too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--switches", type=int, default=1000)
    found = run(parser.parse_args().switches)
    sys.exit(any(name.startswith("FAILED") for name in found))


if __name__ == "__main__":
    main()
