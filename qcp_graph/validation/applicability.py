"""``qcp:appliesWhen`` for pyshacl, which does not know it: targets named one by one."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from qcp_graph.errors import UsageError
from qcp_graph.namespaces import QCP
from qcp_graph.terms import RDF_TYPE, Triple, curie
from qcp_graph.validation.compiler import TARGETS
from qcp_graph.validation.graph import View
from qcp_graph.validation.plan import compile_shapes
from qcp_graph.validation.result import Result
from qcp_graph.validation.shape import Shape

APPLIES: Final = f"<{QCP}appliesWhen>"
_NODE: Final = curie("sh:targetNode")


class Scope:
    """Which nodes of a data graph the shapes with a condition apply to.

    Of a shape with a target, the nodes within its scope become its targets; results of a property
    shape below it that does not apply to their focus node are dropped.

    :raises UsageError: for a condition on a shape that others ask about (``sh:node``, ``sh:or`` …)
        or with property shapes of its own below: in another engine's report these leave no trace.
    """

    def __init__(self, paths: Sequence[Path], patches: Sequence[Path], view: View) -> None:
        self._view = view
        plan = compile_shapes(paths, patches, sparql=True)
        tables = (plan.by_class, plan.by_node, plan.by_subject, plan.by_object)
        aimed = {s.term: s for table in tables for shapes in table.values() for s in shapes}
        self._targets: dict[str, list[str]] = {t: [] for t, s in aimed.items() if s.condition}
        self._filters: dict[str, Shape] = {}
        for shape in aimed.values():
            for below in _below(shape):
                self._note(below)
        for shape, focus in plan.targets(view, complete=True):
            if shape.condition is not None and shape.applies(view, focus):
                self._targets[shape.term].append(focus)

    def _note(self, shape: Shape) -> None:
        if shape.condition is None:
            return
        if shape.children or not shape.path or shape.term in self._targets:
            raise UsageError(
                "QCP-VAL-SHAPES-FEATURE",
                f"{shape.term}: pyshacl cannot judge by qcp:appliesWhen at this place.",
                remedy="Validate with the compiled engine.",
            )
        self._filters[shape.term] = shape

    def shapes(self, triples: Iterable[Triple]) -> Iterator[Triple]:
        """Yield a shapes graph in which each target in scope is named."""
        for subject, predicate, value in triples:
            aims = predicate in TARGETS or predicate == RDF_TYPE
            if predicate != APPLIES and not (aims and subject in self._targets):
                yield subject, predicate, value
        for term, nodes in self._targets.items():
            yield term, RDF_TYPE, curie("sh:NodeShape")
            yield from ((term, _NODE, node) for node in nodes)

    def holds(self, result: Result) -> bool:
        """Tell whether the shape of a result applies to its focus node."""
        shape = self._filters.get(result.shape)
        return shape is None or shape.applies(self._view, result.focus)


def _below(shape: Shape) -> Iterator[Shape]:
    """Yield the shapes below one and those that it asks about, conditions left out."""
    for check in shape.checks:
        for asked in check.shapes:
            yield asked
            yield from _below(asked)
    for child in shape.children:
        yield child
        yield from _below(child)
