"""Where the time of a build goes: CPU seconds per stage, summed over all processes."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

now: Final = time.process_time


@dataclass
class Stages:
    """Sums CPU seconds (of all threads) per stage of one run."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Add the CPU time of the block to a stage."""
        start = now()
        try:
            yield
        finally:
            self.since(start, stage)

    def since(self, start: float, stage: str) -> float:
        """Add the CPU time since ``start`` to a stage; return the present moment.

        What runs several times per record uses this: a ``with`` block costs several times more.
        """
        moment = now()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + moment - start
        return moment

    def add(self, other: Mapping[str, float]) -> None:
        """Add what another process used."""
        for stage, seconds in other.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds

    def taken(self) -> dict[str, float]:
        """Return the sums and begin again from zero."""
        found = dict(self.seconds)
        self.seconds.clear()
        return found
