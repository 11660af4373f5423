"""Predicate-object pairs of a mapping: what they say, and what a code list keeps as a note."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from qcp_graph.mapping import vocabulary
from qcp_graph.mapping.fields import Fields, items, scalar
from qcp_graph.mapping.nodes import Listing, Node
from qcp_graph.mapping.parse_values import Names
from qcp_graph.mapping.problems import fault
from qcp_graph.mapping.spec import UNLISTED, Junction, Object, Rule, Value
from qcp_graph.namespaces import expand

RULE_KEYS: Final = ("p", "o", "graph", "when")
_TERM: Final = expand("qcp:sourceTerm")


def rules(node: Node, names: Names) -> Iterator[Rule]:
    """Parse a list of predicate-object pairs.

    Where a code list keeps unknown words as a note, a rule of its own says them.
    """
    for item in items(node):
        found = _rule(item, names)
        yield found
        for kept in found.objects:
            if (value := _unlisted(kept, names)) is not None:
                tests = tuple(test for test in (found.when, kept.when) if test is not None)
                when = Junction("all", tests) if tests else None
                yield Rule((_TERM,), (Object(value, kept.place),), found.place, "provenance", when)


def lets(fields: Fields, names: Names) -> Iterator[tuple[str, Value]]:
    """Parse named values; their words belong to no node yet, so none can be kept as a note."""
    for name, node, _ in fields.entries("let"):
        value = names.value(node)
        for step in value.steps:
            if step.lookup and names.codelists[step.name].missing == "note":
                message = "Words are kept as a note only where an object looks them up itself."
                raise fault("QCP-MAP-KEYWORD", message, step.place, "Use missing: drop in a let.")
        yield name, value


def _unlisted(found: Object, names: Names) -> Value | None:
    """Return the words of an object that its code list does not have, if they are to be kept."""
    value = found.content
    if not isinstance(value, Value):
        return None
    for number, step in enumerate(value.steps):
        if step.lookup and names.codelists[step.name].missing == "note":
            last = replace(step, arguments={UNLISTED: "true"})
            return replace(value, steps=(*value.steps[:number], last), default=None)
    return None


def _rule(node: Node, names: Names) -> Rule:
    if isinstance(node, Listing):
        return _short_rule(node, names)
    fields = Fields(node, "a predicate-object pair", RULE_KEYS)
    predicates = _predicates(fields.need("p"), names)
    typed = predicates == (vocabulary.name("rdf:type", names.prefixes, node.place),)
    condition = fields.get("when")
    return Rule(
        predicates,
        tuple(_objects(fields.need("o"), names, typed)),
        fields.place,
        "provenance" if fields.choice("graph", ("data", "provenance")) != "data" else "data",
        names.condition(condition) if condition else None,
    )


def _short_rule(node: Listing, names: Names) -> Rule:
    if not 2 <= len(node.items) <= 3:
        message = "The short form is [predicate, object] or [predicate, object, language~lang]."
        raise fault("QCP-MAP-KEYWORD", message, node.place)
    predicates = _predicates(node.items[0], names)
    typed = predicates == (vocabulary.name("rdf:type", names.prefixes, node.place),)
    found = [names.object(item, iri=typed) for item in items(node.items[1])]
    if len(node.items) == 3:
        found = [names.qualified(item, node.items[2]) for item in found]
    return Rule(predicates, tuple(found), node.place)


def _predicates(node: Node, names: Names) -> tuple[str, ...]:
    found = []
    for item in items(node):
        text = scalar(item, "a predicate").text
        if "$(" in text:
            remedy = "Write a rule for each predicate, with `when` where it depends on the record."
            message = "A predicate cannot hold a reference."
            raise fault("QCP-MAP-KEYWORD", message, item.place, remedy)
        found.append(
            vocabulary.name("rdf:type" if text == "a" else text, names.prefixes, item.place)
        )
    return tuple(found)


def _objects(node: Node, names: Names, typed: bool) -> Iterator[Object]:
    for item in items(node):
        if isinstance(item, Listing):
            if len(item.items) != 2:
                message = "An object in brackets is [value, language~lang or datatype]."
                raise fault("QCP-MAP-KEYWORD", message, item.place)
            yield names.qualified(names.object(item.items[0]), item.items[1])
        else:
            yield names.object(item, iri=typed)
