"""ACQF QCP: the platform's own example imports, read a second time on their own."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.registers.facts import Facts

pytestmark = pytest.mark.shared
EXAMPLES = "reference/acqf-qcp/model/examples"


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("imports")
    for path in (shared / EXAMPLES).glob("*.json"):
        shutil.copyfile(path, place / path.name)
    return place


@pytest.fixture(scope="module")
def facts(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return Facts("za-acqf-qcp", folder, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def document(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "import-maximal.json").read_text("utf-8"))
    return found


def test_what_has_an_identifier_is_published_and_every_field_accounted_for(facts: Facts) -> None:
    assert facts.fates == {"published": 1, "rejected": 2}
    mapping = {code: n for code, n in facts.reasons.items() if code.startswith("QCP-MAP")}
    # A country "ZAR" and a credit system "framework123", which are none.
    assert mapping == {"QCP-MAP-KEY": 2, "QCP-MAP-CODE": 2}
    assert not [note for note in facts.notes if note.startswith("QCP-MAP-UNMAPPED")]
    assert not facts.blank


def test_bodies_are_those_of_the_same_file(facts: Facts, document: dict[str, Any]) -> None:
    names = {body["id"]: body["prefLabel"]["en"] for body in document["organisations"]}
    (given,) = document["qualifications"]
    iri = facts.qualification(given["identifier"]["notation"])

    def named(ids: list[str]) -> list[str]:
        return sorted(names[number] for number in ids)

    assert facts.of(iri, "dcterms:publisher", "rov:legalName") == named([given["publisher"]])
    award = given["awardingOpportunity"][0]
    body = "elm:awardingOpportunity", "elm:awardingBody", "rov:legalName"
    assert facts.of(iri, *body) == named(award["awardingBody"])
    accreditation = given["accreditation"][0]
    agent = facts.of(iri, "elm:accreditation", "elm:accreditingAgent", "rov:legalName")
    assert agent == named([accreditation["accreditingAgent"]])
    accredited = facts.of(iri, "elm:accreditation", "elm:organisation", "rov:legalName")
    assert accredited == named(accreditation["organisation"])
    opportunity = iri.replace("/qualification/", "/opportunity/")
    provider = facts.of(opportunity, "elm:providedBy", "rov:legalName")
    assert provider == named(given["learningOpportunity"]["providedBy"])
    assert facts.of(opportunity, "elm:learningAchievementSpecification") == [iri]


def test_titles_level_outcomes_and_documents(facts: Facts, document: dict[str, Any]) -> None:
    (given,) = document["qualifications"]
    iri = facts.qualification(given["identifier"]["notation"])
    assert facts.of(iri, "dcterms:title") == [given["title"]["en"]]
    assert facts.of(iri, "adms:identifier", "elm:schemeName") == ["Qualification Scheme"]
    assert facts.of(iri, "elm:educationLevel") == [f"{facts.base}id/level/acqf/6"]
    outcomes = [one["title"]["en"] for one in given["learningOutcome"]]
    assert facts.of(iri, "elm:learningOutcome", "dcterms:title") == outcomes
    words = facts.of(iri, "elm:learningOutcome", "elm:additionalNote", "elm:noteLiteral")
    assert words == ["Learning outcome note.", "Related skill: skill123"]
    expiry = facts.of(iri, "elm:accreditation", "elm:expiryDate")
    assert expiry == [given["accreditation"][0]["expiryDate"]]
    assert len(facts.of(iri, "elm:supplementaryDocument", "elm:contentUrl")) == 2
    assert facts.of(iri, "elm:creditPoint") == []
