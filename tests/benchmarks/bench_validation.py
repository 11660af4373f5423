"""The compiled shapes beside pyshacl, on the same records."""

import time
from pathlib import Path

from qcp_graph.validation import ReferenceGraph, compile_shapes, referee
from tests.validation.records import record, reference_triples

SHAPES = Path(__file__).resolve().parents[2] / "shapes"
PROFILES = ("publication", "lifecycle", "links")


def run(records: int = 2000, judged: int = 40) -> None:
    """Validate records with our engine, a part of them with pyshacl, and print the ratio."""
    paths = [SHAPES / f"{name}.ttl" for name in PROFILES]
    plan = compile_shapes(paths)
    reference = ReferenceGraph.from_triples(reference_triples())
    sample = [record(number) for number in range(records)]
    start = time.process_time()
    found = sum(len(plan.validate(triples, reference)) for triples in sample)
    ours = (time.process_time() - start) / records
    together = [triple for triples in sample[:judged] for triple in triples]
    start = time.process_time()
    theirs_found = len(referee(paths, together, reference))
    theirs = (time.process_time() - start) / judged
    size = sum(map(len, sample)) / records
    print(f"\nvalidation, {records} records of {size:.0f} triples: {', '.join(PROFILES)}")
    print(f"  compiled {ours * 1000:8.3f} CPU-ms per record, {found} results")
    print(f"  pyshacl  {theirs * 1000:8.3f} CPU-ms per record, {theirs_found} results of {judged}")
    print(f"  ratio    {theirs / ours:8.1f}x")


if __name__ == "__main__":
    run()
