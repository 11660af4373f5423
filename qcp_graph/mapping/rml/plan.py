"""An RML document ready to run: per logical source, from records to quads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qcp_graph.mapping.frames import Frame, Run
from qcp_graph.mapping.problems import hint
from qcp_graph.mapping.rml.compile import CompiledMap, JoinPlan, Lookup, Quads, RmlQuad
from qcp_graph.mapping.rml.index import JoinIndex
from qcp_graph.mapping.rml.model import Formulation, LogicalSource, Target
from qcp_graph.mapping.rml.references import ALL, SELECT, Iteration, Step, path
from qcp_graph.mapping.rml.terms import Watch, unknown_column
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import Locator, SourceRecord


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
    bare: bool = False
    records: int = 0
    items: int = 0

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
        """Return the items of a record, each knowing its own place."""
        frames = [Frame(record.data, None, 1, run)]
        if not self.iteration.inner:
            return frames
        select = SELECT[self.format]
        for step in self.iteration.inner:
            frames = [
                Frame(item, frame, number, self._inside(frame.run, step, number))
                for frame in frames
                for number, item in enumerate(select(frame.item, (step,)), start=1)
            ]
        if self.format == "json" and not self.bare:
            frames = [frame for frame in frames if self._is_object(frame)]
        self.items += len(frames)
        return frames

    def _inside(self, outer: Run, step: Step, number: int) -> Run:
        """Return the run of an item: its issues are those of the record, its place is its own."""
        place = outer.locator
        if self.format == "json":
            name = number - 1 if step == ALL else str(step).replace("~", "~0").replace("/", "~1")
            path = f"{place.path}/{name}"
        else:
            path = f"{place.path} {step}[{number}]"
        run = Run(self.document, "", Locator(place.file, path), {})
        run.issues = outer.issues
        return run

    def _is_object(self, frame: Frame) -> bool:
        if isinstance(frame.item, dict):
            return True
        frame.run.issue(
            "QCP-MAP-VALUE", "The item is no object, so it has no fields; it was left out.",
            severity="violation", rule=str(self.source.place), value=str(frame.item),
            remedy="Correct it at the source; `$` refers to items that are values.",
        )  # fmt: skip
        return False

    def unused(self) -> list[Issue]:
        """Return references that no record had a value for, and an iterator without items."""
        if not self.records or self.format in {"csv", "sql"}:
            return []
        if self.iteration.inner and not self.items:
            return [self._no_items()]
        missed = [watch for watch in self.watches.values() if watch.asked and not watch.seen]
        return [self._unused(watch) for watch in missed]

    def _no_items(self) -> Issue:
        return Issue(
            "QCP-MAP-UNUSED",
            "warning",
            f"The iterator selects nothing in any of {self.records} records.",
            source=self.document,
            field=self.source.iterator,
            rule=str(self.source.place),
            remedy="Compare its spelling with the data.",
        )

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
        self, name: str, passes: Sequence[Sequence[SourcePlan]], targets: Sequence[Target],
        lookup: Lookup,
    ) -> None:  # fmt: skip
        self.name = name
        self.passes = passes
        self.targets = targets
        self._lookup = lookup

    @property
    def sources(self) -> Sequence[SourcePlan]:
        """All logical sources, those together that one pass serves."""
        return [source for together in self.passes for source in together]

    def use(self, index: JoinIndex) -> None:
        """Let joins look into a filled index."""
        index.flush()
        self._lookup.current = index
        for source in self.sources:
            source.records = source.items = 0
