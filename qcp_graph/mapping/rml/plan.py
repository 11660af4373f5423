"""An RML document ready to run: per logical source, from records to quads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qcp_graph.mapping.frames import Frame, Run
from qcp_graph.mapping.problems import hint
from qcp_graph.mapping.rml.compile import CompiledMap, JoinPlan, Lookup, Quads, RmlQuad
from qcp_graph.mapping.rml.index import JoinIndex
from qcp_graph.mapping.rml.model import Formulation, LogicalSource, Target
from qcp_graph.mapping.rml.references import SELECT, Iteration, path
from qcp_graph.mapping.rml.terms import Watch, unknown_column
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import SourceRecord


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a record."""

    quads: Sequence[RmlQuad]
    issues: Sequence[Issue]


@dataclass
class SourcePlan:
    """A logical source and all that is made of it in one pass.

    Fits :class:`~qcp_graph.readers.ReaderSpec` (``format iterator options``).
    """

    source: LogicalSource
    iteration: Iteration
    maps: Sequence[CompiledMap]
    joins: Sequence[JoinPlan]
    watches: Mapping[str, Watch]
    document: str
    columns: dict[str, str] = field(default_factory=dict)
    records: int = 0

    @property
    def format(self) -> Formulation:
        """The reader."""
        return self.source.formulation

    @property
    def iterator(self) -> str:
        """What the reader streams as records."""
        return self.iteration.record

    @property
    def options(self) -> Mapping[str, object]:
        """The reader's options."""
        found = dict(self.source.options)
        if "namespaces" in found:
            found["namespaces"] = dict(found["namespaces"])  # type: ignore[call-overload]
        return found

    def map(self, record: SourceRecord) -> Made:
        """Map one record.

        :raises UsageError: QCP-RML-REFERENCE at the first record, when a table lacks a column.
        """
        run = self._run(record)
        quads: Quads = {}
        for frame in self._frames(record, run):
            for compiled in self.maps:
                compiled.run(frame, quads)
        return Made(tuple(quads), tuple(dict.fromkeys(run.issues)))

    def fill(self, record: SourceRecord, index: JoinIndex) -> Sequence[Issue]:
        """Keep what joins need of a record; the issues come again when it is mapped."""
        run = self._run(record)
        for frame in self._frames(record, run):
            for join in self.joins:
                join.fill(frame, index)
        return run.issues

    def _run(self, record: SourceRecord) -> Run:
        self.records += 1
        if self.records == 1 and self.format in {"csv", "sql"}:
            self._check_columns(list(record.data))
        return Run(self.document, "", record.locator, {})

    def _check_columns(self, columns: Sequence[str]) -> None:
        folded = {name.casefold() for name in columns}
        for name, watch in self.watches.items():
            known = name in columns
            if self.format == "sql":
                known = str(path(name, "sql").steps[0]).casefold() in folded
            if not known:
                raise unknown_column(name, watch.place, hint(name, columns))

    def _frames(self, record: SourceRecord, run: Run) -> Sequence[Frame]:
        frames = [Frame(record.data, None, 1, run)]
        for step in self.iteration.inner:
            select = SELECT[self.format]
            frames = [
                Frame(item, frame, number, run)
                for frame in frames
                for number, item in enumerate(select(frame.item, (step,)), start=1)
            ]
        return frames

    def unused(self) -> list[Issue]:
        """Return references that no record had a value for."""
        if not self.records or self.format in {"csv", "sql"}:
            return []
        missed = [watch for watch in self.watches.values() if watch.asked and not watch.seen]
        return [self._unused(watch) for watch in missed]

    def _unused(self, watch: Watch) -> Issue:
        lost = " Nothing was made of the records without it." if watch.subject else ""
        return Issue(
            "QCP-MAP-UNUSED",
            "violation" if watch.subject else "warning",
            f"The reference matches no value in any of {self.records} records.{lost}",
            source=self.document,
            field=watch.text,
            rule=str(watch.place),
            remedy="Compare its spelling with the data.",
        )


class RmlPlan:
    """A document ready to run; made by :func:`qcp_graph.mapping.rml.load`."""

    def __init__(
        self, name: str, sources: Sequence[SourcePlan], targets: Sequence[Target], lookup: Lookup
    ) -> None:
        self.name = name
        self.sources = sources
        self.targets = targets
        self._lookup = lookup

    @property
    def parents(self) -> Sequence[SourcePlan]:
        """The sources that joins look into: they are read once before all others."""
        return [source for source in self.sources if source.joins]

    def use(self, index: JoinIndex) -> None:
        """Let joins look into a filled index."""
        index.flush()
        self._lookup.current = index
        for source in self.sources:
            source.records = 0
