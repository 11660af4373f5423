"""The one table of namespaces and prefixes.

ELM changed its term namespace with version 3.3; the store uses 3.1 (docs/adr/0003), readers accept
both and exports write either.
"""

from functools import lru_cache
from typing import Final

ELM_31: Final = "http://data.europa.eu/snb/model/elm/"
ELM_33: Final = "http://data.europa.eu/snb/model/ontology/"
QCP: Final = "https://w3id.org/qcp-graph/ns#"

PREFIXES: Final[dict[str, str]] = {
    "adms": "http://www.w3.org/ns/adms#",
    "clv": "http://data.europa.eu/m8g/",
    "country": "http://publications.europa.eu/resource/authority/country/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "elm": ELM_31,
    "dqv": "http://www.w3.org/ns/dqv#",
    "eqf": "http://data.europa.eu/snb/eqf/",
    "esco": "http://data.europa.eu/esco/model#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "iscedf": "http://data.europa.eu/snb/isced-f/",
    "lang": "http://publications.europa.eu/resource/authority/language/",
    "locn": "http://www.w3.org/ns/locn#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qcp": QCP,
    "qdr": "http://data.europa.eu/snb/qdr/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "rov": "http://www.w3.org/ns/regorg#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def expand(curie: str) -> str:
    """Return the IRI of a prefixed name of :data:`PREFIXES`.

    >>> expand("dcterms:title")
    'http://purl.org/dc/terms/title'

    :raises KeyError: when the prefix is unknown.
    """
    prefix, _, local = curie.partition(":")
    return PREFIXES[prefix] + local


@lru_cache(maxsize=4096)
def shorten(iri: str) -> str:
    """Return an IRI with the longest known namespace as prefix, else the IRI itself.

    >>> shorten("http://purl.org/dc/terms/title"), shorten("urn:x")
    ('dcterms:title', 'urn:x')
    """
    found = [(space, prefix) for prefix, space in PREFIXES.items() if iri.startswith(space)]
    if not found:
        return iri
    space, prefix = max(found, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri[len(space) :]}"
