"""A store on disk as data graph: the compiled plan runs over it, for all or for some nodes."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from qcp_graph.terms import RDF_TYPE, term_of
from qcp_graph.validation.graph import SUBCLASS, Properties, ReferenceGraph, View, closure
from qcp_graph.validation.plan import ShapePlan
from qcp_graph.validation.result import Result
from qcp_graph.validation.shape import Shape
from qcp_graph.validation.sparql_worker import TIMEOUT, Source, SparqlWorker, node_of

_KEPT: Final = 20_000
MAX_TOUCHED: Final = 1_000_000


class StoreView(View):
    """All graphs of a store as one data graph; what was looked up last is kept.

    Literals are as the store writes them (``007`` is ``7``).
    """

    __slots__ = ("_classes", "_kept", "store")

    def __init__(self, store: ox.Store, reference: ReferenceGraph) -> None:
        super().__init__((), reference)
        self.store = store
        self._kept: OrderedDict[str, Properties] = OrderedDict()
        self._classes: dict[str, list[str]] = {}
        for quad in store.quads_for_pattern(None, ox.NamedNode(SUBCLASS[1:-1]), None, None):
            self._classes.setdefault(term_of(quad.subject), []).append(term_of(quad.object))

    def properties(self, node: str) -> Properties:
        """Return what all graphs say of a node."""
        found = self._kept.get(node)
        if found is None:
            found = self._read(node) if node[0] != '"' else {}
            self._kept[node] = found
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def _read(self, node: str) -> Properties:
        found: dict[str, dict[str, None]] = {}
        subject = node_of(node)
        assert not isinstance(subject, ox.Literal)
        for quad in self.store.quads_for_pattern(subject, None, None, None):
            found.setdefault(term_of(quad.predicate), {})[term_of(quad.object)] = None
        return {predicate: list(values) for predicate, values in found.items()}

    def sources(self, predicate: str, value: str) -> Sequence[str]:
        """Return the subjects that have ``value`` for ``predicate``, each once."""
        pattern = (None, ox.NamedNode(predicate[1:-1]), node_of(value), None)
        quads = self.store.quads_for_pattern(*pattern)
        return list(dict.fromkeys(term_of(quad.subject) for quad in quads))

    def ancestors(self, kind: str) -> frozenset[str]:
        """Return a class and all its superclasses."""
        return frozenset(closure(kind, self._classes))

    def descendants(self, kind: str) -> set[str]:
        """Return a class and all its subclasses."""
        return {kind, *(child for child in self._classes if kind in self.ancestors(child))}


def judge_store(
    plan: ShapePlan,
    folder: str,
    *,
    graphs: Collection[str] | None = None,
    nodes: Collection[str] | None = None,
    timeout: float = TIMEOUT,
) -> Iterator[Result]:
    """Judge a store on disk by all shapes, those with SPARQL too; results come shape by shape.

    Focus nodes are only what the ``graphs`` (IRIs) describe: vocabularies are looked up, not
    judged. ``nodes`` (terms) are what an increment touched; then only they are judged, and what
    points at them as far as the shapes look.

    :raises DataError: for a query that cannot be answered within its limits.
    """
    store = ox.Store.read_only(folder)
    reference = ReferenceGraph({})
    view = StoreView(store, reference)
    with SparqlWorker(Source(store=folder), timeout) as worker:
        reference.asker = worker
        touched = None if nodes is None else touching(view, nodes, plan)
        for shape, focus in _targets(plan, view, graphs, touched):
            if not shape.applies(view, focus):
                continue
            plan.focus_counts[shape.term] += 1
            out: list[Result] = []
            shape.validate(view, focus, out)
            yield from out


def touching(view: StoreView, nodes: Collection[str], plan: ShapePlan) -> set[str]:
    """Return nodes and those that point at them, as many steps back as the shapes look ahead."""
    found = set(nodes)
    edge: Collection[str] = nodes
    for _ in range(max(1, plan.reach.depth)):
        sources = (
            term_of(quad.subject)
            for node in edge
            for quad in view.store.quads_for_pattern(None, None, node_of(node), None)
        )
        edge = {source for source in sources if source not in found}
        found |= edge
        if len(found) > MAX_TOUCHED:
            break
    return found


def _targets(
    plan: ShapePlan, view: StoreView, graphs: Collection[str] | None, touched: set[str] | None
) -> Iterator[tuple[Shape, str]]:
    every: dict[str, tuple[Shape, list[Iterable[str]]]] = {}
    for shape, nodes in _candidates(plan, view, graphs):
        every.setdefault(shape.term, (shape, []))[1].append(nodes)
    for shape, sources in every.values():
        seen: set[str] = set()
        for nodes in sources:
            for node in nodes:
                if node not in seen and (touched is None or node in touched):
                    seen.add(node)
                    yield shape, node


def _candidates(
    plan: ShapePlan, view: StoreView, graphs: Collection[str] | None
) -> Iterator[tuple[Shape, Iterable[str]]]:
    for kind, shapes in plan.by_class.items():
        for below in sorted(view.descendants(kind)):
            yield from ((s, _ends(view, RDF_TYPE, below, graphs)) for s in shapes)
    for predicate, shapes in plan.by_subject.items():
        yield from ((s, _ends(view, predicate, "", graphs)) for s in shapes)
    for predicate, shapes in plan.by_object.items():
        yield from ((s, _ends(view, predicate, "", graphs, objects=True)) for s in shapes)
    for node, shapes in plan.by_node.items():
        yield from ((shape, (node,)) for shape in shapes)


def _ends(
    view: StoreView, predicate: str, value: str, graphs: Collection[str] | None, *,
    objects: bool = False,
) -> Iterator[str]:  # fmt: skip
    name = ox.NamedNode(predicate[1:-1])
    wanted = node_of(value) if value else None
    for graph in [None] if graphs is None else [ox.NamedNode(iri) for iri in sorted(graphs)]:
        for quad in view.store.quads_for_pattern(None, name, wanted, graph):
            yield term_of(quad.object if objects else quad.subject)
