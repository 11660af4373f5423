"""DEQAR: real reports of agencies, as accreditations with their bodies, documents, programmes."""

import csv
from pathlib import Path

import pytest

from tests.registers.facts import Facts

pytestmark = pytest.mark.shared
CYCLES = {"1": "first", "2": "second", "first cycle": "first", "second cycle": "second"}
TYPES = {"prog": "820101cba6", "inst": "bb4618238e"}


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "registers" / "eu-deqar"


@pytest.fixture(scope="module")
def facts(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return Facts("eu-deqar", folder, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def reports(folder: Path) -> dict[str, tuple[str, dict[str, str]]]:
    """Return kind and row of each report by the end of its IRI."""
    found = {}
    for kind in TYPES:
        with (folder / f"fulltest_{kind}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, restval=""):
                local = f"{row['agency']}/{row['local_identifier'].replace(' ', '%20')}"
                found[local] = kind, row
    return found


def accreditation(facts: Facts, local: str) -> str:
    return f"{facts.base}id/accreditation/eu/deqar/{local}"


def test_every_report_is_published_and_every_column_accounted_for(facts: Facts) -> None:
    assert facts.fates == {"published": 6}
    assert facts.notes == [
        "QCP-MAP-OPTIONAL join:institutions",
        "QCP-MAP-OPTIONAL join:institutions-eter",
    ]
    assert not any(code.startswith("QCP-MAP") for code in facts.reasons)
    assert not facts.blank


def test_agents_institutions_types_validity_and_documents(
    facts: Facts, reports: dict[str, tuple[str, dict[str, str]]]
) -> None:
    assert len(reports) == 6
    for local, (kind, row) in reports.items():
        iri = accreditation(facts, local)
        assert facts.of(iri, "adms:identifier", "skos:notation") == [row["local_identifier"]]
        assert facts.of(iri, "dcterms:type")[0].endswith(TYPES[kind])
        named = facts.of(iri, "elm:accreditingAgent", "rov:legalName")
        assert named == ([] if row["agency"].isdigit() else [row["agency"]])
        columns = "institution[1].deqar_id", "institution[1].eter_id", "institution[1].identifier"
        numbers = [row[column] for column in columns if row.get(column)]
        assert facts.of(iri, "elm:organisation", "adms:identifier", "skos:notation") == numbers
        assert facts.of(iri, "qcp:validFrom") == [row["valid_from"]]
        until = [row["valid_to"]] if row["valid_to"] else []
        assert facts.of(iri, "qcp:validUntil") == until
        assert facts.of(iri, "elm:expiryDate") == [f"{day}T00:00:00" for day in until]
        addresses = [v for c, v in row.items() if c.endswith("original_location") and v]
        found = facts.of(iri, "elm:report", "elm:contentUrl")
        found += facts.of(iri, "elm:supplementaryDocument", "elm:contentUrl")
        assert sorted(found) == sorted(addresses)
        positive = row["decision"] in {"1", "positive"}
        assert facts.of(iri, "elm:decision", "skos:notation") == ["positive"] * positive


def test_programmes_with_cycles_and_their_accreditation(
    facts: Facts, reports: dict[str, tuple[str, dict[str, str]]]
) -> None:
    programmes = 0
    for local, (_, row) in reports.items():
        for n in (1, 2, 3):
            number = row.get(f"programme[{n}].identifier[1]")
            if not number:
                continue
            programmes += 1
            iri = facts.qualification(f"{local}/{number}")
            name, award = (
                row[f"programme[{n}].{part}_primary"].strip() for part in ("name", "qualification")
            )
            assert facts.of(iri, "dcterms:title") == [f"{name} ({award})"]
            other = row[f"programme[{n}].name_alternative[1]"]
            assert facts.of(iri, "skos:altLabel") == ([other] if other else [])
            cycle = CYCLES[row[f"programme[{n}].qf_ehea_level"]]
            assert facts.of(iri, "elm:educationLevel") == [f"{facts.base}id/level/qf-ehea/{cycle}"]
            assert facts.of(iri, "elm:accreditation") == [accreditation(facts, local)]
            assert facts.of(iri, "elm:isPartialQualification") == ["false"]
    assert programmes == 9
