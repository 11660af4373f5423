"""What every official suite is: groups of cases, each with an outcome; how they are reported."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """A case of a suite; ``check`` returns nothing when it passes, else what is different."""

    name: str
    check: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that are counted together; ``floor`` is the share that must pass.

    ``excused`` are cases that do not pass, with the reason why that is so and stays so.
    """

    title: str
    cases: Sequence[Case]
    floor: float
    excused: Mapping[str, str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """A section of the report."""

    title: str
    about: str
    groups: Sequence[Group]


def section(suite: Suite) -> str:
    """Return a suite's section of the report, from a run of all its cases."""
    lines = [f"## {suite.title}", "", suite.about, ""]
    lines += ["| group | cases | passed | not passed | share |", "|---|--:|--:|--:|--:|"]
    missed: list[str] = []
    notes = [f"{group.title}: {group.note}" for group in suite.groups if group.note]
    for group in suite.groups:
        failed = [case.name for case in group.cases if case.check()]
        total = len(group.cases)
        passed = total - len(failed)
        share = f"{100 * passed / total:.1f} %"
        lines.append(f"| {group.title} | {total} | {passed} | {len(failed)} | {share} |")
        missed += [
            f"- `{name}`: {group.excused.get(name, 'NOT EXPLAINED')}" for name in sorted(failed)
        ]
    lines += ["", *notes] if notes else []
    if missed:
        lines += ["", "Not passed, and why:", "", *missed]
    return "\n".join([*lines, ""])
