"""Progress bars on standard error, off when it is not a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from qcp_graph.pipeline.progress import Step


class Bars:
    """Draws one bar per step."""

    @contextmanager
    def step(
        self, label: str, *, total: int | None = None, unit: str = "records"
    ) -> Iterator[Step]:
        """Yield a bar; ``update(n)`` moves it."""
        with tqdm(
            total=total,
            desc=label,
            unit=f" {unit}",
            unit_scale=unit == "B",
            leave=False,
            disable=not sys.stderr.isatty(),
        ) as bar:
            yield bar
