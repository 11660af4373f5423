"""Values, conditions and templates as closures: the mapping is interpreted once, when loaded."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Final

from qcp_graph.iris import encode
from qcp_graph.mapping import functions
from qcp_graph.mapping.above import ABOVE, grounded
from qcp_graph.mapping.audit import Audit
from qcp_graph.mapping.codelists import CodeList
from qcp_graph.mapping.compile_joins import Column, aligned, aligned_joins
from qcp_graph.mapping.compile_steps import Apply, function_step, lookup_step
from qcp_graph.mapping.frames import (
    Frame,
    Getter,
    Texts,
    climbed,
    enclosing,
    item_file,
    item_index,
    item_texts,
    path_getter,
)
from qcp_graph.mapping.loops import LoopNode
from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.paths import Reference, Template
from qcp_graph.mapping.problems import fault, unknown
from qcp_graph.mapping.spec import Comparison, Condition, Junction, Step, Value

Test = Callable[[Frame], bool]
MAX_COMBINATIONS: Final = 10_000
PLAIN_SEGMENT: Final = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._~:@-]+\Z")


@dataclass(frozen=True, slots=True)
class Let:
    """A named value: where its memory lies, how it is computed, and how it was written."""

    number: int
    loop: LoopNode
    getter: Getter
    spec: Value
    scope: "Scope"


@dataclass(frozen=True)
class Scope:
    """What a part of the mapping can see: its iteration and the named values."""

    loop: LoopNode
    lets: Mapping[str, Let] = field(default_factory=dict)


@dataclass(frozen=True)
class Values:
    """Compiles values; ``audit`` is told which fields they use."""

    prefixes: Mapping[str, str]
    codelists: Mapping[str, CodeList]
    audit: Audit
    join_audits: Mapping[str, Audit]
    library: Mapping[str, functions.Function] = field(default_factory=functions.library)
    join_keys: Mapping[str, Getter] = field(default_factory=dict)
    above: list[tuple[str, Place]] = field(default_factory=list)
    """References to what stands around the record itself."""

    def value(self, spec: Value, scope: Scope, *, iri: bool = False, raw: bool = False) -> Getter:
        """Compile a value; with ``iri`` its references become parts of an IRI."""
        encoded = iri and not raw and not spec.steps and spec.template.single is None
        getter = self.template(spec.template, scope, spec.place, encoded=encoded)
        label = field_of(spec.template)
        final = len(spec.steps) - 1
        for number, step in enumerate(spec.steps):
            getter = _chained(getter, self.step(step, label, iri and number == final))
        if spec.default is not None:
            getter = _defaulted(getter, self.value(spec.default, scope, iri=iri, raw=raw))
        return getter

    def step(self, step: Step, label: str, iri: bool = False) -> Apply:
        """Compile a function or a look-up."""
        if step.lookup:
            codes = self.codelists[step.name]
            if iri and codes.spec.missing == "keep":
                message = "A code list that keeps unknown words cannot give IRIs."
                raise fault("QCP-MAP-KEYWORD", message, step.place, "Use missing: drop or reject.")
            return lookup_step(codes.as_iris(self.prefixes) if iri else codes, step, label)
        function = self.library.get(step.name)
        if function is None:
            raise unknown("QCP-MAP-NAME", "function", step.name, self.library, step.place)
        try:
            arguments = function.bind(step.arguments)
        except ValueError as error:
            raise fault("QCP-MAP-ARGUMENT", f"{error}.", step.place) from error
        call = partial(function.call, **arguments) if arguments else function.call
        return function_step(call, function, step.place, label)

    def template(
        self, template: Template, scope: Scope, place: Place, *, encoded: bool = False
    ) -> Getter:
        """Compile a template; ``encoded`` makes each reference safe inside an IRI."""
        constant = template.constant
        if constant is not None:
            fixed = (constant,) if constant else ()
            return lambda frame: fixed
        parts = [
            part if isinstance(part, str) else self.reference(part, scope, place)
            for part in template.parts
        ]
        if joins := aligned_joins(template):
            columns = [
                Column(given.name, given.steps)
                if isinstance(given, Reference) and given.kind == "join"
                else part
                for given, part in zip(template.parts, parts, strict=True)
            ]
            as_part = encoded_text if encoded else str
            return aligned(columns, joins, as_part, MAX_COMBINATIONS, str(place))
        if len(parts) == 1:
            only = parts[0]
            assert not isinstance(only, str)
            return _encoding(only) if encoded else only
        if len(parts) == 2 and isinstance(parts[0], str) and not isinstance(parts[1], str):
            return _prefixed(parts[0], parts[1], encoded)
        return _combined(parts, encoded, str(place))

    def reference(self, reference: Reference, scope: Scope, place: Place) -> Getter:
        """Compile a reference."""
        reference = grounded(reference, scope.loop)
        if reference.kind == "let":
            return self._let(reference, scope, place)
        if reference.kind == "join":
            used = tuple(step for step in reference.steps if isinstance(step, str))
            self.join_audits[reference.name].used(used, reference.text, place)
            return Column(reference.name, reference.steps).all
        target = scope.loop.outer(reference.up)
        if target is None:
            message = f"$({reference.text}) climbs higher than the record."
            raise fault("QCP-MAP-TEMPLATE", message, place)
        if reference.kind == "index":
            return climbed(item_index, reference.up)
        if reference.kind == "file":
            return item_file
        self.use(target, reference.steps, reference.text, place)
        if reference.kind == "item":
            return climbed(item_texts, reference.up)
        return climbed(path_getter(reference.steps), reference.up)

    def use(
        self, loop: LoopNode, steps: tuple[str | int, ...], text: str, place: Place,
        *, tree: bool = False,
    ) -> None:  # fmt: skip
        """Tell the audit that a field is used; ``tree`` with all that lies below it."""
        if loop.path is not None:
            names = tuple(s for s in (*loop.path, *steps) if isinstance(s, str))
            if names[:1] == (ABOVE,):  # nobody has to map what stands around a record
                names, tree = (ABOVE,), True
                self.above.append((text, place))
            self.audit_of(loop).used(names, text, place, tree=tree)
        elif steps:
            message = f"$({text}) has no field to read: the items are computed texts, $(.)."
            raise fault("QCP-MAP-TEMPLATE", message, place, "Climb out with ^, as in $(^A).")

    def audit_of(self, loop: LoopNode) -> Audit:
        """Return the watch over the fields that an iteration reads."""
        return self.join_audits[loop.join] if loop.join else self.audit

    def _let(self, reference: Reference, scope: Scope, place: Place) -> Getter:
        let = scope.lets.get(reference.name)
        if let is None:
            raise unknown("QCP-MAP-NAME", "let", reference.name, scope.lets, place)
        levels = scope.loop.depth - let.loop.depth
        return partial(_remembered, let.number, let.getter, levels)

    def condition(self, condition: Condition, scope: Scope) -> Test:
        """Compile a condition."""
        if isinstance(condition, Junction):
            members = tuple(self.condition(member, scope) for member in condition.members)
            if condition.kind == "all":
                return lambda frame: all(member(frame) for member in members)
            if condition.kind == "any":
                return lambda frame: any(member(frame) for member in members)
            return lambda frame: not any(member(frame) for member in members)
        return _comparison(condition, self.value(condition.value, scope))


def field_of(template: Template) -> str:
    """Return the source fields of a template, as issues name them."""
    return ", ".join(reference.text for reference in template.references)


def _remembered(number: int, getter: Getter, levels: int, frame: Frame) -> Texts:
    """Return a named value; whoever asks gets its issues, too, be it the first or the last."""
    frame = enclosing(frame, levels)
    if frame.memo is None:
        frame.memo = {}
    issues = frame.run.issues
    known = frame.memo.get(number)
    if known is None:
        before = len(issues)
        known = frame.memo[number] = getter(frame), tuple(issues[before:])
    elif known[1]:
        issues.extend(known[1])
    return known[0]


def _comparison(test: Comparison, getter: Getter) -> Test:
    if test.operator == "exists":
        return lambda frame: bool(getter(frame))
    if test.operator == "matches":
        try:
            patterns = [functions.pattern(operand) for operand in test.operands]
        except ValueError as error:
            raise fault("QCP-MAP-ARGUMENT", f"{error}.", test.place) from error
        return lambda frame: any(
            p.search(text[: functions.MAX_MATCHED]) for text in getter(frame) for p in patterns
        )
    wanted = frozenset(operand.strip() for operand in test.operands)
    return lambda frame: any(text.strip() in wanted for text in getter(frame))


def _chained(getter: Getter, apply: Apply) -> Getter:
    return lambda frame: apply(frame, getter(frame))


def _defaulted(getter: Getter, default: Getter) -> Getter:
    """A default stands for what the source does not say, never for what it says wrongly."""

    def value(frame: Frame) -> Texts:
        known = len(frame.run.issues)
        found = getter(frame)
        return found if found or len(frame.run.issues) > known else default(frame)

    return value


def encoded_text(text: str) -> str:
    """Return a text as one segment of an IRI (RFC 3986 §2.1)."""
    if PLAIN_SEGMENT.match(text):
        return text
    clean = text.strip().encode("utf-8", "replace").decode()
    return "%2F".join(encode(part) for part in clean.split("/"))


def _encoding(getter: Getter) -> Getter:
    return lambda frame: [encoded_text(text) for text in getter(frame)]


def _prefixed(start: str, getter: Getter, encoded: bool) -> Getter:
    def value(frame: Frame) -> Texts:
        found = getter(frame)
        if encoded:
            return [start + encoded_text(text) for text in found]
        return [start + text for text in found]

    return value


def _combined(parts: list[str | Getter], encoded: bool, rule: str) -> Getter:
    def value(frame: Frame) -> Texts:
        """The common case: one value for each reference."""
        text = ""
        for part in parts:
            if isinstance(part, str):
                text += part
                continue
            found = part(frame)
            if len(found) != 1:
                return several(frame)
            text += encoded_text(found[0]) if encoded else found[0]
        return (text,)

    def several(frame: Frame) -> Texts:
        columns: list[Texts] = []
        total = 1
        for part in parts:
            if isinstance(part, str):
                columns.append((part,))
                continue
            found = part(frame)
            if not found:
                return ()
            total *= len(found)
            columns.append([encoded_text(text) for text in found] if encoded else found)
        if total > MAX_COMBINATIONS:
            frame.run.issue(
                "QCP-MAP-VALUE", f"The template has {total} combinations of values; none is used.",
                rule=rule, remedy="Use foreach for what repeats.",
            )  # fmt: skip
            return ()
        return ["".join(combination) for combination in product(*columns)]

    return value
