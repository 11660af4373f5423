"""All shapes of a class in one pass over a node's properties: the hot path of a record."""

from collections.abc import Sequence
from dataclasses import dataclass

from qcp_graph.validation.graph import Properties, View
from qcp_graph.validation.result import Result, Rule
from qcp_graph.validation.shape import Check, Closed, Shape, Test, ViewTest


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the shapes ask of one property.

    With a single value, ``tests`` and ``views`` are all there is to ask of the shapes that have
    nothing else; ``rest`` are the others. ``forbidden`` are rules of closed shapes.
    """

    children: tuple[Shape, ...]
    tests: tuple[tuple[Test, str, Rule], ...]
    views: tuple[tuple[ViewTest, str, Rule], ...]
    rest: tuple[Shape, ...]
    forbidden: tuple[Rule, ...]


class Fused:
    """Several node shapes as one: the same results, in another order.

    ``conditional`` are those that do not apply to every node: they are judged by themselves.
    """

    __slots__ = ("_closed", "_entries", "_others", "_required", "conditional", "terms")

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self.conditional = tuple(shape for shape in shapes if shape.condition is not None)
        shapes = [shape for shape in shapes if shape.condition is None]
        self.terms = tuple(shape.term for shape in shapes)
        plain = [shape for shape in shapes if shape.follow is None and not shape.checks]
        odd = (shape for shape in shapes if shape.follow is not None or shape.checks)
        self._others = tuple(odd) + tuple(
            child for shape in plain for child in shape.children if not child.predicate
        )
        closed = [shape.closed for shape in plain if shape.closed is not None]
        self._closed = tuple(one.rule for one in closed)
        children = [child for shape in plain for child in shape.children if child.predicate]
        self._required = tuple(c for c in children if c.asks_for_absent)
        self._entries: dict[str, _Entry] = {}
        own: dict[str, list[Shape]] = {p: [] for one in closed for p in one.allowed}
        for child in children:
            own.setdefault(child.predicate, []).append(child)
        for predicate, those in own.items():
            self._entries[predicate] = _entry(tuple(those), closed, predicate)

    def judge(self, view: View, node: str, properties: Properties, out: list[Result]) -> None:
        """Add the results of one focus node, of which ``properties`` is all that is said."""
        entries = self._entries
        for predicate, values in properties.items():
            entry = entries.get(predicate)
            if entry is None:
                if self._closed:
                    _forbid(self._closed, node, predicate, values, out)
                continue
            if entry.forbidden:
                _forbid(entry.forbidden, node, predicate, values, out)
            if len(values) == 1:
                _alone(entry, view, node, values, out)
            else:
                for child in entry.children:
                    child.judge(view, node, values, out)
        for child in self._required:
            if child.predicate not in properties:
                child.judge(view, node, (), out)
        if self._others:
            for other in self._others:
                other.validate(view, node, out)


def _alone(entry: _Entry, view: View, node: str, values: Sequence[str], out: list[Result]) -> None:
    """Add the results for the only value of a property."""
    value = values[0]
    for test, path, rule in entry.tests:
        if not test(value):
            out.append(Result(node, value, path, rule))
    for look, path, rule in entry.views:
        if not look(view, value):
            out.append(Result(node, value, path, rule))
    for child in entry.rest:
        child.judge(view, node, values, out)


def _forbid(
    rules: Sequence[Rule], node: str, predicate: str, values: Sequence[str], out: list[Result]
) -> None:
    """Add the results of closed shapes for a property that they do not allow."""
    for rule in rules:
        out.extend(Result(node, value, predicate, rule) for value in values)


def _entry(children: tuple[Shape, ...], closed: Sequence[Closed], predicate: str) -> _Entry:
    simple = [child for child in children if child.single_tests is not None]
    checks: list[tuple[Check, str]] = [
        (check, child.path) for child in simple for check in child.single_tests or ()
    ]
    return _Entry(
        children=children,
        tests=tuple((c.test, path, c.rule) for c, path in checks if c.test is not None),
        views=tuple((c.look, path, c.rule) for c, path in checks if c.look is not None),
        rest=tuple(child for child in children if child.single_tests is None),
        forbidden=tuple(c.rule for c in closed if predicate not in c.allowed),
    )
