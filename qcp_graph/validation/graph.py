"""The validated data: one record's triples above a shared, read-only reference graph."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from qcp_graph.errors import DataError
from qcp_graph.terms import RDF_TYPE, Triple, curie
from qcp_graph.validation.type_index import TypeIndex

SUBCLASS: Final = curie("rdfs:subClassOf")
Properties = Mapping[str, Sequence[str]]
"""The triples of one subject: predicate → objects, without repetition."""
_NONE: Final[Properties] = {}
_STEPS: Final = 1_000_000
_STEPS_PER_NODE: Final = 1_000


def index(triples: Iterable[Triple]) -> dict[str, dict[str, list[str]]]:
    """Index triples by subject and predicate; a triple said twice counts once, as RDF wants it."""
    subjects: dict[str, dict[str, list[str]]] = {}
    several: list[tuple[dict[str, list[str]], str]] = []
    last = ""
    properties: dict[str, list[str]] | None = {}
    for subject, predicate, value in triples:
        if subject != last:
            last = subject
            properties = subjects.get(subject)
            if properties is None:
                subjects[subject] = properties = {predicate: [value]}
                continue
        assert properties is not None
        values = properties.get(predicate)
        if values is None:
            properties[predicate] = [value]
            continue
        if len(values) == 1:
            several.append((properties, predicate))
        values.append(value)
    for own, predicate in several:
        own[predicate] = list(dict.fromkeys(own[predicate]))
    return subjects


def _inverse(subjects: Mapping[str, Properties], predicate: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for subject, properties in subjects.items():
        for value in properties.get(predicate, ()):
            found.setdefault(value, []).append(subject)
    return found


class Asker(Protocol):
    """Who answers SPARQL queries about the whole data graph; terms and names as text."""

    def ask(self, query: str, bindings: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
        """Return the solutions of a SELECT with some variables bound."""


class ReferenceGraph:
    """Vocabularies and other nodes that records point to: looked up, never judged.

    They are validated once, elsewhere; here they are no focus nodes. Leave class definitions of
    ELM itself out: ``elm:Qualification rdfs:subClassOf elm:Specification`` would apply shapes of
    the more general class, which are closed, to every qualification. ``elsewhere`` knows the types
    of nodes that other records describe; ``asker`` answers the queries of shapes with SPARQL.
    """

    def __init__(
        self, subjects: Mapping[str, Properties], elsewhere: TypeIndex | None = None
    ) -> None:
        self.subjects = subjects
        self.elsewhere = elsewhere
        self.asker: Asker | None = None
        self._inverse: dict[str, dict[str, list[str]]] = {}
        self._parents = {s: p[SUBCLASS] for s, p in subjects.items() if SUBCLASS in p}
        self._ancestors: dict[str, frozenset[str]] = {}
        self.verdicts: dict[tuple[int, str], bool] = {}

    @classmethod
    def from_triples(cls, triples: Iterable[Triple]) -> "ReferenceGraph":
        """Index the triples of the reference data."""
        return cls(index(triples))

    def joined(
        self, triples: Iterable[Triple], edges: Iterable[Triple], elsewhere: TypeIndex
    ) -> "ReferenceGraph":
        """Return it with what is known of other records.

        ``triples`` describe nodes, ``edges`` are looked up backwards only.
        """
        subjects = dict(self.subjects)
        for node, properties in index(triples).items():
            own = subjects.get(node)
            subjects[node] = properties if own is None else _joined(properties, own)
        graph = ReferenceGraph(subjects, elsewhere)
        backward: dict[tuple[str, str], dict[str, None]] = {}
        for subject, predicate, value in edges:
            backward.setdefault((predicate, value), {})[subject] = None
        for (predicate, value), sources in backward.items():
            table = graph._sources(predicate)
            table[value] = list(dict.fromkeys((*table.get(value, ()), *sources)))
        return graph

    def _sources(self, predicate: str) -> dict[str, list[str]]:
        if predicate not in self._inverse:
            self._inverse[predicate] = _inverse(self.subjects, predicate)
        return self._inverse[predicate]

    def sources(self, predicate: str, value: str) -> Sequence[str]:
        """Return the subjects that have a value for a predicate, which is indexed at first use."""
        return self._sources(predicate).get(value, ())

    @property
    def parents(self) -> Mapping[str, Sequence[str]]:
        """Class → its direct superclasses."""
        return self._parents

    def ancestors(self, kind: str) -> frozenset[str]:
        """Return a class and all its superclasses."""
        if kind not in self._parents:
            return frozenset((kind,))
        if kind not in self._ancestors:
            self._ancestors[kind] = frozenset(closure(kind, self._parents))
        return self._ancestors[kind]


def closure(start: str, edges: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield a node and everything reachable from it, each once."""
    seen = {start}
    queue = [start]
    while queue:
        node = queue.pop()
        yield node
        for following in edges.get(node, ()):
            if following not in seen:
                seen.add(following)
                queue.append(following)


class View:
    """The data graph of one validation: the union of a record and the reference graph.

    ``absent`` are the nodes looked at so far that the record does not describe.
    """

    __slots__ = ("_budget", "_inverse", "_merged", "_parents", "absent", "record", "reference")

    def __init__(self, triples: Iterable[Triple], reference: ReferenceGraph) -> None:
        self.record = index(triples)
        self.reference = reference
        self.absent: set[str] = set()
        self._inverse: dict[str, dict[str, list[str]]] = {}
        self._merged: dict[str, Properties] = {}
        own = {s: p[SUBCLASS] for s, p in self.record.items() if SUBCLASS in p}
        self._parents = _joined(own, reference.parents) if own else None
        self._budget = _STEPS + _STEPS_PER_NODE * len(self.record)

    def spend(self, steps: int) -> None:
        """Count steps away from focus nodes.

        :raises DataError: when shapes and data lead around without end: that is no verdict.
        """
        self._budget -= steps
        if self._budget < 0:
            raise DataError(
                "QCP-VAL-LIMIT",
                "The shapes lead from node to node in this data more often than can be followed.",
                remedy="This is no verdict. Nest shapes less deeply, or shorten their paths.",
            )

    @property
    def has_classes(self) -> bool:
        """Whether the record itself defines subclasses."""
        return self._parents is not None

    def properties(self, node: str) -> Properties:
        """Return what record and reference graph say of a node."""
        own = self.record.get(node)
        shared = self.reference.subjects.get(node)
        if own is None:
            self.absent.add(node)
        if shared is None:
            return _NONE if own is None else own
        if own is None:
            return shared
        if node not in self._merged:
            self._merged[node] = _joined(own, shared)
        return self._merged[node]

    def repeated(self) -> Iterator[str]:
        """Yield the nodes of which the record says only what the reference graph says as well."""
        known = self.reference.subjects
        for node, own in self.record.items():
            said = known.get(node)
            if said is not None and all(set(v).issubset(said.get(p, ())) for p, v in own.items()):
                yield node

    def sources(self, predicate: str, value: str) -> Sequence[str]:
        """Return the subjects that have ``value`` for ``predicate``, each once."""
        if predicate not in self._inverse:
            self._inverse[predicate] = _inverse(self.record, predicate)
        own = self._inverse[predicate].get(value, ())
        shared = self.reference.sources(predicate, value)
        return list(dict.fromkeys((*own, *shared))) if shared else own

    def ancestors(self, kind: str) -> frozenset[str]:
        """Return a class and all its superclasses."""
        if self._parents is None:
            return self.reference.ancestors(kind)
        return frozenset(closure(kind, self._parents))

    def is_instance(self, node: str, kind: str) -> bool:
        """Tell whether a node has a class or one of its subclasses as type (SHACL instance)."""
        types = self.properties(node).get(RDF_TYPE, ())
        if kind in types or any(kind in self.ancestors(t) for t in types):
            return True
        if self.reference.elsewhere is None or node[0] == '"':
            return False
        return any(kind in self.ancestors(t) for t in self.reference.elsewhere.types(node) or ())


def _joined(first: Properties, second: Properties) -> dict[str, Sequence[str]]:
    joined: dict[str, Sequence[str]] = dict(second)
    for key, values in first.items():
        joined[key] = list(dict.fromkeys((*values, *second[key]))) if key in second else values
    return joined
