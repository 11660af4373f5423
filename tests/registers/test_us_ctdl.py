"""CTDL: credentials, programmes and bodies of real and model documents, read a second time."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.registers.facts import Facts

pytestmark = pytest.mark.shared
FILES = (
    "Credential/1/Credential-1-graph.json",
    "LearningProgram/1/LearningProgram-1-graph.json",
    "LearningProgram/2/LearningProgram-2.json",
    "Organization/1/Organization-1.json",
    "HandbookExamples/degreeWithConcentration.json",
    "HandbookExamples/QualificationsFramework/credentialLevel.json",
    "HandbookExamples/CredentialTypes/basicDescription.json",
    "spec/support/fixtures/json/ce_registry/credential/1_valid.json",
    "spec/support/fixtures/json/ce_registry/credential/3_import.json",
    "spec/support/fixtures/json/ce_registry/credential/4_import.json",
    "spec/support/fixtures/json/ce_registry/learning_opportunity_profile/2_import.json",
    "spec/support/fixtures/json/ce_registry/organization/3_import.json",
)
KINDS = {
    "BachelorDegree": "qualification", "BachelorOfScienceDegree": "qualification",
    "MasterDegree": "qualification", "Certificate": "qualification",
    "Certification": "qualification", "LearningProgram": "opportunity", "Course": "opportunity",
    "LearningOpportunityProfile": "opportunity", "CredentialOrganization": "organisation",
    "QACredentialOrganization": "organisation", "Organization": "organisation",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("documents")
    for number, name in enumerate(FILES):
        source = shared / "registers" / "us-ctdl" / name
        shutil.copyfile(source, place / f"{number:02}-{source.name}")
    return place


@pytest.fixture(scope="module")
def facts(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return Facts("us-ctdl", folder, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def resources(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what has an @id of its own, by @id, the first of each."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.iterdir()):
        document = json.loads(path.read_text("utf-8"))
        for item in document.get("@graph") or [document]:
            kind = KINDS.get(str(item.get("@type")).removeprefix("ceterms:"))
            if kind and not item["@id"].startswith("_:"):
                found.setdefault(item["@id"], {**item, "kind": kind})
    return found


def texts(value: object) -> Iterator[str]:
    """Yield the texts of a bare text or a language map."""
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)


def address(facts: Facts, key: str) -> str:
    """Return the IRI of what a record describes."""
    (found,) = [row.iri for row in facts.preview.rows if row.key == key]
    return found


def test_every_resource_is_accounted_for(facts: Facts, resources: dict[str, Any]) -> None:
    published = {row.key for row in facts.preview.rows if row.status == "published"}
    assert published == set(resources)
    kinds = Counter(item["kind"] for item in resources.values())
    assert kinds == {"qualification": 7, "opportunity": 11, "organisation": 4}
    assert {row.status for row in facts.preview.rows} == {"published", "rejected"}
    assert set(facts.reasons) <= {
        "QCP-MAP-SCOPE", "QCP-MAP-DUPLICATE", "QCP-MAP-VALUE", "QCP-MAP-CODE",
        "QCP-VAL-LACKS-EQF", "QCP-VAL-LACKS-NQF", "QCP-VAL-LACKS-ISCEDF",
        "QCP-VAL-LACKS-OUTCOMES", "QCP-VAL-LACKS-AWARDING-BODY", "QCP-VAL-LACKS-IDENTIFIER",
    }  # fmt: skip
    assert not [note for note in facts.notes if note.startswith("QCP-MAP-UNMAPPED")]
    assert not facts.blank


def test_names_identifiers_and_pages(facts: Facts, resources: dict[str, Any]) -> None:
    for key, item in resources.items():
        iri = address(facts, key)
        assert f"/id/{item['kind']}/us/ctdl/" in iri
        ctid = re.search("ce-[0-9a-f-]{36}$", key.lower())
        if ctid:
            assert iri.endswith(ctid.group())
        title = "rov:legalName" if item["kind"] == "organisation" else "dcterms:title"
        assert facts.of(iri, title) == sorted(texts(item.get("ceterms:name")))
        said = facts.of(iri, "dcterms:description")
        assert [" ".join(text.split()) for text in said] == sorted(
            texts(item.get("ceterms:description"))
        )
        if "ceterms:ctid" in item:
            notations = facts.of(iri, "adms:identifier", "skos:notation")
            assert item["ceterms:ctid"].lower() in notations
        page = item.get("ceterms:subjectWebpage")
        assert len(facts.of(iri, "foaf:homepage", "elm:contentUrl")) == bool(page)


def test_levels_and_competencies_of_credentials(facts: Facts, resources: dict[str, Any]) -> None:
    levels = outcomes = 0
    for key, item in resources.items():
        if item["kind"] != "qualification":
            continue
        iri = address(facts, key)
        named = [
            one["ceterms:targetNode"].removeprefix("audLevel:")
            for one in item.get("ceterms:audienceLevelType", ())
        ]
        found = facts.of(iri, "elm:educationLevel", "skos:notation")
        assert found == sorted(named)
        levels += len(found)
        outcomes += len(facts.of(iri, "elm:learningOutcome", "dcterms:title"))
        kinds = facts.of(iri, "elm:category")
        words = re.sub("(?<=[a-z])(?=[A-Z])", " ", item["@type"].removeprefix("ceterms:"))
        assert words.lower() in {kind.lower() for kind in kinds}
    assert (levels, outcomes) == (2, 3)


def test_owners_and_providers(facts: Facts, resources: dict[str, Any]) -> None:
    met = 0
    for key, item in resources.items():
        named = item.get("ceterms:ownedBy") or item.get("ceterms:offeredBy") or []
        for one in [named] if isinstance(named, str) else named:
            if not isinstance(one, str) or one not in resources:
                continue
            body = address(facts, one)
            if item["kind"] == "qualification":
                bodies = facts.of(
                    address(facts, key), "elm:awardingOpportunity", "elm:awardingBody"
                )
            elif item["kind"] == "opportunity":
                bodies = facts.of(address(facts, key), "elm:providedBy")
            else:
                continue
            assert body in bodies
            met += 1
    assert met == 7


def test_what_it_takes_and_who_recognises(facts: Facts) -> None:
    degree = address(
        facts,
        "https://credentialengine.github.io/credential-registry-ingest-examples/Credential/1/Credential-1.json",
    )
    assert not facts.of(degree, "elm:entryRequirement")  # its programme says who may begin
    notes = facts.of(degree, "elm:additionalNote", "elm:noteLiteral")
    assert [text.split(":")[0] for text in notes] == ["Recognized by", "Requirements"]
    assert "Example Town Cyber Security Jobs Center" in notes[0]  # described in the document only
    assistant = address(
        facts,
        "http://lr-staging.learningtapestry.com/resources/ce-1A4AB486-8212-4708-B7D5-C5167FDD2B47",
    )
    assert not facts.of(assistant, "elm:learningOutcome")  # "Active" is a status, no competency
    assert not facts.count("elm:maximumDuration")  # an estimate is no limit
    assert "Estimated duration: P2Y" in facts.of(assistant, "elm:additionalNote", "elm:noteLiteral")


def test_owners_described_in_passing_award(facts: Facts) -> None:
    certification = address(
        facts,
        "http://lr-staging.learningtapestry.com/resources/ce-28E50037-D306-4F1E-AA9D-22A0E716B7A7",
    )
    names = facts.of(certification, "elm:awardingOpportunity", "elm:awardingBody", "rov:legalName")
    assert names == ["Medical Licensing Board of Indiana"]
