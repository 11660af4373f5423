"""A record judged by a profile: for each rule what came of it, and for all of them together."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from qcp_graph.namespaces import QCP, expand
from qcp_graph.terms import RDF_TYPE, Triple, curie, parts
from qcp_graph.validation.graph import ReferenceGraph, View
from qcp_graph.validation.plan import ShapePlan, compile_shapes
from qcp_graph.validation.profiles_catalogue import Profile, rule_name
from qcp_graph.validation.result import Result, Texts, text
from qcp_graph.validation.shape import Shape
from qcp_graph.validation.shapes_graph import ShapesGraph

State = Literal["pass", "fail", "warning", "not-applicable", "unknown", "not-checkable"]
STATES: Final = ("pass", "fail", "warning", "not-applicable", "unknown", "not-checkable")
_ABSENT: Final = f"<{QCP}ifAbsent>"
_OF_SEVERITY: Final[Mapping[str, State]] = {"violation": "fail", "warning": "warning"}
_SILENT: Final = frozenset(
    f"<{expand('sh:')}{name}ConstraintComponent>"
    for name in ("MinCount", "QualifiedMinCount", "HasValue", "Node")
)
_IF_ABSENT: Final[tuple[State, ...]] = ("fail", "warning", "unknown")
_MOST_KINDS: Final = 10_000


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What one rule of a profile says of one record.

    ``focus`` and ``value`` are terms where the rule found something, else empty. ``required`` is
    false for rules that only inform: the sum of a record does not depend on them.
    """

    rule: str
    state: State
    focus: str = ""
    value: str = ""
    code: str = ""
    messages: Texts = ()
    remedies: Texts = ()
    required: bool = True

    def message(self, language: str = "en") -> str:
        """Return what was found in a language, else in English."""
        return text(self.messages, language)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a profile, in one version, says of one record, rule by rule."""

    profile: str
    version: str
    state: State
    outcomes: tuple[RuleOutcome, ...]

    def reasons(self) -> tuple[RuleOutcome, ...]:
        """Return why it is no pass: required rules that failed, warned or stayed undecided."""
        bad = ("fail", "warning", "unknown")
        return tuple(one for one in self.outcomes if one.required and one.state in bad)


_Kinds = frozenset[str]
_Verdict = tuple[tuple[RuleOutcome, ...], State]
_Clean = tuple[frozenset[str], frozenset[str], tuple[RuleOutcome, ...], State]


@dataclass
class ProfilePlan:
    """A profile, compiled; ``rules`` is each shape that checks something, with its targets."""

    profile: Profile
    plan: ShapePlan
    rules: Mapping[str, frozenset[str]]
    conditions: Mapping[str, Shape]
    if_absent: Mapping[str, State]
    informs: frozenset[str]
    _clean: dict[tuple[ReferenceGraph, _Kinds], _Clean] = field(default_factory=dict)
    _untroubled: dict[frozenset[str], _Verdict] = field(default_factory=dict)

    def applicable(self, kinds: _Kinds, reference: ReferenceGraph) -> _Clean:
        """Return targets and rules for nodes of these classes, and the verdict if all is well."""
        key = (reference, kinds)
        found = self._clean.get(key)
        if found is None:
            if len(self._clean) >= _MOST_KINDS:
                self._clean.clear()
            found = self._clean[key] = self._verdict(self._met(kinds, reference))
        return found

    def _met(self, kinds: _Kinds, reference: ReferenceGraph) -> frozenset[str]:
        every = {upper for kind in kinds for upper in reference.ancestors(kind)}
        by_class = {s.term for k in every for s in self.plan.by_class.get(k, ())}
        other = (self.plan.by_node, self.plan.by_subject, self.plan.by_object)
        # What is aimed at by other means than a class is rare: its rules count as tried.
        return frozenset(
            by_class | {s.term for t in other for shapes in t.values() for s in shapes}
        )

    def _verdict(self, met: frozenset[str]) -> _Clean:
        tried = self.tried(met)
        return met, tried, *self.untroubled(tried)

    def untroubled(self, tried: frozenset[str]) -> _Verdict:
        """Return the verdict on a record that was tried by these rules and met them all."""
        found = self._untroubled.get(tried)
        if found is None:
            if len(self._untroubled) >= _MOST_KINDS:
                self._untroubled.clear()
            outcomes = self.outcomes(tried, ())
            found = self._untroubled[tried] = outcomes, summary(outcomes)
        return found

    def tried(self, met: frozenset[str]) -> frozenset[str]:
        """Return the rules that some node was tried by."""
        return frozenset(rule for rule, t in self.rules.items() if not t.isdisjoint(met))

    def outcomes(
        self, tried: Collection[str], results: Sequence[Result]
    ) -> tuple[RuleOutcome, ...]:
        """Return the outcome of each rule; a rule that found several things has several."""
        broken: dict[str, list[RuleOutcome]] = {}
        for result in results:
            broken.setdefault(result.shape, []).append(self._broken(result))
        out: list[RuleOutcome] = []
        for shape in self.rules:
            found = broken.get(shape)
            if found is not None:
                out.extend(found)
                continue
            state: State = "pass" if shape in tried else "not-applicable"
            out.append(RuleOutcome(rule_name(shape), state, required=shape not in self.informs))
        out.extend(
            RuleOutcome(rule.name, "not-checkable", messages=rule.messages, required=False)
            for rule in self.profile.rules
            if not rule.checkable
        )
        return tuple(out)

    def _broken(self, result: Result) -> RuleOutcome:
        rule = result.rule
        state = _OF_SEVERITY.get(result.severity, "warning")
        if rule.component in _SILENT:
            optional: State = "unknown" if result.severity == "info" else state
            state = self.if_absent.get(rule.shape, optional)
        return RuleOutcome(
            rule_name(rule.shape), state, result.focus, result.value, rule.code, rule.messages,
            rule.remedies, required=result.severity != "info",
        )  # fmt: skip


def summary(outcomes: Iterable[RuleOutcome]) -> State:
    """Return the state of a record: the worst of what its required rules say.

    >>> summary([RuleOutcome("a", "pass"), RuleOutcome("b", "unknown")])
    'unknown'
    >>> summary([RuleOutcome("a", "not-applicable")])
    'not-applicable'
    """
    states = {one.state for one in outcomes if one.required or one.state == "pass"}
    order: tuple[State, ...] = ("fail", "unknown", "warning", "pass")
    return next((state for state in order if state in states), "not-applicable")


def compile_profile(profile: Profile) -> ProfilePlan:
    """Compile a profile, with what says when its rules apply.

    :raises UsageError: for shapes that cannot be compiled, SPARQL among them: a profile judges
        records one by one.
    """
    plan = compile_shapes([profile.path])
    # Read as the plan reads it, so that shapes have the same names.
    graph = ShapesGraph.read([profile.path])
    rules: dict[str, set[str]] = {}
    informs: set[str] = set()
    conditions: dict[str, Shape] = {}
    for table in (plan.by_class, plan.by_node, plan.by_subject, plan.by_object):
        for shapes in table.values():
            for shape in shapes:
                _collect(shape, shape.term, rules, informs)
                conditions.update(_conditions(shape))
    return ProfilePlan(
        profile, plan, {term: frozenset(targets) for term, targets in rules.items()}, conditions,
        dict(_states(graph)), frozenset(informs),
    )  # fmt: skip


def _collect(shape: Shape, target: str, rules: dict[str, set[str]], informs: set[str]) -> None:
    found = [check.rule for check in shape.checks]
    if shape.closed is not None:
        found.append(shape.closed.rule)
    if found:
        rules.setdefault(shape.term, set()).add(target)
        if found[0].severity == curie("sh:Info"):
            informs.add(shape.term)
    for child in shape.children:
        _collect(child, target, rules, informs)


def _conditions(shape: Shape) -> Iterator[tuple[str, Shape]]:
    if shape.condition is not None:
        yield shape.term, shape.condition
    for child in shape.children:
        yield from _conditions(child)


def _states(graph: ShapesGraph) -> Iterable[tuple[str, State]]:
    for node in graph.subjects:
        value = graph.one(node, _ABSENT)
        if value:
            wanted = next((s for s in _IF_ABSENT if s == parts(value)[0]), None)
            if wanted is None:
                raise graph.ill_formed(node, "qcp:ifAbsent is fail, warning or unknown")
            yield node, wanted


def judge(plan: ProfilePlan, triples: Sequence[Triple], reference: ReferenceGraph) -> Judgement:
    """Judge one record by a profile: what each rule says of it, and the sum.

    A rule without a node to judge, or whose ``qcp:appliesWhen`` no such node meets, is not
    applicable. Where the source is silent, the rule is undecided (unknown) if the shape says so
    with ``qcp:ifAbsent``, or if it only informs.
    """
    kinds = frozenset(o for _, p, o in triples if p == RDF_TYPE)
    return judge_view(plan, View(triples, reference), kinds)


def judge_view(plan: ProfilePlan, view: View, kinds: frozenset[str]) -> Judgement:
    """Judge one record that several profiles look at; ``kinds`` are the classes of its nodes."""
    profile = plan.profile
    met, tried, outcomes, state = plan.applicable(kinds, view.reference)
    if plan.conditions and tried:
        scope = _scope(plan, view)
        tried = frozenset(rule for rule in tried if _in_scope(plan, rule, met, scope))
        outcomes, state = plan.untroubled(tried)
    results = plan.plan.judge(view) if tried else []
    if results:
        outcomes = plan.outcomes(tried, results)
        state = summary(outcomes)
    return Judgement(profile.name, profile.version, state, outcomes)


_Scope = dict[str, frozenset[str]]
"""For each shape with a condition: the nodes of the record that meet it."""


def _scope(plan: ProfilePlan, view: View) -> _Scope:
    found: dict[str, frozenset[str]] = {}
    for term, condition in plan.conditions.items():
        targets = plan.rules.get(term, frozenset()) | {term}
        classes = {
            k for k, shapes in plan.plan.by_class.items() for s in shapes if s.term in targets
        }
        found[term] = frozenset(
            node
            for node, properties in view.record.items()
            if any(
                not classes.isdisjoint(view.ancestors(kind))
                for kind in properties.get(RDF_TYPE, ())
            )
            and condition.conforms(view, node)
        )
    return found


def _in_scope(plan: ProfilePlan, rule: str, met: Collection[str], scope: _Scope) -> bool:
    tried = [t for t in plan.rules[rule] if t in met and scope.get(t, True)]
    return bool(tried) and bool(scope.get(rule, True))
