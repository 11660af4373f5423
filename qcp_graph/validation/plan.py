"""The compiled plan of one or more shapes files, and its execution over records."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from qcp_graph.terms import RDF_TYPE, Triple, curie
from qcp_graph.validation import sparql_shapes
from qcp_graph.validation.compiler import TARGETS, Compiler, check_graph
from qcp_graph.validation.fused import Fused
from qcp_graph.validation.graph import ReferenceGraph, View
from qcp_graph.validation.reach import Reach
from qcp_graph.validation.result import Result, Rule
from qcp_graph.validation.shape import Shape
from qcp_graph.validation.shapes_graph import ShapesGraph

ENGINE: Final = b"2"
"""Raised when the same shapes give other results, so that every record is judged anew."""
_CLASS: Final = curie("sh:targetClass")
_CLASSES: Final = frozenset((curie("rdfs:Class"), curie("owl:Class")))
_SHAPES: Final = frozenset((curie("sh:NodeShape"), curie("sh:PropertyShape")))
_MOST_FUSIONS: Final = 10_000
Table = dict[str, tuple[Shape, ...]]
_Fusions = dict[str | tuple[str, ...], Fused]


@dataclass
class ShapePlan:
    """Compiled shapes with their targets.

    ``focus_counts`` says for each shape with a target how many focus nodes it has had since the
    plan was compiled (nodes to which a shape does not apply, by ``qcp:appliesWhen``, are none); a
    run in which a count stays 0 has not tested that shape. ``imports`` are what the files import
    (``owl:imports``), which is not read. A plan sent to
    another process is compiled again there, from the same files.
    """

    fingerprint: str
    paths: tuple[Path, ...]
    by_class: Table
    by_node: Table
    by_subject: Table
    by_object: Table
    patches: tuple[Path, ...] = ()
    sparql: bool = False
    imports: tuple[str, ...] = ()
    focus_counts: Counter[str] = field(default_factory=Counter)
    _bound: tuple[ReferenceGraph, Table, _Fusions] | None = None

    def __reduce__(self) -> tuple[object, ...]:
        return compile_shapes, (self.paths, self.patches, self.sparql)

    def validate(
        self, triples: Iterable[Triple], reference: ReferenceGraph, *, complete: bool = False
    ) -> list[Result]:
        """Validate one record against all shapes; results come in a stable order.

        Nodes described by the reference graph only are looked up but are no focus nodes.
        ``complete``: the triples are a whole data graph; then ``sh:targetNode`` also means nodes
        that do not occur in it, as SHACL has it, which would be wrong for one record of many.
        """
        return self.judge(View(triples, reference), complete=complete)

    def judge(self, view: View, *, complete: bool = False) -> list[Result]:
        """Validate what a view shows; :meth:`validate` says more."""
        out: list[Result] = []
        if self.by_node or self.by_subject or self.by_object:
            for shape, focus in self.targets(view, complete=complete):
                if shape.applies(view, focus):
                    self.focus_counts[shape.term] += 1
                    shape.validate(view, focus, out)
        else:
            self._by_class(view, out)
        if len(out) > 1:
            out.sort(key=_key)
        return out

    @cached_property
    def reach(self) -> Reach:
        """How far from its focus nodes the plan looks."""
        tables = (self.by_class, self.by_node, self.by_subject, self.by_object)
        return Reach.of(s for table in tables for shapes in table.values() for s in shapes)

    @property
    def streamable(self) -> bool:
        """Whether records can be judged one by one (:mod:`qcp_graph.validation.stream`)."""
        return not (self.reach.whole or self.by_object)

    @property
    def silent(self) -> list[str]:
        """The shapes with a target that have had no focus node so far, sorted."""
        return sorted(term for term, count in self.focus_counts.items() if not count)

    def taken(self) -> dict[str, int]:
        """Return how many focus nodes the shapes have had, and begin again from zero."""
        found = {term: count for term, count in self.focus_counts.items() if count}
        for term in found:
            self.focus_counts[term] = 0
        return found

    @cached_property
    def rules(self) -> Mapping[tuple[str, str], Rule]:
        """The rule of each shape and component, where a shape has one of it."""
        every = [rule for shape in self._family() for rule in shape.rules()]
        found = Counter((rule.shape, rule.component) for rule in every)
        return {k: r for r in every if found[k := (r.shape, r.component)] == 1}

    def _family(self) -> Iterator[Shape]:
        """Yield the shapes with targets and all that they refer to, each once."""
        tables = (self.by_class, self.by_node, self.by_subject, self.by_object)
        waiting = [s for table in tables for shapes in table.values() for s in shapes]
        seen: set[int] = set()
        while waiting:
            shape = waiting.pop()
            if id(shape) not in seen:
                seen.add(id(shape))
                yield shape
                waiting += (*shape.children, *shape.nested)

    @cached_property
    def aims(self) -> Mapping[str, tuple[str, ...]]:
        """The values of the targets of each shape: classes, nodes, properties."""
        tables = (self.by_class, self.by_node, self.by_subject, self.by_object)
        found: dict[str, list[str]] = {}
        for table in tables:
            for value, shapes in table.items():
                for shape in shapes:
                    found.setdefault(shape.term, []).append(value)
        return {term: tuple(values) for term, values in found.items()}

    def _by_class(self, view: View, out: list[Result]) -> None:
        """Judge where shapes have no target but classes."""
        table, fused = self._classes(view)
        tally: dict[Fused, int] = {}
        for node, own in view.record.items():
            kinds = own.get(RDF_TYPE)
            if kinds is None:
                continue
            key = kinds[0] if len(kinds) == 1 else tuple(kinds)
            found = fused.get(key)
            if found is None:
                shapes = {s.term: s for kind in kinds for s in table.get(kind, ())}
                found = fused[key] = Fused(tuple(shapes.values()))
            if found.terms:
                tally[found] = tally.get(found, 0) + 1
                found.judge(view, node, view.properties(node), out)
            for shape in found.conditional:
                if shape.applies(view, node):
                    self.focus_counts[shape.term] += 1
                    shape.validate(view, node, out)
        for found, count in tally.items():
            for term in found.terms:
                self.focus_counts[term] += count

    def targets(self, view: View, *, complete: bool) -> Iterator[tuple[Shape, str]]:
        """Yield each shape with its focus nodes, before ``qcp:appliesWhen`` is asked."""
        table = self._classes(view)[0]
        seen: set[tuple[str, str]] = set()
        for shape, node in self._all_targets(view, table, complete=complete):
            if (shape.term, node) not in seen:
                seen.add((shape.term, node))
                yield shape, node

    def _all_targets(
        self, view: View, table: Mapping[str, Sequence[Shape]], *, complete: bool
    ) -> Iterator[tuple[Shape, str]]:
        nodes = dict.fromkeys(view.record)
        for node, properties in view.record.items():
            for kind in properties.get(RDF_TYPE, ()):
                for shape in table.get(kind, ()):
                    yield shape, node
            for predicate, values in properties.items():
                for shape in self.by_subject.get(predicate, ()):
                    yield shape, node
                judged = [v for v in values if v in nodes or v not in view.reference.subjects]
                for shape in self.by_object.get(predicate, ()):
                    yield from ((shape, value) for value in judged)
                if self.by_node and not complete:
                    nodes.update(dict.fromkeys(judged))
        for node, shapes in self.by_node.items():
            if complete or node in nodes:
                yield from ((shape, node) for shape in shapes)

    def _classes(self, view: View) -> tuple[Mapping[str, Sequence[Shape]], _Fusions]:
        """Return the shapes for each type, subclasses included, and those for sets of types."""
        if view.has_classes:
            kinds = {k for p in view.record.values() for k in p.get(RDF_TYPE, ())}
            return {k: self._shapes_of(view.ancestors(k)) for k in kinds}, {}
        if self._bound is None or self._bound[0] is not view.reference:
            reference = view.reference
            table = dict(self.by_class)
            for kind in reference.parents:
                table[kind] = self._shapes_of(reference.ancestors(kind))
            self._bound = (reference, table, {})
        if len(self._bound[2]) > _MOST_FUSIONS:
            self._bound[2].clear()
        return self._bound[1], self._bound[2]

    def _shapes_of(self, kinds: Iterable[str]) -> tuple[Shape, ...]:
        found = {s.term: s for kind in sorted(kinds) for s in self.by_class.get(kind, ())}
        return tuple(found.values())


def compile_shapes(
    paths: Sequence[Path], patches: Sequence[Path] = (), sparql: bool = False
) -> ShapePlan:
    """Compile the shapes of Turtle files, all together, as one shapes graph.

    Every shape that a target reaches is compiled, whether or not data will ever meet it.
    ``patches`` are files with corrections (:mod:`qcp_graph.validation.patches`). ``sparql`` admits
    constraints written in SPARQL, for which the whole graph must be at hand
    (:mod:`qcp_graph.validation.whole`).

    :raises UsageError: naming the shape, for what SHACL Core does not have, for recursion and for
        ill-formed shapes; naming the file, when it cannot be read.
    """
    graph = ShapesGraph.read(paths, patches)
    check_graph(graph, sparql=sparql)
    tables: dict[str, dict[str, list[Shape]]] = {target: {} for target in TARGETS}
    terms: dict[str, int] = {}
    for shape, targets in _compiled(
        Compiler(graph, sparql, sparql_shapes.components(graph) if sparql else [])
    ):
        terms[shape.term] = 0
        for kind, value in targets:
            tables[kind].setdefault(value, []).append(shape)
    fingerprint = hashlib.sha256(ENGINE + graph.digest.encode()).hexdigest()
    by_class, by_node, by_subject, by_object = (
        {value: tuple(shapes) for value, shapes in tables[target].items()} for target in TARGETS
    )
    return ShapePlan(
        fingerprint, tuple(paths), by_class, by_node, by_subject, by_object,
        tuple(patches), sparql, tuple(graph.imports()), Counter(terms),
    )  # fmt: skip


def _compiled(compiler: Compiler) -> Iterator[tuple[Shape, list[tuple[str, str]]]]:
    """Yield the shapes that have targets, compiled, with these."""
    number = 0
    for node, properties in compiler.graph.subjects.items():
        targets = list(_targets_of(node, properties))
        if targets:
            number += 1
            yield compiler.shape(node, f"urn:qcp:shape:{number}"), targets


def names_of(graph: ShapesGraph) -> dict[str, str]:
    """Return the IRIs that the compiler gives to shapes without one, by their blank nodes.

    :raises UsageError: for shapes that cannot be compiled.
    """
    check_graph(graph)
    compiler = Compiler(graph)
    for _ in _compiled(compiler):
        pass
    return {node: shape.term for node, shape in compiler.shapes.items() if node.startswith("_:")}


def _targets_of(node: str, properties: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    if properties.get(curie("sh:deactivated")) == ['"true"^^' + curie("xsd:boolean")]:
        return
    for target in TARGETS:
        yield from ((target, value) for value in properties.get(target, ()))
    kinds = set(properties.get(RDF_TYPE, ()))
    if kinds & _CLASSES and kinds & _SHAPES:
        yield _CLASS, node


def _key(result: Result) -> tuple[str, ...]:
    return result.key
