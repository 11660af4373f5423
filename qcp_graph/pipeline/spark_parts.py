"""What a Spark executor does: chunks of records become a part of quads and a part of problems.

Nothing here needs Spark: an executor imports this module and is given plain values. Parts are
written beside their place and moved, so that a task that Spark repeats leaves one of each.
"""

import json
import pickle
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from qcp_graph.model.issue import Issue
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.pipeline.bulk import bulk
from qcp_graph.pipeline.files import replaced
from qcp_graph.pipeline.record import Used
from qcp_graph.pipeline.rows import RowMaker
from qcp_graph.pipeline.wire import Plain, task_in
from qcp_graph.pipeline.worker import Recipe

Told: TypeAlias = tuple[int, Mapping[str, float], Used]  # chunks, CPU seconds by stage, what met


@dataclass(frozen=True)
class Folders:
    """Where the parts lie; every executor must reach it under the same name."""

    output: Path

    @property
    def quads(self) -> Path:
        """N-Quads, a file per partition."""
        return self.output / "quads"

    @property
    def issues(self) -> Path:
        """Problems as JSON Lines, a file per partition."""
        return self.output / "issues"

    @property
    def spool(self) -> Path:
        """Chunks of records on their way, and what became of them; removed in the end."""
        return self.output / "spool"

    def tasks(self, number: int) -> Path:
        """The records of a chunk."""
        return self.spool / f"{number:08d}.tasks"

    def rows(self, number: int) -> Path:
        """The fate of the records of a chunk."""
        return self.spool / f"{number:08d}.rows"

    def make(self) -> None:
        """Make all of them."""
        for folder in (self.quads, self.issues, self.spool):
            folder.mkdir(parents=True)


_makers: dict[str, RowMaker] = {}


def part(recipe: Recipe, output: str, index: int, chunks: Iterator[int]) -> Iterator[Told]:
    """Work on the chunks of one partition; ``index`` is its number."""
    folders = Folders(Path(output))
    maker = _maker(recipe)
    done = 0
    with bulk(), ExitStack() as stack:
        name = f"part-{index:05d}"
        quads = stack.enter_context(replaced(folders.quads / f"{name}.nq"))
        issues = stack.enter_context(replaced(folders.issues / f"{name}.jsonl"))
        for number in chunks:
            rows = [maker.make(task_in(task)) for task in load(folders.tasks(number))]
            quads.writelines(maker.lines(row) for row in rows)
            issues.writelines(line for row in rows for line in problem_lines(row))
            with replaced(folders.rows(number)) as file:
                pickle.dump([_brief(row) for row in rows], file, protocol=5)
            done += 1
    yield done, maker.worker.stages.taken(), maker.worker.taken()


def _maker(recipe: Recipe) -> RowMaker:
    """Return what makes the rows, kept for the next partition of the same run."""
    name = f"{recipe.rules} {recipe.snapshot} {recipe.source.id} {recipe.settings.base_iri}"
    if name not in _makers:
        _makers.clear()
        _makers[name] = recipe.maker()
    return _makers[name]


def load(path: Path) -> Sequence[Plain]:
    """Return what this run has put into a file of its spool."""
    content: Sequence[Plain] = pickle.loads(path.read_bytes())  # noqa: S301 - our own file
    return content


def problem_lines(row: LedgerRow) -> Iterator[bytes]:
    """Yield the problems of a record as JSON Lines."""
    for issue in row.issues:
        yield problem_line(issue, row.status)


def problem_line(issue: Issue, status: str) -> bytes:
    """Return a problem as a line of JSON."""
    text = json.dumps({**issue.as_dict(), "status": status}, ensure_ascii=False)
    return f"{text}\n".encode("utf-8", "replace")


def _brief(row: LedgerRow) -> tuple[Any, ...]:
    """Return what the driver needs to count a row: its problems are written already."""
    kinds = {(issue.code, issue.severity, issue.message) for issue in row.issues}
    return row.key, row.status, row.locator, sorted(kinds)
