"""A first look at all records, so that each can then be judged by itself and rightly."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol, TypeVar

from qcp_graph.errors import DataError
from qcp_graph.terms import RDF_TYPE, Triple
from qcp_graph.validation.graph import SUBCLASS, ReferenceGraph
from qcp_graph.validation.lines import Outline
from qcp_graph.validation.reach import Reach
from qcp_graph.validation.type_index import Described, TypeIndex, node_hash

Piece = TypeVar("Piece")
MAX_JOINT: int = 20_000_000
"""Most triples about nodes that several records describe or look into; about 6 GB."""


class Records(Protocol[Piece]):
    """Data that can be gone through several times, in pieces that fit into memory.

    A piece is what travels to another process: a record, or bytes of a file.
    """

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces, always the same."""

    def triples(self, piece: Piece) -> Sequence[Triple]:
        """Return the triples of a piece."""

    def outline(self, piece: Piece, predicates: Collection[str]) -> Outline:
        """Return the subjects of a piece, and its triples with some predicates and no literal."""

    def about(self, piece: Piece, wanted: Callable[[str], bool]) -> Sequence[Triple]:
        """Return the triples of some subjects of a piece."""


@dataclass
class Found:
    """What one piece holds that matters to others.

    ``outside`` are nodes that it looks into and does not describe, ``edges`` triples that are
    followed backwards from nodes it does not describe, ``classes`` its own class definitions.
    """

    described: Described
    outside: set[str] = field(default_factory=set)
    edges: list[Triple] = field(default_factory=list)
    classes: set[str] = field(default_factory=set)


def _beyond(base: ReferenceGraph, reach: Reach) -> Iterator[str]:
    """Yield the nodes that the reference graph leads to."""
    for subject, properties in base.subjects.items():
        for predicate, values in properties.items():
            if predicate in reach.hops:
                yield from (value for value in values if value[0] != '"')
            if predicate in reach.inverse and reach.backward:
                yield subject


def look(outline: Outline, reach: Reach) -> Found:
    """Look through one piece; the outline is that of ``looked_for``."""
    kinds: dict[str, list[str]] = {}
    names, triples = outline
    subjects = frozenset(names)
    outside: set[str] = set()
    edges: list[Triple] = []
    classes: set[str] = set()
    for subject, predicate, value in triples:
        if predicate == RDF_TYPE:
            kinds.setdefault(subject, []).append(value)
        elif predicate == SUBCLASS:
            classes.add(subject)
        if value in subjects:
            continue
        if predicate in reach.hops:
            outside.add(value)
        if predicate in reach.inverse:
            edges.append((subject, predicate, value))
            if reach.backward:
                outside.add(subject)
    described = Described.of((subject, kinds.get(subject, ())) for subject in names)
    return Found(described, outside, edges, classes)


def looked_for(reach: Reach) -> frozenset[str]:
    """Return the predicates that matter to the first look."""
    return frozenset((RDF_TYPE, SUBCLASS, *reach.hops, *reach.inverse))


@dataclass
class Survey:
    """What is known of all records together before they are judged.

    ``joint`` are the triples of nodes that several records describe; they are judged at the end.
    ``seen`` are those of nodes that records look into without describing them.
    """

    index: TypeIndex = field(default_factory=TypeIndex)
    outside: set[str] = field(default_factory=set)
    edges: list[Triple] = field(default_factory=list)
    joint: list[Triple] = field(default_factory=list)
    seen: list[Triple] = field(default_factory=list)

    def add(self, found: Found) -> None:
        """Add what one piece holds."""
        self.index.add(found.described)
        self.outside |= found.outside
        self.edges += found.edges
        self.index.shared.update(map(node_hash, found.classes))

    @property
    def joint_nodes(self) -> frozenset[str]:
        """The nodes that are judged at the end, not with a record."""
        return frozenset(triple[0] for triple in self.joint)

    def reference(self, base: ReferenceGraph) -> ReferenceGraph:
        """Return the reference graph with what the records know of each other."""
        return base.joined([*self.joint, *self.seen], self.edges, self.index)

    def gather(self, records: Records[Piece], reach: Reach, base: ReferenceGraph) -> None:
        """Collect the triples of nodes that no record can be judged without.

        :raises DataError: when there are too many for memory.
        """
        outside = chain(self.outside, _beyond(base, reach))
        missing = {node for node in outside if self._elsewhere(node)}
        if self.index.shared or missing:
            self._collect(records, missing, reach, self.index.shared)
        known = {*missing, *self.joint_nodes}
        for level in range(1, reach.depth):
            # What joint nodes point at lies one hop away, what seen nodes point at two and more.
            starts = chain(self.joint, self.seen if level > 1 else ())
            read = {o for _, p, o in starts if p in reach.hops and o[0] != '"'}
            missing = {node for node in read if node not in known and self._elsewhere(node)}
            known |= missing
            if missing:
                self._collect(records, missing, reach, set())

    def _elsewhere(self, node: str) -> bool:
        return self.index.types(node) is not None

    def _collect(
        self, records: Records[Piece], nodes: set[str], reach: Reach, shared: set[int]
    ) -> None:
        """Collect what is said of ``nodes`` and of shared ones, and what points at them."""

        def wanted(node: str) -> bool:
            return node in nodes or (bool(shared) and node_hash(node) in shared)

        for piece in records.pieces():
            sources: set[str] = set()
            if reach.inverse:
                pointing = records.outline(piece, reach.inverse)[1]
                edges = [triple for triple in pointing if wanted(triple[2])]
                self.edges += edges
                sources = {edge[0] for edge in edges} if reach.backward else set()
            for triple in records.about(piece, lambda s: s in sources or wanted(s)):  # noqa: B023
                together = bool(shared) and node_hash(triple[0]) in shared
                (self.joint if together else self.seen).append(triple)
            if len(self.joint) + len(self.seen) > MAX_JOINT:
                raise DataError(
                    "QCP-VAL-SIZE",
                    f"More than {MAX_JOINT} triples are about things scattered over the file.",
                    remedy="Sort the file by subject: LC_ALL=C sort data.nt.",
                )
