"""A record of RDF: what is said of its subject and of the nodes behind it, as nested fields.

=====================================  =====================================================
``"text"``                             ``"text"``
``"text"@fr``                          ``{"#text": "text", "@language": "fr", "@@fr": "text"}``
``"3"^^xsd:integer``                   ``{"#text": "3", "@datatype": "xsd:integer"}``
``<iri>``                              ``{"#text": iri, "@id": iri, "@local": …}`` and its fields
a blank node                           ``{"@local": …}`` (a digest of what is said) and its fields
``a elm:Note``                         ``"@type": "elm:Note"``
a node told of elsewhere in the record its name with ``"@again": "true"``
=====================================  =====================================================

Values of one property stand in a fixed order, that of their content: RDF has none of its own.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from qcp_graph.model.record import JsonValue
from qcp_graph.namespaces import expand
from qcp_graph.readers.rdf_graph import MOST, Graph, Statements
from qcp_graph.readers.rdf_names import Names
from qcp_graph.readers.rdf_syntax import TYPE, Node

MAX_DEPTH: Final = 60
_STRING: Final = expand("xsd:string")
_COST: Final = 16

Fields = dict[str, JsonValue]


class TooLargeError(Exception):
    """What is said of a record exceeds the limit."""


class TooDeepError(Exception):
    """Blank nodes nest deeper than any register's."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How far a record reaches.

    ``depth`` is how many IRIs are followed one after the other; ``follow`` names the only
    properties whose IRIs are; ``cut`` are classes of nodes that are named and not followed
    (records of their own); ``inverse`` are properties that point to the record. With ``once``, a
    node with an IRI is described once per record, and once more behind each node of these classes.
    """

    depth: int
    follow: frozenset[str]
    cut: frozenset[str]
    inverse: tuple[str, ...]
    once: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Way:
    """Where a node stands: the nodes around it, how far to go, and whose part it is."""

    trail: tuple[Node, ...]
    depth: int
    section: Node

    def into(self, node: Node, *, apart: bool = False) -> "_Way":
        """Go into a node; an IRI costs one step."""
        step = isinstance(node, ox.NamedNode)
        return _Way((*self.trail, node), self.depth - step, node if apart else self.section)


class Trees:
    """Makes the trees of records, each within a number of characters.

    ``met`` are the IRIs in the trees so far, kept for small graphs only.
    """

    def __init__(self, graph: Graph, names: Names, shape: Shape, limit: int) -> None:
        self._graph = graph
        self._names = names
        self._shape = shape
        self._limit = limit
        self._left = limit
        self._seen: set[tuple[Node | None, Node]] = set()
        self.met: set[str] = set()

    def tree(self, subject: Node) -> Fields:
        """Return what is said of a subject.

        :raises TooLargeError: beyond the limit.
        :raises TooDeepError: beyond :data:`MAX_DEPTH` nodes one inside the other.
        """
        self._left = self._limit
        self._seen = {(None, subject)}
        way = _Way((subject,), self._shape.depth, subject)
        fields = self._named(subject)
        fields |= self._fields(self._graph.about(subject), way)
        for predicate in self._shape.inverse:
            pointing = self._graph.pointing(ox.NamedNode(predicate), subject)
            nodes = [self._node(node, way) for node in pointing]
            if nodes:
                fields[f"is {self._names.short(predicate)} of"] = ordered(nodes)
        return fields if isinstance(subject, ox.NamedNode) else _digested(fields)

    def _fields(self, statements: Statements, way: _Way) -> Fields:
        if len(way.trail) > MAX_DEPTH:
            raise TooDeepError
        if len(statements) >= MOST:
            raise TooLargeError
        found: dict[str, list[JsonValue]] = {}
        for predicate, value in statements:
            key = "@type" if predicate == TYPE else self._names.short(predicate.value)
            item: JsonValue = ""
            if predicate == TYPE:
                item = self._names.short(value.value)
            elif isinstance(value, ox.Literal):
                item = self._literal(value)
            else:
                item = self._node(value, way, named=not self._follows(predicate.value))
            self._spend(len(key))
            values = found.setdefault(key, [])
            if item not in values[-1:]:
                values.append(item)
        return {key: ordered(values) for key, values in sorted(found.items())}

    def _follows(self, predicate: str) -> bool:
        return not self._shape.follow or predicate in self._shape.follow

    def _literal(self, value: ox.Literal) -> JsonValue:
        self._spend(len(value.value))
        if value.language:
            language = value.language.lower()
            return {"#text": value.value, "@language": language, f"@@{language}": value.value}
        if value.datatype.value == _STRING:
            return value.value
        return {"#text": value.value, "@datatype": self._names.short(value.datatype.value)}

    def _node(self, node: Node, way: _Way, *, named: bool = False) -> Fields:
        """Return a node with what is said of it; with ``named`` an IRI by its name alone."""
        fields = self._named(node)
        if isinstance(node, ox.BlankNode):
            if node in way.trail:
                return fields
            return _digested(self._fields(self._graph.about(node), way.into(node)))
        kinds = self._graph.classes(node)
        apart = bool(kinds & self._shape.once)
        key = (None if apart or not self._shape.once else way.section, node)
        again = key in self._seen if self._shape.once else node in way.trail
        if again or named or way.depth < 1 or kinds & self._shape.cut:
            if kinds:
                fields["@type"] = ordered([self._names.short(kind) for kind in sorted(kinds)])
            return fields | {"@again": "true"} if again else fields
        if self._shape.once:
            self._seen.add(key)
        return fields | self._fields(self._graph.about(node), way.into(node, apart=apart))

    def _named(self, node: Node) -> Fields:
        if not isinstance(node, ox.NamedNode):
            return {}
        self._spend(len(node.value))
        if self._graph.small:
            self.met.add(node.value)
        return {"#text": node.value, "@id": node.value, "@local": self._names.local(node.value)}

    def _spend(self, size: int) -> None:
        self._left -= size + _COST
        if self._left < 0:
            raise TooLargeError


def ordered(values: Sequence[JsonValue]) -> JsonValue:
    """Return values without repetition in a fixed order; a single one as it is."""
    if len(values) == 1:
        return values[0]
    unique = {_written(value): value for value in values}
    found = [unique[key] for key in sorted(unique)]
    return found[0] if len(found) == 1 else found


def _written(value: JsonValue) -> str:
    return (
        value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
    )


def _digested(fields: Fields) -> Fields:
    """Name a blank node by what is said of it; of what has an IRI only that counts."""
    content = json.dumps(_skeleton(fields), sort_keys=True).encode()
    return {"@local": hashlib.sha256(content).hexdigest()[:12], **fields}


def _skeleton(value: JsonValue, *, top: bool = True) -> JsonValue:
    if isinstance(value, Mapping):
        if not top and "@id" in value:
            return value["@id"]
        return {key: _skeleton(item, top=False) for key, item in value.items()}
    return [_skeleton(item, top=False) for item in value] if isinstance(value, list) else value
