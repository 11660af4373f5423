"""A qualification or an organisation in the Credential Transparency Description Language (CTDL).

Crosswalk: docs/exports.md. Terms of https://purl.org/ctdl/terms/ (``ceterms:``).
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Final

from qcp_graph.exports.europass_values import Facts
from qcp_graph.exports.reading import Labels, Made, Object, Reading, first, tidy
from qcp_graph.exports.schema_org_parts import languages
from qcp_graph.terms import iri_of

CONTEXT: Final = "https://credreg.net/ctdl/schema/context/json"
PROFILE: Final = "https://purl.org/ctdl/terms/"
_NO_PLACE: Final = "CTDL has no place for it"
_EQF: Final = "European Qualifications Framework"
_ISCED: Final = "ISCED-F 2013"


def ctdl(iri: str, facts: Facts, labels: Labels) -> Made:
    """Return the JSON-LD of a thing, and what it had to leave out; an empty object for others."""
    read, term = Reading(facts, labels), f"<{iri}>"
    if read.is_a(term, "elm:Qualification"):
        found = _credential(read, term)
    elif read.is_a(term, "elm:Organisation"):
        found = _organisation(read, term)
    else:
        return {}, ()
    return {"@context": CONTEXT, **found}, tuple(read.left_out([term], _NO_PLACE))


def ctid(iri: str) -> str:
    """Return the identifier that CTDL asks for: always the same for the same IRI.

    >>> ctid("https://example.org/1")
    'ce-82e3e698-ac42-5bd3-b476-8e74d6722f5d'
    """
    return f"ce-{uuid.uuid5(uuid.NAMESPACE_URL, iri)}"


def _credential(read: Reading, term: str) -> Object:
    outcomes = [_outcome(read, one) for one in read.things(term, "elm:learningOutcome")]
    levels = [(one, _EQF) for one in read.things(term, "elm:EQFLevel")]
    levels += [(one, "") for one in read.things(term, "elm:NQFLevel")]
    levels += [(one, "") for one in read.things(term, "elm:educationLevel")]
    return tidy({
        "@type": "ceterms:Credential",
        "@id": iri_of(term),
        "ceterms:ctid": ctid(iri_of(term)),
        "ceterms:name": _map(read.languages(term, "dcterms:title")),
        "ceterms:alternateName": _map(read.languages(term, "skos:altLabel")),
        "ceterms:description": _map(read.languages(term, "dcterms:description")),
        "ceterms:subjectWebpage": [read.text(one, "elm:contentUrl")
                                   for one in read.things(term, "foaf:homepage")],
        "ceterms:identifier": [_identifier(read, one)
                               for one in read.things(term, "adms:identifier")],
        "ceterms:audienceLevelType": [_aligned(read, one, name) for one, name in levels],
        "ceterms:instructionalProgramType": [
            _aligned(read, one, _ISCED) for one in read.things(term, "elm:ISCEDFCode")
        ] + [_aligned(read, one) for one in read.things(term, "elm:educationSubject")],
        "ceterms:inLanguage": languages(read, term, "dcterms:language"),
        "ceterms:offeredBy": [_agent(read, one) for one in _bodies(read, term)],
        "ceterms:ownedBy": [_agent(read, one) for one in read.things(term, "dcterms:publisher")],
        "ceterms:requires": [
            {"@type": "ceterms:ConditionProfile", "ceterms:targetCompetency": outcomes}
        ] if outcomes else [],
        "ceterms:estimatedDuration": [
            {"@type": "ceterms:DurationProfile", "ceterms:exactDuration": duration}
            for duration in [read.text(term, "elm:volumeOfLearning")] if duration
        ],
        "ceterms:creditValue": [_credit(read, one) for one in read.things(term, "elm:creditPoint")],
        "ceterms:hasPart": [iri_of(one) for one in read.things(term, "elm:hasPart")],
        "ceterms:isPartOf": [iri_of(one) for one in read.things(term, "elm:isPartOf")],
        "ceterms:dateEffective": read.text(term, "dcterms:issued"),
    })  # fmt: skip


def _organisation(read: Reading, term: str) -> Object:
    countries = [
        iri_of(country).rpartition("/")[2]
        for place in read.things(term, "elm:location")
        for address in read.things(place, "elm:address")
        for country in read.things(address, "elm:countryCode")
    ]
    return tidy({
        "@type": "ceterms:CredentialOrganization",
        "@id": iri_of(term),
        "ceterms:ctid": ctid(iri_of(term)),
        "ceterms:name": _map(read.languages(term, "rov:legalName", "skos:prefLabel")),
        "ceterms:alternateName": _map(read.languages(term, "skos:altLabel")),
        "ceterms:subjectWebpage": [read.text(one, "elm:contentUrl")
                                   for one in read.things(term, "foaf:homepage")],
        "ceterms:identifier": [_identifier(read, one)
                               for one in read.things(term, "adms:identifier")],
        "ceterms:address": [{"@type": "ceterms:Place", "ceterms:addressCountry": one}
                            for one in countries],
    })  # fmt: skip


def _bodies(read: Reading, term: str) -> list[str]:
    found = [
        body
        for award in read.things(term, "elm:awardingOpportunity")
        for body in read.things(award, "elm:awardingBody")
    ]
    return list(dict.fromkeys(found))


def _map(texts: Mapping[str, Sequence[str]]) -> Object:
    """Return a language map, which CTDL's context asks for; texts of no language as ``und``."""
    return {
        language or "und": some[0] if len(some) == 1 else list(some)
        for language, some in texts.items()
    }


def _identifier(read: Reading, term: str) -> Object:
    return tidy({
        "@type": "ceterms:IdentifierValue",
        "ceterms:identifierTypeName": _map({"en": [name]})
        if (name := read.text(term, "elm:schemeName")) else {},
        "ceterms:identifierValueCode": read.text(term, "skos:notation"),
    })  # fmt: skip


def _aligned(read: Reading, term: str, framework: str = "") -> Object:
    return tidy({
        "@type": "ceterms:CredentialAlignmentObject",
        "ceterms:targetNode": iri_of(term),
        "ceterms:targetNodeName": _map(read.name(term)),
        "ceterms:frameworkName": _map({"en": [framework]}) if framework else {},
    })  # fmt: skip


def _outcome(read: Reading, term: str) -> Object:
    return tidy({
        "@type": "ceterms:CredentialAlignmentObject",
        "ceterms:targetNode": iri_of(term),
        "ceterms:targetNodeName": _map(read.name(term)),
    })  # fmt: skip


def _agent(read: Reading, term: str) -> Object:
    return tidy({
        "@type": "ceterms:CredentialOrganization",
        "@id": iri_of(term),
        "ceterms:name": _map(read.name(term)),
    })  # fmt: skip


def _credit(read: Reading, term: str) -> Object:
    systems = read.things(term, "elm:framework")
    return tidy({
        "@type": "schema:QuantitativeValue",
        "schema:value": read.text(term, "elm:point"),
        "schema:unitText": first(read.name(systems[0])) if systems else "",
    })  # fmt: skip
