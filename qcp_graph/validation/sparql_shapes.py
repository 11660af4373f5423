"""Constraints written in SPARQL: ``sh:sparql`` and constraint components (SHACL §5 and §6)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final, Protocol

from qcp_graph.errors import DataError, InternalError
from qcp_graph.namespaces import QCP
from qcp_graph.terms import RDF_TYPE, curie, iri_of, parts
from qcp_graph.validation import messages
from qcp_graph.validation.graph import SUBCLASS, Asker, View, closure
from qcp_graph.validation.result import Result, Rule, Texts
from qcp_graph.validation.shape import Check
from qcp_graph.validation.shapes_graph import ShapesGraph
from qcp_graph.validation.sparql_text import PreparedQuery, prepare
from qcp_graph.validation.sparql_worker import SHAPES_GRAPH, Row

SPARQL: Final = curie("sh:sparql")
# A shape may be its own SPARQL constraint (W3C test sparql-002), so it may have these.
PARAMETERS: Final = frozenset((SPARQL, *(curie(f"sh:{n}") for n in ("select", "prefixes"))))
COMPONENT: Final = curie("sh:ConstraintComponent")
_TRUE: Final = '"true"^^' + curie("xsd:boolean")
_SELECT: Final = curie("sh:select")
_ASK: Final = curie("sh:ask")
_SLOT: Final = re.compile(r"\{[?$](\w+)\}")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_GIVEN: Final = frozenset(("this", "value", "currentShape", "shapesGraph", "PATH"))


class Scope(Protocol):
    """The shape being compiled, as the compiler shows it."""

    graph: ShapesGraph
    node: str
    term: str
    path: str

    def rule(self, component: str, *arguments: str) -> Rule:
        """Return the rule of a constraint of this shape."""


@dataclass(frozen=True)
class _Constraint:
    """A prepared query, with what is bound besides the focus node and how a solution is told."""

    query: PreparedQuery
    rule: Rule
    given: Row
    node_shape: bool
    at_once: bool = False

    def check(self) -> Check:
        """Return it as a check of the plan."""
        if self.query.ask:
            return Check(self.rule, _never, solve=self._asked)
        answers: dict[int, Mapping[str, list[Row]]] = {}

        def solve(view: View, focus: str, _values: Sequence[str]) -> Iterator[Result]:
            asker = _asker(view)
            if not self.at_once:
                rows: Sequence[Row] = asker.ask(self.query.text, self._bindings(focus))
            else:
                if id(asker) not in answers:
                    answers.clear()
                    answers[id(asker)] = _by_focus(asker.ask(self.query.text, {}))
                rows = answers[id(asker)].get(focus, ())
            return (self._result(focus, row) for row in rows)

        return Check(self.rule, _never, absent=True, solve=solve)

    def _asked(self, view: View, focus: str, values: Sequence[str]) -> Iterator[Result]:
        asker = _asker(view)
        for value in values:
            if not asker.ask(self.query.text, self._bindings(focus, value)):
                yield Result(focus, value, self.rule.path, self._told(self.given))

    def _bindings(self, focus: str, value: str = "") -> Row:
        every = {"this": focus, **({"value": value} if value else {}), **self.given}
        return {name: term for name, term in every.items() if name in self.query.variables}

    def _result(self, focus: str, row: Row) -> Result:
        if row.get("failure") == _TRUE:
            raise DataError(
                "QCP-VAL-SPARQL",
                f"A query of the shape {self.rule.shape} reports a failure for {focus}.",
                remedy="This is no verdict on the data; its author knows what ?failure means.",
            )
        path = row.get("path", "") if self.node_shape else ""
        value = row.get("value") or (focus if self.node_shape else "")
        found = path if path.startswith("<") else self.rule.path
        return Result(focus, value, found, self._told({**self.given, **row}))

    def _told(self, row: Row) -> Rule:
        """Return the rule with the message of one solution."""
        texts: Texts = self.rule.messages
        if "message" in row and row["message"].startswith('"'):
            text, tag, _ = parts(row["message"])
            texts = ((tag, text),)
        filled = tuple((tag, _filled(text, row)) for tag, text in texts)
        return self.rule if filled == self.rule.messages else replace(self.rule, messages=filled)


def _never(_view: View, _focus: str, _values: Sequence[str]) -> Iterable[str]:
    return ()


def _asker(view: View) -> Asker:
    if view.reference.asker is None:
        raise InternalError(
            "QCP-VAL-NO-ASKER",
            "Shapes with SPARQL were run without a graph that can be asked.",
            remedy="Use validation.judge_graph or validation.judge_store.",
        )
    return view.reference.asker


def _by_focus(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.get("this", ""), []).append(row)
    return found


def _filled(text: str, row: Row) -> str:
    def fill(match: re.Match[str]) -> str:
        term = row.get(match[1], "")
        return parts(term)[0] if term.startswith('"') else term.strip("<>") or match[0]

    return _SLOT.sub(fill, text)


def checks(scope: Scope, found: Sequence[str]) -> Iterator[Check]:
    """Compile the SPARQL constraints of a shape; ``found`` are the components there are.

    :raises UsageError: for queries that SHACL does not allow, and ill-formed components.
    """
    for node in scope.graph.values(scope.node, SPARQL):
        if scope.graph.one(node, curie("sh:deactivated")) != _TRUE:
            rule = _with_messages(scope, scope.rule("SPARQL"), node)
            yield _constraint(scope, node, rule, {}).check()
    for component in found:
        for given in _parameters(scope, component):
            validator = _validator(scope, component)
            rule = replace(scope.rule("SPARQL"), component=component)
            rule = _with_messages(scope, rule, validator)
            yield _constraint(scope, validator, rule, given).check()


def _with_messages(scope: Scope, rule: Rule, node: str) -> Rule:
    own = tuple(
        sorted(
            (parts(v)[1], parts(v)[0])
            for v in scope.graph.values(node, curie("sh:message"))
            if v.startswith('"')
        )
    )
    given = rule.messages != messages.default("SPARQL", ())
    return rule if given or not own else replace(rule, messages=own)


def _constraint(scope: Scope, node: str, rule: Rule, given: Row) -> _Constraint:
    ask = bool(scope.graph.values(node, _ASK))
    text = scope.graph.one(node, _ASK if ask else _SELECT)
    if not text.startswith('"') or (ask and not given):
        raise scope.graph.ill_formed(scope.term, "a SPARQL constraint needs sh:select")
    at_once = scope.graph.one(node, f"<{QCP}allAtOnce>") == _TRUE
    values = {"currentShape": scope.node, "shapesGraph": f"<{SHAPES_GRAPH}>", **given}
    prebound = () if at_once else (*values, "this", "value") if ask else (*values, "this")
    try:
        query = prepare(
            parts(text)[0], prefixes(scope.graph, node), prebound=prebound, path=scope.path, ask=ask
        )
    except ValueError as error:
        raise scope.graph.ill_formed(scope.term, f"SPARQL: {error}") from error
    return _Constraint(query, rule, values, not scope.path, at_once)


def prefixes(graph: ShapesGraph, node: str) -> str:
    """Return the prologue that ``sh:prefixes`` gives a query (SHACL §5.2.1).

    :raises UsageError: for an ill-formed declaration.
    """
    queue = list(graph.values(node, curie("sh:prefixes")))
    seen: set[str] = set()
    found: dict[str, str] = {}
    while queue:
        owner = queue.pop()
        if owner in seen:
            continue
        seen.add(owner)
        queue.extend(graph.values(owner, curie("owl:imports")))
        for declared in graph.values(owner, curie("sh:declare")):
            name = graph.one(declared, curie("sh:prefix"))
            namespace = graph.one(declared, curie("sh:namespace"))
            prefix = parts(name)[0] if name.startswith('"') else "?"
            iri = parts(namespace)[0] if namespace.startswith('"') else ""
            legal = not re.search(r'[\x00-\x20<>"{}|^`\\]', iri) and iri
            if not re.match(r"(?:[A-Za-z][\w.-]*)?\Z", prefix) or not legal:
                raise graph.ill_formed(node, "a prefix declaration (sh:declare)")
            if found.setdefault(prefix, iri) != iri:
                raise graph.ill_formed(node, f"the prefix {prefix}: has two meanings")
    return " ".join(f"PREFIX {name}: <{iri}>" for name, iri in sorted(found.items()))


def components(graph: ShapesGraph) -> list[str]:
    """Return the constraint components that a shapes graph defines, by subclasses too."""
    parents = {s: own[SUBCLASS] for s, own in graph.subjects.items() if SUBCLASS in own}
    return [
        subject
        for subject, own in graph.subjects.items()
        if any(COMPONENT in closure(kind, parents) for kind in own.get(RDF_TYPE, ()))
    ]


def _parameters(scope: Scope, component: str) -> Iterator[Row]:
    """Yield each way in which a shape fills the parameters of a component (SHACL §6.2)."""
    graph = scope.graph
    filled: dict[str, Sequence[str]] = {}
    declared = graph.values(component, curie("sh:parameter"))
    for parameter in declared:
        path = graph.one(parameter, curie("sh:path"))
        name = re.split(r"[/#:]", iri_of(path))[-1] if path.startswith("<") else ""
        if not _NAME.match(name) or name in _GIVEN:
            raise graph.ill_formed(component, f"a parameter cannot be called {name[:80]!r}")
        values = graph.values(scope.node, path)
        if values:
            filled[name] = values
        elif graph.one(parameter, curie("sh:optional")) != _TRUE:
            return
    if not filled:
        return
    if len(declared) > 1 and any(len(values) > 1 for values in filled.values()):
        raise graph.ill_formed(scope.term, f"a parameter of {component} is given more than once")
    for chosen in product(*filled.values()):
        yield dict(zip(filled, chosen, strict=True))


def _validator(scope: Scope, component: str) -> str:
    own = "sh:propertyValidator" if scope.path else "sh:nodeValidator"
    for name in (own, "sh:validator"):
        node = scope.graph.one(component, curie(name))
        if node:
            return node
    raise scope.graph.ill_formed(scope.term, f"{component} has no validator for this kind of shape")
