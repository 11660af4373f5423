"""The public endpoint beside ``oxigraph serve`` and a naive FastAPI endpoint: speed, and runaways.

``make bench-serving`` writes a release of 100,000 made-up qualifications (4.6 million statements),
serves it by all three and asks them the same, with a load generator that costs little itself. Then
each of nine queries that mean harm runs beside light requests.
"""

import argparse
import contextlib
import http.client
import os
import queue
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count
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
CLIENTS = 64
FEW = 12  # of queries that take long: a server may let only so many of one address wait
WARM = 2.0


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
        for file in store.iterdir():  # whoever is asked first should not wait for the disk alone
            file.read_bytes()
        with servers(home, store, oxigraph, processes, limited=False) as found:
            speed(found, records, seconds)
        with servers(home, store, oxigraph, 1) as found:
            runaways(found)


@contextlib.contextmanager
def servers(
    home: Path, store: Path, oxigraph: str, processes: int, *, limited: bool = True
) -> Iterator[list[Server]]:
    """Start all three and stop them in the end; ``limited``: oxigraph with its time limit, too.

    With it, each of its queries leaves a thread behind until the limit is over: some thousands of
    queries a second, however light, end the whole server.
    """
    ports = [free_port() for _ in range(3)]
    environment = os.environ | {
        "QCP_QUERY_TIMEOUT": f"{TIMEOUT}", "QCP_QUERY_WORKERS": "3", "QCP_LOG_LEVEL": "warning",
        "QCP_QUERY_MEMORY": str(1024**3),
    }  # fmt: skip
    qcp = [sys.executable, "-m", "qcp_graph.cli", "--home", str(home), "serve"]
    commands = {
        "ours": [*qcp, "--port", str(ports[0]), "--processes", str(processes)],
        "oxigraph serve": [
            oxigraph, "serve-read-only", "--location", str(store), "--union-default-graph",
            "--bind", f"127.0.0.1:{ports[1]}",
            *(("--timeout-s", str(int(TIMEOUT))) if limited else ()),
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
            wait_for(one.port)
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
    kinds = {
        "describe a record": (describe, "text/turtle", CLIENTS),
        "shared skills": (shared, "*/*", FEW),
    }
    rates: dict[str, list[Load]] = {}
    for name, (queries, accept, clients) in kinds.items():
        rates[name] = [
            _asked(one.port, [one.ask(q, accept) for q in queries], seconds, clients=clients)
            for one in found
        ]
        _row(name, rates[name])
    paths = [urlsplit(serving_data.iri(n)).path for n in numbers]
    ours = found[0].port
    cold = _asked(ours, [request(path, "text/turtle") for path in paths], seconds)
    kept = _asked(ours, [request(path, "text/turtle") for path in paths[:50]] * 2, seconds)
    again = [request(path, "text/turtle", _condition(ours, path)) for path in paths[:50]]
    unchanged = _asked(ours, again * 2, seconds, status=304)
    peers = rates["describe a record"][1:]
    _row("dereference, made", [cold, *peers])
    _row("dereference, kept by the server", [kept, *peers])
    _row("dereference, kept by the client", [unchanged, *peers])


def _condition(port: int, path: str) -> str:
    """Return the header line of a client that has this document already."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", path, headers={"Accept": "text/turtle"})
        return f"If-None-Match: {connection.getresponse().headers['ETag']}\r\n"


def _asked(
    port: int, requests: Sequence[bytes], seconds: float, status: int = 200,
    clients: int = CLIENTS,
) -> Load:  # fmt: skip
    """Measure clients enough to reach every process, after half of the requests for warmth."""
    middle, half = len(requests) // 2, clients // 2  # of two processes
    load.run(port, requests[middle:], seconds=WARM, connections=half, status=status)
    return load.run(port, requests[:middle], seconds=seconds, connections=half, status=status)


def runaways(found: Sequence[Server]) -> None:
    """Print how every server ends each runaway, and what light requests feel meanwhile.

    One server after the other: what a server cannot stop takes the processors from the next.
    """
    print(
        f"\nrunaways: status and seconds; p95 of light requests beside them (limit {TIMEOUT:g} s)"
    )
    with _listener() as (port, reached):
        for one in found:
            print(f"  {one.name}")
            for line in _harmed(one, port):
                print(f"    {line}", flush=True)
            print(f"    {'connections that SERVICE opened':36} {len(reached)}")
            reached.clear()
            one.process.kill() if one.name != "ours" else one.process.terminate()
            one.process.wait(30)


def _harmed(one: Server, port: int) -> Iterator[str]:
    """Yield what a server does with each runaway, a line each."""
    numbers = count()
    light = f"SELECT ?o {{ <{serving_data.iri(1)}> <http://purl.org/dc/terms/title> ?o }}"

    def asked(seconds: float) -> Load:
        asks = [one.ask(f"{light} # {next(numbers):06}", "*/*") for _ in range(6000)]
        return load.run(
            one.port, asks, seconds=seconds, processes=1, source="127.0.0.2", patience=10
        )

    asked(WARM)
    idle, before = asked(2), one.memory()
    yield f"{'idle':36} {idle.p95:.1f} ms"
    for name, query in RUNAWAYS.items():
        yield f"{name:36} {_runaway(one, query.replace('{port}', str(port)), asked, idle)}"
    if one.process.poll() is None:
        yield f"{'memory of the front process':36} {before:.0f} -> {one.memory():.0f} MiB"


def _runaway(one: Server, query: str, asked: Callable[[float], Load], idle: Load) -> str:
    if one.process.poll() is not None:
        return "server is gone"
    answer: list[str] = []
    thread = Thread(target=lambda: answer.append(_once(one, query)))
    thread.start()
    time.sleep(0.2)
    try:
        beside = asked(3)
        slower = beside.p95 / idle.p95 if idle.p95 else 0.0
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
    ratios = [f"{loads[0].rate / one.rate:7.2f}x" if one.rate else "    gone" for one in loads[1:]]
    rest = "".join(f"{cell:>26}{ratio}" for cell, ratio in zip(cells[1:], ratios, strict=True))
    failed = sum(one.failed for one in loads)
    print(
        f"  {name:36} {cells[0]:>26}{rest}" + (f"  {failed} FAILED" if failed else ""), flush=True
    )


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Wait until somebody listens on a port."""
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
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 2, help="server processes of ours"
    )
    parser.add_argument("--oxigraph", default="oxigraph", help="the program, of PyPI's oxigraph")
    chosen = parser.parse_args()
    run(chosen.records, chosen.seconds, chosen.oxigraph, chosen.processes)


if __name__ == "__main__":
    main()
