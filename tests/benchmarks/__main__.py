"""Run the benchmarks: ``python -m tests.benchmarks [map] [jobs] [validate] [build] [server]``.

They need the real registers (``--shared``, default ``../shared``), print what they measure and
assert nothing: figures of different machines are compared as ratios.
"""

import argparse
from pathlib import Path

from tests.benchmarks import (
    bench_build,
    bench_jobs,
    bench_mapping,
    bench_server,
    bench_validation,
)
from tests.benchmarks.multiply import REAL

NAMES = ("map", "jobs", "validate", "build", "server")


def main() -> None:
    """Run the named benchmarks, by default all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="|".join(NAMES))
    parser.add_argument("--records", type=int, default=100_000, help="size of a register")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--source", action="append", choices=sorted(REAL), help="default gb-ofqual")
    chosen = parser.parse_args()
    wanted = chosen.names or NAMES
    unknown = sorted(set(wanted) - set(NAMES))
    if unknown:
        parser.error(f"unknown benchmark {unknown[0]!r}; there are {', '.join(NAMES)}")
    if "map" in wanted:
        bench_mapping.main(10_000)
    if "validate" in wanted:
        bench_validation.run()
    if {"jobs", "build", "server"} & set(wanted) and not (chosen.shared / "registers").is_dir():
        parser.error(f"the real registers are not in {chosen.shared}")
    if "jobs" in wanted:
        bench_jobs.run(chosen.shared, chosen.records)
    if "build" in wanted:
        bench_build.run(chosen.shared, chosen.records, tuple(chosen.source or ("gb-ofqual",)))
    if "server" in wanted:
        bench_server.run(chosen.shared, min(chosen.records, 20_000))


if __name__ == "__main__":
    main()
