"""The compiled shapes beside pyshacl and rudof: CPU time, memory, and whether they agree.

``make bench-validation`` runs the official LOQ and LOQ-mdr shapes on records of which every third
has one of six faults. Each engine works in a process of its own; pyrudof in an environment of its
own (``--rudof PYTHON``), because it is no dependency of ours.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph

from qcp_graph.terms import Triple
from qcp_graph.validation import Judge, LineFile, ReferenceGraph, compile_shapes, referee
from qcp_graph.validation.referee import shapes_for_python
from qcp_graph.validation.shapes_graph import ShapesGraph
from qcp_graph.validation.stream import spare_the_collector
from tests.benchmarks.other_engines import memory
from tests.validation.official import faulty, files
from tests.validation.records import record, reference_triples

REPOSITORY = Path(__file__).resolve().parents[2]
SHAPES = REPOSITORY / "shapes"
REGEX = SHAPES / "patches" / "elm-loq-3.1-regex.ttl"
PROFILES = ("publication", "lifecycle", "links")
TIMEOUT = 1800
SHOWN = 20_000


def run(records: int = 2000, judged: int = 40) -> None:
    """Validate records with our profiles, a part of them with pyshacl, and print the ratio."""
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
    _one_record(paths, judged)
    _beside_loading(paths, judged)


def official(shared: Path, records: int, judged: int, rudof: Path | None) -> None:
    """Validate a file of records with the official shapes; others judge the first ``judged``."""
    with tempfile.TemporaryDirectory(prefix="qcp-bench-") as name:
        folder = Path(name)
        _write(folder / "reference.nt", reference_triples())
        _write(folder / "all.nt", (t for n in range(records) for t in faulty(record(n), n)))
        part = [t for n in range(judged) for t in faulty(record(n), n)]
        _write(folder / "part.nt", [*part, *reference_triples()])
        print(f"\nvalidation with LOQ and LOQ-mdr, records of {len(part) / judged:.0f} triples")
        walls = {}
        for jobs in (1, 2):
            start = time.perf_counter()
            whole = _ours(shared, folder / "all.nt", folder / "reference.nt", jobs)
            walls[jobs] = time.perf_counter() - start
            _say(f"compiled, {jobs} job(s)", records, whole)
        print(f"  --jobs 2 takes {walls[1] / walls[2]:.2f} times less time")
        _one_record(files(shared))
        _beside_loading(files(shared))
        ours = _ours(shared, folder / "part.nt", folder / "reference.nt", 1)
        _say("compiled", judged, ours)
        plain = ShapesGraph.read(files(shared), [REGEX])
        _write(folder / "python.nt", shapes_for_python(plain))
        theirs = _other(Path(sys.executable), "pyshacl", folder / "python.nt", folder / "part.nt")
        _say("pyshacl", judged, theirs)
        _compare(ours, theirs)
        if rudof is not None:
            _write(folder / "shapes.nt", plain.triples())
            theirs = _other(rudof, "pyrudof", folder / "shapes.nt", folder / "part.nt")
            _say("pyrudof", judged, theirs)
            _compare(ours, theirs)


def _write(path: Path, triples: Iterable[Triple]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{s} {p} {o} .\n" for s, p, o in triples)


def _ours(shared: Path, data: Path, reference: Path, jobs: int) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.benchmarks.bench_validation", "--alone", str(jobs)]
    files_ = ["--shared", str(shared), "--data", str(data), "--reference", str(reference)]
    return _call([*command, *files_])


def _other(python: Path, engine: str, shapes: Path, data: Path) -> dict[str, object]:
    script = Path(__file__).with_name("other_engines.py")
    return _call([str(python), str(script), engine, str(shapes), str(data)])


def _call(command: list[str]) -> dict[str, object]:
    done = subprocess.run(
        command, capture_output=True, check=True, text=True, timeout=TIMEOUT, cwd=REPOSITORY
    )
    figures: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _alone(shared: Path, data: Path, reference: Path, jobs: int) -> None:
    """Judge a file in this process, and print what it took."""
    plan = compile_shapes(files(shared))
    spare_the_collector()
    source = LineFile(reference)
    known = ReferenceGraph.from_triples(t for p in source.pieces() for t in source.triples(p))
    rows = []
    for result in Judge(plan, LineFile(data), known, jobs).results():
        if len(rows) < SHOWN and result.focus not in known.subjects:
            rows.append([result.focus, result.path, result.value, result.component])
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(u.ru_utime + u.ru_stime for u in used)
    print(json.dumps({"cpu": cpu, "mb": memory(), "rows": rows}))


def _one_record(paths: list[Path], records: int = 100) -> None:
    """Judge changed records one at a time, as an increment does; print the slowest, too."""
    plan = compile_shapes(paths)
    reference = ReferenceGraph.from_triples(reference_triples())
    plan.validate(faulty(record(0), 0), reference)
    took = []
    for number in range(1, records + 1):
        changed = faulty(record(number), number)
        start = time.perf_counter()
        plan.validate(changed, reference)
        took.append((time.perf_counter() - start) * 1000)
    print(f"  one changed record: {statistics.median(took):.2f} ms, at most {max(took):.2f} ms")


def _beside_loading(paths: list[Path], records: int = 3000) -> None:
    """Judge the records of a build, and load the same triples into a store on disk."""
    plan = compile_shapes(paths)
    reference = ReferenceGraph.from_triples(reference_triples())
    sample = [faulty(record(number), number) for number in range(records)]
    start = time.process_time()
    for triples in sample:
        plan.validate(triples, reference)
    judging = time.process_time() - start
    lines = "".join(f"{s} {p} {o} .\n" for triples in sample for s, p, o in triples).encode()
    with tempfile.TemporaryDirectory(prefix="qcp-bench-") as folder:
        start = time.process_time()
        pyoxigraph.Store(folder).bulk_load(lines, pyoxigraph.RdfFormat.N_TRIPLES)
        loading = time.process_time() - start
    print(
        f"  in a build, {records} records: judging {judging:.2f} CPU-s,"
        f" loading the same triples {loading:.2f} CPU-s: {judging / loading:.2f} of it"
    )


def _say(name: str, records: int, figures: dict[str, object]) -> None:
    cpu, memory = float(str(figures["cpu"])), float(str(figures["mb"]))
    each = cpu / records * 1000
    print(f"  {name:18} {records:8} records {cpu:8.1f} CPU-s {each:8.3f} ms each {memory:6.0f} MB")


def _compare(ours: dict[str, object], theirs: dict[str, object]) -> None:
    """Print the ratio of CPU time, and how many results only one of the two has."""
    ratio = float(str(theirs["cpu"])) / float(str(ours["cpu"]))
    found, other = _rows(ours), _rows(theirs)
    only, missing = (found - other).total(), (other - found).total()
    print(
        f"    {ratio:.1f} times the CPU time; {other.total()} results, ours {found.total()}:",
        end="",
    )
    print(f" {only} only here, {missing} only there")


def _rows(figures: dict[str, object]) -> Counter[tuple[str, ...]]:
    """Count results by focus node, path and component."""
    rows = figures["rows"]
    assert isinstance(rows, list)
    known = {s for s, _, _ in reference_triples()}
    cut = [tuple(part.strip("<>") for part in (row[0], row[1], row[3])) for row in rows]
    return Counter(row for row in cut if f"<{row[0]}>" not in known)


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--records", type=int, default=100_000, help="judged by our engine")
    parser.add_argument("--judged", type=int, default=1000, help="judged by the others as well")
    parser.add_argument("--rudof", type=Path, help="a Python that has pyrudof")
    parser.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--reference", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.alone:
        _alone(chosen.shared, chosen.data, chosen.reference, chosen.alone)
        return
    run()
    official(chosen.shared, chosen.records, chosen.judged, chosen.rudof)


if __name__ == "__main__":
    main()
