"""What a run found: counts per register and the most frequent reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qcp_graph import store
from qcp_graph.errors import QcpError
from qcp_graph.model.issue import Issue
from qcp_graph.model.release import Counts

_ORDER = {"violation": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class Reason:
    """One kind of problem and how many records have it."""

    code: str
    severity: str
    message: str
    count: int


@dataclass
class Tally:
    """Counts issues by code and message while records stream by.

    Messages are templates of a limited number; beyond ``limit`` different ones only the code is
    kept, so that hostile data cannot fill the memory.
    """

    limit: int = 1000
    _seen: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(self, issues: Sequence[Issue]) -> None:
        """Count the issues of one record, each kind once."""
        for key in store.kinds(issues):
            if key not in self._seen and len(self._seen) >= self.limit:
                key = (key[0], key[1], "other problems of this kind")
            self._seen[key] = self._seen.get(key, 0) + 1

    def reasons(self) -> list[Reason]:
        """Return the kinds of problems, blocking ones first, then the most frequent."""
        found = [Reason(*key, count) for key, count in self._seen.items()]
        return sorted(found, key=lambda r: (_ORDER.get(r.severity, 3), -r.count, r.code, r.message))

    def by_code(self) -> dict[str, int]:
        """Return the number of records per issue code."""
        totals: dict[str, int] = {}
        for (code, _, _), count in self._seen.items():
            totals[code] = totals.get(code, 0) + count
        return dict(sorted(totals.items()))


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """What happened to one register in a run; ``notes`` belong to the register as a whole.

    ``stopped`` says why its new state did not go live; the counts are then those of the live one.
    ``silent`` names the shapes that found nothing to judge in the records worked on in this run.
    ``new`` and ``solved`` count problems of records since the live release, where there was one to
    be ``compared`` with.
    """

    source_id: str
    counts: Counts
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Issue, ...] = ()
    kept: bool = False
    stopped: QcpError | None = None
    silent: tuple[Issue, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    compared: bool = False
    new: int = 0
    solved: int = 0

    def top(self, number: int) -> tuple[Reason, ...]:
        """Return the most important reasons."""
        return self.reasons[:number]

    def as_dict(self) -> dict[str, object]:
        """Return the report as JSON-like data."""
        return {
            "id": self.source_id,
            **self.counts.as_dict(),
            "kept": self.kept,
            **({"new_problems": self.new, "solved_problems": self.solved} if self.compared else {}),
            "stopped": str(self.stopped) if self.stopped else "",
            "reasons": [
                {"code": r.code, "severity": r.severity, "message": r.message, "records": r.count}
                for r in self.reasons
            ],
            "notes": [issue.as_dict() for issue in self.notes],
            "silent_shapes": [{"shape": one.rule, "target": one.field} for one in self.silent],
            "cpu_seconds": {name: round(value, 3) for name, value in self.seconds.items()},
        }
