"""A first look at all records, so that each can then be judged by itself and rightly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol, TypeVar

from qcp_graph.errors import DataError
from qcp_graph.terms import RDF_TYPE, Triple
from qcp_graph.validation.graph import SUBCLASS, ReferenceGraph
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


def look(triples: Sequence[Triple], reach: Reach) -> Found:
    """Look through one piece."""
    kinds: dict[str, list[str]] = {}
    picked: list[Triple] = []
    wanted = {*reach.hops, *reach.inverse, SUBCLASS}
    for triple in triples:
        if triple[1] == RDF_TYPE:
            kinds.setdefault(triple[0], []).append(triple[2])
        if triple[1] in wanted:
            picked.append(triple)
    subjects = dict.fromkeys(triple[0] for triple in triples)
    found = Found(Described.of((s, kinds.get(s, ())) for s in subjects))
    for subject, predicate, value in picked:
        if predicate == SUBCLASS:
            found.classes.add(subject)
        if value in subjects or value[0] == '"':
            continue
        if predicate in reach.hops:
            found.outside.add(value)
        if predicate in reach.inverse:
            found.edges.append((subject, predicate, value))
            if reach.backward:
                found.outside.add(subject)
    return found


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
        known: set[str] = set()
        if self.index.shared or missing:
            self._collect(records, missing, reach)
        for _ in range(reach.depth):
            known |= missing | self.joint_nodes
            read = (o for _, p, o in (*self.seen, *self.joint) if p in reach.hops)
            missing = {o for o in read if o[0] != '"' and o not in known and self._elsewhere(o)}
            if not missing:
                return
            self._collect(records, missing, reach, again=True)

    def _elsewhere(self, node: str) -> bool:
        return self.index.types(node) is not None

    def _collect(
        self, records: Records[Piece], nodes: set[str], reach: Reach, *, again: bool = False
    ) -> None:
        """Collect what is said of ``nodes`` and, the first time, of shared ones."""
        shared = set() if again else self.index.shared
        for piece in records.pieces():
            triples = records.triples(piece)
            subjects = {triple[0] for triple in triples}
            here = subjects & nodes
            both = {s for s in subjects if node_hash(s) in shared} if shared else set()
            edges = [
                t
                for t in triples
                if t[1] in reach.inverse
                and (t[2] in nodes or (shared and node_hash(t[2]) in shared))
            ]
            self.edges += edges
            if reach.backward:
                here |= {edge[0] for edge in edges}
            if here or both:
                self.joint += [t for t in triples if t[0] in both]
                self.seen += [t for t in triples if t[0] in here and t[0] not in both]
            if len(self.joint) + len(self.seen) > MAX_JOINT:
                raise DataError(
                    "QCP-VAL-SIZE",
                    f"More than {MAX_JOINT} triples are about things scattered over the file.",
                    remedy="Sort the file by subject: LC_ALL=C sort data.nt.",
                )
