"""The document of an IRI: what the graph says about the thing and its fragments."""

import re
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from qcp_graph.namespaces import expand
from qcp_graph.server.seam import Document

_TYPE: Final = ox.NamedNode(expand("rdf:type"))
_WITHDRAWN: Final = ox.NamedNode(expand("qcp:WithdrawnRecord"))
_REPLACED_BY: Final = ox.NamedNode(expand("dcterms:isReplacedBy"))
_LICENCE: Final = ox.NamedNode(expand("dcterms:license"))
# Fragments that their owner does not point to are found by what they say about it, or by name.
_SAID_OF_OWNER: Final = (ox.NamedNode(expand("qcp:level")),)
_KNOWN_FRAGMENTS: Final = ("#referencing-eqf", "#referencing-qf-ehea")
_VOLUME: Final = ox.NamedNode(expand("elm:volumeOfLearning"))
_DAYS: Final = re.compile(r"P(\d+)D(?:T(?:(\d+)H)?(\d+M)?)?\Z")
_NAMES: Final = tuple(
    ox.NamedNode(expand(name)) for name in ("dcterms:title", "skos:prefLabel", "rov:legalName")
)


def describe(store: ox.Store, iri: str, base: str) -> Document | None:
    """Return the document of one of our IRIs, None when the graph says nothing about it.

    It holds the statements of all named graphs about the IRI and its fragments, and the names of
    our other things that they refer to.
    """
    quads = tuple(_own(store, iri))
    if not quads:
        return None
    node = ox.NamedNode(iri)
    own = [quad for quad in quads if quad.subject == node]
    withdrawn = any(q.predicate == _TYPE and q.object == _WITHDRAWN for q in own)
    successors = {
        q.object.value
        for q in own
        if withdrawn and q.predicate == _REPLACED_BY and isinstance(q.object, ox.NamedNode)
    }
    return Document(
        iri,
        quads,
        labels=tuple(_labels(store, quads, iri, base)),
        withdrawn=withdrawn,
        successors=tuple(sorted(successors)),
        licence=_licence(store, iri, base),
    )


def _own(store: ox.Store, iri: str) -> Iterator[ox.Quad]:
    """Yield the statements about an IRI and, following links inside its document, its fragments."""
    node, prefix = ox.NamedNode(iri), iri + "#"
    waiting = [node, *(ox.NamedNode(iri + name) for name in _KNOWN_FRAGMENTS)]
    for predicate in _SAID_OF_OWNER:
        for quad in store.quads_for_pattern(None, predicate, node):
            if isinstance(quad.subject, ox.NamedNode):
                waiting.append(quad.subject)
    seen = {node.value}
    while waiting:
        subject = waiting.pop()
        if subject.value.startswith(prefix):
            if subject.value in seen:
                continue
            seen.add(subject.value)
        elif subject != node:
            continue
        for quad in store.quads_for_pattern(subject, None, None):
            yield _in_hours(quad) if quad.predicate == _VOLUME else quad
            if isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(prefix):
                waiting.append(quad.object)


def _in_hours(quad: ox.Quad) -> ox.Quad:
    """Return a workload in hours, as registers write it; the store counts whole days out of them.

    A day is 24 hours to the store, which ``P29DT4H`` of 700 hours of work does not mean to say.
    """
    value = quad.object
    match = _DAYS.match(value.value) if isinstance(value, ox.Literal) else None
    if match is None or not isinstance(value, ox.Literal):
        return quad
    hours = 24 * int(match[1]) + int(match[2] or 0)
    text = f"PT{hours}H{match[3] or ''}"
    return ox.Quad(
        quad.subject, quad.predicate, ox.Literal(text, datatype=value.datatype), quad.graph_name
    )


def _labels(store: ox.Store, quads: tuple[ox.Quad, ...], iri: str, base: str) -> Iterator[ox.Quad]:
    prefix = base + "id/"
    others = {
        quad.object.value
        for quad in quads
        if isinstance(quad.object, ox.NamedNode)
        and quad.object.value.startswith(prefix)
        and not (quad.object.value == iri or quad.object.value.startswith(iri + "#"))
    }
    for other in sorted(others):
        for predicate in _NAMES:
            yield from store.quads_for_pattern(ox.NamedNode(other), predicate, None)


def _licence(store: ox.Store, iri: str, base: str) -> str:
    """Return the licence of the register that an IRI belongs to (``…/<type>/<cc>/<register>/``)."""
    parts = iri.removeprefix(base + "id/").split("/")
    if len(parts) < 3:
        return ""
    register = ox.NamedNode(f"{base}id/register/{parts[1]}/{parts[2]}")
    for quad in store.quads_for_pattern(register, _LICENCE, None):
        if isinstance(quad.object, ox.NamedNode):
            return str(quad.object.value)
    return ""
