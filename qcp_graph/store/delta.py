"""What turns the statements of one dump into those of another.

The store normalises literals (``1.50`` and ``1.5`` are one number to it), so removing one line may
take away what another line still says. The rule that is always right: for every subject and
predicate that loses a line, state all its lines of the new dump again. Removals come first.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from qcp_graph.store.dump import blocks

_BLOCK: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class Step:
    """Lines to remove, then lines to add, of one stretch of the sorted dumps.

    ``fresh`` counts the added lines that the old dump does not have.
    """

    removed: list[bytes]
    added: list[bytes]
    fresh: int


def steps(old: Path | None, new: Path | None, block: int = _BLOCK) -> Iterator[Step]:
    """Yield the differences between two dumps, in order; a missing dump is an empty one.

    Constant memory, except that all statements of one subject and predicate are held together.
    """
    left, right = _Side(blocks(old, block)), _Side(blocks(new, block))
    while left.fill() | right.fill():
        bound = _bound(left, right)
        if bound is not None and not (left.below(bound) or right.below(bound)):
            for side in (left, right):
                if side.last() == bound:
                    side.grow()
            continue
        before, after = left.take(bound), right.take(bound)
        if before != after:
            yield _step(before, after)


def prefix(line: bytes) -> bytes:
    """Return subject and predicate of a line, with the space that follows them."""
    subject, predicate, _ = line.split(b" ", 2)
    return subject + b" " + predicate + b" "


@dataclass
class _Side:
    """A dump that is read block by block."""

    source: Iterator[bytes]
    lines: list[bytes] = field(default_factory=list)
    ended: bool = False

    def fill(self) -> bool:
        """Have lines unless the dump is over; tell whether there are any."""
        if not self.lines:
            self.grow()
        return bool(self.lines)

    def grow(self) -> None:
        """Read one more block."""
        block = next(self.source, b"")
        self.ended = not block
        self.lines.extend(block.split(b"\n")[:-1])

    def last(self) -> bytes | None:
        """Return subject and predicate of the last line, of which more may follow; else None."""
        return None if self.ended or not self.lines else prefix(self.lines[-1])

    def below(self, bound: bytes) -> int:
        """Return how many lines come before a bound."""
        return bisect_left(self.lines, bound)

    def take(self, bound: bytes | None) -> list[bytes]:
        """Remove and return the lines before a bound, all without one."""
        cut = len(self.lines) if bound is None else self.below(bound)
        taken, self.lines = self.lines[:cut], self.lines[cut:]
        return taken


def _bound(left: _Side, right: _Side) -> bytes | None:
    """Return the subject and predicate up to which both sides are complete, None for the end."""
    ends = [last for side in (left, right) if (last := side.last()) is not None]
    return min(ends, default=None)


def _step(before: list[bytes], after: list[bytes]) -> Step:
    old, new = set(before), set(after)
    removed = [line for line in before if line not in new]
    losing = {prefix(line) for line in removed}
    added = [line for line in after if line not in old or prefix(line) in losing]
    return Step(removed, added, sum(line not in old for line in added))
