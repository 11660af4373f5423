"""What a benchmark measured beside what was asked of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Goal:
    """A figure and its limit: at least so much, or at most."""

    name: str
    value: float
    limit: float
    unit: str = ""
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the figure keeps to its limit."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def line(self) -> str:
        """Return the figure, its limit, and whether it is met.

        >>> Goal("memory", 63, 100, "MB").line().split()
        ['memory', '63.00', 'MB', 'at', 'most', '100', 'MB', 'met']
        """
        how = "at least" if self.at_least else "at most"
        verdict = "met" if self.met else "MISSED"
        return (
            f"  {self.name:56}{self.value:9.2f} {self.unit:5} {how} {self.limit:g} {self.unit}"
            f"  {verdict}"
        )


@dataclass
class Goals:
    """The goals of one run, in the order in which they were measured."""

    found: list[Goal] = field(default_factory=list)

    def most(self, name: str, value: float, limit: float, unit: str = "") -> None:
        """Add a figure that shall be small."""
        self.found.append(Goal(name, value, limit, unit))

    def least(self, name: str, value: float, limit: float, unit: str = "") -> None:
        """Add a figure that shall be large."""
        self.found.append(Goal(name, value, limit, unit, at_least=True))

    def lines(self) -> Iterator[str]:
        """Yield a heading and a line for each goal."""
        missed = sum(not one.met for one in self.found)
        yield f"\n{len(self.found)} goals, {missed} missed"
        yield from (one.line() for one in self.found)
