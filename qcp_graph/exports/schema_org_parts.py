"""The pieces of which schema.org's objects are made: texts, identifiers, terms, bodies."""

from collections.abc import Mapping, Sequence
from typing import Final

from qcp_graph.exports.reading import Object, Reading, tidy
from qcp_graph.terms import iri_of

_ISO_639: Final = (
    "AFR:af ARA:ar BUL:bg CAT:ca CES:cs CYM:cy DAN:da DEU:de ELL:el ENG:en EST:et"
    " EUS:eu FIN:fi FRA:fr GLE:ga GLG:gl HRV:hr HUN:hu ISL:is ITA:it LAV:lv LIT:lt"
    " LTZ:lb MKD:mk MLT:mt NLD:nl NOB:nb NNO:nn NOR:no POL:pl POR:pt RON:ro RUS:ru"
    " SLK:sk SLV:sl SPA:es SQI:sq SRP:sr SWA:sw SWE:sv TUR:tr UKR:uk XHO:xh ZUL:zu"
)
_TAGS: Final = dict(pair.split(":") for pair in _ISO_639.split())


def languages(read: Reading, term: str, name: str) -> list[str]:
    """Return languages of the EU table as BCP 47 has them: two letters where there are two."""
    return [_TAGS.get(code, code.lower()) for code in codes(read, term, name)]


def texts(found: Mapping[str, Sequence[str]]) -> list[object]:
    """Return texts with their languages.

    >>> texts({"en": ["Baker"], "": ["B1"]})
    [{'@value': 'Baker', '@language': 'en'}, 'B1']
    """
    return [
        {"@value": text, "@language": language} if language else text
        for language, some in found.items()
        for text in some
    ]


def identifiers(read: Reading, term: str) -> list[Object]:
    """Return the codes of a thing with the name of their scheme."""
    return [
        tidy({
            "@type": "PropertyValue",
            "propertyID": read.text(one, "elm:schemeName"),
            "value": read.text(one, "skos:notation"),
        })
        for one in read.things(term, "adms:identifier")
    ]  # fmt: skip


def defined(read: Reading, term: str, scheme: str = "") -> Object:
    """Return a concept as a term of a set."""
    return tidy({
        "@type": "DefinedTerm",
        "@id": iri_of(term),
        "name": texts(read.name(term)),
        "inDefinedTermSet": scheme,
    })  # fmt: skip


def competency(read: Reading, term: str) -> Object:
    """Return an outcome as a term, with the ESCO skills that it is linked to."""
    return tidy({
        "@type": "DefinedTerm",
        "@id": iri_of(term),
        "name": texts(read.name(term)),
        "sameAs": [iri_of(one) for one in read.things(term, "elm:relatedESCOSkill")],
    })  # fmt: skip


def named(read: Reading, term: str, kind: str = "Organization") -> Object:
    """Return a body, or a thing of another kind, by its names."""
    return tidy({"@type": kind, "@id": iri_of(term), "name": texts(read.name(term))})


def codes(read: Reading, term: str, name: str) -> list[str]:
    """Return the last segments of IRIs of official lists: countries, languages."""
    return [iri_of(one).rpartition("/")[2] for one in read.things(term, name)]


def pages(read: Reading, term: str, *names: str) -> list[str]:
    """Return the addresses of web pages, given as a node with an address or as an IRI."""
    return [
        read.text(one, "elm:contentUrl") or ("" if "#" in one else iri_of(one))
        for name in names
        for one in read.things(term, name)
    ]
