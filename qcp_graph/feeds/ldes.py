"""The feed as a Linked Data Event Stream: one collection of versions, reached through TREE nodes.

The root names one node per register, which names its newest page; each page names the one before
it, so pages never change. A version is a named graph that holds all statements of its record.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from qcp_graph.feeds.changes import Kind
from qcp_graph.feeds.history import History
from qcp_graph.feeds.places import Places
from qcp_graph.namespaces import expand
from qcp_graph.terms import RDF_TYPE, Triple, curie, iri, literal

TREE: Final = "https://w3id.org/tree#"
LDES: Final = "https://w3id.org/ldes#"
ACTIVITY: Final = "https://www.w3.org/ns/activitystreams#"
IS_VERSION_OF: Final = curie("dcterms:isVersionOf")
MODIFIED: Final = curie("dcterms:modified")
CLASSES: Final[dict[Kind, str]] = {
    "new": f"<{ACTIVITY}Create>",
    "changed": f"<{ACTIVITY}Update>",
    "withdrawn": f"<{ACTIVITY}Delete>",
    "restored": f"<{ACTIVITY}Create>",
}
_DATE_TIME: Final = expand("xsd:dateTime")
_INTEGER: Final = expand("xsd:integer")
_TRUE: Final = literal("true", datatype=expand("xsd:boolean"))


def _tree(name: str) -> str:
    return f"<{TREE}{name}>"


def _ldes(name: str) -> str:
    return f"<{LDES}{name}>"


def moment(text: str) -> str:
    """Return the term of a moment."""
    return literal(text, datatype=_DATE_TIME)


@dataclass(frozen=True, slots=True)
class Link:
    """A page that another node leads to; ``newest`` is the moment of its latest version."""

    address: str
    newest: str


def page_head(places: Places, source_id: str, page: str, before: Link | None) -> Iterator[Triple]:
    """Yield what a page says of itself and of the page before it."""
    node = iri(page)
    yield iri(places.stream), RDF_TYPE, _ldes("EventStream")
    yield iri(places.stream), _tree("view"), iri(places.view(source_id))
    yield node, RDF_TYPE, _tree("Node")
    yield node, _ldes("immutable"), _TRUE
    yield node, curie("dcterms:isPartOf"), iri(places.view(source_id))
    if before is not None:
        yield from _relation(page, before, "LessThanOrEqualToRelation")


def member(
    places: Places, page: str, place: int, kind: Kind, record: str, created: str
) -> list[Triple]:
    """Return what a page says of its version at ``place``, beside the version's own graph."""
    node = iri(version(page, place))
    return [
        (iri(places.stream), _tree("member"), node),
        (node, RDF_TYPE, CLASSES[kind]),
        (node, IS_VERSION_OF, iri(record)),
        (node, MODIFIED, moment(created)),
    ]


def version(page: str, place: int) -> str:
    """Return the IRI of a version: a fragment of its page, and the name of its graph."""
    return f"{page}#{place}"


def root(places: Places, history: History, title: str, registers: Iterable[str]) -> list[Triple]:
    """Return the root node, from which the nodes of all registers are reached."""
    return [*_stream(places, places.ldes, title), *_registers(places, history, registers)]


def _registers(places: Places, history: History, registers: Iterable[str]) -> Iterator[Triple]:
    for source_id in registers:
        batches = history.of(source_id)
        yield from _relation(
            places.ldes, Link(places.view(source_id), ""), "Relation", f"-{source_id}"
        )
        node = iri(f"{places.ldes}#older-{source_id}")
        total = sum(batch.registers[source_id].members for batch in batches)
        yield node, _tree("remainingItems"), literal(str(total), datatype=_INTEGER)


def view(
    places: Places, history: History, source_id: str, title: str, register: str
) -> list[Triple]:
    """Return the node of a register, which leads to its newest page."""
    address = places.view(source_id)
    found = [
        *_stream(places, address, title),
        (iri(address), curie("dcterms:isPartOf"), iri(places.ldes)),
        (iri(address), curie("dcterms:subject"), iri(register)),
    ]
    if (last := newest(places, history, source_id)) is not None:
        found += _relation(address, last, "LessThanOrEqualToRelation")
    return found


def newest(places: Places, history: History, source_id: str) -> Link | None:
    """Return the newest page of a register."""
    batches = history.of(source_id)
    if not batches:
        return None
    last = batches[-1]
    page = places.page(source_id, last.release, last.registers[source_id].pages)
    return Link(page, last.created)


def _stream(places: Places, node: str, title: str) -> Iterator[Triple]:
    stream, shape = iri(places.stream), iri(places.shape)
    yield stream, RDF_TYPE, _ldes("EventStream")
    yield stream, curie("dcterms:title"), literal(title)
    yield stream, _tree("view"), iri(node)
    yield stream, _tree("shape"), shape
    yield stream, _ldes("timestampPath"), MODIFIED
    yield stream, _ldes("versionOfPath"), IS_VERSION_OF
    yield stream, _ldes("versionCreateObject"), CLASSES["new"]
    yield stream, _ldes("versionUpdateObject"), CLASSES["changed"]
    yield stream, _ldes("versionDeleteObject"), CLASSES["withdrawn"]
    yield from _shape(shape)
    yield iri(node), RDF_TYPE, _tree("Node")
    yield iri(node), _tree("viewDescription"), iri(f"{node}#view")
    policy = iri(f"{node}#retention")
    # No duration, no number of versions, no start: everything is kept for ever.
    yield iri(f"{node}#view"), RDF_TYPE, _ldes("EventSource")
    yield iri(f"{node}#view"), _ldes("retentionPolicy"), policy
    yield policy, RDF_TYPE, _ldes("RetentionPolicy")
    yield policy, curie("dcterms:description"), literal(_KEPT, language="en")


def _shape(shape: str) -> Iterator[Triple]:
    yield shape, RDF_TYPE, curie("sh:NodeShape")
    yield shape, curie("sh:nodeKind"), curie("sh:IRI")
    one = literal("1", datatype=_INTEGER)
    for name, path, kind in (
        ("record", IS_VERSION_OF, (curie("sh:nodeKind"), curie("sh:IRI"))),
        ("moment", MODIFIED, (curie("sh:datatype"), f"<{_DATE_TIME}>")),
    ):
        part = f"{shape[:-1]}-{name}>"
        yield shape, curie("sh:property"), part
        yield part, curie("sh:path"), path
        yield part, curie("sh:minCount"), one
        yield part, curie("sh:maxCount"), one
        yield (part, *kind)


def _relation(node: str, link: Link, kind: str, name: str = "") -> Iterator[Triple]:
    relation = iri(f"{node}#older{name}")
    yield iri(node), _tree("relation"), relation
    yield relation, RDF_TYPE, _tree(kind)
    yield relation, _tree("node"), iri(link.address)
    if link.newest:
        yield relation, _tree("path"), MODIFIED
        yield relation, _tree("value"), moment(link.newest)


_KEPT: Final = "Every version is kept for ever."
