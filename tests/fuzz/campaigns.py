"""All campaigns by name: damaged deliveries of each format, damaged mappings."""

import time
from collections import Counter
from pathlib import Path
from typing import Final

from qcp_graph import validation
from tests.fuzz import harness, mappings, samples

NAMES: Final = (*samples.FORMATS, *mappings.KINDS)
_SHAPES: Final = Path(__file__).parents[2] / "shapes" / "publication.ttl"


def run(name: str, folder: Path, rounds: int, seed: int = 0) -> Counter[str]:
    """Run a campaign; return what became of its inputs.

    :raises AssertionError: naming the input that breaks a promise.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if name in mappings.KINDS:
        return mappings.campaign(name, folder, rounds, seed)
    shapes = validation.compile_shapes([_SHAPES])
    return harness.campaign(harness.Bench(name, folder, shapes), rounds, seed)


def timed(name: str, folder: Path, rounds: int, seed: int) -> tuple[float, dict[str, int]]:
    """Run a campaign; return its CPU seconds, too."""
    start = time.process_time()
    tally = run(name, folder, rounds, seed)
    return time.process_time() - start, dict(tally)
