"""The constraint components of SHACL Core that need no other shape (SHACL §4.1-4.4, 4.5, 4.8)."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from qcp_graph.namespaces import expand
from qcp_graph.terms import RDF_TYPE, XSD_STRING, curie, parts
from qcp_graph.validation.datatypes import lexical_test
from qcp_graph.validation.graph import View
from qcp_graph.validation.ordering import Value, compare, compare_values, value_of
from qcp_graph.validation.result import Rule
from qcp_graph.validation.shape import Check, Find, Shape, Test, ViewTest

BROKEN: Final = ("",)
"""One result without a value."""
FINE: Final[tuple[str, ...]] = ()
_TAGGED: Final = re.compile(r'"@([A-Za-z0-9-]+)\Z')
_KINDS: Final = {"<": "IRI", "_": "BlankNode", '"': "Literal"}


def each(rule: Rule, test: Test) -> Check:
    """Make a constraint that every value node must pass by itself."""
    return Check(rule, lambda _v, _f, values: [v for v in values if not test(v)], test=test)


def by_look(
    rule: Rule, look: ViewTest, shapes: tuple[Shape, ...] = (), *, wanted: bool = True
) -> Check:
    """Make a constraint that every value node must pass by what is said of it."""

    def find(view: View, _focus: str, values: Sequence[str]) -> Iterable[str]:
        return [value for value in values if look(view, value) is not wanted]

    def alone(view: View, value: str) -> bool:
        return look(view, value) is wanted

    return Check(rule, find, look=look if wanted else alone, shapes=shapes)


def has_class(kind: str) -> ViewTest:
    """``sh:class``: the value is an instance of the class or of a subclass."""

    def look(view: View, value: str) -> bool:
        # The common case first: the record or the reference graph says so itself.
        said = view.record.get(value) or view.reference.subjects.get(value)
        if said is not None and kind in said.get(RDF_TYPE, ()):
            return True
        return view.is_instance(value, kind)

    return look


def has_datatype(datatype: str) -> Test:
    """``sh:datatype``: literals of the datatype whose lexical form is one of its forms."""
    iri = datatype[1:-1]
    if iri == expand("rdf:langString"):
        return lambda value: value[0] == '"' and value[value.rindex('"') + 1 :][:1] == "@"
    if iri == XSD_STRING:
        return lambda value: value[0] == '"' and value[-1] == '"'
    suffix = f'"^^{datatype}'
    test = lexical_test(iri)
    if test is None:
        return lambda value: value[0] == '"' and value.endswith(suffix)
    well_formed = test
    return lambda value: value[0] == '"' and value.endswith(suffix) and well_formed(parts(value)[0])


def has_kind(kinds: str) -> Test:
    """``sh:nodeKind``: ``IRI``, ``BlankNodeOrLiteral`` and so on, without namespace."""
    allowed = frozenset(kinds.split("Or"))
    return lambda value: _KINDS[value[0]] in allowed


def at_least(count: int) -> Find:
    """``sh:minCount``."""
    return lambda _view, _focus, values: BROKEN if len(values) < count else FINE


def at_most(count: int) -> Find:
    """``sh:maxCount``."""
    return lambda _view, _focus, values: BROKEN if len(values) > count else FINE


def in_range(bound: Value, allowed: Collection[int]) -> Test:
    """``sh:minInclusive`` and its kin: the order to the bound is one of ``allowed``."""

    def test(value: str) -> bool:
        return value[0] == '"' and compare_values(value_of(value), bound) in allowed

    return test


def string_of(value: str) -> str | None:
    """Return what SPARQL's ``str`` returns: the text of a literal or the IRI; None for others."""
    if value[0] == "<":
        return value[1:-1]
    return parts(value)[0] if value[0] == '"' else None


def has_length(low: int, high: int | None) -> Test:
    """``sh:minLength`` and ``sh:maxLength``, in characters."""

    def test(value: str) -> bool:
        text = string_of(value)
        return text is not None and low <= len(text) and (high is None or len(text) <= high)

    return test


def has_pattern(find: Callable[[str], bool]) -> Test:
    """``sh:pattern``: the pattern is found somewhere in the text."""

    def test(value: str) -> bool:
        text = string_of(value)
        return text is not None and find(text)

    return test


def tag_of(value: str) -> str:
    """Return the language tag of a literal in lower case, or ""."""
    found = _TAGGED.search(value) if value[0] == '"' else None
    return found[1].lower() if found else ""


def in_languages(ranges: Collection[str]) -> Test:
    """``sh:languageIn``: basic filtering of language ranges (RFC 4647 §3.3.1)."""

    def test(value: str) -> bool:
        tag = tag_of(value)
        return bool(tag) and any(r in ("*", tag) or tag.startswith(f"{r}-") for r in ranges)

    return test


def unique_languages(_view: View, _focus: str, values: Sequence[str]) -> Iterable[str]:
    """``sh:uniqueLang``: one result per language that several values share."""
    seen: set[str] = set()
    repeated: set[str] = set()
    for value in values:
        tag = tag_of(value)
        if tag:
            (repeated if tag in seen else seen).add(tag)
    return BROKEN * len(repeated)


def equal_to(predicate: str) -> Find:
    """``sh:equals``: the same values as another property, in both directions."""

    def find(view: View, focus: str, values: Sequence[str]) -> Iterable[str]:
        others = view.properties(focus).get(predicate, ())
        return [*set(values).difference(others), *set(others).difference(values)]

    return find


def disjoint_with(predicate: str) -> Find:
    """``sh:disjoint``: no value in common with another property."""

    def find(view: View, focus: str, values: Sequence[str]) -> Iterable[str]:
        return set(values).intersection(view.properties(focus).get(predicate, ()))

    return find


def less_than(predicate: str, allowed: Collection[int]) -> Find:
    """``sh:lessThan(OrEquals)``: one result for each pair that is not in order."""

    def find(view: View, focus: str, values: Sequence[str]) -> Iterable[str]:
        others = view.properties(focus).get(predicate, ())
        return [v for v in values for other in others if compare(v, other) not in allowed]

    return find


def has_value(wanted: str) -> Find:
    """``sh:hasValue``."""
    return lambda _view, _focus, values: FINE if wanted in values else BROKEN


def is_in(members: frozenset[str]) -> Test:
    """``sh:in``."""
    return members.__contains__


NODE_KINDS: Final = {
    curie(f"sh:{kind}"): kind
    for kind in (
        "IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral",
    )
}  # fmt: skip
