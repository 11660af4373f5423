"""All statements of a delivery at hand, in memory or in a temporary store on disk."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from qcp_graph.as_written import kept, restored
from qcp_graph.errors import InternalError
from qcp_graph.model.issue import Issue
from qcp_graph.model.snapshot import SnapshotFile
from qcp_graph.readers import raw
from qcp_graph.readers.options import Options
from qcp_graph.readers.rdf_damaged import LENIENT, Salvage
from qcp_graph.readers.rdf_syntax import (
    TYPE,
    DamagedError,
    Faults,
    Node,
    Term,
    Triple,
    broken,
    recognised,
    triples,
)

IN_MEMORY: Final = 4 * 1024**2
"""Bytes of RDF text up to which the store lies in memory: about eighty bytes become a triple."""
_PACKED: Final = 10  # gzip shrinks RDF to about a tenth
CHUNK: Final = 50_000
MOST: Final = 100_000
"""Statements about one node; a record with more is too large."""
_CLASSES: Final = 1000
_RECENT: Final = 4096
_BRIEF: Final = 64

Statements: TypeAlias = tuple[tuple[ox.NamedNode, Term], ...]


@dataclass
class Graph:
    """The statements of several files, each file in a graph of its own."""

    store: ox.Store
    files: Sequence[SnapshotFile]
    small: bool = True
    issues: list[Issue] = field(default_factory=list)
    damaged: set[str] = field(default_factory=set)
    _recent: dict[str, Statements] = field(default_factory=dict)
    _kinds: dict[str, set[str]] = field(default_factory=dict)

    def left(self, met: set[str]) -> Counter[str]:
        """Return how many things of each class are none of the IRIs that were met."""
        found: Counter[str] = Counter()
        for quad in self.store.quads_for_pattern(None, TYPE, None, None):
            kind, subject = quad.object, quad.subject
            if isinstance(subject, ox.NamedNode) and isinstance(kind, ox.NamedNode):
                found[kind.value] += subject.value not in met
        return found

    def about(self, node: Node) -> Statements:
        """Return predicate and object of all statements about a node, at most :data:`MOST`.

        Bodies, levels and fields come again and again: the last few thousand are remembered.
        """
        if not isinstance(node, ox.NamedNode):
            return tuple(islice(self._about(node), MOST))
        found = self._recent.get(node.value)
        if found is None:
            found = tuple(islice(self._about(node), MOST))
            if len(found) <= _BRIEF:
                if len(self._recent) >= _RECENT:
                    self._recent.clear()
                self._recent[node.value] = found
        return found

    def _about(self, node: Node) -> Iterator[tuple[ox.NamedNode, Term]]:
        for quad in self.store.quads_for_pattern(node, None, None, None):
            value = quad.object
            if isinstance(value, ox.Literal):
                yield quad.predicate, restored(value)
            elif isinstance(value, ox.NamedNode | ox.BlankNode):
                yield quad.predicate, value

    def pointing(self, predicate: ox.NamedNode, node: Node) -> Iterator[Node]:
        """Yield the subjects of statements that have a node as object."""
        for quad in self.store.quads_for_pattern(None, predicate, node, None):
            if isinstance(quad.subject, ox.NamedNode | ox.BlankNode):
                yield quad.subject

    def classes(self, node: Node) -> set[str]:
        """Return the classes of a node, at most a thousand."""
        known = self._kinds.get(node.value)
        if known is None:
            found = islice(self.store.quads_for_pattern(node, TYPE, None, None), _CLASSES)
            known = {q.object.value for q in found if isinstance(q.object, ox.NamedNode)}
            if len(self._kinds) >= _RECENT:
                self._kinds.clear()
            self._kinds[node.value] = known
        return known

    def instances(self, classes: Sequence[str]) -> Iterator[tuple[Node, SnapshotFile]]:
        """Yield each instance of some classes once, with the file that says what it is."""
        for number, name in enumerate(classes):
            kind = ox.NamedNode(name)
            earlier = set(classes[:number])
            for quad in self.store.quads_for_pattern(None, TYPE, kind, None):
                node = quad.subject
                if not isinstance(node, ox.NamedNode | ox.BlankNode):
                    continue
                if len(self.files) > 1 and str(quad.graph_name) != self._first(node, kind):
                    continue
                if not earlier or not earlier & self.classes(node):
                    yield node, self.file(quad.graph_name)

    def _first(self, node: Node, kind: ox.NamedNode) -> str:
        """Return the first of the graphs that say the same: a node is delivered from there."""
        return min(
            str(quad.graph_name) for quad in self.store.quads_for_pattern(node, TYPE, kind, None)
        )

    def file(self, graph: object) -> SnapshotFile:
        """Return the file that a graph holds."""
        name = graph.value if isinstance(graph, ox.NamedNode) else ""
        return self.files[int(name.rpartition(":")[2] or 0)]

    def origin(self, node: Node) -> SnapshotFile:
        """Return the first file that says something of a node."""
        quad = next(self.store.quads_for_pattern(node, None, None, None), None)
        return self.file(quad.graph_name) if quad else self.files[0]

    def selected(self, query: str) -> Iterator[tuple[Node, SnapshotFile]]:
        """Yield the nodes that a SELECT query gives for its first variable, in its order."""
        seen = set[Node]()
        solutions = self.store.query(query, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        for solution in solutions:
            node = solution[0]
            if isinstance(node, ox.NamedNode | ox.BlankNode) and node not in seen:
                seen.add(node)
                yield node, self.origin(node)


@contextmanager
def opened(files: Sequence[SnapshotFile], options: Options) -> Iterator[Graph]:
    """Load files into a store that is gone afterwards.

    :raises DataError: for a file that cannot be read at all, naming it and the line.
    """
    if _size(files) <= IN_MEMORY:
        yield _loaded(Graph(ox.Store(), files), options)
        return
    with tempfile.TemporaryDirectory(prefix="qcp-rdf-", ignore_cleanup_errors=True) as folder:
        graph = _loaded(Graph(ox.Store(folder), files, small=False), options)
        graph.store.optimize()  # a second of work that halves the time of every look-up
        try:
            yield graph
        finally:
            graph.store = ox.Store()  # closes the one on disk, so that its folder can go


def _size(files: Sequence[SnapshotFile]) -> int:
    total = 0
    for file in files:
        packed = raw.head(file, 2) is not None and _is_packed(file.path)
        total += file.path.stat().st_size * (_PACKED if packed else 1)
    return total


def _is_packed(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == raw.GZIP_MAGIC


def _loaded(graph: Graph, options: Options) -> Graph:
    for number, file in enumerate(graph.files):
        _load(graph, file, ox.NamedNode(f"urn:file:{number:06}"), options)
    return graph


def _load(graph: Graph, file: SnapshotFile, name: ox.NamedNode, options: Options) -> None:
    syntax = recognised(file, options)
    faults = Faults(file)
    try:
        _extend(graph.store, triples(file, syntax, options, faults), name)
    except DamagedError as error:
        if syntax not in LENIENT or error.line == 0:
            broken(file, syntax, error)
        graph.store.remove_graph(name)
        faults = Faults(file)
        salvage = Salvage(file, syntax, options, faults)
        _extend(graph.store, salvage.triples(), name)
        graph.issues += salvage.issues
        graph.damaged |= salvage.damaged
    except OSError as error:
        raise InternalError(
            "QCP-SRC-SCRATCH", f"The temporary store cannot be written: {error}.",
            where=file.name, remedy="Make room in the folder for temporary files (TMPDIR).",
        ) from error  # fmt: skip
    graph.issues += faults.issues


def _extend(store: ox.Store, found: Iterator[Triple], name: ox.NamedNode) -> None:
    while chunk := list(islice(found, CHUNK)):
        store.bulk_extend(
            ox.Quad(s, p, kept(o) if isinstance(o, ox.Literal) else o, name) for s, p, o in chunk
        )
