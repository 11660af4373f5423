"""Pages at size: ``python -m tests.benchmarks.bench_pages --records 100000 --oxigraph PROGRAM``.

Real registers, multiplied (England, South Africa, France), are built and served; search, facets,
comparisons and pages are asked over one kept connection, no question twice. In the same run
``oxigraph serve`` answers one facet as SPARQL counts it.
"""

import argparse
import contextlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice, product
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import httpx
import pyoxigraph as ox

from qcp_graph.pipeline.releases import folder
from qcp_graph.search import extract
from qcp_graph.settings import Settings
from tests.benchmarks.bench_build import small
from tests.benchmarks.bench_relevance import mistyped
from tests.benchmarks.bench_serving import free_port, wait_for
from tests.benchmarks.goals import Goals
from tests.benchmarks.multiply import multiply

SHARES: Final = {"gb-ofqual": 0.6, "za-saqa": 0.38, "fr-rncp": 0.02}
FACET: Final = """
PREFIX elm: <http://data.europa.eu/snb/model/elm/> PREFIX qcp: <https://w3id.org/qcp-graph/ns#>
SELECT ?level (COUNT(DISTINCT ?q) AS ?n) {
  ?q a elm:Qualification ; qcp:country ?country ; elm:EQFLevel ?level .
} GROUP BY ?level"""
"""One facet, counted as a page without an index would."""
_BROWSER: Final = {"Accept": "text/html"}


def made(home: Path, shared: Path, work: Path, records: int) -> None:
    """Build a release of about so many records."""
    for source_id, share in SHARES.items():
        given = multiply(source_id, shared, work, max(int(records * share), 20))
        small(source_id, str(given), str(home), exports=False)


def questions(store: ox.Store, size: int, seed: int = 3) -> dict[str, list[str]]:
    """Return ``size`` addresses of each kind."""
    chance = random.Random(seed)
    records = {row[0] for row in extract.rows(store, "qualifications")}
    named = sorted({(iri, t) for iri, _, t in extract.tagged(store, "titles") if iri in records})
    drawn = chance.sample(named, min(4 * size, len(named)))
    titles = [title for _, title in drawn]
    words = sorted({word for title in titles for word in title.split() if len(word) > 3})
    iris = [iri for iri, _ in drawn]
    long = sorted(iri for iri in records if "/fr/rncp/" in iri)  # those with outcomes
    pairs = list(zip(chance.choices(long, k=size), iris, strict=False))
    return {
        "search, one word": [_list(q=word) for word in chance.sample(words, min(size, len(words)))],
        "search, a title": [_list(q=title) for title in titles[:size]],
        "search, a title with a typo": [_list(q=mistyped(t, chance)) for t in titles[:size]],
        "facets under two filters": [_list(**dict(some)) for some in _filters(size)],
        "facets of a word, filtered": [_list(q=w, eqf="4") for w in words[:size]],
        "comparison of two": [f"/compare?{urlencode([('q', a), ('q', b)])}" for a, b in pairs],
        "page of a qualification": [_path(iri) for iri in iris[:size]],
    }


def _list(**query: str) -> str:
    return f"/qualifications?{urlencode(query)}"


def _filters(size: int) -> Iterator[Sequence[tuple[str, str]]]:
    fields = [f"{n:02}" for n in range(11)]
    some = product(("GBR", "ZAF", "FRA"), range(1, 9), fields)
    for country, level, field in islice(some, size):
        yield ("country", country), ("eqf", str(level)), ("field", field)


def _path(iri: str) -> str:
    return quote(iri[iri.index("/id/") :], safe="/#")


def run(home: Path, oxigraph: str, size: int) -> Goals:
    """Ask every question; print the median and the 95th percentile of each kind; return goals."""
    releases, goals, p50, p95 = folder(Settings(home=home)), Goals(), {}, {}
    live = releases.current()
    if live is None:
        raise SystemExit(f"There is no release in {home}: build one with qcp build.")
    store = releases.open_store(live.id)
    asked = questions(store, size)
    del store
    print(f"pages, {sum(one.counts.published for one in live.registers.values()):,} qualifications")
    port = free_port()
    words = [sys.executable, "-m", "qcp_graph", "--home", str(home), "serve", "--port", str(port)]
    with _running(words, port), httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        _times(client, ["/", "/qualifications", *asked["page of a qualification"][:3]])
        for name, paths in asked.items():
            taken = _times(client, paths)
            p50[name], p95[name] = statistics.median(taken), taken[int(len(taken) * 0.95)]
            print(f"  {name:32}{len(taken):5} asked  p50 {p50[name]:7.1f}  p95 {p95[name]:7.1f} ms")
    for name in asked:
        goals.most(f"{name}, p95", p95[name], 100 if name.startswith("comp") else 50, "ms")
    if oxigraph:
        naive = _naive(oxigraph, releases.path(live.id) / "store")
        print(f"  {'oxigraph serve, one naive facet':32}{3:5} asked  p50 {naive:7.1f} ms")
        for name in ("facets under two filters", "search, one word"):
            goals.least(f"naive facet by SPARQL / {name}", naive / p50[name], 20, "x")
    return goals


def _times(client: httpx.Client, paths: Sequence[str]) -> list[float]:
    taken = []
    for path in paths:
        start = time.perf_counter()
        answer = client.get(path, headers=_BROWSER, follow_redirects=False)
        taken.append((time.perf_counter() - start) * 1000)
        if answer.status_code == 303:  # from the thing to its page
            start = time.perf_counter()
            answer = client.get(answer.headers["location"], headers=_BROWSER)
            taken[-1] += (time.perf_counter() - start) * 1000
        answer.raise_for_status()
    return sorted(taken)


def _naive(oxigraph: str, store: Path) -> float:
    port = free_port()
    words = [oxigraph, "serve-read-only", "--location", str(store), "--union-default-graph",
             "--bind", f"127.0.0.1:{port}"]  # fmt: skip
    with _running(words, port), httpx.Client(timeout=300) as client:
        taken = []
        for _ in range(3):
            start = time.perf_counter()
            client.post(f"http://127.0.0.1:{port}/query", data={"query": FACET}).raise_for_status()
            taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


@contextlib.contextmanager
def _running(words: Sequence[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield
    finally:
        process.terminate()
        process.wait(30)


def main() -> None:
    """Build where no home is given, ask, and print what was asked of the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--home", type=Path, help="home folder with a release, instead of building")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--size", type=int, default=200, help="questions of each kind")
    parser.add_argument("--oxigraph", default="oxigraph", help="the program, of PyPI's oxigraph")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qcp-bench-") as work:
        home = chosen.home or Path(work) / "home"
        if chosen.home is None:
            made(home, chosen.shared, Path(work), chosen.records)
        print("\n".join(run(home, chosen.oxigraph, chosen.size).lines()))


if __name__ == "__main__":
    main()
