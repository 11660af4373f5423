"""The public endpoint beside ``oxigraph serve`` and a naive FastAPI endpoint: speed, and runaways.

``make bench-serving`` writes a release of 100,000 made-up qualifications (4.6 million statements),
serves it by all three and asks them the same, with a load generator that costs little itself. Then
each of nine queries that mean harm runs beside light requests.
"""

import argparse
import contextlib
import os
import queue
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread
from urllib.parse import quote, urlsplit

from tests.benchmarks import load, serving_data
from tests.benchmarks.load import Load, request

NAIVE = """
import sys
import pyoxigraph as ox
import uvicorn
from fastapi import FastAPI, Response
store = ox.Store.read_only(sys.argv[1])
app = FastAPI()
@app.get("/query")
def query(query: str) -> Response:
    found = store.query(query, use_default_graph_as_union=True)
    if isinstance(found, ox.QueryTriples):
        return Response(ox.serialize(found, format=ox.RdfFormat.TURTLE), media_type="text/turtle")
    return Response(found.serialize(format=ox.QueryResultsFormat.JSON))
uvicorn.run(app, port=int(sys.argv[2]), log_level="critical")
"""
PREFIXES = (
    "PREFIX elm: <http://data.europa.eu/snb/model/elm/> "
    "PREFIX qcp: <https://w3id.org/qcp-graph/ns#> "
    "PREFIX c: <http://publications.europa.eu/resource/authority/country/> "
)
SHARED = PREFIXES + (
    "SELECT ?skill (COUNT(DISTINCT ?b) AS ?n) {{ <{iri}> elm:learningOutcome/elm:relatedESCOSkill "
    "?skill . ?outcome elm:relatedESCOSkill ?skill . ?b elm:learningOutcome ?outcome ; "
    "qcp:country c:{country} }} GROUP BY ?skill ORDER BY DESC(?n) LIMIT 20"
)
_VALUES = " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(40)))} }}" for n in range(7))
_BOMB = " ".join(f"BIND(CONCAT(?x{n},?x{n},?x{n},?x{n},?x{n}) AS ?x{n + 1})" for n in range(12))
_ALL = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
_LOOPBACK = "<http://127.0.0.1:{port}/>"
RUNAWAYS = {
    "cross product": f"SELECT (COUNT(*) AS ?n) {{ {_ALL} FILTER(?a != ?i) }}",
    "VALUES 40^7": f"SELECT (COUNT(*) AS ?n) {{ {_VALUES} }}",
    "ORDER BY over all": f"SELECT * {{ {_ALL} }} ORDER BY ?i ?a ?f LIMIT 1",
    "property path": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>)* ?b }",
    "string bomb": f"SELECT (STRLEN(?x12) AS ?n) {{ BIND('{'x' * 1000}' AS ?x0) {_BOMB} }}",
    "regex bomb": f"SELECT (COUNT(*) AS ?n) {{ {_ALL} "
    "FILTER(REGEX(CONCAT(STR(?c), STR(?f), STR(?i)), '(a*)*(b*)*(x+x+)+y$')) }",
    "SERVICE": f"SELECT * {{ SERVICE {_LOOPBACK} {{ ?s ?p ?o }} }}",
    "SERVICE SILENT": f"SELECT * {{ SERVICE SILENT {_LOOPBACK} {{ ?s ?p ?o }} }}",
    "SERVICE in EXISTS": f"ASK {{ FILTER EXISTS {{ SERVICE {_LOOPBACK} {{ ?s ?p ?o }} }} }}",
}
TIMEOUT = 5.0
FACTOR = 3.0


class Server:
    """A server under test: where it answers queries, and its process."""

    def __init__(self, name: str, port: int, path: str, process: "subprocess.Popen[bytes]") -> None:
        self.name, self.port, self.path, self.process = name, port, path, process

    def ask(self, query: str, accept: str, more: str = "") -> bytes:
        """Return the request for a query."""
        return request(f"{self.path}?query={quote(query)}", accept, more)

    def memory(self) -> float:
        """Return the resident memory of the front process, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def run(records: int, seconds: float, oxigraph: str, processes: int) -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory(prefix="qcp-bench-") as folder:
        home = Path(folder)
        start = time.perf_counter()
        store = serving_data.publish(home, records)
        print(
            f"serving, {records:,} qualifications (written in {time.perf_counter() - start:.0f} s)"
        )
        with servers(home, store, oxigraph, processes) as found:
            speed(found, records, seconds)
        with servers(home, store, oxigraph, 1) as found:
            runaways(found)


@contextlib.contextmanager
def servers(home: Path, store: Path, oxigraph: str, processes: int) -> Iterator[list[Server]]:
    """Start all three and stop them in the end."""
    ports = [_free() for _ in range(3)]
    environment = os.environ | {
        "QCP_QUERY_TIMEOUT": f"{TIMEOUT}", "QCP_QUERY_WORKERS": "3", "QCP_LOG_LEVEL": "warning",
        "QCP_QUERY_MEMORY": str(1024**3),
    }  # fmt: skip
    qcp = [sys.executable, "-m", "qcp_graph.cli", "--home", str(home), "serve"]
    commands = {
        "ours": [*qcp, "--port", str(ports[0]), "--processes", str(processes)],
        "oxigraph serve": [
            oxigraph, "serve-read-only", "--location", str(store), "--union-default-graph",
            "--bind", f"127.0.0.1:{ports[1]}", "--timeout-s", str(int(TIMEOUT)),
        ],
        "naive FastAPI": [sys.executable, "-c", NAIVE, str(store), str(ports[2])],
    }  # fmt: skip
    found: list[Server] = []
    try:
        for (name, command), port in zip(commands.items(), ports, strict=True):
            process = subprocess.Popen(
                command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
            found.append(Server(name, port, "/sparql" if name == "ours" else "/query", process))
        for one in found:
            _wait(one.port)
        yield found
    finally:
        for one in found:
            one.process.kill() if one.name != "ours" else one.process.terminate()
        for one in found:
            one.process.wait(30)


def speed(found: Sequence[Server], records: int, seconds: float) -> None:
    """Print requests per second of every server for the same questions, none asked twice."""
    numbers = [(n * 7919) % records for n in range(min(records, 40_000))]
    describe = [f"DESCRIBE <{serving_data.iri(n)}>" for n in numbers]
    shared = [
        SHARED.format(iri=serving_data.iri(n), country=serving_data.COUNTRIES[n % 8])
        for n in numbers[:4000]
    ]
    print(f"  {'requests per second (p50, p95 ms)':36} {'ours':>26}" + "".join(
        f"{one.name:>26}   ratio" for one in found[1:]
    ))  # fmt: skip
    kinds = {"describe a record": (describe, "text/turtle"), "shared skills": (shared, "*/*")}
    rates: dict[str, list[Load]] = {}
    for name, (queries, accept) in kinds.items():
        rates[name] = [
            load.run(one.port, [one.ask(q, accept) for q in queries], seconds=seconds)
            for one in found
        ]
        _row(name, rates[name])
    paths = [urlsplit(serving_data.iri(n)).path for n in numbers]
    ours = found[0].port
    cold = load.run(ours, [request(path, "text/turtle") for path in paths], seconds=seconds)
    warm_asks = [request(path, "text/turtle") for path in paths[:50]]
    load.run(ours, warm_asks, seconds=1)
    warm = load.run(ours, warm_asks, seconds=seconds)
    peers = rates["describe a record"][1:]
    _row("dereference, made", [cold, *peers])
    _row("dereference, kept", [warm, *peers])


def runaways(found: Sequence[Server]) -> None:
    """Print how every server ends each runaway, and what light requests feel meanwhile."""
    light = f"SELECT ?o {{ <{serving_data.iri(1)}> <http://purl.org/dc/terms/title> ?o }}"
    print(
        f"\nrunaways: status and seconds; p95 of light requests beside them (limit {TIMEOUT:g} s)"
    )
    print(f"  {'':20}" + "".join(f"{one.name:>34}" for one in found))
    idle, before = {}, {}
    for one in found:
        asks = [one.ask(light + " " * n, "*/*") for n in range(2000)]
        idle[one.name] = load.run(one.port, asks, seconds=2, processes=1, source="127.0.0.2")
        before[one.name] = one.memory()
    print(f"  {'idle':20}" + "".join(f"{idle[one.name].p95:>31.1f} ms" for one in found))
    with _listener() as (port, reached):
        for name, query in RUNAWAYS.items():
            cells = [
                _runaway(one, query.replace("{port}", str(port)), light, idle) for one in found
            ]
            print(f"  {name:20}" + "".join(f"{cell:>34}" for cell in cells), flush=True)
        print(f"  connections that SERVICE opened: {len(reached)}")
    for one in found:
        if one.process.poll() is None:
            print(f"  {one.name}: front process {before[one.name]:.0f} -> {one.memory():.0f} MiB")


def _runaway(one: Server, query: str, light: str, idle: dict[str, Load]) -> str:
    if one.process.poll() is not None:
        return "server is gone"
    answer: list[str] = []
    thread = Thread(target=lambda: answer.append(_once(one, query)))
    thread.start()
    time.sleep(0.2)
    try:
        asks = [one.ask(light + " " * n, "*/*") for n in range(5000, 9000)]
        beside = load.run(one.port, asks, seconds=3, processes=1, source="127.0.0.2", patience=10)
        slower = beside.p95 / idle[one.name].p95
        felt = f"{slower:.1f}x{'' if slower <= FACTOR and not beside.failed else ' !'}"
    except queue.Empty:
        felt = "light requests hang"
    thread.join()
    return f"{answer[0]}; {felt}"


def _once(one: Server, query: str) -> str:
    start = time.perf_counter()
    status = "none"
    with (
        contextlib.suppress(OSError),
        socket.create_connection(("127.0.0.1", one.port), timeout=2 * TIMEOUT) as connection,
    ):
        connection.sendall(one.ask(query, "*/*", "Connection: close\r\n"))
        if first := connection.recv(64):
            status = first.split(b" ")[1].decode()
    return f"{status} in {time.perf_counter() - start:.1f} s"


@contextlib.contextmanager
def _listener() -> Iterator[tuple[int, list[object]]]:
    reached: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        stop: list[bool] = []

        def accept() -> None:
            while not stop:
                with contextlib.suppress(TimeoutError):
                    connection, where = server.accept()
                    reached.append(where)
                    connection.close()

        thread = Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1], reached
        finally:
            stop.append(True)
            thread.join()


def _row(name: str, loads: Sequence[Load]) -> None:
    cells = [f"{one.rate:10,.0f} ({one.p50:.2f}, {one.p95:.2f})" for one in loads]
    ratios = [f"{loads[0].rate / one.rate:7.2f}x" for one in loads[1:]]
    rest = "".join(f"{cell:>26}{ratio}" for cell, ratio in zip(cells[1:], ratios, strict=True))
    failed = sum(one.failed for one in loads)
    print(
        f"  {name:36} {cells[0]:>26}{rest}" + (f"  {failed} FAILED" if failed else ""), flush=True
    )


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _wait(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("a server did not start")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=5.0, help="per row and server")
    parser.add_argument("--processes", type=int, default=2, help="server processes of ours")
    parser.add_argument("--oxigraph", default="oxigraph", help="the program, of PyPI's oxigraph")
    chosen = parser.parse_args()
    run(chosen.records, chosen.seconds, chosen.oxigraph, chosen.processes)


if __name__ == "__main__":
    main()
