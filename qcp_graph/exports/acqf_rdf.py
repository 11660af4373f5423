"""The exchange form of ACQF QCP as RDF: what its platform makes of the JSON that it imports."""

from collections.abc import Iterator
from typing import Any, Final

from qcp_graph.exports.reading import Object
from qcp_graph.namespaces import expand
from qcp_graph.terms import RDF_TYPE, Triple, curie, iri, literal

_VOCABULARIES: Final = {
    "ISCEDFCode": expand("iscedf:"),
    "educationLevelAcqf": "https://data.acqf-qcp.africa/model/acqf-levels/resource/",
    "spatialCode": expand("country:"),
    "accreditationType": "http://data.europa.eu/snb/accreditation/",
}
# Member → property, and the class of the nodes it leads to (a concept, or a thing by its id).
_NODES: Final = {
    "identifier": ("adms:identifier", "elm:Identifier"),
    "learningOutcome": ("elm:learningOutcome", "elm:LearningOutcome"),
    "awardingOpportunity": ("elm:awardingOpportunity", "elm:AwardingOpportunity"),
    "supplementaryDocument": ("elm:supplementaryDocument", "elm:WebResource"),
    "homepage": ("foaf:homepage", "elm:WebResource"),
    "creditPoint": ("elm:creditPoint", "elm:CreditPoint"),
    "accreditation": ("elm:accreditation", "elm:Accreditation"),
    "location": ("elm:location", "dcterms:Location"),
}
_CONCEPTS: Final = {
    "ISCEDFCode": "elm:ISCEDFCode",
    "educationLevelAcqf": "elm:educationLevel",
    "educationLevelNqf": "elm:educationLevel",
    "relatedSkill": "elm:relatedSkill",
    "framework": "elm:framework",
    "accreditationType": "dcterms:type",
    "spatialCode": "elm:spatialCode",
}
_THINGS: Final = {
    "publisher": "dcterms:publisher",
    "awardingBody": "elm:awardingBody",
    "organisation": "elm:organisation",
    "accreditingAgent": "elm:accreditingAgent",
}
_TEXTS: Final = {"title": "dcterms:title", "prefLabel": "skos:prefLabel"}
_LITERALS: Final = {
    "notation": ("skos:notation", ""),
    "schemeName": ("elm:schemeName", ""),
    "contentUrl": ("elm:contentUrl", "xsd:anyURI"),
    "point": ("elm:point", "xsd:double"),
    "expiryDate": ("elm:expiryDate", "xsd:dateTime"),
}


def triples(document: Object) -> Iterator[Triple]:
    """Yield the statements of an import document; nodes without id are fragments of their owner."""
    for kind, name in (
        ("elm:Organisation", "organisations"),
        ("elm:Qualification", "qualifications"),
    ):
        for one in document.get(name, ()):
            yield from _node(one["id"], one, kind)


def _node(name: str, value: Object, kind: str) -> Iterator[Triple]:
    subject = iri(name)
    yield subject, RDF_TYPE, curie(kind)
    number = 0
    for key, given in value.items():
        for one in given if isinstance(given, list) else [given]:
            if key in _NODES:
                number += 1
                prop, of = _NODES[key]
                inner = f"{name.partition('#')[0]}#acqf-{name.partition('#acqf-')[2]}{key}-{number}"
                yield subject, curie(prop), iri(inner)
                yield from _node(inner, one, of)
            else:
                yield from _value(subject, key, one)


def _value(subject: str, key: str, one: Any) -> Iterator[Triple]:
    if key in _CONCEPTS:
        concept = iri(one if ":" in one else _VOCABULARIES[key] + one)
        yield subject, curie(_CONCEPTS[key]), concept
        yield concept, RDF_TYPE, curie("skos:Concept")
    elif key in _THINGS:
        yield subject, curie(_THINGS[key]), iri(one)
    elif key in _TEXTS:
        for language, text in one.items():
            yield subject, curie(_TEXTS[key]), literal(text, language=language)
    elif key in _LITERALS:
        prop, datatype = _LITERALS[key]
        kind = expand(datatype) if datatype else ""
        yield subject, curie(prop), literal(one, datatype=kind)
