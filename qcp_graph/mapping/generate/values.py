"""Code for values: references, templates, transformations and conditions.

Each method adds lines and returns the name of a variable that holds a plain value (a condition:
``True``, ``False`` or ``UNUSUAL``); :class:`UnsupportedError` leaves the whole rule to its closure.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from qcp_graph.mapping import functions
from qcp_graph.mapping.above import grounded
from qcp_graph.mapping.compile_steps import Apply
from qcp_graph.mapping.compile_values import Scope, Values, field_of
from qcp_graph.mapping.frames import Frame, Texts
from qcp_graph.mapping.generate.code import Code, UnsupportedError
from qcp_graph.mapping.generate.runtime import Memo, given_texts
from qcp_graph.mapping.loops import LoopNode
from qcp_graph.mapping.paths import Reference, Template
from qcp_graph.mapping.spec import Comparison, Condition, Junction, Value

Key: TypeAlias = tuple[object, ...]


@dataclass
class Body:
    """A stretch of code in one iteration: what it has computed already, each under its key.

    ``above`` is the code around it in the same iteration, ``parent`` that of the iteration around.
    """

    loop: LoopNode
    depth: int
    parent: "Body | None" = None
    above: "Body | None" = None
    known: dict[Key, str] = field(default_factory=dict)

    @property
    def level(self) -> int:
        """How many iterations lie around: the number in the names of its variables."""
        return self.loop.depth

    def find(self, key: Key) -> str | None:
        """Return the variable that holds what was computed under a key."""
        body: Body | None = self
        while body is not None:
            if key in body.known:
                return body.known[key]
            body = body.above or body.parent
        return None

    def at(self, level: int) -> "Body":
        """Return the code around it that is some iterations from the record."""
        body = self
        while body.level > level:
            outer = body.above or body.parent
            assert outer is not None
            body = outer
        return body

    def frame(self) -> str:
        """Return an expression for the frame of the iteration."""
        if not self.level:
            return "f0"
        body: Body = self
        while body.above is not None:
            body = body.above
        assert body.parent is not None
        k = self.level
        return f"(f{k} := f{k} or inside(L{self.loop.number}, {body.parent.frame()})[n{k} - 1])"


class ValueCode:
    """Adds the code of values to a function."""

    def __init__(self, code: Code, values: Values) -> None:
        self.code = code
        self.values = values

    @contextmanager
    def block(self, head: str, body: Body) -> Iterator[Body]:
        """Open a block; what is computed inside is known inside only."""
        with self.code.block(head):
            yield Body(body.loop, self.code.depth, body.parent, body)

    def reference(self, reference: Reference, scope: Scope, body: Body) -> str:
        """Return the variable of a reference."""
        reference = grounded(reference, scope.loop)
        reference = grounded(reference, scope.loop)
        known = Reference(
            reference.kind, reference.steps, reference.text, reference.up, reference.name
        )
        if known != reference or reference.kind == "file":
            raise UnsupportedError
        if reference.kind == "let":
            return self._let(reference, scope, body)
        if reference.kind == "join":
            rows = f"joined.get({self.code.bind(reference.name)}, ())"
            call = f"joined_text({rows}, {self.code.bind(reference.steps)})"
            return self._kept(("join", reference.name, reference.steps), body, call)
        target = body.at(scope.loop.depth - reference.up)
        number = target.loop.number
        if reference.kind == "index":
            # The record itself is the only item of its iteration.
            count = f"str(n{target.level})" if target.level else '"1"'
            return self._kept(("index", number), body, count)
        key = ("path", number, reference.steps)
        found = body.find(key)
        return found or self._path(key, reference.steps, target, body)

    def _kept(self, key: Key, body: Body, expression: str) -> str:
        found = body.find(key)
        if found is None:
            found = self.code.fresh()
            self.code.line(f"{found} = {expression}")
            body.known[key] = found
        return found

    def _path(self, key: Key, steps: Sequence[str | int], target: Body, body: Body) -> str:
        code, name = self.code, self.raw(steps, target)
        code.line(f"if type({name}) is str:")
        code.line(f"    if not {name} or {name}.isspace(): {name} = None")
        code.line(f"elif {name} is not None: {name} = text_of({name})")
        body.known[key] = name
        return name

    def raw(self, steps: Sequence[str | int], target: Body) -> str:
        """Return the variable of what is at a path: any value, or ``None``."""
        code, name = self.code, self.code.fresh()
        if not all(isinstance(step, str) for step in steps):
            raise UnsupportedError
        if not steps:
            code.line(f"{name} = i{target.level}")
        else:
            code.line(f"{name} = g{target.level}({code.bind(steps[0])})")
        for step in steps[1:]:
            code.line(f"if type({name}) is dict: {name} = {name}.get({code.bind(step)})")
            code.line(f"elif {name} is not None: {name} = below({name})")
        return name

    def unknown_path(self, template: Template, scope: Scope, body: Body) -> str | None:
        """Return the raw variable of a template that is one path and was not read before."""
        single = template.single
        if single is None or single.kind not in {"path", "item"}:
            return None
        if single != Reference(single.kind, single.steps, single.text, single.up):
            return None
        single = grounded(single, scope.loop)
        target = body.at(scope.loop.depth - single.up)
        key = ("path", target.loop.number, single.steps)
        return None if body.find(key) else self.raw(single.steps, target)

    def _let(self, reference: Reference, scope: Scope, body: Body) -> str:
        let = scope.lets[reference.name]
        key = ("let", let.number)
        found = body.find(key)
        if found is None:
            found = body.known[key] = self.value(let.spec, let.scope, body)
        return found

    def encoded(self, reference: Reference, scope: Scope, body: Body) -> str:
        """Return the variable of a reference as a part of an IRI."""
        reference = grounded(reference, scope.loop)
        code, raw = self.code, None
        if reference.kind in {"path", "item"}:
            target = body.at(scope.loop.depth - reference.up)
            key: Key = ("encoded", target.loop.number, reference.steps)
            if (found := body.find(key)) is not None:
                return found
            raw = self.unknown_path(Template((reference,)), scope, body)
        if raw is None:
            plain = self.reference(reference, scope, body)
            key = ("encoded", plain)
            if (found := body.find(key)) is not None:
                return found
        name = body.known[key] = raw or self._assigned(plain)
        with code.block(f"if type({name}) is str"):
            code.line(f"if not is_segment({name}):")
            # Blank fields hold nothing; other blank texts were made to be there.
            blank = f" if {name} and not {name}.isspace() else None" if raw else ""
            code.line(f"    {name} = segment({name}){blank}")
        if raw:
            code.line(f"elif {name} is not None: {name} = segment_of({name})")
        return name

    def template(self, template: Template, scope: Scope, body: Body, *, encoded: bool) -> str:
        """Return the variable of a template."""
        if template.constant is not None:
            return self.code.bind(template.constant) if template.constant else "None"
        take = self.encoded if encoded else self.reference
        parts = [
            self.code.bind(part) if isinstance(part, str) else take(part, scope, body)
            for part in template.parts
        ]
        if len(parts) == 1:
            return parts[0]
        variables = [
            n for n, part in zip(parts, template.parts, strict=True) if isinstance(part, Reference)
        ]
        return self.combined(variables, 'f"' + "".join(f"{{{part}}}" for part in parts) + '"')

    def combined(self, variables: Sequence[str], expression: str) -> str:
        """Return the variable of an expression that needs a text in each of some variables."""
        code, name = self.code, self.code.fresh()
        distinct = list(dict.fromkeys(variables))
        with code.block("if " + " and ".join(f"type({v}) is str" for v in distinct)):
            code.line(f"{name} = {expression}")
        with code.block("elif " + " or ".join(f"{v} is UNUSUAL" for v in distinct)):
            code.line(f"{name} = UNUSUAL")
        with code.block("else"):
            code.line(f"{name} = None")
        return name

    def value(
        self, spec: Value, scope: Scope, body: Body, *, iri: bool = False, raw: bool = False
    ) -> str:
        """Return the variable of a value."""
        code = self.code
        if spec != Value(spec.template, spec.place, spec.steps, spec.default):
            raise UnsupportedError
        encoded = iri and not raw and not spec.steps and spec.template.single is None
        name = self.template(spec.template, scope, body, encoded=encoded)
        if spec.steps:
            memo = Memo(self.chain(spec, iri=iri), several=False)
            name = self._assigned(f"{code.bind(memo)}[{name}]")
        if spec.default is not None:
            name = self._assigned(name)
            with self.block(f"if {name} is None", body) as inner:
                other = self.value(spec.default, scope, inner, iri=iri, raw=raw)
                code.line(f"{name} = {other}")
        return name

    def _assigned(self, expression: str) -> str:
        name = self.code.fresh()
        self.code.line(f"{name} = {expression}")
        return name

    def chain(self, spec: Value, *, iri: bool) -> Callable[[Frame], Texts]:
        """Return the transformations of a value as one function of the texts given."""
        label, final = field_of(spec.template), len(spec.steps) - 1
        applies: list[Apply] = [
            self.values.step(step, label, iri and number == final)
            for number, step in enumerate(spec.steps)
        ]

        def chained(frame: Frame) -> Texts:
            found = given_texts(frame)
            for apply in applies:
                found = apply(frame, found)
            return found

        return chained

    def condition(self, condition: Condition, scope: Scope, body: Body) -> str:
        """Return the variable of a condition."""
        if isinstance(condition, Junction):
            if condition != Junction(condition.kind, condition.members):
                raise UnsupportedError
            return self._junction(condition, scope, body)
        if condition != Comparison(
            condition.value, condition.operator, condition.operands, condition.place
        ):
            raise UnsupportedError
        value = self.value(condition.value, scope, body)
        holds = self.code.bind(decider(condition))
        return self._assigned(
            f"{holds}({value}) if type({value}) is str else (UNUSUAL if {value} else False)"
        )

    def _junction(self, condition: Junction, scope: Scope, body: Body) -> str:
        names = [self.condition(member, scope, body) for member in condition.members]
        if not names:
            raise UnsupportedError
        unusual = " or ".join(f"{name} is UNUSUAL" for name in names)
        holds = (" and " if condition.kind == "all" else " or ").join(names)
        return self._assigned(
            f"UNUSUAL if {unusual} else {'not ' if condition.kind == 'none' else ''}({holds})"
        )


def decider(test: Comparison) -> Callable[[str], bool]:
    """Return what a comparison says about one text."""
    if test.operator == "exists":
        return lambda text: True
    if test.operator == "matches":
        patterns = [functions.pattern(operand) for operand in test.operands]
        return lambda text: any(p.search(text[: functions.MAX_MATCHED]) for p in patterns)
    wanted = frozenset(operand.strip() for operand in test.operands)
    return lambda text: text.strip() in wanted
