"""The metadata formats of OAI-PMH: a record's statements as Dublin Core and as ELM in RDF/XML."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from qcp_graph.markup import element, safe
from qcp_graph.namespaces import PREFIXES, expand
from qcp_graph.terms import RDF_TYPE, Quad, curie, iri_of, is_iri_term, parts

_DATA: Final = "data"
_NAME_END: Final = re.compile(r"[A-Za-z_][\w.-]*\Z")


@dataclass(frozen=True, slots=True)
class Record:
    """A record with its statements; ``register`` is its set, ``rights`` the licence of that."""

    iri: str
    register: str
    datestamp: str
    deleted: bool
    quads: Sequence[Quad] = ()
    rights: str = ""


@dataclass(frozen=True, slots=True)
class MetadataFormat:
    """A metadata format: how it is called, where it is described, how it is written."""

    prefix: str
    schema: str
    namespace: str
    write: Callable[[Record], str]


# --- Dublin Core ----------------------------------------------------------------------------------

_OAI_DC: Final = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_OAI_DC_SCHEMA: Final = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_OF_RECORD: Final = (
    (curie("dcterms:title"), "dc:title"),
    (curie("dcterms:description"), "dc:description"),
    (curie("elm:EQFLevel"), "dc:subject"),
    (curie("elm:NQFLevel"), "dc:subject"),
    (curie("elm:ISCEDFCode"), "dc:subject"),
    (curie("dcterms:subject"), "dc:subject"),
    (curie("dcterms:publisher"), "dc:publisher"),
    (curie("dcterms:modified"), "dc:date"),
    (curie("dcterms:issued"), "dc:date"),
    (curie("dcterms:language"), "dc:language"),
    (curie("dcterms:replaces"), "dc:relation"),
    (curie("dcterms:isReplacedBy"), "dc:relation"),
    (curie("elm:learningOutcome"), "dc:relation"),
    (curie("qcp:country"), "dc:coverage"),
)
_BODY: Final = curie("elm:awardingBody")
_NAME: Final = curie("rov:legalName")
_NOTATION: Final = curie("skos:notation")
_IDENTIFIER: Final = curie("adms:identifier")
_NOTE: Final = curie("elm:noteLiteral")
_SUMMARY: Final = curie("elm:learningOutcomeSummary")


def _dublin_core(record: Record) -> str:
    about: dict[str, list[tuple[str, str]]] = {}
    for subject, predicate, value, _ in record.quads:
        about.setdefault(subject, []).append((predicate, value))
    lines = [
        f'<oai_dc:dc xmlns:oai_dc="{_OAI_DC}" xmlns:dc="{_DC}" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{_OAI_DC} {_OAI_DC_SCHEMA}">',
        *dict.fromkeys(_elements(record, about)),
        "</oai_dc:dc>",
    ]
    return "\n".join(lines)


def _elements(record: Record, about: Mapping[str, list[tuple[str, str]]]) -> Iterator[str]:
    own = about.get(f"<{record.iri}>", [])
    yield element("dc:identifier", record.iri)
    for wanted, name in _OF_RECORD:
        yield from (_named(name, value, about) for predicate, value in own if predicate == wanted)
    for predicate, value in own:
        if predicate == _IDENTIFIER:
            yield from _values("dc:identifier", _NOTATION, about.get(value, []))
        elif predicate == _SUMMARY:
            yield from _values("dc:description", _NOTE, about.get(value, []))
        elif predicate == RDF_TYPE and is_iri_term(value):
            yield element("dc:type", iri_of(value).replace("#", "/").rpartition("/")[2])
    for said in about.values():
        for predicate, value in said:
            if predicate == _BODY:
                yield _named("dc:publisher", value, about)
    if record.rights:
        yield element("dc:rights", record.rights)


def _values(name: str, wanted: str, said: Sequence[tuple[str, str]]) -> Iterator[str]:
    return (_element(name, value) for predicate, value in said if predicate == wanted)


def _named(name: str, value: str, about: Mapping[str, list[tuple[str, str]]]) -> str:
    """Return an element with the name of a thing where the record tells it, else its IRI."""
    said = [v for p, v in about.get(value, []) if p in {_NAME, curie("skos:prefLabel")}]
    return _element(name, said[0] if said and name == "dc:publisher" else value)


def _element(name: str, term: str) -> str:
    if is_iri_term(term):
        return element(name, iri_of(term))
    text, language, _ = parts(term)
    return element(name, text, lang=language)


# --- ELM in RDF/XML -------------------------------------------------------------------------------


def _rdf_xml(record: Record) -> str:
    lines = sorted({f"{s} {p} {o} .\n" for s, p, o, role in record.quads if role == _DATA})
    found = ox.parse("".join(lines), ox.RdfFormat.N_TRIPLES)
    # A property whose IRI ends in no XML name cannot be written; ELM has none.
    triples = [_speakable(one) for one in found if _NAME_END.search(one.predicate.value)]
    used = {triple.predicate.value for triple in triples}
    prefixes = {
        prefix: namespace
        for prefix, namespace in PREFIXES.items()
        if any(iri.startswith(namespace) for iri in used)
    }
    text = ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=prefixes) or b""
    return text.decode().partition("?>")[2].strip()


def _speakable(quad: ox.Quad) -> ox.Triple:
    value = quad.object
    if isinstance(value, ox.Literal) and safe(value.value) != value.value:
        text = safe(value.value)
        value = (
            ox.Literal(text, language=value.language)
            if value.language
            else ox.Literal(text, datatype=value.datatype)
        )
    return ox.Triple(quad.subject, quad.predicate, value)


FORMATS: Final[Mapping[str, MetadataFormat]] = {
    one.prefix: one
    for one in (
        MetadataFormat("oai_dc", _OAI_DC_SCHEMA, _OAI_DC, _dublin_core),
        MetadataFormat(
            "elm",
            "http://www.openarchives.org/OAI/2.0/rdf.xsd",
            expand("rdf:RDF").removesuffix("RDF"),
            _rdf_xml,
        ),
    )
}
