"""From the parameters of a shape to its constraints: one builder per parameter of SHACL Core."""

from collections.abc import Callable, Collection, Sequence
from typing import Final, Protocol

from qcp_graph.terms import curie, iri_of, parts
from qcp_graph.validation import checks
from qcp_graph.validation.graph import View
from qcp_graph.validation.matching import searcher
from qcp_graph.validation.ordering import value_of
from qcp_graph.validation.result import Rule
from qcp_graph.validation.shape import Check, Find, Shape
from qcp_graph.validation.shapes_graph import ShapesGraph

_TRUE: Final = '"true"^^' + curie("xsd:boolean")
_MAX_COUNT: Final = 10**9
BELOW, NOT_ABOVE, ABOVE, NOT_BELOW = (-1,), (-1, 0), (1,), (0, 1)


class Scope(Protocol):
    """The shape being compiled, as the compiler shows it to a builder."""

    graph: ShapesGraph
    node: str
    term: str

    def rule(self, component: str, *arguments: str) -> Rule:
        """Return the rule of a constraint; the arguments fill the default message."""

    def shape(self, node: str, role: str) -> Shape:
        """Return another shape, compiled; ``role`` names it where it has no IRI."""

    def siblings(self) -> Sequence[str]:
        """Return the qualified shapes of the sibling property shapes (SHACL §4.7.3)."""


Builder = Callable[[Scope, str], Check | None]
"""From a scope and the value of the parameter to the constraint."""


def _iri(scope: Scope, value: str) -> str:
    if not value.startswith("<"):
        raise scope.graph.ill_formed(scope.term, f"{value[:80]} stands where an IRI is needed")
    return value


def _count(scope: Scope, value: str) -> int:
    text, _, datatype = parts(value) if value.startswith('"') else ("", "", "")
    digits = text.removeprefix("+")
    if datatype != iri_of(curie("xsd:integer")) or not (digits.isascii() and digits.isdigit()):
        raise scope.graph.ill_formed(scope.term, f"{value[:80]} stands where a count is needed")
    return int(digits) if len(digits) < 10 else _MAX_COUNT


def _texts(scope: Scope, value: str) -> list[str]:
    members = scope.graph.members(value, scope.node)
    if not all(member.startswith('"') for member in members):
        raise scope.graph.ill_formed(scope.term, "a list of texts holds something else")
    return [parts(member)[0] for member in members]


def _class(scope: Scope, value: str) -> Check:
    rule = scope.rule("Class", short(value))
    return checks.by_look(rule, checks.has_class(_iri(scope, value)))


def _datatype(scope: Scope, value: str) -> Check:
    rule = scope.rule("Datatype", short(value))
    return checks.each(rule, checks.has_datatype(_iri(scope, value)))


def _node_kind(scope: Scope, value: str) -> Check:
    if value not in checks.NODE_KINDS:
        raise scope.graph.ill_formed(scope.term, f"{value[:80]} is not a node kind")
    kind = checks.NODE_KINDS[value]
    return checks.each(scope.rule("NodeKind", kind), checks.has_kind(kind))


def _min_count(scope: Scope, value: str) -> Check | None:
    count = _count(scope, value)
    rule = scope.rule("MinCount", str(count))
    return Check(rule, checks.at_least(count), absent=True, enough=count) if count else None


def _max_count(scope: Scope, value: str) -> Check:
    count = _count(scope, value)
    return Check(scope.rule("MaxCount", str(count)), checks.at_most(count), harmless=count)


def _range(component: str, allowed: Collection[int]) -> Builder:
    def build(scope: Scope, value: str) -> Check:
        bound = value_of(value) if value.startswith('"') else None
        if bound is None:
            raise scope.graph.ill_formed(scope.term, f"{value[:80]} is no bound of a range")
        return checks.each(scope.rule(component, parts(value)[0]), checks.in_range(bound, allowed))

    return build


def _min_length(scope: Scope, value: str) -> Check:
    length = _count(scope, value)
    return checks.each(scope.rule("MinLength", str(length)), checks.has_length(length, None))


def _max_length(scope: Scope, value: str) -> Check:
    length = _count(scope, value)
    return checks.each(scope.rule("MaxLength", str(length)), checks.has_length(0, length))


def _pattern(scope: Scope, value: str) -> Check:
    flags = scope.graph.one(scope.node, curie("sh:flags")) or '""'
    if not (value.startswith('"') and flags.startswith('"')):
        raise scope.graph.ill_formed(scope.term, "sh:pattern and sh:flags must be texts")
    try:
        find = searcher(parts(value)[0], parts(flags)[0])
    except ValueError as error:
        raise scope.graph.ill_formed(scope.term, f"sh:pattern: {error}") from error
    return checks.each(scope.rule("Pattern", parts(value)[0]), checks.has_pattern(find))


def _language_in(scope: Scope, value: str) -> Check:
    ranges = [text.lower() for text in _texts(scope, value)]
    return checks.each(scope.rule("LanguageIn", ", ".join(ranges)), checks.in_languages(ranges))


def _unique_lang(scope: Scope, value: str) -> Check | None:
    # Only the literal true itself: "1"^^xsd:boolean does not switch it on (SHACL §4.4.5).
    if value != _TRUE:
        return None
    return Check(scope.rule("UniqueLang"), checks.unique_languages, harmless=1)


def _pair(component: str, make: Callable[[str], Find], *, absent: bool = False) -> Builder:
    def build(scope: Scope, value: str) -> Check:
        find = make(_iri(scope, value))
        return Check(scope.rule(component, short(value)), find, absent=absent, pair=True)

    return build


def _has_value(scope: Scope, value: str) -> Check:
    return Check(scope.rule("HasValue", short(value)), checks.has_value(value), absent=True)


def _in(scope: Scope, value: str) -> Check:
    members = scope.graph.members(value, scope.node)
    shown = ", ".join(short(member) for member in members[:10])
    more = f" … ({len(members)})" if len(members) > 10 else ""
    return checks.each(scope.rule("In", shown + more), checks.is_in(frozenset(members)))


def _not(scope: Scope, value: str) -> Check:
    shape = scope.shape(value, "not")
    rule = scope.rule("Not", short(shape.term))
    return checks.by_look(rule, shape.conforms, (shape,), wanted=False)


def _node(scope: Scope, value: str) -> Check:
    shape = scope.shape(value, "node")
    return checks.by_look(scope.rule("Node", short(shape.term)), shape.conforms, (shape,))


def _combined(component: str, accept: Callable[[int, int], bool]) -> Builder:
    """Make ``sh:and``, ``sh:or`` or ``sh:xone``: accept(how many conform, of how many)."""

    def build(scope: Scope, value: str) -> Check:
        role = component.lower()
        members = scope.graph.members(value, scope.node)
        shapes = tuple(scope.shape(node, f"{role}-{i}") for i, node in enumerate(members, 1))

        def look(view: View, value: str) -> bool:
            return accept(sum(shape.conforms(view, value) for shape in shapes), len(shapes))

        return checks.by_look(scope.rule(component, str(len(shapes))), look, shapes)

    return build


def _qualified(component: str, parameter: str) -> Builder:
    def build(scope: Scope, value: str) -> Check | None:
        count = scope.graph.one(scope.node, parameter)
        if not count:
            return None
        limit = _count(scope, count)
        shape = scope.shape(value, "qualified")
        others: list[Shape] = []
        if scope.graph.one(scope.node, curie("sh:qualifiedValueShapesDisjoint")) == _TRUE:
            others = [scope.shape(node, "qualified") for node in scope.siblings()]
        at_least = component == "QualifiedMinCount"

        def find(view: View, _focus: str, values: Sequence[str]) -> tuple[str, ...]:
            number = sum(
                shape.conforms(view, v) and not any(other.conforms(view, v) for other in others)
                for v in values
            )
            broken = number < limit if at_least else number > limit
            return checks.BROKEN if broken else checks.FINE

        rule = scope.rule(component, str(limit), short(shape.term))
        return Check(rule, find, absent=at_least and limit > 0, shapes=(shape, *others))

    return build


def short(term: str) -> str:
    """Return a term for people: the last step of an IRI, the text of a literal.

    >>> short("<http://data.europa.eu/snb/model/elm/EQFLevel>")
    'EQFLevel'
    """
    if term.startswith('"'):
        return parts(term)[0]
    return term.strip("<>").rstrip("/").replace("#", "/").rpartition("/")[2]


BUILDERS: Final[dict[str, Sequence[Builder]]] = {
    curie(f"sh:{parameter}"): builders
    for parameter, builders in {
        "class": (_class,),
        "datatype": (_datatype,),
        "nodeKind": (_node_kind,),
        "minCount": (_min_count,),
        "maxCount": (_max_count,),
        "minExclusive": (_range("MinExclusive", ABOVE),),
        "minInclusive": (_range("MinInclusive", NOT_BELOW),),
        "maxExclusive": (_range("MaxExclusive", BELOW),),
        "maxInclusive": (_range("MaxInclusive", NOT_ABOVE),),
        "minLength": (_min_length,),
        "maxLength": (_max_length,),
        "pattern": (_pattern,),
        "languageIn": (_language_in,),
        "uniqueLang": (_unique_lang,),
        "equals": (_pair("Equals", checks.equal_to, absent=True),),
        "disjoint": (_pair("Disjoint", checks.disjoint_with),),
        "lessThan": (_pair("LessThan", lambda p: checks.less_than(p, BELOW)),),
        "lessThanOrEquals": (_pair("LessThanOrEquals", lambda p: checks.less_than(p, NOT_ABOVE)),),
        "not": (_not,),
        "and": (_combined("And", lambda number, total: number == total),),
        "or": (_combined("Or", lambda number, _total: number > 0),),
        "xone": (_combined("Xone", lambda number, _total: number == 1),),
        "node": (_node,),
        "qualifiedValueShape": (
            _qualified("QualifiedMinCount", curie("sh:qualifiedMinCount")),
            _qualified("QualifiedMaxCount", curie("sh:qualifiedMaxCount")),
        ),
        "hasValue": (_has_value,),
        "in": (_in,),
    }.items()
}
PROPERTY_ONLY: Final = frozenset(
    curie(f"sh:{name}")
    for name in (
        "minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape",
    )
)  # fmt: skip
ONCE: Final = frozenset(
    curie(f"sh:{name}")
    for name in (
        "datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive",
        "maxExclusive", "maxInclusive", "minLength", "maxLength", "languageIn", "uniqueLang", "in",
    )
)  # fmt: skip
