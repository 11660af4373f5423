"""A register worked on without publishing: for `qcp map`, `qcp source check` and golden tests."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qcp_graph import sources
from qcp_graph.iris import Iris
from qcp_graph.model.issue import Issue
from qcp_graph.model.ledger import LedgerRow
from qcp_graph.model.source import Source
from qcp_graph.pipeline import context as contexts
from qcp_graph.pipeline import gates
from qcp_graph.pipeline import job as jobs
from qcp_graph.pipeline.progress import Progress, Silent
from qcp_graph.pipeline.register import Crew, RegisterRun
from qcp_graph.pipeline.report import RegisterReport
from qcp_graph.pipeline.seen import Seen
from qcp_graph.settings import Settings
from qcp_graph.terms import nquad


@dataclass
class Passing:
    """A sink that hands rows on and remembers only their keys and places."""

    seen: Seen
    take: Callable[[LedgerRow], object] = lambda row: None

    def add(self, row: LedgerRow) -> str:
        """Hand a row on; return the place of an earlier one with the same key, else ''."""
        first = self.seen.add(row.key, row.locator)
        if not first:
            self.take(row)
        return first

    def __contains__(self, key: str) -> bool:
        return key in self.seen


@dataclass(frozen=True)
class Preview:
    """Everything a small delivery becomes, in memory: for tests and single records."""

    source_id: str
    iris: Iris
    rows: list[LedgerRow]
    report: RegisterReport

    def nquads(self) -> Iterator[str]:
        """Yield the N-Quads that a release would hold of it."""
        for row in self.rows:
            yield from nquads(row, self.iris, self.source_id)

    def issues(self) -> list[dict[str, object]]:
        """Return the fate and the problems of every record, sorted by key, then the notes."""
        listed: list[dict[str, object]] = [
            {"record": row.key, "status": row.status, "issues": [_brief(i) for i in row.issues]}
            for row in sorted(self.rows, key=lambda row: row.key)
            if row.issues or row.status != "published"
        ]
        listed.extend({"note": _brief(issue)} for issue in self.report.notes)
        return listed


def run(settings: Settings, source_id: str, given: str | None = None) -> Preview:
    """Work on a whole register in memory; ``given`` is a file or folder that replaces its own.

    A sample may be smaller than the register's minimum, which protects what is published.
    """
    found: list[LedgerRow] = []
    report = check(settings, source_id, given, take=found.append, sample=True)
    return Preview(source_id, Iris(settings.base_iri), found, report)


def check(
    settings: Settings,
    source_id: str,
    given: str | None = None,
    *,
    progress: Progress | None = None,
    take: Callable[[LedgerRow], object] = lambda row: None,
    lines: Callable[[bytes], object] | None = None,
    crew: Crew | None = None,
    profiles: Sequence[str] = contexts.BLOCKING,
    sample: bool = False,
    change: Callable[[Source], Source] = lambda source: source,
    language: str = "en",
) -> RegisterReport:
    """Read, map, link and validate a register; nothing is published.

    Each row goes to ``take``. Where ``lines`` is given, it gets the N-Quads of every public row
    (sorted, with line ends), and the rows that other processes make carry no quads. ``change``
    may alter the register's description, for a trial of other settings. ``language`` is that of
    problems found by shapes.
    The snapshot is taken into a temporary folder when a file is given, so a check leaves no trace.

    :raises DataError: when the register, unless it is a sample, misses its minimum or thresholds.
    """
    bars = progress or Silent()
    shared = contexts.load(settings, profiles, language)
    source = change(sources.get(source_id, settings.workspace))
    with tempfile.TemporaryDirectory(prefix="qcp-") as scratch:
        local = settings.model_copy(update={"home": Path(scratch)}) if given else settings
        order = jobs.Order((source_id,), inputs={source_id: given} if given else {})
        (job,) = jobs.prepare(replace(shared, settings=local), [source], order, bars)
        with Seen(Path(scratch)) as seen, bars.step(f"Checking {source_id}") as step:
            report = RegisterRun(
                shared, source, job.plan, job.snapshot, Passing(seen, take), Path(scratch),
                jobs=settings.jobs, lines=lines, whole=not sample, crew=crew,
            ).run(step)  # fmt: skip
    why = None if sample else gates.breach(source, report, 0)
    if why is not None:
        raise why
    return report


def nquads(row: LedgerRow, iris: Iris, source_id: str) -> Iterator[str]:
    """Yield the N-Quads lines a row contributes to a release."""
    if row.public:
        for quad in (*row.quads, *row.shared):
            yield nquad(quad, iris.graph(source_id, quad[3]))


def _brief(issue: Issue) -> dict[str, str]:
    kept = ("code", "severity", "locator", "field", "rule", "value", "message")
    return {name: value for name in kept if (value := getattr(issue, name))}
