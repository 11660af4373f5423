"""Measures the search index: ``python -m tests.benchmarks.bench_search 100000``.

The records are made up: two titles, five outcomes, two skills, a level, a field, a body each.
Words are drawn from 40, so that every search has very many matches: the hard case.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox

from qcp_graph import search
from qcp_graph.namespaces import expand

BASE = "https://example.org/"
COUNTRIES = ("FRA", "FIN", "ZAF", "DEU", "GBR")
_TEXT = """
nurse engineer welding data science education teacher childcare software network
electrical health care management business accounting finance tourism hotel cook baker
mechanic forestry fishing marine law security art music dance design fashion textile
chemistry physics language logistics transport driver pilot
"""
WORDS = _TEXT.split()


def quads(records: int) -> Iterator[str]:
    """Yield N-Quads lines of made-up records, the same ones each time."""
    drawn = random.Random(1)
    for number in range(records):
        country = COUNTRIES[number % 5]
        register = f"{country[:2].lower()}/demo"
        data, said = f"<{BASE}graph/{register}/data>", f"<{BASE}graph/{register}/provenance>"
        q = f"<{BASE}id/qualification/{register}/{number}>"
        record = f"<{BASE}id/record/{register}/{number}>"
        title = " ".join(drawn.choices(WORDS, k=5))
        facts: list[tuple[str, str, str]] = [
            (q, "rdf:type", f"<{expand('elm:Qualification')}>"),
            (q, "dcterms:title", f'"{title}"@en'),
            (q, "dcterms:title", f'"{title} {country}"@xx'),
            (q, "elm:NQFLevel", f"<{BASE}id/level/{country}/{number % 8}>"),
            (q, "elm:ISCEDFCode", f"<{expand('iscedf:')}0{number % 10}{number % 3}{number % 4}>"),
            (q, "elm:awardingOpportunity", f"{q[:-1]}#award-1>"),
            (
                f"{q[:-1]}#award-1>",
                "elm:awardingBody",
                f"<{BASE}id/body/{register}/{number % 2000}>",
            ),
        ]
        if number % 3:
            facts.append((q, "elm:EQFLevel", f"<{expand('eqf:')}{number % 8 + 1}>"))
        for nth in range(5):
            outcome = f"<{BASE}id/outcome/{register}/{number}/{nth}>"
            facts.append((q, "elm:learningOutcome", outcome))
            text = " ".join(drawn.choices(WORDS, k=12))
            facts.append((outcome, "dcterms:title", f'"{text}"@en'))
            if nth < 2:
                skill = f"<http://data.europa.eu/esco/skill/{drawn.randrange(3000)}>"
                facts.append((outcome, "elm:relatedESCOSkill", skill))
        yield from (f"{s} <{expand(p)}> {o} {data} .\n" for s, p, o in facts)
        lines = [
            (record, "qcp:describes", q),
            (record, "qcp:sourceKey", f'"K{number}"'),
            (q, "qcp:register", f"<{BASE}id/register/{register}>"),
            (q, "qcp:country", f"<{expand('country:')}{country}>"),
            (q, "qcp:status", f"<{expand('qcp:Registered')}>"),
        ]
        yield from (f"{s} <{expand(p)}> {o} {said} .\n" for s, p, o in lines)


def timed(label: str, ask: Callable[[], object], index: search.Index) -> None:
    """Print how long a question takes the first time and, at best, again."""
    index._matches.cache_clear()
    index._ranking.cache_clear()
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - start) * 1000)
    print(f"{label:40} first {taken[0]:7.1f} ms   again {min(taken):7.1f} ms")


def main(records: int) -> None:
    """Build a store and its index in a temporary folder, and measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data.nq").write_text("".join(quads(records)), encoding="utf-8")
        store = ox.Store(str(folder / "store"))
        store.bulk_load(path=str(folder / "data.nq"), format=ox.RdfFormat.N_QUADS)
        start = time.perf_counter()
        print(search.build(folder / "search.sqlite", store))
        seconds = time.perf_counter() - start
        size = (folder / "search.sqlite").stat().st_size / 1e6
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"build {seconds:.1f} s, {records / seconds:.0f} records/s, {size:.0f} MB on disk")
        print(f"largest memory of the whole run, loading included: {memory:.0f} MB")
        index = search.Index(folder / "search.sqlite")
        ask(index)
        index.close()


def ask(index: search.Index) -> None:
    """Time the questions that pages ask."""
    some = {"country": ["FRA", "FIN"], "eqf": ["4"]}
    last = index.search().total // 20
    timed("first page of all", index.search, index)
    timed("last page of all", lambda: index.search(page=last), index)
    timed("one frequent word", lambda: index.search("nurse"), index)
    timed("three frequent words", lambda: index.search("nurse engineer welding"), index)
    timed("a code", lambda: index.search("K777"), index)
    timed("filters, sorted by level", lambda: index.search("", some, sort="eqf"), index)
    timed("facets of all", index.facets, index)
    timed("facets of a text under filters", lambda: index.facets(some, "nurse"), index)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
