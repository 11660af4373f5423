"""The way of a value through a rule: the cells it starts from, and what each step makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from qcp_graph.mapping.codelists import CodeList, normal
from qcp_graph.mapping.compile_values import Scope, Test, Values
from qcp_graph.mapping.frames import Frame, enclosing, select, texts
from qcp_graph.mapping.loops import LoopNode
from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.paths import Reference, Template
from qcp_graph.mapping.spec import (
    Condition,
    Junction,
    LanguageMap,
    MappingReference,
    Object,
    Step,
    Value,
)  # fmt: skip
from qcp_graph.model.record import JsonValue


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of the source: the reference, where it stands in the record, and its text.

    The value is empty where the source has none.
    """

    field: str
    path: str
    value: str


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a transformation: what it is, its line, the texts before and after."""

    what: str
    place: str
    before: tuple[str, ...]
    after: tuple[str, ...]


Way: TypeAlias = tuple[list[Cell], list[Move]]


@dataclass(frozen=True)
class Tracer:
    """Computes values step by step; conditions are compiled once."""

    values: Values
    _tests: dict[int, Test] = field(default_factory=dict)

    def object(self, item: Object, scope: Scope, frame: Frame) -> Way:
        """Return the way to the texts of an object."""
        content = item.content
        if isinstance(content, MappingReference):
            return [], []
        if isinstance(content, LanguageMap):
            return self._languages(content, scope, frame)
        cells, moves, _ = self._value(content, scope, frame, iri=item.iri, raw=item.raw)
        if item.language is not None and item.language.references:
            more, _, _ = self._template(item.language, scope, item.place, frame)
            cells += more
        return cells, moves

    def holds(self, condition: Condition, scope: Scope, frame: Frame) -> bool:
        """Tell whether a condition is met."""
        test = self._tests.get(id(condition))
        if test is None:
            test = self._tests[id(condition)] = self.values.condition(condition, scope)
        return test(frame)

    def condition(self, condition: Condition, scope: Scope, frame: Frame) -> str:
        """Return a condition in words, with the values it looks at."""
        if isinstance(condition, Junction):
            inner = "; ".join(self.condition(one, scope, frame) for one in condition.members)
            return f"{condition.kind} of ({inner})"
        found = self.values.value(condition.value, scope)(frame)
        shown = ", ".join(repr(text[:80]) for text in found) or "nothing"
        wanted = "" if condition.operator == "exists" else f" {', '.join(condition.operands)[:200]}"
        operator = "is there" if condition.operator == "exists" else condition.operator
        return f"{_written(condition.value.template)} {operator}{wanted} (it is {shown})"

    def _value(
        self, spec: Value, scope: Scope, frame: Frame, *, iri: bool = False, raw: bool = False
    ) -> tuple[list[Cell], list[Move], Sequence[str]]:
        encoded = iri and not raw and not spec.steps and spec.template.single is None
        cells, moves, found = self._template(
            spec.template, scope, spec.place, frame, encoded=encoded
        )
        label = ", ".join(reference.text for reference in spec.template.references)
        known = len(frame.run.issues)
        for number, step in enumerate(spec.steps, start=1):
            apply = self.values.step(step, label, iri and number == len(spec.steps))
            after = apply(frame, found)
            what = self._step(step, found)
            moves.append(Move(what, str(step.place), tuple(found), tuple(after)))
            found = after
        if not found and spec.default is not None and len(frame.run.issues) == known:
            more, further, found = self._value(spec.default, scope, frame, iri=iri, raw=raw)
            cells += more
            moves += [*further, Move("default", str(spec.default.place), (), tuple(found))]
        return cells, moves, found

    def _template(
        self, template: Template, scope: Scope, place: Place, frame: Frame, *,
        encoded: bool = False,
    ) -> tuple[list[Cell], list[Move], Sequence[str]]:  # fmt: skip
        cells: list[Cell] = []
        moves: list[Move] = []
        read: list[str] = []
        for reference in template.references:
            more, further, texts_ = self._reference(reference, scope, place, frame)
            cells += more
            moves += further
            read += texts_
        found = self.values.template(template, scope, place, encoded=encoded)(frame)
        if template.references and template.single is None:
            what = f"template {_written(template)}"
            moves.append(Move(what, str(place), tuple(read), tuple(found)))
        return cells, moves, found

    def _reference(
        self, reference: Reference, scope: Scope, place: Place, frame: Frame
    ) -> tuple[list[Cell], list[Move], Sequence[str]]:
        if reference.kind == "let":
            let = scope.lets[reference.name]
            outer = enclosing(frame, scope.loop.depth - let.loop.depth)
            return self._value(let.spec, let.scope, outer)
        found = self.values.reference(reference, scope, place)(frame)
        path = self._path(reference, scope.loop, frame)
        cells = [Cell(reference.text, path, text) for text in found]
        return cells or [Cell(reference.text, path, "")], [], found

    @staticmethod
    def _path(reference: Reference, loop: LoopNode, frame: Frame) -> str:
        if reference.kind in {"join", "file"}:
            return reference.text
        around = place_of(loop.outer(reference.up) or loop, enclosing(frame, reference.up))
        own = reference.text.lstrip("^")
        return ".".join(part for part in (around, "" if own == "." else own) if part)

    def _languages(self, content: LanguageMap, scope: Scope, frame: Frame) -> Way:
        reference = content.reference
        path = self._path(reference, scope.loop, frame)
        cells: list[Cell] = []
        for item in select(enclosing(frame, reference.up).item, reference.steps):
            for name, text in _leaves(item):
                cells.append(Cell(reference.text, f"{path}.{name}" if name else path, text))
        moves = []
        found: Sequence[str] = [cell.value for cell in cells]
        for step in content.steps:
            after = self.values.step(step, reference.text)(frame, found)
            moves.append(Move(self._step(step, found), str(step.place), tuple(found), tuple(after)))
            found = after
        return cells or [Cell(reference.text, path, "")], moves

    def _step(self, step: Step, before: Sequence[str]) -> str:
        if step.lookup:
            return self._lookup(self.values.codelists[step.name], step, before)
        given = ", ".join(
            (f"{name}: " if name else "") + (value if isinstance(value, str) else ", ".join(value))
            for name, value in step.arguments.items()
        )
        return f"{step.name}({given})" if given else step.name

    @staticmethod
    def _lookup(codes: CodeList, step: Step, before: Sequence[str]) -> str:
        spec = codes.spec
        if spec.levels:
            return f"levels of {spec.levels}"
        keys = [normal(text, spec.casefold) for text in before]
        lines = [str(codes.places[key].line) for key in keys if key in codes.places]
        unknown = [key for key in keys if key not in codes.places]
        where = f" line {', '.join(dict.fromkeys(lines))}" if lines else ""
        lack = f", which lacks {', '.join(map(repr, unknown))[:200]}" if unknown else ""
        return f"code list {spec.file or step.name}{where}{lack}"


def place_of(loop: LoopNode, frame: Frame) -> str:
    """Return where an item stands in its record: ``outcomes[2].parts[1]``."""
    parts: list[str] = []
    node: LoopNode | None = loop
    around: Frame | None = frame
    while node is not None and node.parent is not None and around is not None:
        outer = node.parent.path or ()
        own = () if node.path is None else node.path[len(outer) :]
        name = ".".join(map(str, own)) or (f"join:{node.join}" if node.join else "text")
        parts.append(f"{name}[{around.index}]")
        node, around = node.parent, around.parent
    return ".".join(reversed(parts))


def _leaves(item: JsonValue) -> list[tuple[str, str]]:
    if isinstance(item, dict):
        return [(name, text) for name, value in item.items() for text in texts(value)]
    return [("", text) for text in texts(item)]


def _written(template: Template) -> str:
    return "".join(part if isinstance(part, str) else f"$({part.text})" for part in template.parts)
