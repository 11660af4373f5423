"""Measures comparisons: ``python -m tests.benchmarks.bench_compare 100000``.

Records are made up (:mod:`tests.benchmarks.bench_search`) with a hierarchy of 3,000 skills and an
assertion per link. Printed are the medians and the 95th percentiles of different pairs, each asked
once: gathering and comparing two, comparing ten, finding what is similar.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from statistics import quantiles

import pyoxigraph as ox

from qcp_graph import compare, search
from qcp_graph.namespaces import expand
from qcp_graph.pipeline.comparing import gather
from qcp_graph.server.pages.comparison import similar
from tests.benchmarks import bench_search
from tests.benchmarks.bench_search import BASE

PAIRS = 200
_SKILL = "http://data.europa.eu/esco/skill/"


def quads(records: int) -> Iterator[str]:
    """Yield the records with hierarchy and link assertions, the same ones each time."""
    links = f"<{BASE}graph/demo/links>"
    related = expand("elm:relatedESCOSkill")
    for number, line in enumerate(bench_search.quads(records)):
        yield line
        if related in line:
            outcome, _, skill, _ = line.split(" ", 3)
            link = f"<{BASE}id/link/{number}>"
            yield f"{link} <{expand('sssom:subject_id')}> {outcome} {links} .\n"
            yield f"{link} <{expand('sssom:object_id')}> {skill} {links} .\n"
            yield f"{link} <{expand('qcp:linkStatus')}> <{expand('qcp:Accepted')}> {links} .\n"
    for number in range(3000):
        for above in (3000 + number // 10, 4000 + number % 50):
            child, parent = f"<{_SKILL}{number}>", f"<{_SKILL}{above}>"
            yield f"{child} <{expand('skos:broader')}> {parent} <{BASE}graph/esco> .\n"


def measured(label: str, ask: Callable[[int], object]) -> None:
    """Print median and 95th percentile of one question about different qualifications."""
    taken = []
    for number in range(PAIRS):
        start = time.process_time()
        ask(number)
        taken.append((time.process_time() - start) * 1000)
    cuts = quantiles(taken, n=20)
    print(f"{label:32} median {cuts[9]:6.1f} ms   95 % {cuts[18]:6.1f} ms of processor time")


def main(records: int) -> None:
    """Build a store and its index in a temporary folder, and measure."""
    drawn = random.Random(7)
    countries = [country[:2].lower() for country in bench_search.COUNTRIES]

    def some(count: int) -> list[str]:
        numbers = drawn.sample(range(records), count)
        return [f"{BASE}id/qualification/{countries[n % 5]}/demo/{n}" for n in numbers]

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "data.nq").open("w", encoding="utf-8") as file:
            file.writelines(quads(records))
        store = ox.Store(str(folder / "store"))
        store.bulk_load(path=str(folder / "data.nq"), format=ox.RdfFormat.N_QUADS)
        search.build(folder / "search.sqlite", store)
        index = search.Index(folder / "search.sqlite")
        print(f"{records} qualifications, {len(store)} quads")

        def of(count: int) -> compare.Comparison:
            sides = [gather(store, iri, BASE) for iri in some(count)]
            return compare.compare(sides, purpose="work", on=date(2025, 1, 1))

        measured("compare two", lambda _: of(2))
        measured("compare ten", lambda _: of(10))
        measured("similar to one", lambda _: similar.of(store, index, BASE, some(1)[0]))
        index.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
