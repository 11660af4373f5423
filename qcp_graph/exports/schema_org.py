"""A thing in the words of schema.org, as search engines read them.

Crosswalk: docs/exports.md. A qualification is an EducationalOccupationalCredential.
"""

from typing import Final

from qcp_graph.exports.europass_values import Facts
from qcp_graph.exports.reading import Labels, Made, Object, Reading, first, tidy
from qcp_graph.exports.schema_org_parts import (
    codes,
    competency,
    defined,
    identifiers,
    languages,
    named,
    texts,
)
from qcp_graph.exports.schema_org_things import MAKERS
from qcp_graph.terms import iri_of

CONTEXT: Final = "https://schema.org/"
PROFILE: Final = "https://schema.org/"
_NO_PLACE: Final = "schema.org has no place for it"
_SETS: Final = (
    ("elm:EQFLevel", "European Qualifications Framework"),
    ("elm:NQFLevel", "National qualifications framework"),
    ("elm:educationLevel", "Level"),
)


def schema_org(iri: str, facts: Facts, labels: Labels) -> Made:
    """Return the JSON-LD of a thing, and what it had to leave out; an empty object for others."""
    read, term = Reading(facts, labels), f"<{iri}>"
    makers = {"elm:Qualification": _credential, "elm:Organisation": _organisation, **MAKERS}
    make = next((made for kind, made in makers.items() if read.is_a(term, kind)), None)
    if make is None:
        return {}, ()
    found = make(read, term)
    return {"@context": CONTEXT, **found}, tuple(read.left_out([term], _NO_PLACE))


def _credential(read: Reading, term: str) -> Object:
    documents = [*read.things(term, "foaf:homepage"), *read.things(term, "elm:landingPage")]
    return tidy({
        "@type": "EducationalOccupationalCredential",
        "@id": iri_of(term),
        "name": texts(read.languages(term, "dcterms:title")),
        "alternateName": texts(read.languages(term, "skos:altLabel")),
        "description": texts(read.languages(term, "dcterms:description")),
        "identifier": identifiers(read, term),
        "credentialCategory": [defined(read, one) for one in read.things(term, "dcterms:type")],
        "educationalLevel": [
            defined(read, one, scheme)
            for name, scheme in _SETS
            for one in read.things(term, name)
        ],
        "competencyRequired": [competency(read, one)
                               for one in read.things(term, "elm:learningOutcome")],
        "recognizedBy": [named(read, one) for one in _bodies(read, term)],
        "publisher": [named(read, one) for one in read.things(term, "dcterms:publisher")],
        "about": [
            defined(read, one, "ISCED-F 2013") for one in read.things(term, "elm:ISCEDFCode")
        ] + [defined(read, one) for one in read.things(term, "elm:educationSubject")],
        "inLanguage": languages(read, term, "dcterms:language"),
        "timeRequired": read.text(term, "elm:volumeOfLearning"),
        "hasPart": [_part(read, one) for one in read.things(term, "elm:hasPart")],
        "isPartOf": [_part(read, one) for one in read.things(term, "elm:isPartOf")],
        "url": [read.text(one, "elm:contentUrl") for one in documents],
        "dateModified": read.text(term, "dcterms:modified"),
    })  # fmt: skip


def _organisation(read: Reading, term: str) -> Object:
    addresses = [
        address
        for place in read.things(term, "elm:location")
        for address in read.things(place, "elm:address")
    ]
    return tidy({
        "@type": "Organization",
        "@id": iri_of(term),
        "name": texts(read.languages(term, "rov:legalName", "skos:prefLabel")),
        "alternateName": texts(read.languages(term, "skos:altLabel")),
        "identifier": identifiers(read, term),
        "address": [
            tidy({
                "@type": "PostalAddress",
                "addressCountry": codes(read, address, "elm:countryCode"),
            })
            for address in addresses
        ],
        "url": [read.text(one, "elm:contentUrl") for one in read.things(term, "foaf:homepage")],
        "sameAs": [iri_of(one) for one in read.things(term, "owl:sameAs")],
    })  # fmt: skip


def _bodies(read: Reading, term: str) -> list[str]:
    return list(
        dict.fromkeys(
            body
            for award in read.things(term, "elm:awardingOpportunity")
            for body in read.things(award, "elm:awardingBody")
        )
    )


def _part(read: Reading, term: str) -> Object:
    return tidy({
        "@type": "EducationalOccupationalCredential",
        "@id": iri_of(term),
        "name": first(read.name(term)),
    })  # fmt: skip
