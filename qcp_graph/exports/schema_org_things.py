"""Outcomes, levels, frameworks, learning opportunities and registers in the words of schema.org."""

from collections.abc import Callable, Mapping
from typing import Final

from qcp_graph.exports.reading import Object, Reading, tidy
from qcp_graph.exports.schema_org_parts import (
    competency,
    defined,
    identifiers,
    languages,
    named,
    pages,
    texts,
)
from qcp_graph.terms import iri_of

_SPDX: Final = "http://spdx.org/rdf/terms#"
_MEDIA_TYPES: Final = "http://www.iana.org/assignments/media-types/"


def _outcome(read: Reading, term: str) -> Object:
    return competency(read, term) | tidy({
        "alternateName": texts(read.languages(term, "skos:altLabel")),
        "description": texts(read.languages(term, "dcterms:description")),
    })  # fmt: skip


def _level(read: Reading, term: str) -> Object:
    schemes = read.things(term, "skos:inScheme")
    return tidy({
        "@type": "DefinedTerm",
        "@id": iri_of(term),
        "name": texts(read.name(term)),
        "description": texts(read.languages(term, "skos:definition", "dcterms:description")),
        "termCode": read.text(term, "skos:notation"),
        "inDefinedTermSet": [named(read, one, "DefinedTermSet") for one in schemes],
    })  # fmt: skip


def _framework(read: Reading, term: str) -> Object:
    return tidy({
        "@type": "DefinedTermSet",
        "@id": iri_of(term),
        "name": texts(read.name(term)),
        "alternateName": texts(read.languages(term, "skos:altLabel")),
        "identifier": read.text(term, "skos:notation"),
        "spatialCoverage": [
            named(read, one, "Country") for one in read.things(term, "qcp:country")
        ],
        "citation": [iri_of(one) for one in read.things(term, "dcterms:source")],
    })  # fmt: skip


def _opportunity(read: Reading, term: str) -> Object:
    """Return a programme where a qualification of a register is awarded, else a course."""
    specified = read.things(term, "elm:learningAchievementSpecification")
    programme = any("/id/qualification/" in one for one in specified)
    periods = read.things(term, "dcterms:temporal")
    when: Object = {
        "startDate": [read.text(one, "elm:startDate") for one in periods],
        "endDate": [read.text(one, "elm:endDate") for one in periods],
    }
    modes = [defined(read, one) for one in read.things(term, "elm:mode")]
    found: Object = {
        "@type": "EducationalOccupationalProgram" if programme else "Course",
        "@id": iri_of(term),
        "name": texts(read.languages(term, "dcterms:title")),
        "description": texts(read.languages(term, "dcterms:description")),
        "identifier": identifiers(read, term),
        "provider": [named(read, one) for one in read.things(term, "elm:providedBy")],
        "educationalCredentialAwarded": [
            named(read, one, "EducationalOccupationalCredential") for one in specified
        ],
        "url": pages(read, term, "foaf:homepage"),
    }
    length = read.text(term, "elm:duration")
    if programme:
        deadline = read.text(term, "elm:applicationDeadline")
        found |= when | {"educationalProgramMode": modes, "timeToComplete": length}
        return tidy(found | {"applicationDeadline": deadline})
    instance = tidy({**_first(when), "courseMode": modes})
    if instance:
        instance = {"@type": "CourseInstance", **instance}
    spoken = languages(read, term, "elm:defaultLanguage")
    found |= {"hasCourseInstance": instance, "timeRequired": length, "inLanguage": spoken}
    return tidy(found)


def _first(when: Object) -> Object:
    return {name: next(iter(values), "") for name, values in when.items()}


def _register(read: Reading, term: str) -> Object:
    return tidy({
        "@type": "Dataset",
        "@id": iri_of(term),
        "name": texts(read.languages(term, "dcterms:title")),
        "description": texts(read.languages(term, "dcterms:description")),
        "identifier": read.text(term, "dcterms:identifier"),
        "license": [iri_of(one) for one in read.things(term, "dcterms:license")],
        "publisher": [_publisher(read, one) for one in read.things(term, "dcterms:publisher")],
        "spatialCoverage": [
            named(read, one, "Country") for one in read.things(term, "dcterms:spatial")
        ],
        "inLanguage": languages(read, term, "dcterms:language"),
        "dateModified": read.text(term, "dcterms:modified"),
        "isBasedOn": [iri_of(one) for one in read.things(term, "dcat:landingPage")],
        "isAccessibleForFree": True,
        "distribution": [
            made for one in read.things(term, "dcat:distribution") if (made := _file(read, one))
        ],
    })  # fmt: skip


def _publisher(read: Reading, term: str) -> Object:
    found = named(read, term)
    return found if "name" in found else found | tidy({
        "name": texts(read.languages(term, "foaf:name")),
    })  # fmt: skip


def _file(read: Reading, term: str) -> Object:
    """Return a file for download; feeds and services are none."""
    places = read.things(term, "dcat:downloadURL")
    kinds = [*read.things(term, "dcat:compressFormat"), *read.things(term, "dcat:mediaType")]
    sums = [
        read.text(one, f"<{_SPDX}checksumValue>") for one in read.things(term, f"<{_SPDX}checksum>")
    ]
    return tidy({
        "@type": "DataDownload",
        "name": texts(read.languages(term, "dcterms:title")),
        "contentUrl": [iri_of(one) for one in places],
        "encodingFormat": [iri_of(one).removeprefix(_MEDIA_TYPES) for one in kinds],
        "contentSize": f"{size} B" if (size := read.text(term, "dcat:byteSize")) else "",
        "sha256": sums,
    }) if places else {}  # fmt: skip


MAKERS: Final[Mapping[str, Callable[[Reading, str], Object]]] = {
    "elm:LearningOutcome": _outcome,
    "qcp:Level": _level,
    "qcp:QualificationsFramework": _framework,
    "elm:LearningOpportunity": _opportunity,
    "qcp:Register": _register,
}
"""Class → what makes its object."""
