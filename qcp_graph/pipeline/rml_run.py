"""An RML mapping run outside of any register: sources in, quads out, every problem told."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from qcp_graph import readers
from qcp_graph.errors import DataError, UsageError
from qcp_graph.mapping import rml
from qcp_graph.mapping.rml.compile import RmlQuad
from qcp_graph.mapping.rml.index import JoinIndex
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.pipeline import rml_files, rml_sql, rml_targets


@dataclass(frozen=True, slots=True)
class Options:
    """How a mapping is run.

    ``output`` is the default target (None: standard output); ``strict`` writes nothing when there
    is a violation; ``force`` overwrites targets that the mapping names; ``allowed`` are folders
    that it may read and write besides its own and the current one; ``database`` is an SQLite file
    that stands for the database that it names.
    """

    output: Path | None = None
    base: str = ""
    allowed: Sequence[Path] = ()
    strict: bool = False
    force: bool = False
    database: Path | None = None
    record_max_bytes: int = 32 * 1024**2


@dataclass(slots=True)
class Report:
    """What a run did; ``written`` is quads per target, the default one first."""

    records: int = 0
    violations: int = 0
    warnings: int = 0
    written: dict[str, int] = field(default_factory=dict)


def run(mapping: Path, options: Options, take: Callable[[Issue], None]) -> Report:
    """Run a mapping; every problem of the data is given to ``take``.

    :raises UsageError: for a faulty mapping, before anything is read or written.
    :raises DataError: when a source cannot be read, or ``strict`` met a violation; no target is
        left half written, and none written at all.
    """
    plan = rml.load(mapping, options.base)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qcp-rml-")))
        places = rml_files.Places(
            mapping.resolve().parent, Path.cwd(), options.allowed, options.database
        )
        files = [
            rml_files.source(places, p[0].source.location, str(p[0].source.place), scratch)
            for p in plan.passes
        ]
        for together, file in zip(plan.passes, files, strict=True):
            for source in together:
                if source.format == "sql":
                    source.columns.update(rml_sql.columns(file, dict(source.options)))
        index = stack.enter_context(JoinIndex(scratch))
        job = _Job(plan, files, options, take)
        job.fill(index)
        sinks = _sinks(plan, options, places, stack)
        job.map(sinks)
        if options.strict and job.report.violations:
            raise DataError(
                "QCP-RML-STRICT",
                f"The data has {job.report.violations} violations; nothing was written.",
                where=mapping.name,
                remedy="Mend them, or run without --strict.",
            )
        for name, sink in sinks.items():
            sink.finish()
            job.report.written[name] = sink.count
        return job.report


def _sinks(
    plan: rml.RmlPlan, options: Options, places: rml_files.Places, stack: ExitStack
) -> dict[str, rml_targets.Sink]:
    output = options.output
    default = rml_targets.File.named(output) if output else rml_targets.Standard()
    sinks: dict[str, rml_targets.Sink] = {str(output or "standard output"): default}
    stack.callback(default.discard)
    for target in plan.targets:
        path = places.find(target.location, "QCP-RML-TARGET", str(target.place))
        if (path.exists() and not options.force) or str(path) in sinks:
            raise UsageError(
                "QCP-RML-TARGET", "The target exists already.", where=str(path),
                remedy="Remove it, or overwrite it with --force.",
            )  # fmt: skip
        sink = rml_targets.File(
            path, target.serialization, target.encoding, target.location.compression
        )
        sinks[str(path)] = sink
        stack.callback(sink.discard)
    return sinks


def _write(
    quads: Sequence[RmlQuad], default: rml_targets.Sink, others: Sequence[rml_targets.Sink]
) -> None:
    if others or not default.takes_graphs:
        for s, p, o, graph, targets in quads:
            line = f"{s} {p} {o} {graph} .\n" if graph else f"{s} {p} {o} .\n"
            for sink in [others[n] for n in targets] if targets else (default,):
                sink.write(line, graph)
        return
    default.write_all(
        [f"{s} {p} {o} {g} .\n" if g else f"{s} {p} {o} .\n" for s, p, o, g, _ in quads]
    )


@dataclass
class _Job:
    plan: rml.RmlPlan
    files: Sequence[SnapshotFile]
    options: Options
    take: Callable[[Issue], None]
    report: Report = field(default_factory=Report)

    def fill(self, index: JoinIndex) -> None:
        """Read the parents of joins; what is wrong with them is told when they are mapped."""
        for together, file in zip(self.plan.passes, self.files, strict=True):
            parents = [source for source in together if source.joins]
            for item in self._read(together[0], file) if parents else ():
                if isinstance(item, SourceRecord):
                    for source in parents:
                        source.fill(item, index)
        self.plan.use(index)

    def map(self, sinks: dict[str, rml_targets.Sink]) -> None:
        """Map every record of every source."""
        default, *others = sinks.values()
        for together, file in zip(self.plan.passes, self.files, strict=True):
            for item in self._read(together[0], file):
                if isinstance(item, Issue):
                    self._note(item)
                    self.report.records += item.severity == "violation"
                    continue
                self.report.records += 1
                for source in together:
                    made = source.map(item)
                    _write(made.quads, default, others)
                    for issue in made.issues:
                        self._note(issue)
            for issue in (issue for source in together for issue in source.unused()):
                self._note(issue)

    def _read(self, source: rml.SourcePlan, file: SnapshotFile) -> Iterator[SourceRecord | Issue]:
        return readers.read(source, file, max_record_bytes=self.options.record_max_bytes)

    def _note(self, issue: Issue) -> None:
        self.report.violations += issue.severity == "violation"
        self.report.warnings += issue.severity == "warning"
        self.take(issue)
