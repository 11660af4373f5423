"""schema.org and CTDL: a hand-written record, member by member."""

from collections.abc import Sequence

from qcp_graph import exports
from qcp_graph.exports.ctdl import ctid
from qcp_graph.terms import curie, literal
from tests.exports.test_europass import EU, ORG, OUT, Q, Said, award, organisation, said, whole

NAMES = {f"{EU}eqf/4": ('"Level 4"@en',), f"{EU}isced-f/0716": ('"Motor vehicles"@en',)}


def labels(iri: str) -> Sequence[str]:
    return NAMES.get(iri, ())


def record() -> exports.Facts:
    number = f"{Q[:-1]}#id>"
    more: list[Said] = [
        (Q, "adms:identifier", number),
        (number, "skos:notation", literal("AB-1")),
        (number, "elm:schemeName", literal("Register")),
        (Q, "elm:volumeOfLearning", literal("PT700H")),
        (Q, "elm:creditPoint", f"{Q[:-1]}#credit>"),
        (f"{Q[:-1]}#credit>", "elm:point", literal("180")),
        (Q, "foaf:homepage", f"{Q[:-1]}#home>"),
        (f"{Q[:-1]}#home>", "elm:contentUrl", literal("https://example.org/q")),
        (Q, "elm:targetGroup", f"<{EU}target-group/1>"),
    ]
    return exports.facts(said(*whole(), *award(), *organisation(), *more))


def test_schema_org() -> None:
    found, left_out = exports.schema_org(Q[1:-1], record(), labels)
    assert found["@type"] == "EducationalOccupationalCredential"
    assert found["name"] == [
        {"@value": "Ajoneuvoasentaja", "@language": "fi"},
        {"@value": "Car & lorry mechanic", "@language": "en"},
    ]
    assert found["identifier"] == {
        "@type": "PropertyValue", "propertyID": "Register", "value": "AB-1"
    }  # fmt: skip
    levels = {one["inDefinedTermSet"]: one for one in found["educationalLevel"]}
    assert levels["European Qualifications Framework"]["name"]["@value"] == "Level 4"
    assert found["competencyRequired"]["sameAs"] == "http://data.europa.eu/esco/skill/x"
    assert found["recognizedBy"]["name"]["@value"] == "Board"
    assert found["timeRequired"] == "PT700H"
    assert found["url"] == "https://example.org/q"
    assert {one.field for one in left_out} == {"elm:targetGroup", "elm:creditPoint"}


def test_ctdl() -> None:
    found, left_out = exports.ctdl(Q[1:-1], record(), labels)
    assert found["ceterms:ctid"] == ctid(Q[1:-1])
    assert found["ceterms:name"] == {"en": "Car & lorry mechanic", "fi": "Ajoneuvoasentaja"}
    assert found["ceterms:creditValue"]["schema:value"] == "180"
    condition = found["ceterms:requires"]
    assert condition["@type"] == "ceterms:ConditionProfile"
    assert condition["ceterms:targetCompetency"][0]["ceterms:targetNode"] == OUT[1:-1]
    assert found["ceterms:offeredBy"]["@id"] == ORG[1:-1]
    assert {one.field for one in left_out} == {"elm:targetGroup"}


def test_an_organisation_in_both() -> None:
    facts = exports.facts(said(*organisation()))
    found, left_out = exports.schema_org(ORG[1:-1], facts, labels)
    assert found["address"] == {"@type": "PostalAddress", "addressCountry": "FIN"}
    assert left_out == ()
    found, _ = exports.ctdl(ORG[1:-1], facts, labels)
    assert found["ceterms:address"]["ceterms:addressCountry"] == "FIN"


def test_other_things_have_no_such_form() -> None:
    facts = exports.facts(said((OUT, "a", curie("elm:LearningAssessment"))))
    assert exports.schema_org(OUT[1:-1], facts, labels) == ({}, ())
    assert exports.ctdl(OUT[1:-1], facts, labels) == ({}, ())


BASE = "https://example.org/id/"


def made(kind: str, local: str, *more: Said) -> tuple[exports.Object, set[str]]:
    term = f"<{BASE}{local}>"
    facts = exports.facts(said((term, "a", curie(kind)), *((term, p, o) for _, p, o in more)))
    found, left_out = exports.schema_org(term[1:-1], facts, labels)
    assert found["@context"] == "https://schema.org/"
    assert found["@id"] == term[1:-1]
    return found, {one.field for one in left_out}


def test_outcomes_levels_and_frameworks_are_terms() -> None:
    skill = "<http://data.europa.eu/esco/skill/x>"
    found, left_out = made(
        "elm:LearningOutcome", "outcome/1",
        ("", "dcterms:title", '"Bake"@en'), ("", "dcterms:description", '"Long"@en'),
        ("", "elm:relatedESCOSkill", skill), ("", "dcterms:type", "<urn:t>"),
    )  # fmt: skip
    assert (found["@type"], found["sameAs"]) == ("DefinedTerm", skill[1:-1])
    assert found["description"] == {"@value": "Long", "@language": "en"}
    assert left_out == {"dcterms:type"}
    found, _ = made(
        "qcp:Level", "level/x/4",
        ("", "skos:prefLabel", '"Four"@en'), ("", "skos:notation", '"4"'),
        ("", "skos:inScheme", f"<{BASE}framework/x>"),
    )  # fmt: skip
    assert (found["@type"], found["termCode"]) == ("DefinedTerm", "4")
    assert found["inDefinedTermSet"] == {"@type": "DefinedTermSet", "@id": f"{BASE}framework/x"}
    found, _ = made("qcp:QualificationsFramework", "framework/x", ("", "skos:notation", '"x"'))
    assert (found["@type"], found["identifier"]) == ("DefinedTermSet", "x")


def test_an_opportunity_is_a_programme_if_it_leads_to_a_qualification() -> None:
    more: list[Said] = [
        ("", "dcterms:title", '"Baking"@en'),
        ("", "elm:duration", '"P2Y"'),
        ("", "elm:providedBy", ORG),
    ]
    tongue = "<http://publications.europa.eu/resource/authority/language/FRA>"
    more.append(("", "elm:defaultLanguage", tongue))
    course, _ = made("elm:LearningOpportunity", "opportunity/1", *more)
    assert (course["@type"], course["timeRequired"]) == ("Course", "P2Y")
    assert course["provider"]["@id"] == ORG[1:-1]
    assert course["inLanguage"] == "fr"
    assert "hasCourseInstance" not in course
    more.append(("", "elm:learningAchievementSpecification", Q))
    programme, _ = made("elm:LearningOpportunity", "opportunity/1", *more)
    assert programme["@type"] == "EducationalOccupationalProgram"
    assert programme["timeToComplete"] == "P2Y"
    assert programme["educationalCredentialAwarded"]["@id"] == Q[1:-1]


def test_a_register_is_a_dataset_with_its_files() -> None:
    term, file, check = (f"<{BASE}register/xx/y{tail}>" for tail in ("", "#dump", "#sum"))
    media = "<http://www.iana.org/assignments/media-types/application/gzip>"
    spdx = "http://spdx.org/rdf/terms#"
    facts = exports.facts([
        *said(
            (term, "a", curie("qcp:Register")),
            (term, "dcterms:title", '"Register"@en'),
            (term, "dcterms:license", "<https://example.org/free>"),
            (term, "dcat:distribution", file),
            (term, "dcat:distribution", f"<{BASE}register/xx/y#ldes>"),
            (file, "dcat:downloadURL", "<https://example.org/dumps/xx-y.nq.gz>"),
            (file, "dcat:compressFormat", media),
            (file, "dcat:byteSize", '"17"'),
        ),
        (file, f"<{spdx}checksum>", check, "data"),
        (check, f"<{spdx}checksumValue>", '"ab12"', "data"),
    ])  # fmt: skip
    found, left_out = exports.schema_org(term[1:-1], facts, labels)
    assert (found["@type"], found["license"]) == ("Dataset", "https://example.org/free")
    assert found["distribution"] == {
        "@type": "DataDownload",
        "contentUrl": "https://example.org/dumps/xx-y.nq.gz",
        "encodingFormat": "application/gzip",
        "contentSize": "17 B",
        "sha256": "ab12",
    }
    assert left_out == ()
