"""Problems counted by kind: the first page of what goes back to a data owner."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

_REASONS: Final = 1000  # kinds of problems in a summary; hostile data could bring any number
_ORDER: Final = {"violation": 0, "warning": 1, "info": 2}


@dataclass
class Reason:
    """How many records a kind of problem concerns, and how often it was found."""

    records: int = 0
    cases: int = 0
    last: str | None = None
    remedy: str = ""


@dataclass
class Summary:
    """Counts problems by severity, code and message; those of one record follow each other."""

    found: dict[tuple[str, str, str], Reason] = field(default_factory=dict)

    def add(self, problem: Mapping[str, str]) -> None:
        """Count a problem."""
        key = (problem.get("severity", ""), problem.get("code", ""), problem.get("message", ""))
        if key not in self.found and len(self.found) >= _REASONS:
            key = (key[0], key[1], "other problems of this kind")
        reason = self.found.setdefault(key, Reason(remedy=problem.get("remedy", "")))
        record = problem.get("record", "") or problem.get("locator", "")
        reason.records += record != reason.last
        reason.cases += 1
        reason.last = record

    def lines(self) -> Iterator[tuple[str, str, str, int, int, str]]:
        """Yield severity, code, message, records, cases and remedy: the worst and most first."""
        for key, reason in sorted(
            self.found.items(),
            key=lambda item: (_ORDER.get(item[0][0], 3), -item[1].records, item[0]),
        ):
            yield *key, reason.records, reason.cases, reason.remedy
