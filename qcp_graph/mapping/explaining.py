"""Why a record says what it says: cell by cell, step by step, rule by rule, for every triple.

The rules are run as always; what a rule is made of is then computed once more, one step after the
other, so that each value on the way can be seen. Slow, for one record at a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qcp_graph.mapping.compile_objects import is_constant, maker
from qcp_graph.mapping.compile_rules import CompiledMap, CompiledRule
from qcp_graph.mapping.compile_values import Scope
from qcp_graph.mapping.frames import Frame, RejectedError, Run
from qcp_graph.mapping.loops import frames_of
from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.spec import MappingReference, Object, Rule, Value
from qcp_graph.mapping.straight import Trace
from qcp_graph.mapping.tracing import Cell, Move, Tracer, place_of
from qcp_graph.model.record import PreparedRecord
from qcp_graph.terms import Quad, iri_of

if TYPE_CHECKING:
    from qcp_graph.mapping.plan import InputPlan


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one rule did for one item: the cells it read, the steps, the triples, or why none.

    ``places`` are the lines of the mapping; ``item`` is the part of the record that the mapping ran
    over; a rule without ``predicates`` makes the subject.
    """

    mapping: str
    item: str
    subject: str
    predicates: tuple[str, ...]
    places: tuple[str, ...]
    cells: tuple[Cell, ...] = ()
    moves: tuple[Move, ...] = ()
    quads: tuple[Quad, ...] = ()
    why: str = ""
    shared: bool = False


def explain(plan: "InputPlan", prepared: PreparedRecord, source_id: str) -> list[Explanation]:
    """Return what every rule of an input did with a record, in the order of the mapping."""
    record = prepared.record
    run = Run(source_id, prepared.key, record.locator, prepared.joined)
    root = Frame(record.data, None, 1, run)
    tracer = Tracer(plan.mapper.values)
    found: list[Explanation] = []
    for compiled in plan.maps:
        found.extend(_Explainer(compiled, tracer).all(root))
    if isinstance(record.data, Mapping):
        for subject in plan.main.subjects_in(root)[:1]:
            found.extend(_straight(plan, run, record.data, subject))
    return found


def _straight(
    plan: "InputPlan", run: Run, data: Mapping[str, object], subject: str
) -> Iterator[Explanation]:
    """Explain what `construct` and `copy` add."""
    for one in plan.straight:
        trace: Trace = {}
        one.add(data, iri_of(subject), run, trace)  # type: ignore[arg-type]  # JSON values
        for quad, (place, fields) in trace.items():
            cells = tuple(Cell(field, field, value) for field, value in fields)
            yield Explanation("", "", quad[0], (quad[1],), (place,), cells, quads=(quad,))


@dataclass(frozen=True)
class _Explainer:
    """Explains one mapping of the document."""

    compiled: CompiledMap
    tracer: Tracer

    def all(self, root: Frame) -> Iterator[Explanation]:
        """Explain every iteration of the mapping in a record."""
        frames = frames_of(self.compiled.lineage, root)
        if not frames:
            spec = self.compiled.spec
            place = spec.loop.place if spec.loop else spec.place
            yield replace(self._made(root, "", (), place), why="there is no item to run over")
        for frame in frames:
            yield from self._iteration(frame)

    def _iteration(self, frame: Frame) -> Iterator[Explanation]:
        subjects, why = self._subjects(frame)
        spec = self.compiled.spec
        for item in spec.subjects:
            cells, moves = self._traced(item, self.compiled.scope, frame)
            one = self._made(frame, " ".join(subjects), (), item.place)
            yield replace(one, cells=cells, moves=moves, why=why)
        for subject in subjects:
            yield from self._fixed(frame, subject)
            for rule in self.compiled.rules:
                yield self._rule(rule, frame, subject)

    def _subjects(self, frame: Frame) -> tuple[Sequence[str], str]:
        known = len(frame.run.issues)
        try:
            subjects = self.compiled.subjects_in(frame)
        except RejectedError:
            subjects = ()
        if subjects:
            return subjects, ""
        when = self.compiled.spec.when
        if when is not None and self.compiled.when and not self.compiled.when(frame):
            seen = self.tracer.condition(when, self.compiled.scope, frame)
            return (), f"condition not met: {seen}"
        return (), _said(frame.run, known) or "it has no identifier"

    def _fixed(self, frame: Frame, subject: str) -> Iterator[Explanation]:
        """Explain the triples that are the same for every record."""
        for rule in self.compiled.spec.rules:
            for item in rule.objects:
                content = item.content
                tested = rule.when is not None or item.when is not None
                if tested or not isinstance(content, Value) or not is_constant(item):
                    continue
                text = self.tracer.values.template(
                    content.template, self.compiled.scope, item.place
                )
                quads = tuple(
                    (subject, f"<{predicate}>", term, rule.role)
                    for predicate in rule.predicates
                    for term in maker(item, content)(text)(frame)
                )
                yield replace(self._of(rule, item, frame, subject), quads=quads)

    def _rule(self, rule: CompiledRule, frame: Frame, subject: str) -> Explanation:
        run, known = frame.run, len(frame.run.issues)
        quads: dict[Quad, None] = {}
        rejected = ""
        try:
            rule.emit(frame, subject, quads)
        except RejectedError:
            rejected = "the record is rejected: "
        said = _said(run, known)
        cells, moves = self._traced(rule.item, self.compiled.scope, frame)
        one = replace(
            self._of(rule.rule, rule.item, frame, subject),
            cells=cells, moves=moves, quads=tuple(quads),
        )  # fmt: skip
        if quads and not rejected:
            return replace(one, why=said)  # of several values, some may be left out
        return replace(one, why=rejected + (said or self._why(rule, frame, cells, moves)))

    def _why(
        self, rule: CompiledRule, frame: Frame, cells: Sequence[Cell], moves: Sequence[Move]
    ) -> str:
        scope = self.compiled.scope
        for condition in (rule.rule.when, rule.item.when):
            if condition is not None and not self.tracer.holds(condition, scope, frame):
                return f"condition not met: {self.tracer.condition(condition, scope, frame)}"
        if isinstance(rule.item.content, MappingReference):
            return f"the mapping {rule.item.content.name} has no subject here"
        if cells and not any(cell.value for cell in cells):
            names = ", ".join(dict.fromkeys(cell.field for cell in cells))
            return f"the source has no value: {names}"
        for move in moves:
            if move.before and not move.after:
                return f"{move.what} gives nothing for {'; '.join(move.before)[:200]!r}"
        return "no value is left"

    def _traced(
        self, item: Object, scope: Scope, frame: Frame
    ) -> tuple[tuple[Cell, ...], tuple[Move, ...]]:
        known = len(frame.run.issues)
        try:
            cells, moves = self.tracer.object(item, scope, frame)
        except RejectedError:
            cells, moves = [], []
        del frame.run.issues[known:]  # said once, when the rule itself ran
        return tuple(cells), tuple(moves)

    def _of(self, rule: Rule, item: Object, frame: Frame, subject: str) -> Explanation:
        return self._made(frame, subject, rule.predicates, rule.place, item.place)

    def _made(
        self, frame: Frame, subject: str, predicates: tuple[str, ...], *places: Place
    ) -> Explanation:
        spec = self.compiled.spec
        named = tuple(dict.fromkeys(str(place) for place in places))
        item = place_of(self.compiled.loop, frame) if frame.parent else ""
        return Explanation(spec.name, item, subject, predicates, named, shared=spec.shared)


def _said(run: Run, known: int) -> str:
    return "; ".join(dict.fromkeys(issue.message for issue in run.issues[known:]))
