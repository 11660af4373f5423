"""Run many mutated inputs per format and print what became of them: ``python -m tests.fuzz``."""

import argparse
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from tests.fuzz import campaigns


def main() -> int:
    """Run the campaigns; return 1 when one of them breaks a promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10_000, help="inputs per format")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("formats", nargs="*", help="default: all")
    given = parser.parse_args()
    names = given.formats or list(campaigns.NAMES)
    failed = False
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(given.jobs, max_tasks_per_child=1) as pool,
    ):
        runs = {
            pool.submit(campaigns.timed, name, Path(folder) / name, given.rounds, given.seed): name
            for name in names
        }
        for run in as_completed(runs):
            error = run.exception()
            failed = failed or error is not None
            if error is not None:
                print(f"{runs[run]}: FAILED: {error}", flush=True)
                continue
            seconds, tally = run.result()
            figures = ", ".join(f"{count:,} {what}" for what, count in tally.items())
            print(f"{runs[run]}: {figures} ({seconds:.0f} CPU-s)", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
