"""How long work reports that it goes on; the command line draws bars, tests count."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Step(Protocol):
    """One step under way."""

    def update(self, n: float, /) -> object:
        """Report ``n`` more units done."""


class Progress(Protocol):
    """Opens steps: ``with progress.step("Mapping fr-rncp", total=20, unit="records") as step``."""

    def step(
        self, label: str, *, total: int | None = None, unit: str = "records"
    ) -> AbstractContextManager[Step]:
        """Return a context that yields a :class:`Step`."""


class _Nothing:
    def update(self, n: float, /) -> None:
        """Count nothing."""


class Silent:
    """No progress at all."""

    @contextmanager
    def step(
        self, label: str, *, total: int | None = None, unit: str = "records"
    ) -> Iterator[Step]:
        """Yield a step that reports nothing."""
        yield _Nothing()
