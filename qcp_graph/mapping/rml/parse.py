"""From the graph of an RML document to its triples maps."""

import pyoxigraph as ox

from qcp_graph.mapping.problems import hint
from qcp_graph.mapping.rml.graph import Graph, Resource
from qcp_graph.mapping.rml.model import (
    Join,
    LogicalSource,
    ParentReference,
    PredicateObjects,
    RmlMapping,
    TermMap,
    TriplesMap,
)
from qcp_graph.mapping.rml.parse_sources import logical_source
from qcp_graph.mapping.rml.parse_terms import Terms
from qcp_graph.mapping.rml.vocabulary import RML, local
from qcp_graph.terms import is_iri


def mapping(graph: Graph) -> RmlMapping:
    """Interpret a whole document.

    :raises UsageError: QCP-RML-…, naming the triples map, the way to the fault, and the remedy.
    """
    reader = Reader(graph)
    maps = {found.name: found for found in map(reader.triples_map, reader.triples_maps())}
    if not maps:
        raise Resource(graph, ox.BlankNode(), ("document",), 1).fault(
            "QCP-RML-MAPPING", "The document has no triples map.",
            "A triples map has rml:logicalSource and rml:subjectMap.",
        )  # fmt: skip
    for found in maps.values():
        _check_parents(graph, found, maps)
    ordered = sorted(reader.terms.targets.values(), key=lambda pair: pair[0])
    return RmlMapping(maps, tuple(target for _, target in ordered), graph.base, graph.old)


class Reader:
    """Reads the triples maps of a graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.terms = Terms()
        self._sources: dict[object, LogicalSource] = {}

    def triples_maps(self) -> list[Resource]:
        """Return what is typed as triples map, or has what only triples maps have."""
        graph = self._graph
        values = {n for s in graph.subjects() for n in graph.values(s, RML + "functionValue")}
        stated = {RML + "subjectMap", RML + "subject", RML + "predicateObjectMap"}
        found = []
        for number, subject in enumerate(graph.subjects(), start=1):
            named = isinstance(subject, ox.NamedNode)
            label = local(subject.value) if named else f"triples map {number}"
            about = Resource(graph, subject, (label,), graph.line_of(label) if named else 1)
            typed = RML + "TriplesMap" in about.types()
            source = about.has("logicalSource") and stated & set(graph.predicates(subject))
            if subject not in values and (typed or source):
                found.append(about)
        return found

    def triples_map(self, about: Resource) -> TriplesMap:
        """Interpret one triples map."""
        about.check_words()
        source = about.one("logicalSource")
        if source is None:
            raise about.fault("QCP-RML-MAPPING", "The triples map has no rml:logicalSource.")
        subjects = self.terms.shortcuts(about, "subject", "subject")
        if len(subjects) != 1:
            message = f"A triples map has exactly one subject map; this one has {len(subjects)}."
            raise about.fault("QCP-RML-MAPPING", message)
        base = about.name("baseIRI")
        if base and not is_iri(base):
            raise about.fault("QCP-RML-MAPPING", "rml:baseIRI is not an absolute IRI.")
        full = about.one("subjectMap")
        return TriplesMap(
            str(about.node),
            self._source(source),
            subjects[0],
            tuple(class_iri(found) for found in full.each("class")) if full else (),
            tuple(self.terms.shortcuts(full, "graph", "graph")) if full else (),
            tuple(self._rule(found) for found in about.each("predicateObjectMap")),
            base,
            about.place,
        )

    def _source(self, about: Resource) -> LogicalSource:
        if about.node not in self._sources:
            self._sources[about.node] = logical_source(about)
        return self._sources[about.node]

    def _rule(self, about: Resource) -> PredicateObjects:
        about.check_words()
        predicates = tuple(self.terms.shortcuts(about, "predicate", "predicate"))
        objects = [self._object(found) for found in about.each("objectMap")]
        objects += [self.terms.constant(found, "object") for found in about.each("object")]
        if not predicates or not objects:
            message = "A predicate-object map needs a predicate and an object."
            raise about.fault("QCP-RML-MAPPING", message)
        graphs = tuple(self.terms.shortcuts(about, "graph", "graph"))
        condition = self.terms.condition(about)
        return PredicateObjects(predicates, tuple(objects), graphs, about.place, condition)

    def _object(self, about: Resource) -> TermMap | ParentReference:
        if not about.has("parentTriplesMap"):
            return self.terms.term_map(about, "object")
        about.check_words()
        parent = about.one("parentTriplesMap")
        assert parent is not None
        return ParentReference(
            str(parent.node),
            tuple(self._join(found) for found in about.each("joinCondition")),
            about.place,
            self.terms.targets_of(about),
            self.terms.condition(about),
        )

    def _join(self, about: Resource) -> Join:
        about.check_words()
        return Join(self._side(about, "child"), self._side(about, "parent"))

    def _side(self, about: Resource, word: str) -> TermMap:
        full = about.one(f"{word}Map")
        if full is not None:
            return self.terms.term_map(full, "value")
        text = about.text(word)
        if not text:
            raise about.fault("QCP-RML-MAPPING", f"The join condition has no {word}.")
        return self.terms.reference(text, about)


def class_iri(about: Resource) -> str:
    """Return a class."""
    if not isinstance(about.node, ox.NamedNode):
        raise about.fault("QCP-RML-MAPPING", "A class must be an IRI.")
    return about.node.value


def _check_parents(graph: Graph, found: TriplesMap, maps: dict[str, TriplesMap]) -> None:
    for rule in found.rules:
        for item in rule.objects:
            if isinstance(item, ParentReference) and item.parent not in maps:
                name = item.parent.strip("<>")
                about = Resource(graph, ox.BlankNode(), (local(name),), item.place.line)
                known = [local(other.strip("<>")) for other in maps]
                raise about.fault(
                    "QCP-RML-MAPPING", f"There is no triples map {local(name)[:80]!r}.",
                    hint(local(name), known),
                )  # fmt: skip
