"""Triples maps as closures: per iteration, subjects, classes and one function per pattern."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TypeAlias

from qcp_graph.mapping.frames import Frame
from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.problems import fault
from qcp_graph.mapping.rml.frames import Getter, lexical
from qcp_graph.mapping.rml.index import JoinIndex
from qcp_graph.mapping.rml.model import (
    Call,
    Constant,
    LogicalSource,
    ParentReference,
    PredicateObjects,
    TermMap,
    TriplesMap,
)
from qcp_graph.mapping.rml.terms import TermCompiler, Terms
from qcp_graph.mapping.rml.vocabulary import DEFAULT_GRAPH, local
from qcp_graph.terms import RDF_TYPE

# Subject, predicate, object, graph ("" is the default graph), numbers of the targets.
RmlQuad: TypeAlias = tuple[str, str, str, str, frozenset[int]]
Quads: TypeAlias = dict[RmlQuad, None]
Emit: TypeAlias = Callable[[Frame, str, Quads], None]
Targets: TypeAlias = frozenset[int]


@dataclass(frozen=True)
class Graphs:
    """The graphs of a pattern: constant ones, and those that depend on the iteration."""

    fixed: tuple[tuple[str, Targets], ...]
    dynamic: tuple[tuple[Terms, Targets], ...]

    def of(self, frame: Frame) -> Sequence[tuple[str, Targets]]:
        """Return the graphs of an iteration; without any, the default graph (R2RML §11.1)."""
        if not self.dynamic:
            return self.fixed
        made = [(term, at) for terms, at in self.dynamic for term in terms(frame)]
        return [*self.fixed, *made] or _DEFAULT


_DEFAULT: Sequence[tuple[str, Targets]] = (("", frozenset()),)


@dataclass
class JoinPlan:
    """A join: the parent's subjects by the parent's key."""

    number: int
    parent: str
    subjects: Terms
    keys: Sequence[Getter]

    def fill(self, frame: Frame, index: JoinIndex) -> None:
        """Keep the subjects of an iteration of the parent."""
        keys = list(_keys(self.keys, frame))
        for subject in self.subjects(frame) if keys else ():
            for key in keys:
                index.add(self.number, key, subject)


@dataclass
class CompiledMap:
    """A triples map that runs."""

    spec: TriplesMap
    subjects: Terms
    emits: tuple[Emit, ...] = ()

    def run(self, frame: Frame, quads: Quads) -> None:
        """Add the quads of an iteration."""
        for subject in self.subjects(frame):
            for emit in self.emits:
                emit(frame, subject, quads)


@dataclass
class Compiler:
    """Compiles the triples maps of a document; ``index`` holds the joins when it runs."""

    maps: Mapping[str, TriplesMap]
    base: str
    index: "Lookup"
    natural: bool = True
    watches: dict[LogicalSource, TermCompiler] = field(default_factory=dict)
    joins: list[JoinPlan] = field(default_factory=list)
    _known: dict[object, Terms] = field(default_factory=dict)

    def compiled(self, spec: TriplesMap) -> CompiledMap:
        """Compile one triples map.

        :raises UsageError: QCP-RML-REFERENCE, QCP-RML-FUNCTION, naming the place.
        """
        compiler = self.compiler(spec)
        subjects = self._subjects(spec, compiler)
        emits = [emit for rule in spec.rules for emit in self._rule(rule, spec, compiler)]
        if spec.classes:
            emits.insert(0, self._classes(spec, compiler))
        return CompiledMap(spec, subjects, tuple(emits))

    def _subjects(self, spec: TriplesMap, compiler: TermCompiler) -> Terms:
        """Return the subjects of a map, computed once where several maps have the same."""
        nowhere = Place("", 0)
        key = (spec.source, spec.base, replace(spec.subject, place=nowhere))
        if spec.subject.expression is None or isinstance(spec.subject.expression, Call):
            return compiler.terms(spec.subject, subject=True)
        known = self._known.get(key)
        if known is None:
            known = _remembered(str(len(self._known)), compiler.terms(spec.subject, subject=True))
            self._known[key] = known
        return known

    def compiler(self, spec: TriplesMap) -> TermCompiler:
        """Return the compiler of a map's terms; maps of one source share what they watch."""
        source = spec.source
        shared = self.watches.setdefault(
            source, TermCompiler(source.formulation, source.nulls, self.base, self.natural)
        )
        if not spec.base:
            return shared
        return replace(shared, base=spec.base)

    def _classes(self, spec: TriplesMap, compiler: TermCompiler) -> Emit:
        objects = tuple(f"<{name}>" for name in spec.classes)
        graphs = _graphs(spec.graphs, compiler)
        targets = spec.subject.targets

        def emit(frame: Frame, subject: str, quads: Quads) -> None:
            for graph, at in graphs.of(frame):
                for term in objects:
                    quads[subject, RDF_TYPE, term, graph, targets | at] = None

        return emit

    def _rule(
        self, rule: PredicateObjects, spec: TriplesMap, compiler: TermCompiler
    ) -> Iterator[Emit]:
        graphs = _graphs((*spec.graphs, *rule.graphs), compiler)
        test = compiler.test(rule.condition) if rule.condition else None
        for predicate in rule.predicates:
            names = compiler.terms(predicate)
            fixed = compiler.constant(predicate)
            for item in rule.objects:
                targets = spec.subject.targets | _targets(predicate) | _targets(item)
                objects = self._objects(item, spec, compiler)
                emit = _emitter(names, objects, graphs, targets)
                if fixed and len(graphs.fixed) == 1 and not graphs.dynamic:
                    graph, at = graphs.fixed[0]
                    emit = _constant_emitter(fixed, objects, graph, targets | at)
                yield emit if test is None else _tested(emit, test)

    def _objects(
        self, item: TermMap | ParentReference, spec: TriplesMap, compiler: TermCompiler
    ) -> Terms:
        if isinstance(item, TermMap):
            return compiler.terms(item)
        terms = self._parent(item, spec, compiler)
        if item.condition is None:
            return terms
        test = compiler.test(item.condition)
        return lambda frame: terms(frame) if test(frame) else ()

    def _parent(self, item: ParentReference, spec: TriplesMap, compiler: TermCompiler) -> Terms:
        parent = self.maps[item.parent]
        if not item.joins:
            if parent.source != spec.source:
                raise fault(
                    "QCP-RML-MAPPING",
                    f"{local(parent.name.strip('<>'))!r} has another logical source: without join "
                    "condition every record would be linked with every other.",
                    item.place, "Add a rml:joinCondition.",
                )  # fmt: skip
            return self.compiler(parent).terms(parent.subject)
        theirs = self.compiler(parent)
        plan = JoinPlan(
            len(self.joins),
            item.parent,
            theirs.terms(parent.subject),
            [theirs.values(join.parent.expression, join.parent.place) for join in item.joins],
        )
        self.joins.append(plan)
        ours = [compiler.values(join.child.expression, join.child.place) for join in item.joins]
        number, index = plan.number, self.index

        def joined(frame: Frame) -> Sequence[str]:
            return [term for key in _keys(ours, frame) for term in index.subjects(number, key)]

        return joined


def _remembered(name: str, terms: Terms) -> Terms:
    def remembered(frame: Frame) -> Sequence[str]:
        if frame.subjects is None:
            frame.subjects = {}
        known = frame.subjects.get(name)
        if known is None:
            known = frame.subjects[name] = terms(frame)
        return known

    return remembered


class Lookup:
    """The index of a run, put in place when the run begins."""

    def __init__(self) -> None:
        self.current: JoinIndex | None = None

    def subjects(self, join: int, key: str) -> Sequence[str]:
        """Return the subjects of a key."""
        return self.current.subjects(join, key) if self.current is not None else ()


def _keys(getters: Sequence[Getter], frame: Frame) -> Iterator[str]:
    columns = [[lexical(value) for value in getter(frame)] for getter in getters]
    for combination in product(*columns):
        yield combination[0] if len(combination) == 1 else json.dumps(combination)


def _targets(item: TermMap | ParentReference) -> Targets:
    if isinstance(item, ParentReference):
        return item.targets
    inner = [part.targets for part in (item.language, item.datatype) if part is not None]
    return item.targets.union(*inner)


def _graphs(specs: Sequence[TermMap], compiler: TermCompiler) -> Graphs:
    fixed: list[tuple[str, Targets]] = []
    dynamic: list[tuple[Terms, Targets]] = []
    for spec in specs:
        if isinstance(spec.expression, Constant) and spec.condition is None:
            term = spec.expression.term
            default = term in {f"<{DEFAULT_GRAPH}>", "<http://www.w3.org/ns/r2rml#defaultGraph>"}
            fixed.append(("" if default else term, spec.targets))
        else:
            dynamic.append((compiler.terms(spec), spec.targets))
    return Graphs(tuple(fixed) or (() if dynamic else tuple(_DEFAULT)), tuple(dynamic))


def _emitter(predicates: Terms, objects: Terms, graphs: Graphs, targets: Targets) -> Emit:
    def emit(frame: Frame, subject: str, quads: Quads) -> None:
        found = objects(frame)
        if not found:
            return
        for graph, at in graphs.of(frame):
            for predicate in predicates(frame):
                for term in found:
                    quads[subject, predicate, term, graph, targets | at] = None

    return emit


def _constant_emitter(predicate: str, objects: Terms, graph: str, targets: Targets) -> Emit:
    """Return the commonest pattern: a constant predicate, in one graph."""

    def emit(frame: Frame, subject: str, quads: Quads) -> None:
        for term in objects(frame):
            quads[subject, predicate, term, graph, targets] = None

    return emit


def _tested(emit: Emit, test: Callable[[Frame], bool]) -> Emit:
    def tested(frame: Frame, subject: str, quads: Quads) -> None:
        if test(frame):
            emit(frame, subject, quads)

    return tested
