"""The compiled shapes beside pyshacl and rudof: CPU time, memory, and whether they agree.

``make bench-validation`` runs the official LOQ and LOQ-mdr shapes on records of which every third
has one of six faults. Each engine works in a process of its own; pyrudof in an environment of its
own (``--rudof PYTHON``), because it is no dependency of ours.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyoxigraph

from qcp_graph.terms import Triple
from qcp_graph.validation import Judge, LineFile, ReferenceGraph, compile_shapes, referee
from qcp_graph.validation.referee import shapes_for_python
from qcp_graph.validation.shapes_graph import ShapesGraph
from qcp_graph.validation.stream import spare_the_collector
from tests.benchmarks.goals import Goals
from tests.benchmarks.other_engines import memory
from tests.validation.official import faulty, files
from tests.validation.records import record, reference_triples

REPOSITORY = Path(__file__).resolve().parents[2]
SHAPES = REPOSITORY / "shapes"
REGEX = SHAPES / "patches" / "elm-loq-3.1-regex.ttl"
PROFILES = ("publication", "lifecycle", "links")
TIMEOUT = 1800
SHOWN = 20_000
RUDOF = 2_000
"""Records for rudof, which needs 0.8 MB for each."""
Figures = dict[str, object]


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
    goals = Goals()
    _one_record(paths, judged, goals)
    _beside_loading(paths, judged, goals)


@dataclass
class Official:
    """The official LOQ and LOQ-mdr shapes on files of records, engine by engine."""

    shared: Path
    folder: Path
    rudof: Path | None
    goals: Goals

    def run(self, records: int, judged: int, linear: int) -> None:
        """Judge ``judged`` records with all engines, ``records`` and ``linear`` with ours."""
        _write(self.folder / "reference.nt", reference_triples())
        print("\nvalidation with LOQ and LOQ-mdr, each engine in a process of its own")
        small = self._beside_others(judged)
        each = _cpu(small) / judged
        large = self._alone(records)
        self.goals.most(f"CPU per record, {records} against {judged}",
                        _cpu(large) / records / each, 1.25, "x")  # fmt: skip
        if linear:
            most = self._ours(linear)
            _say("compiled", linear, most)
            self.goals.most(f"CPU per record, {linear} against {records}",
                            _cpu(most) / linear / (_cpu(large) / records), 1.25, "x")  # fmt: skip
        _one_record(files(self.shared), 300, self.goals)
        _beside_loading(files(self.shared), 3000, self.goals)

    def _beside_others(self, judged: int) -> Figures:
        """Judge the same records with the others; return our figures."""
        ours = self._ours(judged)
        _say("compiled", judged, ours)
        plain = ShapesGraph.read(files(self.shared), [REGEX])
        _write(self.folder / "python.nt", shapes_for_python(plain))
        _write(self.folder / "shapes.nt", plain.triples())
        theirs = self._others(Path(sys.executable), "pyshacl", "python.nt", judged)
        ratio = _compare(ours, theirs)
        self.goals.least(f"pyshacl's CPU time by ours, {judged} records", ratio, 45, "x")
        if self.rudof is not None:
            part = min(judged, RUDOF)
            ours_too = ours if part == judged else self._ours(part)
            _compare(ours_too, self._others(self.rudof, "pyrudof", "shapes.nt", part))
        return ours

    def _alone(self, records: int) -> Figures:
        """Judge many records with one process and with two; return the figures of one."""
        self._data(records)
        walls: dict[int, list[float]] = {1: [], 2: []}
        found = {}
        for jobs in (1, 2, 2, 1):  # the faster of two runs: what else runs disturbs walls most
            start = time.perf_counter()
            found[jobs] = self._ours(records, jobs)
            walls[jobs].append(time.perf_counter() - start)
            _say(f"compiled, {jobs} job(s)", records, found[jobs])
        _say_load()
        size = records / 100_000
        self.goals.most(f"CPU time, {records} records", _cpu(found[1]), 45 * size, "s")
        self.goals.most(f"memory, {records} records", float(str(found[1]["mb"])), 100, "MB")
        self.goals.least("--jobs 2, times faster", min(walls[1]) / min(walls[2]), 1.8, "x")
        return found[1]

    def _data(self, records: int, *, closed: bool = False) -> Path:
        """Return a file of records; ``closed`` has the vocabularies in it, for other engines."""
        path = self.folder / f"{records}{'-closed' if closed else ''}.nt"
        if not path.exists():
            found = (t for n in range(records) for t in faulty(record(n), n))
            _write(path, chain(found, reference_triples()) if closed else found)
        return path

    def _ours(self, records: int, jobs: int = 1) -> Figures:
        command = [sys.executable, "-m", "tests.benchmarks.bench_validation", "--alone", str(jobs)]
        command += ["--shared", str(self.shared), "--data", str(self._data(records))]
        return _call([*command, "--reference", str(self.folder / "reference.nt")])

    def _others(self, python: Path, engine: str, shapes: str, records: int) -> Figures:
        script = str(Path(__file__).with_name("other_engines.py"))
        data = str(self._data(records, closed=True))
        found = _call([str(python), script, engine, str(self.folder / shapes), data])
        _say(engine, records, found)
        return found


def _cpu(figures: Figures) -> float:
    return float(str(figures["cpu"]))


def _write(path: Path, triples: Iterable[Triple]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{s} {p} {o} .\n" for s, p, o in triples)


def _call(command: list[str]) -> Figures:
    done = subprocess.run(
        command, capture_output=True, check=True, text=True, timeout=TIMEOUT, cwd=REPOSITORY
    )
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
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


def _one_record(paths: list[Path], records: int, goals: Goals) -> None:
    """Judge changed records one at a time, as an increment does."""
    plan = compile_shapes(paths)
    reference = ReferenceGraph.from_triples(reference_triples())
    plan.validate(faulty(record(0), 0), reference)
    took = []
    for number in range(1, records + 1):
        changed = faulty(record(number), number)
        start = time.perf_counter()
        plan.validate(changed, reference)
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    print(f"  one changed record: {statistics.median(took):.2f} ms, at most {took[-1]:.2f} ms")
    goals.most("one changed record, 99 of 100", took[len(took) * 99 // 100 - 1], 10, "ms")


def _beside_loading(paths: list[Path], records: int, goals: Goals) -> None:
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
        f" loading the same triples {loading:.2f} CPU-s"
    )
    goals.most("judging, by loading the same triples", judging / loading, 1, "x")


def _say(name: str, records: int, figures: Figures) -> None:
    cpu, memory = float(str(figures["cpu"])), float(str(figures["mb"]))
    each = cpu / records * 1000
    print(f"  {name:18} {records:8} records {cpu:8.1f} CPU-s {each:8.3f} ms each {memory:6.0f} MB",
          flush=True)  # fmt: skip


def _say_load() -> None:
    """Say it where other programs kept the cores busy: then walls tell little."""
    cores = os.cpu_count() or 1
    load = os.getloadavg()[0]
    if load > cores * 0.8:
        print(f"  the machine is busy (load {load:.1f}, {cores} cores): --jobs 2 shows too little")


def _compare(ours: Figures, theirs: Figures) -> float:
    """Print the ratio of CPU time, and how many results only one of the two has; return it."""
    ratio = _cpu(theirs) / _cpu(ours)
    found, other = _rows(ours), _rows(theirs)
    only, missing = (found - other).total(), (other - found).total()
    print(
        f"    {ratio:.1f} times the CPU time; {other.total()} results, ours {found.total()}:",
        end="",
    )
    print(f" {only} only here, {missing} only there", flush=True)
    return ratio


def _rows(figures: Figures) -> Counter[tuple[str, ...]]:
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
    parser.add_argument("--judged", type=int, default=10_000, help="judged by pyshacl as well")
    parser.add_argument("--linear", type=int, default=0, metavar="RECORDS",
                        help="judge so many, too: 1000000 takes 9 GB of disk")  # fmt: skip
    parser.add_argument("--rudof", type=Path, help="a Python that has pyrudof")
    parser.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--reference", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.alone:
        _alone(chosen.shared, chosen.data, chosen.reference, chosen.alone)
        return
    run()
    goals = Goals()
    with tempfile.TemporaryDirectory(prefix="qcp-bench-") as folder:
        work = Official(chosen.shared, Path(folder), chosen.rudof, goals)
        work.run(chosen.records, chosen.judged, chosen.linear)
    print("\n".join(goals.lines()))


if __name__ == "__main__":
    main()
