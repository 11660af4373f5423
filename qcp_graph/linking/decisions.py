"""What people decided on links: kept in the workspace by text, so that it survives every build."""

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Final, Literal, get_args

from qcp_graph.errors import DataError
from qcp_graph.linking.assertions import Match, Task

FOLDER: Final = "decisions"
NAME: Final = "links.csv"
Verdict = Literal["accept", "reject"]
VERDICTS: Final = get_args(Verdict)


@dataclass(frozen=True, slots=True, order=True)
class Decision:
    """One reviewer's word on one link: ``key`` names the text (``text_key``), ``date`` is a day."""

    task: Task
    key: str
    object: str
    reviewer: str
    verdict: Verdict
    match: Match
    date: str
    comment: str = ""


COLUMNS: Final = tuple(field.name for field in fields(Decision))


@dataclass(frozen=True)
class Outcome:
    """What the reviewers of a link say together: None where they disagree or too few spoke."""

    verdict: Verdict | None
    decisions: Sequence[Decision]


class Decisions:
    """All decisions of a workspace; the later word of the same reviewer replaces the earlier."""

    def __init__(self, found: Iterable[Decision] = (), four_eyes: bool = False) -> None:
        """``four_eyes``: a link counts as decided when two reviewers say the same."""
        self._by_link: dict[tuple[Task, str, str], dict[str, Decision]] = {}
        self._by_text: dict[tuple[Task, str], list[str]] = {}
        self._four_eyes = four_eyes
        for one in sorted(found, key=lambda one: one.date):
            link = (one.task, one.key, one.object)
            if link not in self._by_link:
                self._by_text.setdefault((one.task, one.key), []).append(one.object)
            self._by_link.setdefault(link, {})[one.reviewer] = one

    def __len__(self) -> int:
        return len(self._by_link)

    def all(self) -> list[Decision]:
        """Return every decision that counts, sorted."""
        return sorted(one for of_link in self._by_link.values() for one in of_link.values())

    def of(self, task: Task, key: str, object_: str) -> Outcome | None:
        """Return what was decided on a link, None where nobody looked at it."""
        given = self._by_link.get((task, key, object_))
        if not given:
            return None
        said = [given[name] for name in sorted(given)]
        verdicts = {one.verdict for one in said}
        enough = len(said) >= (2 if self._four_eyes else 1)
        agreed = said[0].verdict if len(verdicts) == 1 and enough else None
        return Outcome(agreed, said)

    def objects(self, task: Task, key: str) -> Sequence[str]:
        """Return everything that was decided on for a text."""
        return self._by_text.get((task, key), ())

    def conflicts(self) -> list[Sequence[Decision]]:
        """Return the decisions on links about which reviewers disagree."""
        every = [[given[name] for name in sorted(given)] for given in self._by_link.values()]
        split = sorted(said for said in every if len({one.verdict for one in said}) > 1)
        return list(split)

    @property
    def fingerprint(self) -> str:
        """A hash over all decisions."""
        text = repr((self._four_eyes, [astuple(one) for one in self.all()]))
        return hashlib.sha256(text.encode()).hexdigest()


def path_of(workspace: Path) -> Path:
    """Return where a workspace keeps its decisions."""
    return workspace / FOLDER / NAME


def read(workspace: Path | None, *, four_eyes: bool = False) -> Decisions:
    """Read the decisions of a workspace; none where it has no such file.

    :raises DataError: naming the line that cannot be used.
    """
    if workspace is None or not path_of(workspace).exists():
        return Decisions(four_eyes=four_eyes)
    path = path_of(workspace)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            found = [_decision(row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
        raise DataError(
            "QCP-LNK-DECISIONS",
            f"The decisions on links cannot be read: {error}.",
            where=str(path),
            remedy=f"It is CSV in UTF-8 with the columns {', '.join(COLUMNS)}.",
        ) from error
    return Decisions(found, four_eyes)


def _decision(row: Mapping[str, str]) -> Decision:
    try:
        values = [row[name] or "" for name in COLUMNS]
    except KeyError as error:
        raise ValueError(f"the column {error} is missing") from error
    made = Decision(*values)  # type: ignore[arg-type]
    if made.verdict not in VERDICTS or made.match not in get_args(Match):
        raise ValueError(f"{made.verdict!r} and {made.match!r} are no decision on {made.object}")
    return made


def write(workspace: Path, decisions: Decisions) -> Path:
    """Write all decisions, sorted, so that a version control system shows what changed."""
    path = path_of(workspace)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    with temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(astuple(one) for one in decisions.all())
    temporary.replace(path)
    return path
