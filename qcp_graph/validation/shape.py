"""Compiled shapes: what runs for every focus node."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from qcp_graph.validation.graph import View
from qcp_graph.validation.paths import Follow
from qcp_graph.validation.result import Result, Rule

Find = Callable[[View, str, Sequence[str]], Iterable[str]]
"""From data graph, focus node and value nodes to the values that break a constraint."""
Solve = Callable[[View, str, Sequence[str]], Iterable[Result]]
"""The same, to whole results: for constraints that say more than the value."""
Test = Callable[[str], bool]
"""Whether a value passes a constraint."""
ViewTest = Callable[[View, str], bool]
"""The same, where more than the value must be looked at."""


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint. ``absent``: it can be broken where there is no value node at all.

    ``shapes`` are those it asks of the value nodes, ``pair`` says that it reads another property
    of the focus node: what must be known to judge a record apart from the others
    (:mod:`qcp_graph.validation.reach`). ``test`` is given where each value passes or fails by its
    own text, ``look`` where by what is said of it. Up to ``harmless`` values never break it, nor
    do ``enough`` or more, if that is given.
    """

    rule: Rule
    find: Find
    absent: bool = False
    shapes: tuple["Shape", ...] = ()
    pair: bool = False
    test: Test | None = None
    look: ViewTest | None = None
    solve: Solve | None = None
    harmless: int = 0
    enough: int = 0

    @property
    def local(self) -> bool:
        """Whether the verdict follows from the values alone."""
        alone = self.test is not None or self.harmless > 0 or self.absent
        return alone and not self.pair and not self.shapes and self.solve is None


@dataclass(frozen=True, slots=True)
class Closed:
    """``sh:closed``: the predicates a node may have (SHACL §4.8.1)."""

    rule: Rule
    allowed: frozenset[str]

    def report(self, view: View, nodes: Sequence[str], focus: str, out: list[Result]) -> None:
        """Add a result for each triple of the nodes with a predicate that is not allowed."""
        for node in nodes:
            for predicate, values in view.properties(node).items():
                if predicate not in self.allowed:
                    out.extend(Result(focus, value, predicate, self.rule) for value in values)


@dataclass(slots=True)
class Shape:
    """A shape with its constraints and the property shapes below it.

    ``follow`` finds the value nodes; it is None for a node shape, whose only value node is the
    focus node. ``predicate`` is set where the path is a single predicate. ``condition`` is the
    shape that a node meets if this one applies to it (``qcp:appliesWhen``): others are not judged.
    """

    term: str
    path: str = ""
    predicate: str = ""
    follow: Follow | None = None
    checks: tuple[Check, ...] = ()
    closed: Closed | None = None
    children: tuple["Shape", ...] = ()
    condition: "Shape | None" = None
    _by_predicate: dict[str, tuple["Shape", ...]] = field(default_factory=dict)
    _required: tuple["Shape", ...] = ()
    _complex: tuple["Shape", ...] = ()
    _absent: tuple[Check, ...] = ()
    _single: tuple[Check, ...] = ()
    weight: int = 1
    # Names of shapes without IRI are not unique among files that share a reference graph.
    _serial: int = field(default_factory=count().__next__)
    _local: bool = False

    def seal(self) -> None:
        """Sort the children by how they are run; called once, when the shape is complete."""
        for child in self.children:
            if child.predicate:
                found = self._by_predicate.get(child.predicate, ())
                self._by_predicate[child.predicate] = (*found, child)
        self.weight = len(self.checks) + 1 + sum(s.weight for s in (*self.children, *self.nested))
        self._absent = tuple(check for check in self.checks if check.absent)
        # What exactly one value can break.
        self._single = tuple(c for c in self.checks if c.harmless < 1 and c.enough != 1)
        self._local = self._knows_only_values() and all(
            c.predicate and not c.children and c._knows_only_values() for c in self.children
        )
        self._required = tuple(c for c in self.children if c.predicate and c._absent)
        self._complex = tuple(c for c in self.children if not c.predicate)

    def rules(self) -> Iterator[Rule]:
        """Yield the rules of its own constraints."""
        yield from (check.rule for check in self.checks)
        if self.closed is not None:
            yield self.closed.rule

    @property
    def nested(self) -> tuple["Shape", ...]:
        """The shapes that this one asks about its nodes, as its condition or in its constraints."""
        asked = tuple(s for check in self.checks for s in check.shapes)
        return asked if self.condition is None else (*asked, self.condition)

    @property
    def asks_for_absent(self) -> bool:
        """Whether it can be broken where its property is missing."""
        return bool(self._absent)

    @property
    def single_tests(self) -> tuple[Check, ...] | None:
        """The checks that one value can break, if each looks at that value alone, else None."""
        alone = all(c.test is not None or c.look is not None for c in self._single)
        plain = self.closed is None and not self.children and self.condition is None
        return self._single if alone and plain else None

    def _knows_only_values(self) -> bool:
        return self.closed is None and self.condition is None and all(c.local for c in self.checks)

    def applies(self, view: View, node: str) -> bool:
        """Tell whether a node is within the scope of the shape (``qcp:appliesWhen``)."""
        return self.condition is None or self.condition.conforms(view, node)

    def validate(self, view: View, focus: str, out: list[Result]) -> None:
        """Add the results of one focus node to ``out``."""
        self.judge(view, focus, self.follow(view, focus) if self.follow else (focus,), out)

    def conforms(self, view: View, node: str) -> bool:
        """Tell whether a node conforms: whatever the severity, a result means no (SHACL §3.4)."""
        out: list[Result] = []
        if self._local and self.follow is None and node not in view.record:
            # A concept of a vocabulary is asked the same again and again.
            view.absent.add(node)
            verdicts = view.reference.verdicts
            verdict = verdicts.get((self._serial, node))
            if verdict is None:
                self.validate(view, node, out)
                verdict = not out
                if node in view.reference.subjects:
                    verdicts[self._serial, node] = verdict
            return verdict
        self.validate(view, node, out)
        return not out

    def judge(self, view: View, focus: str, values: Sequence[str], out: list[Result]) -> None:
        """Add the results for given value nodes of a focus node, if the shape applies to it."""
        if self.condition is not None and not self.condition.conforms(view, focus):
            return
        count = len(values)
        for check in self._single if count == 1 else self.checks if count else self._absent:
            test = check.test
            if check.solve is not None:
                out.extend(check.solve(view, focus, values))
            elif test is None:
                for value in check.find(view, focus, values):
                    out.append(Result(focus, value, self.path, check.rule))
            else:
                for value in values:
                    if not test(value):
                        out.append(Result(focus, value, self.path, check.rule))
        if self.closed is not None:
            self.closed.report(view, values, focus, out)
        if self.children:
            if self.path:
                view.spend(len(values))
            for value in values:
                self._descend(view, value, out)

    def _descend(self, view: View, node: str, out: list[Result]) -> None:
        """Validate a value node against the property shapes, led by the properties it has."""
        properties = view.properties(node)
        by_predicate = self._by_predicate
        for predicate, values in properties.items():
            for child in by_predicate.get(predicate, ()):
                child.judge(view, node, values, out)
        for child in self._required:
            if child.predicate not in properties:
                child.judge(view, node, (), out)
        for child in self._complex:
            child.validate(view, node, out)
