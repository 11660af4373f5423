"""What became better and worse: problems that are new, solved or remain since another release."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Final

from qcp_graph import store
from qcp_graph.model.release import Manifest
from qcp_graph.pipeline.releases import compared

EXAMPLES: Final = 5  # records named for each kind of problem and each change


@dataclass
class ProblemDelta:
    """Records of a register with a problem (by code) now, before, or both; some as examples."""

    register: str
    code: str
    new: int = 0
    solved: int = 0
    remaining: int = 0
    new_examples: list[str] = field(default_factory=list)
    solved_examples: list[str] = field(default_factory=list)

    def count(self, key: str, *, before: bool, now: bool) -> None:
        """Count one record that has the problem in at least one of the two releases."""
        if before and now:
            self.remaining += 1
            return
        if now:
            self.new += 1
            examples = self.new_examples
        else:
            self.solved += 1
            examples = self.solved_examples
        if len(examples) < EXAMPLES:
            examples.append(key)

    def as_dict(self) -> dict[str, object]:
        """Return the delta as a flat mapping, examples separated by commas."""
        return {
            "register": self.register,
            "code": self.code,
            "new": self.new,
            "solved": self.solved,
            "remaining": self.remaining,
            "new_examples": ", ".join(self.new_examples),
            "solved_examples": ", ".join(self.solved_examples),
        }


def compare(
    register: str, old: store.LedgerReader | None, new: store.LedgerReader | None
) -> list[ProblemDelta]:
    """Compare the problems of a register's records in two ledgers, either of which may be absent.

    A problem is a code at a record: a message that is worded anew is no new problem. Both ledgers
    are read once, side by side in the order of their keys.
    """
    found: dict[str, ProblemDelta] = {}
    sides = (_side(0, old), _side(1, new))
    for key, rows in groupby(merge(*sides, key=itemgetter(0, 1)), key=itemgetter(0)):
        codes = {side: codes for _, side, codes in rows}
        before, now = codes.get(0, frozenset()), codes.get(1, frozenset())
        for code in before | now:
            delta = found.get(code) or found.setdefault(code, ProblemDelta(register, code))
            delta.count(key, before=code in before, now=code in now)
    return sorted(found.values(), key=lambda one: (-one.new, -one.solved, one.code))


def _side(
    number: int, ledger: store.LedgerReader | None
) -> Iterator[tuple[str, int, frozenset[str]]]:
    for key, codes in ledger.codes() if ledger is not None else ():
        yield key, number, codes


def between(
    releases: store.ReleaseFolder, old: str | None, new: str | None
) -> Iterator[ProblemDelta]:
    """Yield what changed in the problems of every register between two releases.

    Without names: from the release before the live one to the live one.

    :raises UsageError: when there is no release to compare with.
    """
    earlier, later = compared(releases, old, new)
    for register in sorted({*earlier.registers, *later.registers}):
        with ExitStack() as stack:
            before, now = (
                _ledger(stack, releases, manifest, register) for manifest in (earlier, later)
            )
            yield from compare(register, before, now)


def _ledger(
    stack: ExitStack, releases: store.ReleaseFolder, manifest: Manifest, register: str
) -> store.LedgerReader | None:
    if register not in manifest.registers:
        return None
    return stack.enter_context(releases.ledger(manifest.id, register))
