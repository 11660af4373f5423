"""A document in the formats of :data:`negotiation.GRAPHS`; the same document, the same bytes.

N-Quads and TriG say which named graph each statement stands in, the others only what it says.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from qcp_graph.namespaces import PREFIXES
from qcp_graph.server import json_ld, negotiation, turtle
from qcp_graph.server.seam import Document
from qcp_graph.terms import Triple

# XML 1.0 has no way to write these, not even as character references.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XML_NAME_END: Final = re.compile(r"[A-Za-z_][\w.-]*\Z")


def triples(document: Document) -> list[ox.Triple]:
    """Return the statements of a document, each once, sorted, the thing's own first."""
    first = f"<{document.iri}>"
    unique = {quad.triple for quad in (*document.quads, *document.labels)}
    return sorted(unique, key=lambda t: (str(t.subject) != first, *_text(t)))


def write(document: Document, form: negotiation.Format, context_iri: str, context: Path) -> bytes:
    """Return a document in one of the graph formats, UTF-8.

    JSON-LD refers to the context at ``context_iri``, whose content is in the file ``context``.
    """
    if form in _DATASETS:
        return _DATASETS[form]({*document.quads, *document.labels}, document.iri)
    found = triples(document)
    if form is negotiation.JSON_LD:
        return json_ld.write(found, document.iri, context_iri, context)
    return _WRITERS[form](found, document.iri)


def _text(triple: ox.Triple) -> Triple:
    return str(triple.subject), str(triple.predicate), str(triple.object)


def _turtle(found: Iterable[ox.Triple], iri: str) -> bytes:
    return turtle.write((_text(triple) for triple in found), iri).encode()


def _n_triples(found: Iterable[ox.Triple], _iri: str) -> bytes:
    return "".join(f"{s} {p} {o} .\n" for s, p, o in map(_text, found)).encode()


def _n_quads(found: Iterable[ox.Quad], _iri: str) -> bytes:
    return "".join(
        sorted(f"{' '.join(_text(q.triple))} {q.graph_name} .\n" for q in found)
    ).encode()


def _trig(found: Iterable[ox.Quad], iri: str) -> bytes:
    graphs: dict[str, list[Triple]] = defaultdict(list)
    for quad in found:
        graphs[str(quad.graph_name)].append(_text(quad.triple))
    return turtle.write_graphs(graphs, iri).encode()


def rdf_xml(found: Iterable[ox.Triple], _iri: str = "") -> bytes:
    """Return statements as RDF/XML; characters that XML cannot hold become U+FFFD."""
    speakable = [
        _xml_safe(triple) for triple in found if _XML_NAME_END.search(triple.predicate.value)
    ]
    used = {triple.predicate.value for triple in speakable}
    prefixes = {
        prefix: namespace
        for prefix, namespace in PREFIXES.items()
        if any(iri.startswith(namespace) for iri in used)
    }
    return ox.serialize(speakable, format=ox.RdfFormat.RDF_XML, prefixes=prefixes) or b""


def _xml_safe(triple: ox.Triple) -> ox.Triple:
    value = triple.object
    if not isinstance(value, ox.Literal) or not _NOT_XML.search(value.value):
        return triple
    text = _NOT_XML.sub("\ufffd", value.value)
    if value.language:
        return ox.Triple(
            triple.subject, triple.predicate, ox.Literal(text, language=value.language)
        )
    return ox.Triple(triple.subject, triple.predicate, ox.Literal(text, datatype=value.datatype))


_WRITERS: Final[Mapping[negotiation.Format, Callable[[Iterable[ox.Triple], str], bytes]]] = {
    negotiation.TURTLE: _turtle,
    negotiation.N_TRIPLES: _n_triples,
    negotiation.RDF_XML: rdf_xml,
}
_DATASETS: Final[Mapping[negotiation.Format, Callable[[Iterable[ox.Quad], str], bytes]]] = {
    negotiation.N_QUADS: _n_quads,
    negotiation.TRIG: _trig,
}
