"""The whole build of a multiplied register: records per second per stage, memory, an increment."""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from qcp_graph import sources
from qcp_graph.pipeline import job
from qcp_graph.pipeline.build import BuildResult, build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.settings import Settings
from qcp_graph.store import ReleaseBuilder
from tests.benchmarks.multiply import MULTIPLIED, multiply

RECORD_STAGES = ("read", "map", "link", "validate", "provenance", "ledger")
RELEASE_STAGES = ("dump", "load", "index", "seal")


def run(shared: Path, records: int, sources: tuple[str, ...]) -> None:
    """Build each register at a quarter of the size and at full size, each in its own process."""
    with tempfile.TemporaryDirectory(prefix="qcp-bench-") as folder:
        for source_id in sources:
            for size in (records // 4, records):
                work = Path(folder) / f"{source_id}-{size}"
                given = multiply(source_id, shared, work, size)
                _report(source_id, size, _child(source_id, given, work / "home"))


def _child(source_id: str, given: Path, home: Path) -> dict[str, object]:
    words = [sys.executable, "-m", "tests.benchmarks.bench_build", source_id, str(given), str(home)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return result


def _report(source_id: str, size: int, result: dict[str, object]) -> None:
    seconds = result["seconds"]
    assert isinstance(seconds, dict)
    print(f"\n{source_id}, {size} records, {result['quads']} quads")
    for stage in (*RECORD_STAGES, *RELEASE_STAGES):
        used = seconds.get(stage, 0.0)
        rate = f"{size / used:>10.0f} records/s" if used > 0.005 else f"{'-':>10}"
        print(f"  {stage:<11} {used:>8.2f} CPU-s {rate}")
    print(f"  memory before loading {result['before_mb']} MB, at the end {result['after_mb']} MB")
    print(f"  whole build {result['cpu']:.1f} CPU-s, {result['wall']:.1f} s")
    print(
        f"  again unchanged {result['again']:.2f} s; with one record changed {result['one']:.2f} s"
    )


def small(source_id: str, given: str, home: str, *, exports: bool = True) -> BuildResult:
    """Build a register of any size: the declared minimum of real registers is not asked for."""
    source = replace(sources.get(source_id, None), minimum=1)
    order = Order((source_id,), inputs={source_id: given})
    with patch.object(job, "chosen", lambda settings, order: [source]):
        return build(Settings(home=Path(home), exports=exports), order, Silent())


def _measure(source_id: str, given: str, home: str) -> dict[str, object]:
    before: list[int] = []
    load = ReleaseBuilder.load

    def watched(self: ReleaseBuilder, small_change: float = 0.2) -> object:
        before.append(_megabytes())
        return load(self, small_change)

    ReleaseBuilder.load = watched  # type: ignore[method-assign, assignment]
    wall, cpu = time.perf_counter(), time.process_time()
    result = small(source_id, given, home)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    after = _megabytes()
    start = time.perf_counter()
    small(source_id, given, home)
    again = time.perf_counter() - start
    _change_one(Path(given))
    start = time.perf_counter()
    small(source_id, given, home)
    one = time.perf_counter() - start
    return {
        "seconds": result.seconds,
        "quads": result.reports[0].counts.quads,
        "before_mb": before[0],
        "after_mb": after,
        "cpu": cpu,
        "wall": wall,
        "again": again,
        "one": one,
    }


def _change_one(folder: Path) -> None:
    """Change one title in the multiplied file of a delivery."""
    path = next(folder / name for name in MULTIPLIED if (folder / name).exists())
    text = path.read_text(encoding="utf-8")
    place = text.index(" ", len(text) // 2)
    while not (text[place - 1].isalpha() and text[place + 1].isalpha()):
        place = text.index(" ", place + 1)
    path.write_text(f"{text[:place]} changed{text[place:]}", encoding="utf-8")


def _megabytes() -> int:
    """Return the peak of resident memory of this process alone (getrusage counts its parent's)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    print(json.dumps(_measure(*sys.argv[1:4])))
