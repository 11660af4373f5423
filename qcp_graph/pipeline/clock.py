"""Where the time of a build goes: CPU seconds per stage, summed over all processes."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

now: Final = time.perf_counter


@dataclass
class Stages:
    """Sums CPU seconds (of all threads) per stage of one run.

    What runs several times per record is timed by the clock on the wall, which costs a twentieth
    of asking for CPU time, and set off against the CPU time of the whole in the end.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    _by_clock: dict[str, float] = field(default_factory=dict)
    _since: tuple[float, float] = field(default_factory=lambda: (time.process_time(), now()))

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Add the CPU time of the block to a stage."""
        start = time.process_time()
        try:
            yield
        finally:
            self._add(stage, time.process_time() - start)

    def since(self, start: float, stage: str) -> float:
        """Add the time since ``start`` (of :func:`now`) to a stage; return the present moment."""
        moment = now()
        self._by_clock[stage] = self._by_clock.get(stage, 0.0) + moment - start
        return moment

    def settle(self) -> None:
        """Turn what the clock said since the last time into CPU seconds."""
        cpu, wall = time.process_time(), now()
        passed = wall - self._since[1]
        share = min(1.0, (cpu - self._since[0]) / passed) if passed > 0 else 1.0
        for stage, seconds in self._by_clock.items():
            self._add(stage, seconds * share)
        self._by_clock.clear()
        self._since = (cpu, wall)

    def add(self, other: Mapping[str, float]) -> None:
        """Add what another process used."""
        for stage, seconds in other.items():
            self._add(stage, seconds)

    def taken(self) -> dict[str, float]:
        """Return the sums and begin again from zero."""
        self.settle()
        found = dict(self.seconds)
        self.seconds.clear()
        return found

    def _add(self, stage: str, seconds: float) -> None:
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds
