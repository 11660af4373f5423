"""Shapes graph → compiled shapes. What the plan cannot do is refused here, loudly."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from qcp_graph.errors import UsageError
from qcp_graph.namespaces import PREFIXES, QCP, expand
from qcp_graph.terms import curie, parts
from qcp_graph.validation import components, messages, paths, sparql_shapes
from qcp_graph.validation.result import VIOLATION, Rule, Texts
from qcp_graph.validation.shape import Check, Closed, Shape
from qcp_graph.validation.shapes_graph import FIRST, ShapesGraph

_SH: Final = "<" + expand("sh:")
_PATH: Final = curie("sh:path")
_PROPERTY: Final = curie("sh:property")
_APPLIES: Final = f"<{QCP}appliesWhen>"
_TRUE: Final = '"true"^^' + curie("xsd:boolean")
_MAX_DEPTH: Final = 60
MAX_WEIGHT: Final = 200_000
"""Most checks that one node may cost; the official LOQ shapes cost a qualification some 200."""
TARGETS: Final = tuple(
    curie(f"sh:{name}")
    for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
)
# Parameters read together with another one, and properties that do not constrain.
_KNOWN: Final = frozenset(components.BUILDERS) | frozenset(TARGETS) | {
    curie(f"sh:{name}")
    for name in (
        "path", "property", "flags", "qualifiedMinCount", "qualifiedMaxCount",
        "qualifiedValueShapesDisjoint", "closed", "ignoredProperties", "severity", "message",
        "deactivated", "name", "description", "order", "group", "defaultValue",
        "shapesGraph", "suggestedShapesGraph", "declare", *(
            "inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath",
        ),
    )
}  # fmt: skip


@dataclass
class Compiler:
    """Compiles the shapes of one shapes graph, each once."""

    graph: ShapesGraph
    sparql: bool = False
    components: list[str] = field(default_factory=list)
    shapes: dict[str, Shape] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)
    _owners: dict[str, list[str]] | None = None

    def shape(self, node: str, name: str) -> Shape:
        """Return the compiled shape of a node; ``name`` is its term where it has none.

        :raises UsageError: for recursion, unsupported features and ill-formed shapes.
        """
        if node in self.shapes:
            return self.shapes[node]
        if node in self._open or len(self._open) > _MAX_DEPTH:
            raise self._recursive(node, name)
        if node.startswith('"'):
            raise self.graph.ill_formed(name, f"{node[:80]} stands where a shape is needed")
        self._open.append(node)
        compiled = _Scope(self, self.graph, node, self._name(node, name)).compile()
        self._open.pop()
        if compiled.weight > MAX_WEIGHT:
            raise self._heavy(compiled.term)
        self.shapes[node] = compiled
        return compiled

    def owners(self) -> Mapping[str, Sequence[str]]:
        """Return the shapes that have each shape as ``sh:property``."""
        if self._owners is None:
            self._owners = {}
            for owner, properties in self.graph.subjects.items():
                for child in properties.get(_PROPERTY, ()):
                    self._owners.setdefault(child, []).append(owner)
        return self._owners

    def _name(self, node: str, name: str) -> str:
        """Give a shape without IRI a stable one, made of its owner's and its place there."""
        if node.startswith("<"):
            return node
        number = 1
        term = f"<{name.strip('<>')}>"
        while term in self._names:
            number += 1
            term = f"<{name.strip('<>')}-{number}>"
        self._names[term] = node
        return term

    def _heavy(self, name: str) -> UsageError:
        return UsageError(
            "QCP-VAL-SHAPES-LIMIT",
            f"To judge one node by the shape {name} takes more than {MAX_WEIGHT} checks.",
            where=self.graph.where,
            remedy="Shapes that many others refer to multiply: state each constraint once.",
        )

    def _recursive(self, node: str, name: str) -> UsageError:
        return UsageError(
            "QCP-VAL-SHAPES-RECURSIVE",
            f"The shape {node if node.startswith('<') else name} refers to itself, or shapes are "
            f"nested more than {_MAX_DEPTH} deep.",
            where=self.graph.where,
            remedy="SHACL leaves the meaning of recursive shapes open: break the circle.",
        )


@dataclass
class _Scope:
    """One shape while it is compiled (:class:`components.Scope`)."""

    compiler: Compiler
    graph: ShapesGraph
    node: str
    term: str
    path: str = ""

    def compile(self) -> Shape:
        """Return the compiled shape; a deactivated one has no constraints."""
        shape = Shape(self.term)
        if self._flag("sh:deactivated"):
            return shape
        self._refuse_unknown()
        if self.graph.values(self.node, _PATH):
            path = read_path(self.graph, self.graph.one(self.node, _PATH), self.term)
            self.path = shape.path = str(path)
            shape.predicate = path.predicate
            shape.follow = paths.follow(path)
        shape.checks = tuple(self._checks())
        shape.closed = self._closed()
        shape.children = tuple(self._children())
        condition = self.graph.one(self.node, _APPLIES)
        shape.condition = self.shape(condition, "appliesWhen") if condition else None
        shape.seal()
        return shape

    def rule(self, component: str, *arguments: str) -> Rule:
        """Return the rule of a constraint of this shape (:class:`components.Scope`)."""
        code = self.graph.one(self.node, f"<{QCP}code>")
        return Rule(
            shape=self.term,
            component=f"{_SH}{component}ConstraintComponent>",
            severity=self.graph.one(self.node, curie("sh:severity")) or VIOLATION,
            path=self.path,
            messages=self._texts("sh:message") or messages.default(component, arguments),
            code=parts(code)[0] if code.startswith('"') else "",
            remedies=self._texts("qcp:remedy"),
            lacks=self.graph.one(self.node, curie("qcp:lacks")),
        )

    def shape(self, node: str, role: str) -> Shape:
        """Return another shape, compiled (:class:`components.Scope`)."""
        return self.compiler.shape(node, f"{self.term.strip('<>')}--{role}")

    def siblings(self) -> Sequence[str]:
        """Return the qualified shapes of sibling shapes (SHACL §4.7.3)."""
        qualified = curie("sh:qualifiedValueShape")
        own = set(self.graph.values(self.node, qualified))
        found: dict[str, None] = {}
        for owner in self.compiler.owners().get(self.node, ()):
            for child in self.graph.values(owner, _PROPERTY):
                found.update(dict.fromkeys(self.graph.values(child, qualified)))
        return [node for node in found if node not in own]

    def _checks(self) -> Iterable[Check]:
        for parameter, builders in components.BUILDERS.items():
            values = self.graph.values(self.node, parameter)
            if not values:
                continue
            if parameter in components.ONCE:
                self.graph.one(self.node, parameter)
            if parameter in components.PROPERTY_ONLY and not self.path:
                raise self.graph.ill_formed(self.term, f"{parameter} needs sh:path")
            for value in values:
                built = (build(self, value) for build in builders)
                yield from (check for check in built if check is not None)
        if self.compiler.sparql:
            yield from sparql_shapes.checks(self, self.compiler.components)

    def _closed(self) -> Closed | None:
        if not self._flag("sh:closed"):
            return None
        allowed = {
            path
            for child in self.graph.values(self.node, _PROPERTY)
            for path in self.graph.values(child, _PATH)
        }
        for ignored in self.graph.values(self.node, curie("sh:ignoredProperties")):
            allowed.update(self.graph.members(ignored, self.term))
        return Closed(self.rule("Closed"), frozenset(allowed))

    def _children(self) -> Iterable[Shape]:
        for child in self.graph.values(self.node, _PROPERTY):
            path = self.graph.values(child, _PATH)
            if not path:
                raise self.graph.ill_formed(self.term, "a value of sh:property has no sh:path")
            label = _label(path[0]) if path[0].startswith("<") else "path"
            yield self.shape(child, label)

    def _flag(self, name: str) -> bool:
        value = self.graph.one(self.node, curie(name))
        return value == _TRUE

    def _texts(self, name: str) -> Texts:
        values = self.graph.values(self.node, curie(name))
        if not all(value.startswith('"') for value in values):
            raise self.graph.ill_formed(self.term, f"{name} must be a text")
        return tuple(sorted((parts(v)[1], parts(v)[0]) for v in values))

    def _refuse_unknown(self) -> None:
        for predicate in self.graph.subjects.get(self.node, {}):
            known = predicate in _KNOWN or (
                self.compiler.sparql and predicate in sparql_shapes.PARAMETERS
            )
            if predicate.startswith(_SH) and not known:
                raise unsupported(self.graph, self.term, f"sh:{predicate[len(_SH) : -1]}")


def unsupported(graph: ShapesGraph, shape: str, feature: str) -> UsageError:
    """Return the error for a feature outside of SHACL Core."""
    return UsageError(
        "QCP-VAL-SHAPES-FEATURE",
        f"The shape {shape} uses {feature}, which the compiled engine does not know.",
        where=graph.where,
        remedy="Express it in SHACL Core, or validate with --engine pyshacl.",
    )


def read_path(graph: ShapesGraph, node: str, owner: str, depth: int = 0) -> paths.Path:
    """Read a property path from a shapes graph (SHACL §2.3.1).

    :raises UsageError: when it is none, or nested without end.
    """
    if node.startswith("<"):
        return paths.Path("", predicate=node)
    if depth > _MAX_DEPTH or node.startswith('"'):
        raise graph.ill_formed(owner, "sh:path is circular, too deep or a literal")
    if graph.values(node, FIRST):
        return _several(graph, node, "/", owner, depth)
    for parameter, operator in paths.PARAMETERS.items():
        operand = graph.one(node, parameter)
        if operand and operator == "|":
            return _several(graph, operand, operator, owner, depth)
        if operand:
            inner = read_path(graph, operand, owner, depth + 1)
            return paths.Path(operator, operands=(inner,))
    raise graph.ill_formed(owner, "sh:path is no property path")


def _several(
    graph: ShapesGraph, node: str, operator: paths.Operator, owner: str, depth: int
) -> paths.Path:
    members = graph.members(node, owner)
    if len(members) < 2:
        raise graph.ill_formed(owner, "a sequence or alternative path has two members or more")
    operands = tuple(read_path(graph, member, owner, depth + 1) for member in members)
    return paths.Path(operator, operands=operands)


def _label(predicate: str) -> str:
    """Return a short name of a predicate that is legal in an IRI: ``elm_EQFLevel``."""
    for prefix, namespace in PREFIXES.items():
        if predicate.startswith(f"<{namespace}"):
            return f"{prefix}_{predicate[len(namespace) + 1 : -1]}".replace("/", "_")
    return components.short(predicate)


def check_graph(graph: ShapesGraph, *, sparql: bool = False) -> None:
    """Refuse what changes the meaning of a whole shapes graph, or would hide a shape's target.

    :raises UsageError: naming the component, the entailment regime or the kind of target.
    """
    own = sparql_shapes.components(graph)
    if own and not sparql:
        raise unsupported(graph, own[0], "a constraint component of its own")
    for node, properties in graph.subjects.items():
        for predicate in properties:
            other_target = predicate.startswith(f"{_SH}target") and predicate not in TARGETS
            if other_target or predicate == curie("sh:entailment"):
                raise unsupported(graph, node, f"sh:{predicate[len(_SH) : -1]}")
