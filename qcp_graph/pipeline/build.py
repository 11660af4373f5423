"""A release from registers: work on each, load, index, describe, switch."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from qcp_graph import logs, search, sources, store
from qcp_graph.errors import DataError
from qcp_graph.model.release import Counts, Manifest, RegisterEntry
from qcp_graph.model.source import Source
from qcp_graph.pipeline import (
    catalogue_step,
    context,
    esco_graph,
    export_step,
    export_whole,
    feed_step,
    gates,
    job,
    quality_step,
    remote_step,
)
from qcp_graph.pipeline.clock import Stages
from qcp_graph.pipeline.context import Context
from qcp_graph.pipeline.job import Order, RegisterJob
from qcp_graph.pipeline.progress import Progress
from qcp_graph.pipeline.register import RegisterRun
from qcp_graph.pipeline.releases import folder
from qcp_graph.pipeline.report import RegisterReport
from qcp_graph.pipeline.withdrawal import withdraw_all
from qcp_graph.settings import Settings

Clock = Callable[[], datetime]
_DESCRIPTIONS = "descriptions"  # what the catalogue says of the registers, as a fingerprint


@dataclass(frozen=True)
class BuildResult:
    """What a build did; ``release`` is None when nothing had changed.

    ``seconds`` holds CPU seconds per stage, those of the records and those of the release.
    """

    reports: tuple[RegisterReport, ...]
    release: Manifest | None
    seconds: dict[str, float] = field(default_factory=dict)
    mode: str = ""


class _Stopped(Exception):  # noqa: N818 (no fault of the program: a gate that closed)
    """A register may not go live as it is; leaves the work on it in an orderly way."""

    def __init__(self, why: DataError) -> None:
        self.why = why
        super().__init__(why)


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def build(
    settings: Settings, order: Order, progress: Progress, *, clock: Clock = now
) -> BuildResult:
    """Build and publish a release; the live one stays as it is until the very end.

    Registers that the order does not name are taken over from the live release. A register in
    ``order.remove`` is withdrawn: each of its records becomes a tombstone.

    :raises DataError: when a delivery cannot be read or a gate stops every register that
        was asked for, or one that is not live yet.
    :raises UsageError: when the live release has another base IRI.
    """
    releases = folder(settings)
    with releases.lock():
        shared = context.load(settings, quality=settings.quality_profiles)
        base = releases.current()
        jobs = job.prepare(shared, job.chosen(settings, order), order, progress)
        work = _Build(shared, releases, base, order, progress, clock())
        if not order.full and work.nothing_to_do(jobs):
            return BuildResult(tuple(work.kept(one.source.id) for one in jobs), None)
        return work.run(jobs)


@dataclass
class _Build:
    """One build under way."""

    shared: Context
    releases: store.ReleaseFolder
    base: Manifest | None
    order: Order
    progress: Progress
    moment: datetime
    stages: Stages = field(default_factory=Stages)
    known: dict[str, Source] = field(default_factory=dict)
    entries: dict[str, RegisterEntry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = sources.scan(self.shared.settings.workspace)

    @property
    def created(self) -> str:
        """The moment of the build as ISO 8601."""
        return self.moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    def nothing_to_do(self, jobs: Sequence[RegisterJob]) -> bool:
        """Tell whether a build would end in what is live already."""
        base = self.base
        if base is None or self.order.remove or base.vocabulary != self.shared.fingerprint:
            return False
        described = {*base.registers, *(one.source.id for one in jobs)}
        return all(self._same(one) for one in jobs) and (
            base.versions.get(_DESCRIPTIONS) == self._descriptions(described)
        )

    def kept(self, source_id: str) -> RegisterReport:
        """Return the report of a register that is taken over."""
        assert self.base is not None
        counts = self.base.registers[source_id].counts
        return RegisterReport(source_id, replace(counts, unchanged=counts.published), kept=True)

    def run(self, jobs: Sequence[RegisterJob]) -> BuildResult:
        """Make the release and switch to it."""
        reports = []
        release_id = self.releases.new_id(self.moment)
        with self.releases.begin(release_id, self.base) as builder:
            for one in jobs:
                reports.append(self._gated(builder, one))
            if reports and all(report.stopped for report in reports):
                assert reports[0].stopped is not None
                raise reports[0].stopped
            self._others(builder)
            with self.stages.time("vocabulary"):
                builder.shared_graph("vocabulary", self.shared.vocabulary_triples)
                builder.shared_graph("ontology", self.shared.ontology_triples)
                esco_graph.publish(builder, self.shared.settings, self.entries)
                builder.shared_graph("quality", quality_step.triples(builder, self.shared.iris))
            with self.stages.time("feed"):
                feed_step.write(self.releases, builder, self.created, full=self.order.full)
            with self.stages.time("exports"):
                export_step.write(self.shared, builder)
            manifest = self._manifest(release_id)
            catalogue_step.write(self.shared, builder, manifest, self.known)
            with self.stages.time("exports"):
                export_whole.write(self.shared, builder)
            with self.progress.step("Loading the graph", unit="quads"), self.stages.time("load"):
                share = 0.0 if self.order.full else self.shared.settings.small_change
                loaded = builder.load(share)
            self._index(builder)
            with self.stages.time("upload"):
                remote_step.upload(self.shared.settings, release_id, builder.folder)
            with self.stages.time("seal"):
                hold = self.order.hold or self.shared.settings.hold_releases
                manifest = builder.finish(manifest, hold=hold)
        self.releases.prune(self.shared.settings.keep_releases)
        remote_step.tidy(self.shared.settings, self.releases)
        seconds = dict(self.stages.seconds)
        for report in reports:
            for name, value in report.seconds.items():
                seconds[name] = seconds.get(name, 0.0) + value
        return BuildResult(tuple(reports), manifest, seconds, loaded.mode)

    def _gated(self, builder: store.ReleaseBuilder, one: RegisterJob) -> RegisterReport:
        """Work on a register; where a gate stops it, what is live of it stays live."""
        source_id = one.source.id
        try:
            return self._register(builder, one)
        except _Stopped as stop:
            if self.base is None or source_id not in self.base.registers:
                raise stop.why from None
            self.entries[source_id] = self._keep(builder, source_id)
            return replace(self.kept(source_id), stopped=stop.why)

    def _keep(self, builder: store.ReleaseBuilder, source_id: str) -> RegisterEntry:
        quality_step.kept(builder, source_id)
        return builder.keep(source_id)

    def _register(self, builder: store.ReleaseBuilder, one: RegisterJob) -> RegisterReport:
        source_id = one.source.id
        if self._same(one) and not self.order.full:
            self.entries[source_id] = self._keep(builder, source_id)
            return self.kept(source_id)
        with ExitStack() as stack:
            old = self._old(stack, source_id)
            ledger = stack.enter_context(builder.ledger(source_id))
            entry = self.base.registers.get(source_id) if self.base else None
            same = entry is not None and entry.fingerprint.startswith(f"{one.rules}:")
            run = RegisterRun(
                self.shared,
                one.source,
                one.plan,
                one.snapshot,
                ledger,
                builder.scratch,
                old=old,
                same_rules=same and not self.order.full,
                jobs=self.shared.settings.jobs,
            )
            step = stack.enter_context(self.progress.step(f"Building {source_id}"))
            report = run.run(step)
            # Stopped in time, the ledger is removed again.
            why = gates.breach(one.source, report, entry.counts.published if entry else 0)
            if why is not None and source_id not in self.order.accept:
                raise _Stopped(why)
        with self.stages.time("dump"):
            dump = builder.dump(source_id)
        counts = replace(report.counts, quads=dump.lines)
        self.entries[source_id] = RegisterEntry(
            source_id=source_id,
            snapshot_sha256=one.snapshot.sha256,
            retrieved=one.snapshot.retrieved.isoformat(timespec="seconds"),
            fingerprint=one.fingerprint,
            counts=counts,
            release=builder.id,
            built=self.created,
            reasons=run.tally.by_code(),
            accepted=why.message if why is not None else "",
        )
        with self.stages.time("quality"), ExitStack() as stack:
            old = None if self.order.full else self._old(stack, source_id)
            found = quality_step.measured(builder, self.entries[source_id], self.created, old)
        return replace(
            report, counts=counts, compared=old is not None,
            new=sum(one.new for one in found.delta), solved=sum(one.solved for one in found.delta),
        )  # fmt: skip

    def _others(self, builder: store.ReleaseBuilder) -> None:
        """Take over, or withdraw, the registers that the order does not build."""
        for source_id, entry in self.base.registers.items() if self.base else ():
            if source_id in self.entries:
                continue
            if source_id not in self.order.remove:
                self.entries[source_id] = self._keep(builder, source_id)
                continue
            with ExitStack() as stack:
                old = self._old(stack, source_id)
                assert old is not None
                ledger = stack.enter_context(builder.ledger(source_id))
                country = self.known[source_id].country if source_id in self.known else ""
                gone = withdraw_all(
                    old, ledger, source_id, country, self.shared.iris, entry.snapshot_sha256
                )
            dump = builder.dump(source_id)
            self.entries[source_id] = replace(
                entry,
                fingerprint="withdrawn",
                counts=Counts(withdrawn=gone, quads=dump.lines),
                reasons={},
                release=builder.id,
                built=self.created,
            )

    def _index(self, builder: store.ReleaseBuilder) -> None:
        with self.progress.step("Indexing", unit="steps") as step, self.stages.time("index"):
            graph = builder.open_store()
            search.build(builder.search, graph, lambda _label: step.update(1))
            builder.describe(graph)
            del graph  # the store must be closed before its folder moves

    def _old(self, stack: ExitStack, source_id: str) -> store.LedgerReader | None:
        if self.base is None or source_id not in self.base.registers:
            return None
        try:
            return stack.enter_context(self.releases.ledger(self.base.id, source_id))
        except DataError as error:
            if not self.order.full:
                raise
            # --full is the way out of a damaged release; what the ledger knew is lost with it.
            logs.get("pipeline").warning("tombstones are lost", register=source_id, why=str(error))
            return None

    def _same(self, one: RegisterJob) -> bool:
        entry = self.base.registers.get(one.source.id) if self.base else None
        return entry is not None and entry.fingerprint == one.fingerprint

    def _manifest(self, release_id: str) -> Manifest:
        return Manifest(
            id=release_id,
            created=self.created,
            previous=self.base.id if self.base else "",
            software=self.shared.software,
            base_iri=self.shared.iris.base,
            registers=dict(sorted(self.entries.items())),
            vocabulary=self.shared.fingerprint,
            quads=0,
            versions={
                _DESCRIPTIONS: self._descriptions(self.entries),
                "esco": self.shared.esco.version,
            },
        )

    def _descriptions(self, source_ids: Iterable[str]) -> str:
        told = self.shared.settings
        site = repr((told.title, told.publisher, told.contact))
        return context.digest([site, *(repr(self.known.get(name)) for name in sorted(source_ids))])
