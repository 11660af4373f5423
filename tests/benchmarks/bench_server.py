"""Start, dereferencing, pages and queries of a served release, beside a bare answer (/health)."""

import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from tests.benchmarks.bench_build import small
from tests.benchmarks.multiply import multiply

QUERIES = {
    "titles of one level": "SELECT ?t { ?q elm:EQFLevel eqf:4 ; dcterms:title ?t } LIMIT 100",
    "count by level": "SELECT ?l (COUNT(?q) AS ?n) WHERE { ?q elm:EQFLevel ?l } GROUP BY ?l",
    "one record": "DESCRIBE <{iri}>",
}
PREFIXES = (
    "PREFIX elm: <http://data.europa.eu/snb/model/elm/> PREFIX dcterms: <http://purl.org/dc/terms/>"
    " PREFIX eqf: <http://data.europa.eu/snb/eqf/> "
)


def run(shared: Path, records: int) -> None:
    """Build England multiplied, serve it, and time requests over one kept connection."""
    with tempfile.TemporaryDirectory(prefix="qcp-bench-") as folder:
        given = multiply("gb-ofqual", shared, Path(folder), records)
        qcp = [sys.executable, "-m", "qcp_graph.cli", "--home", f"{folder}/home"]
        help_ = _cpu([*qcp, "--help"])
        small("gb-ofqual", str(given), f"{folder}/home")
        print(f"\nserver, {records} records; qcp --help {help_:.2f} CPU-s")
        start = time.perf_counter()
        with subprocess.Popen(
            [*qcp, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True
        ) as server:
            assert server.stderr is not None
            base = ""
            while not base:
                found = re.search(r"http://[^ ]+/", server.stderr.readline())
                base = found.group() if found else ""
            try:
                with httpx.Client(base_url=base, timeout=60) as client:
                    _wait(client)
                    print(f"  start to first answer {time.perf_counter() - start:.2f} s")
                    _requests(client)
            finally:
                server.terminate()


def _requests(client: httpx.Client) -> None:
    page = client.get("/qualifications", headers={"accept": "text/html"}).text
    paths = sorted(set(re.findall(r"/id/qualification/[^\"#?&]+", page)))
    bare = _time(client, ["/health"], {})
    rows = [("/health", bare)]
    for name, accept in (
        ("Turtle", "text/turtle"),
        ("JSON-LD", "application/ld+json"),
        ("page", "text/html"),
    ):
        rows.append((f"a qualification as {name}", _time(client, paths, {"accept": accept})))
    rows.append(
        ("list of qualifications", _time(client, ["/qualifications"], {"accept": "text/html"}))
    )
    rows.append(
        ("search", _time(client, ["/qualifications?q=engineering"], {"accept": "text/html"}))
    )
    for name, query in QUERIES.items():
        text = PREFIXES + query.replace("{iri}", f"http://localhost:8000{paths[0]}")
        rows.append((f"SPARQL: {name}", _time(client, ["/sparql"], {}, {"query": text})))
    print(f"  {'request':<34} {'p50 ms':>8} {'p95 ms':>8} {'/health':>9}")
    for name, times in rows:
        p50, p95 = statistics.median(times), sorted(times)[int(len(times) * 0.95)]
        ratio = p50 / statistics.median(bare)
        print(f"  {name:<34} {p50 * 1000:>8.1f} {p95 * 1000:>8.1f} {ratio:>8.1f}x")


def _time(
    client: httpx.Client,
    paths: list[str],
    headers: dict[str, str],
    params: dict[str, str] | None = None,
) -> list[float]:
    times = []
    for number in range(100):
        start = time.perf_counter()
        answer = client.get(paths[number % len(paths)], headers=headers, params=params)
        times.append(time.perf_counter() - start)
        answer.raise_for_status()
    return times


def _wait(client: httpx.Client) -> None:
    for _ in range(600):
        try:
            if client.get("/health").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise RuntimeError("the server did not start")


def _cpu(words: list[str]) -> float:
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL);"
        "u = resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_utime + u.ru_stime)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, check=True)
    return float(done.stdout)
