"""Mappings as closures: subjects, and one function per triple pattern."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from qcp_graph.mapping.compile_emit import Emit, emitter, guarded, required, text_emitter
from qcp_graph.mapping.compile_languages import language_map
from qcp_graph.mapping.compile_objects import is_constant, maker, plain_text, references_of
from qcp_graph.mapping.compile_terms import Terms, tagged
from qcp_graph.mapping.compile_values import Let, Scope, Test, Values, field_of
from qcp_graph.mapping.frames import (
    Frame,
    Run,
    Texts,
    enclosing,
)
from qcp_graph.mapping.loops import (
    Items,
    LoopNode,
    frames_of,
    join_items,
    keyed_items,
    meeting,
    path_items,
    text_items,
)
from qcp_graph.mapping.problems import fault, unknown
from qcp_graph.mapping.spec import (
    LanguageMap,
    Loop,
    MappingReference,
    Object,
    Role,
    Rule,
    TriplesMap,
    Value,
)
from qcp_graph.model.record import Locator


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """One triple pattern: what it emits, and where it stands for explanations."""

    emit: Emit
    place: str
    references: tuple[tuple[str, Callable[[Frame], Texts]], ...]
    rule: Rule
    item: Object


@dataclass
class CompiledMap:
    """A mapping that runs; ``fixed`` are its triples without any reference."""

    spec: TriplesMap
    scope: Scope
    when: Test | None = None
    subjects: Terms = lambda frame: ()
    fixed: tuple[tuple[str, str, Role], ...] = ()
    rules: list[CompiledRule] = field(default_factory=list)
    emits: tuple[Emit, ...] = ()
    lineage: Sequence[LoopNode] = ()

    @property
    def loop(self) -> LoopNode:
        """Its iteration."""
        return self.scope.loop

    def finished(self) -> "CompiledMap":
        """Return itself, with what the inner loop needs at hand."""
        self.emits = tuple(rule.emit for rule in self.rules)
        self.lineage = self.loop.lineage()
        return self

    def subjects_in(self, frame: Frame) -> Texts:
        """Return the subjects of an iteration, computed once."""
        if frame.subjects is None:
            frame.subjects = {}
        known = frame.subjects.get(self.spec.name)
        if known is None:
            known = self.subjects(frame) if self.when is None or self.when(frame) else ()
            frame.subjects[self.spec.name] = known
        return known


@dataclass
class Rules:
    """Compiles the mappings of a document; ``languages`` are those the source declares."""

    values: Values
    languages: frozenset[str]
    maps: dict[str, CompiledMap] = field(default_factory=dict)
    _loops: int = 0
    _lets: int = 0

    def compile(self, specs: Mapping[str, TriplesMap], lets: Mapping[str, Value]) -> None:
        """Compile all mappings, those around others first.

        :raises UsageError: for unknown names and circles of ``within``.
        """
        root = LoopNode(0)
        top = self._let(lets, Scope(root))
        scopes: dict[str, Scope] = {}
        for name in _ordered(specs):
            spec = specs[name]
            outer = scopes[spec.within] if spec.within else top
            scopes[name] = self._scope(spec, outer)
            self.maps[name] = CompiledMap(spec, scopes[name])
        for name, compiled in self.maps.items():
            self._fill(compiled, scopes[name])

    def _scope(self, spec: TriplesMap, outer: Scope) -> Scope:
        loop = self._loop(spec.loop, outer) if spec.loop else outer.loop
        return self._let(spec.let, Scope(loop, outer.lets))

    def _let(self, lets: Mapping[str, Value], scope: Scope) -> Scope:
        for name, value in lets.items():
            self._lets += 1
            let = Let(self._lets, scope.loop, self.values.value(value, scope), value, scope)
            scope = Scope(scope.loop, {**scope.lets, name: let})
        return scope

    def _loop(self, spec: Loop, outer: Scope) -> LoopNode:
        self._loops += 1
        if spec.value is not None:
            getter = self.values.value(spec.value, outer)
            return LoopNode(self._loops, outer.loop, text_items(getter), None)
        reference = spec.reference
        assert reference is not None
        if reference.kind == "join":
            rows = self._rows(reference.name, spec, outer)
            return LoopNode(self._loops, outer.loop, rows, (), reference.name)
        if reference.kind != "path" or reference.up:
            message = "foreach takes a path below the item, join:name, or a table with value."
            raise fault("QCP-MAP-TEMPLATE", message, spec.place)
        around = outer.loop
        if around.path is None:
            message = "There is nothing below a computed text to iterate over."
            raise fault("QCP-MAP-TEMPLATE", message, spec.place)
        names = _names(reference.steps)
        self.values.audit_of(around).expected(
            (*_names(around.path), *names), reference.text, spec.place
        )
        path = (*around.path, *reference.steps)
        return LoopNode(self._loops, around, path_items(reference.steps), path, around.join)

    def _rows(self, name: str, spec: Loop, outer: Scope) -> Items:
        if spec.on is None:
            return join_items(name)
        return keyed_items(name, self.values.join_keys[name], self.values.value(spec.on, outer))

    def _fill(self, compiled: CompiledMap, scope: Scope) -> None:
        spec = compiled.spec
        if spec.when is not None:
            compiled.when = self.values.condition(spec.when, scope)
        subjects = [self._subject(item, scope, compiled) for item in spec.subjects]
        compiled.subjects = subjects[0] if len(subjects) == 1 else _joined(subjects)
        fixed: list[tuple[str, str, Role]] = []
        for rule in spec.rules:
            for item in rule.objects:
                self._object(rule, item, scope, compiled, fixed)
        compiled.fixed = tuple(dict.fromkeys(fixed))

    def _subject(self, item: Object, scope: Scope, compiled: CompiledMap) -> Terms:
        if not item.iri or not isinstance(item.content, Value):
            raise fault("QCP-MAP-KEYWORD", "A subject is an IRI, made of a value.", item.place)
        terms = self._terms(item, scope, compiled)
        if item.when is None:
            return terms
        test = self.values.condition(item.when, scope)
        return lambda frame: terms(frame) if test(frame) else ()

    def _object(
        self, rule: Rule, item: Object, scope: Scope, compiled: CompiledMap,
        fixed: list[tuple[str, str, Role]],
    ) -> None:  # fmt: skip
        terms = self._terms(item, scope, compiled)
        tests = [self.values.condition(c, scope) for c in (rule.when, item.when) if c is not None]
        constant = isinstance(item.content, Value) and is_constant(item)
        predicates = tuple(f"<{predicate}>" for predicate in rule.predicates)
        if constant and not tests:
            found = _fixed(terms, item)
            fixed.extend((p, term, rule.role) for p in predicates for term in found)
            return
        emit = emitter(predicates, terms, rule.role)
        if (plain := plain_text(item)) and len(predicates) == 1:
            emit = text_emitter(predicates[0], *plain, rule.role, emit)
        if item.required:
            label = ", ".join(reference.text for reference in references_of(item))
            emit = required(emit, terms, label, str(item.place))
        if tests:
            emit = guarded(emit, tests)
        references = tuple(
            (reference.text, self.values.reference(reference, scope, item.place))
            for reference in references_of(item)
        )
        compiled.rules.append(CompiledRule(emit, str(item.place), references, rule, item))

    def _terms(self, item: Object, scope: Scope, compiled: CompiledMap) -> Terms:
        content = item.content
        if isinstance(content, MappingReference):
            return self._subjects_of(content, compiled)
        rule = str(item.place)
        if isinstance(content, LanguageMap):
            return language_map(self.values, content, scope, self.languages)
        getter = self.values.value(content, scope, iri=item.iri, raw=item.raw)
        label = field_of(content.template)
        tag = item.language
        if item.iri or tag is None or tag.constant is not None:
            return maker(item, content)(getter)
        return tagged(getter, self.values.template(tag, scope, item.place), rule, label)

    def _subjects_of(self, reference: MappingReference, compiled: CompiledMap) -> Terms:
        target = self.maps.get(reference.name)
        if target is None:
            raise unknown("QCP-MAP-NAME", "mapping", reference.name, self.maps, reference.place)
        levels, lineage = meeting(compiled.loop, target.loop)

        def terms(frame: Frame) -> Texts:
            found = frames_of(lineage, enclosing(frame, levels))
            return [subject for inner in found for subject in target.subjects_in(inner)]

        return terms


def _names(path: Sequence[str | int]) -> tuple[str, ...]:
    return tuple(step for step in path if isinstance(step, str))


def _joined(members: Sequence[Terms]) -> Terms:
    return lambda frame: [term for member in members for term in member(frame)]


def _ordered(specs: Mapping[str, TriplesMap]) -> list[str]:
    """Return the names so that each comes after the mapping it lies within."""
    done: list[str] = []
    for name in specs:
        chain: list[str] = []
        current = name
        while current and current not in done:
            spec = specs[current]
            if current in chain:
                message = f"`within` runs in a circle: {' → '.join([*chain, current])}."
                raise fault("QCP-MAP-CYCLE", message, spec.place)
            chain.append(current)
            if spec.within and spec.within not in specs:
                raise unknown("QCP-MAP-NAME", "mapping", spec.within, specs, spec.place)
            current = spec.within
        done.extend(reversed(chain))
    return done


def _fixed(terms: Terms, item: Object) -> Texts:
    """Return the terms of a constant, which are the same for every record."""
    run = Run("", "", Locator(str(item.place)), {})
    found = terms(Frame(None, None, 1, run))
    if run.issues:
        raise fault("QCP-MAP-NAME", run.issues[0].message, item.place)
    return found
