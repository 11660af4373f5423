"""Documents of the graph taken further: with what they lead to, and with other names."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from qcp_graph import exports
from qcp_graph.namespaces import expand
from qcp_graph.server.describe import describe
from qcp_graph.server.seam import Document
from qcp_graph.terms import term_of

_NAMES: Final = tuple(
    ox.NamedNode(expand(name)) for name in ("skos:prefLabel", "dcterms:title", "rov:legalName")
)
_FOLLOWED: Final = tuple(
    ox.NamedNode(expand(name)) for name in ("elm:learningOutcome", "elm:awardingBody")
)
_ROLES: Final = ("data", "provenance", "links")
_MOST: Final = 500  # things that one document may lead to


@dataclass(frozen=True)
class Tree:
    """A document as the exports read it, with its outcomes and bodies if they are followed."""

    store: ox.Store
    document: Document
    follow: bool = True

    @cached_property
    def facts(self) -> exports.Facts:
        """What the graph says, in the form of :func:`exports.facts`."""
        quads = [*self.document.quads, *self.document.labels]
        base = self.document.iri.partition("/id/")[0] + "/"
        led = {
            quad.object.value
            for quad in self.document.quads
            if self.follow and quad.predicate in _FOLLOWED and isinstance(quad.object, ox.NamedNode)
        }
        for iri in sorted(led)[:_MOST]:
            if found := describe(self.store, iri, base):
                quads += found.quads
        return exports.facts(_plain(quads), provenance=True)

    def labels(self, iri: str) -> Sequence[str]:
        """Return the names of a concept, as terms."""
        node = ox.NamedNode(iri)
        for name in _NAMES:
            found = {term_of(q.object) for q in self.store.quads_for_pattern(node, name, None)}
            if found:
                return sorted(found)
        return ()


def _plain(quads: Iterable[ox.Quad]) -> Iterable[tuple[str, str, str, str]]:
    for quad in quads:
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        role = graph.rpartition("/")[2]
        yield (
            term_of(quad.subject),
            term_of(quad.predicate),
            term_of(quad.object),
            role if role in _ROLES else "data",
        )


def mapped(document: Document, name: Callable[[ox.NamedNode], ox.NamedNode]) -> Document:
    """Return a document in which every name outside the graph names is given by a function."""

    def term(node: object) -> object:
        return name(node) if isinstance(node, ox.NamedNode) else node

    def other(quads: Iterable[ox.Quad]) -> tuple[ox.Quad, ...]:
        return tuple(
            ox.Quad(term(q.subject), name(q.predicate), term(q.object), q.graph_name)  # type: ignore[arg-type]
            for q in quads
        )

    return replace(document, quads=other(document.quads), labels=other(document.labels))
