"""CPU time of validation per record, against a wide limit: notices a slow-down of several times.

Run with ``-s`` to see the figures.
"""

import time
from pathlib import Path

import pytest

from qcp_graph.validation import ReferenceGraph, compile_shapes
from tests.validation.records import record, reference_triples

RECORDS = 1000
LIMIT = 1.0
"""CPU-milliseconds per record of 58 triples; 0.13 on the machine on which this was written."""


def _measure(name: str, paths: list[Path]) -> None:
    plan = compile_shapes(paths)
    reference = ReferenceGraph.from_triples(reference_triples())
    records = [record(number) for number in range(RECORDS)]
    begin = time.process_time()
    results = sum(len(plan.validate(triples, reference)) for triples in records)
    spent = (time.process_time() - begin) / RECORDS * 1000
    print(f"\nvalidation, {name}: {spent:.3f} CPU-ms per record, {results} results")
    assert spent < LIMIT


def test_what_a_build_runs(repository: Path) -> None:
    folder = repository / "shapes"
    _measure("publication, lifecycle, links", [
        folder / f"{name}.ttl" for name in ("publication", "lifecycle", "links")
    ])  # fmt: skip


@pytest.mark.shared
def test_official_loq(shared: Path) -> None:
    folder = shared / "reference/elm/ap/loq"
    _measure("official LOQ and mdr", [
        folder / "LOQ-constraints.ttl", folder / "LOQ-constraints-mdr.ttl"
    ])  # fmt: skip
