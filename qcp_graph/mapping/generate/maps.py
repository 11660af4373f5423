"""Code for a whole record: first the subjects of every mapping, then the triples, in order.

Variables end in the number of iterations around them: ``i1`` is the item of the first iteration
inside the record, ``n1`` its number, ``g1`` its ``get``, ``f1`` its frame, made when a closure
needs it. ``A3_0`` holds the items of iteration 3 as seen from the record (lists of lists where
other iterations lie between), ``S5_1`` the subjects of mapping 5 as seen from inside the first
iteration: a term, ``None`` for none, ``False`` where ``when`` excludes it, ``UNUSUAL``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from qcp_graph.mapping.compile_rules import CompiledMap
from qcp_graph.mapping.compile_values import PLAIN_SEGMENT, Values
from qcp_graph.mapping.generate import runtime
from qcp_graph.mapping.generate.code import Code, UnsupportedError
from qcp_graph.mapping.generate.distinct import is_distinct
from qcp_graph.mapping.generate.objects import RuleCode, Target, is_safe
from qcp_graph.mapping.generate.sinks import Sink
from qcp_graph.mapping.generate.values import Body
from qcp_graph.mapping.loops import LoopNode, frames_inside, meeting
from qcp_graph.mapping.paths import Reference
from qcp_graph.mapping.spec import Loop, MappingReference, Object, TriplesMap, Value
from qcp_graph.terms import COMMON_IRI

_TOOLS: Final[Mapping[str, object]] = {
    "UNUSUAL": runtime.UNUSUAL,
    "text_of": runtime.text_of,
    "below": runtime.below,
    "items_at": runtime.items_at,
    "items_of": runtime.items_of,
    "lines_of": runtime.lines_of,
    "joined_text": runtime.joined_text,
    "segment": runtime.segment,
    "segment_of": runtime.segment_of,
    "escape": runtime.escape,
    "general": runtime.general,
    "general_map": runtime.general_map,
    "subject_of": runtime.subject_of,
    "no_fields": runtime.no_fields,
    "inside": frames_inside,
    "is_segment": PLAIN_SEGMENT.match,
    "is_common": COMMON_IRI.match,
}


class RecordCode:
    """Adds the code of all mappings of an input."""

    def __init__(self, code: Code, values: Values, sink: Sink, maps: Sequence[CompiledMap]) -> None:
        self.code = code
        self.maps = maps
        self.rules = RuleCode(code, values, sink, maps)
        self.sink = sink
        code.names.update(_TOOLS)
        self.loops: dict[int, LoopNode] = {}
        for compiled in maps:
            for loop in compiled.lineage:
                self.loops[loop.number] = loop
                code.names[f"L{loop.number}"] = loop

    def write(self, main: CompiledMap) -> None:
        """Add everything; the function gives ``None`` where it takes the closures."""
        code, number = self.code, self.maps.index(main)
        root = Body(LoopNode(0), code.depth)
        for text in ("g0 = i0.get", "joined = f0.run.joined", "out = []", "shared = []"):
            code.line(text)
        self._subject(number, root)
        with code.block(f"if type(S{number}_0) is not str"):
            code.line("return None")
        self._subjects(root, skip=number)
        with code.block("if f0.run.issues"):  # the closures find them in another order
            code.line("return None")
        for n in range(len(self.maps)):
            self._emission(n, root, certain=n == number)
        code.line(f"return S{number}_0, out, shared, {self._repeats()}")

    def _repeats(self) -> str:
        """Return an expression that is true where a triple may be there twice."""
        if not is_distinct(self.maps) or any(m.loop.depth > 1 for m in self.maps):
            return "True"
        lists = [f"S{n}_0" for n, compiled in enumerate(self.maps) if compiled.loop.depth]
        return " or ".join(f"len(set({name})) < len({name})" for name in lists) or "False"

    def _on(self, loop: LoopNode) -> list[int]:
        return [n for n, m in enumerate(self.maps) if m.loop.number == loop.number]

    def _below(self, loop: LoopNode) -> list[LoopNode]:
        return [inner for inner in self.loops.values()
                if inner.parent is not None and inner.parent.number == loop.number]  # fmt: skip

    def _deeper(self, loop: LoopNode) -> Iterator[str]:
        """Yield the names of all lists that one iteration of ``loop`` adds to."""
        for inner in self._below(loop):
            yield f"A{inner.number}"
            yield from (f"S{n}" for n in self._on(inner))
            yield from self._deeper(inner)

    def _subjects(self, body: Body, skip: int = -1) -> None:
        code, k = self.code, body.level
        for number in self._on(body.loop):
            if number != skip:
                self._subject(number, body)
        for loop in self._below(body.loop):
            for name in self._deeper(loop):
                code.line(f"{name}_{k} = []")
            for number in self._on(loop):
                code.line(f"S{number}_{k} = []")
                self._hoist(self.maps[number].spec.subjects, self.maps[number], body)
            code.line(f"A{loop.number}_{k} = {self._items(loop, body)}")
            with self._iteration(loop, body, f"A{loop.number}_{k}", f"i{k + 1}") as inner:
                self._subjects(inner)
                for name in [*self._deeper(loop), *(f"S{n}" for n in self._on(loop))]:
                    code.line(f"{name}_{k}.append({name}_{k + 1})")

    def _items(self, loop: LoopNode, body: Body) -> str:
        outer = loop.parent
        assert outer is not None
        if loop.path is not None and outer.path is not None and loop.join == outer.join:
            steps = loop.path[len(outer.path) :]
            if steps and all(isinstance(step, str) for step in steps):
                return f"items_at(i{body.level}, {self.code.bind(steps)})"
        return f"items_of(inside(L{loop.number}, {body.frame()}))"

    @contextmanager
    def _iteration(self, loop: LoopNode, body: Body, over: str, names: str) -> Iterator[Body]:
        k = body.level + 1
        with self.code.block(f"for n{k}, {names} in enumerate({over}, 1)"):
            start = len(self.code.lines)
            self.code.line(f"g{k} = i{k}.get if type(i{k}) is dict else no_fields(i{k})")
            self.code.line(f"f{k} = None")
            yield Body(loop, self.code.depth, body)
            self.code.prune(start, [f"g{k}", f"f{k}"])

    def _subject(self, number: int, body: Body) -> None:
        code, compiled = self.code, self.maps[number]
        name = f"S{number}_{body.level}"
        mark, known = len(code.lines), dict(body.known)
        depth = code.depth
        try:
            self._plain_subject(name, compiled, body)
        except UnsupportedError:
            del code.lines[mark:]
            code.depth = depth
            body.known = known
            code.line(f"{name} = subject_of({code.bind(compiled)}, {body.frame()})")

    def _plain_subject(self, name: str, compiled: CompiledMap, body: Body) -> None:
        code, spec = self.code, compiled.spec
        if len(spec.subjects) != 1 or not _is_known(spec):
            raise UnsupportedError
        (item,) = spec.subjects
        if item.when is not None:
            raise UnsupportedError
        assert isinstance(item.content, Value)
        target = Target(compiled, name, "")
        if spec.when is None:
            term = self.rules.terms(item, item.content, target, body)
            code.line(f"{name} = {term}")
            if not is_safe(item.content, item):
                code.line(f"if type({name}) is tuple: {name} = UNUSUAL")
            return
        test = self.rules.condition(spec.when, compiled.scope, body)
        code.line(f"{name} = {test}")
        with self.rules.block(f"if {test} is True", body) as inner:
            term = self.rules.terms(item, item.content, target, inner)
            code.line(f"{name} = {term} if type({term}) is not tuple else UNUSUAL")

    def _hoist(self, objects: Sequence[Object], compiled: CompiledMap, body: Body) -> None:
        """Compute before an iteration what it takes from the one around."""
        for reference in _references(objects):
            if reference.kind != "path" or compiled.loop.depth - reference.up != body.level:
                continue
            if reference.up:
                self._attempt(reference, compiled, body)

    def _attempt(self, reference: Reference, compiled: CompiledMap, body: Body) -> None:
        mark, known = len(self.code.lines), dict(body.known)
        try:
            self.rules.encoded(reference, compiled.scope, body)
        except UnsupportedError:
            del self.code.lines[mark:]
            body.known = known

    def _emission(self, number: int, body: Body, *, certain: bool) -> None:
        compiled = self.maps[number]
        needed = sorted({number, *self._linked(compiled)})
        self._loops(number, list(compiled.lineage), needed, body, certain=certain)

    def _linked(self, compiled: CompiledMap) -> Iterator[int]:
        for rule in compiled.rules:
            if isinstance(rule.item.content, MappingReference):
                yield self.rules.numbers[rule.item.content.name]

    def _loops(
        self, number: int, lineage: Sequence[LoopNode], needed: Sequence[int], body: Body,
        *, certain: bool,
    ) -> None:  # fmt: skip
        k, compiled = body.level, self.maps[number]
        if k == len(lineage):
            self._triples(number, body, certain=certain)
            return
        loop = lineage[k]
        names = [f"A{inner.number}" for inner in lineage[k + 1 :]]
        for n in needed:
            levels, _ = meeting(compiled.loop, self.maps[n].loop)
            if compiled.loop.depth - levels > k:
                names.append(f"S{n}")
        over, parts = f"A{loop.number}_{k}", f"i{k + 1}"
        if names:
            over = f"zip({over}, {', '.join(f'{name}_{k}' for name in names)})"
            parts = f"({parts}, {', '.join(f'{name}_{k + 1}' for name in names)})"
        with self._iteration(loop, body, over, parts) as inner:
            self._loops(number, lineage, needed, inner, certain=certain)

    def _triples(self, number: int, body: Body, *, certain: bool) -> None:
        compiled, k = self.maps[number], body.level
        target = Target(compiled, f"S{number}_{k}", "shared" if compiled.spec.shared else "out")
        if not _is_known(compiled.spec):
            self._general(target, body)
            return
        if certain:
            self._rules(target, body)
            return
        with self.rules.block(f"if type({target.subject}) is str", body) as inner:
            self._rules(target, inner)
        unclear = "is not False" if compiled.spec.loop is not None else "is UNUSUAL"
        with self.rules.block(f"elif {target.subject} {unclear}", body) as inner:
            self._general(target, inner)

    def _general(self, target: Target, body: Body) -> None:
        call = f"general_map({self.code.bind(target.compiled)}, {body.frame()})"
        self.code.line(f"{target.to}.extend({self.sink.quads(call)})")

    def _rules(self, target: Target, body: Body) -> None:
        made = [self.sink.fixed(target.subject, p, term, role) for p, term, role in
                target.compiled.fixed]  # fmt: skip
        if made:
            self.code.line(f"{target.to} += ({', '.join(made)},)")
        for rule in target.compiled.rules:
            self.rules.rule(rule, target, body)


def _is_known(spec: TriplesMap) -> bool:
    """Tell whether a mapping says nothing that this generator has not heard of."""
    loop = spec.loop and Loop(spec.loop.place, spec.loop.reference, spec.loop.value, spec.loop.on)
    return spec == TriplesMap(
        spec.name, spec.place, spec.sources, spec.subjects, spec.rules, loop, spec.within,
        spec.when, spec.shared, spec.main, spec.let,
    )  # fmt: skip


def _references(objects: Sequence[Object]) -> Iterator[Reference]:
    for item in objects:
        if isinstance(item.content, Value):
            yield from item.content.template.references


def generate(
    maps: Sequence[CompiledMap], main: CompiledMap, values: Values,
    sink: Callable[[Code], Sink], label: str,
) -> Callable[..., Any]:  # fmt: skip
    """Return a function of (fields, frame): (subject, triples, shared triples, may repeat).

    It gives ``None`` where the record has no single plain subject, and where subjects have issues:
    ask the closures.

    :raises RejectedError: as the closures do; its issues may be more than theirs.
    """
    code = Code()
    RecordCode(code, values, sink(code), maps).write(main)
    return code.function("i0, f0", label)
