"""What the endpoint says of itself (SPARQL 1.1 Service Description), with counts in VoID."""

from collections.abc import Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from qcp_graph.namespaces import expand
from qcp_graph.server.seam import Document, OpenRelease

_FORMATS: Final = "http://www.w3.org/ns/formats/"
_TYPE: Final = ox.NamedNode(expand("rdf:type"))
_RESULT_FORMATS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML", "N-Quads", "TriG",
)  # fmt: skip


def describe(release: OpenRelease, base: str) -> Document:
    """Return the service description of ``<base>sparql``.

    The default graph is the union of all named graphs, each of which is named here.
    """
    return Document(f"{base}sparql#service", tuple(_statements(release, base)))


def _statements(release: OpenRelease, base: str) -> Iterator[ox.Quad]:
    service, data, union = (
        ox.NamedNode(f"{base}sparql#{name}") for name in ("service", "dataset", "default-graph")
    )
    yield _quad(service, _TYPE, _sd("Service"))
    yield _quad(service, _sd("endpoint"), ox.NamedNode(f"{base}sparql"))
    yield _quad(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    yield _quad(service, _sd("feature"), _sd("UnionDefaultGraph"))
    for form in _RESULT_FORMATS:
        yield _quad(service, _sd("resultFormat"), ox.NamedNode(_FORMATS + form))
    yield _quad(service, _sd("defaultDataset"), data)
    yield _quad(data, _TYPE, _sd("Dataset"))
    yield _quad(data, _sd("defaultGraph"), union)
    yield _quad(union, _TYPE, _sd("Graph"))
    if (total := _count(release.manifest)) is not None:
        yield _quad(union, ox.NamedNode(expand("void:triples")), ox.Literal(total))
    for name in sorted(release.store.named_graphs(), key=str):
        if isinstance(name, ox.NamedNode):
            yield from _named(data, name)


def _named(data: ox.NamedNode, graph: ox.NamedNode) -> Iterator[ox.Quad]:
    # The graph and its entry cannot be one node: sd:Graph and sd:NamedGraph are different things.
    entry = ox.NamedNode(f"{graph.value}#named")
    yield _quad(data, _sd("namedGraph"), entry)
    yield _quad(entry, _TYPE, _sd("NamedGraph"))
    yield _quad(entry, _sd("name"), graph)
    yield _quad(entry, _sd("graph"), graph)
    yield _quad(graph, _TYPE, _sd("Graph"))


def _count(manifest: Mapping[str, object]) -> int | None:
    total = manifest.get("quads")
    return total if isinstance(total, int) else None


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(f"sd:{name}"))


def _quad(
    subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal
) -> ox.Quad:
    return ox.Quad(subject, predicate, value)
