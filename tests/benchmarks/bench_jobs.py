"""Several processes: wall and CPU seconds of ``qcp map`` by the number of processes.

``python -m tests.benchmarks jobs``: a register multiplied to 100,000 records, mapped, linked and
validated to N-Quads text, which must be the same whatever the number.
"""

import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from qcp_graph.pipeline import preview
from qcp_graph.settings import Settings
from tests.benchmarks.multiply import multiply

JOBS = (1, 2, 4)


def run(shared: Path, records: int, source_id: str = "gb-ofqual") -> None:
    """Print one line per number of processes; each runs in a fresh process."""
    with tempfile.TemporaryDirectory(prefix="qcp-bench-") as folder:
        given = multiply(source_id, shared, Path(folder), records)
        alone: dict[str, float] = {}
        for jobs in JOBS:
            words = [sys.executable, "-m", "tests.benchmarks.bench_jobs", source_id, str(given)]
            done = subprocess.run([*words, str(jobs)], capture_output=True, text=True, check=True)
            found = json.loads(done.stdout.splitlines()[-1])
            alone = alone or found
            assert found["sha256"] == alone["sha256"], "the bytes differ"
            print(
                f"{source_id}, {records} records, {jobs} processes: {found['wall']:.1f} s wall"
                f" ({alone['wall'] / found['wall']:.2f}x), {found['cpu']:.1f} CPU-s"
                f" ({found['main']:.1f} in the main process), {found['mb']} MB in the main process"
            )


def _measure(source_id: str, given: str, jobs: int) -> dict[str, object]:
    digest = hashlib.sha256()
    wall, main = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory(prefix="qcp-bench-") as home:
        settings = Settings(home=Path(home), jobs=jobs)
        preview.check(settings, source_id, given, lines=digest.update, sample=True)
    wall, main = time.perf_counter() - wall, time.process_time() - main
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return {
        "wall": wall,
        "cpu": main + children.ru_utime + children.ru_stime,
        "main": main,
        "mb": int(status.split("VmHWM:")[1].split()[0]) // 1024,
        "sha256": digest.hexdigest(),
    }


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
