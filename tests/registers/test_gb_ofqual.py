"""The real list of England: every number, level, name and date is found again in the graph."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.registers.facts import Facts

pytestmark = pytest.mark.shared
EQF = {
    "Level 1": ["2"],
    "Level 2": ["3"],
    "Level 3": ["4"],
    "Level 4": ["5"],
    "Level 5": ["5"],
    "Level 6": ["6"],
    "Level 1/2": [],
    "Entry Level": [],
}


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "registers" / "uk-england-aodp"


@pytest.fixture(scope="module")
def facts(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return Facts("gb-ofqual", folder, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "approved.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_record_is_published_and_says_what_it_lacks(facts: Facts) -> None:
    assert facts.fates == {"published": 8092}
    assert facts.reasons == {
        "QCP-VAL-LACKS-ISCEDF": 1130,
        "QCP-LNK-FIELD-ASSIGNED": 6962,
        "QCP-VAL-LACKS-OUTCOMES": 8092,
        "QCP-VAL-LACKS-EQF": 1461,
        "QCP-MAP-LEVEL": 248,
    }
    assert facts.notes == []
    assert not facts.blank


def test_numbers_titles_and_bodies(facts: Facts, rows: list[dict[str, str]]) -> None:
    for row in rows:
        number = row["QualificationNumber"]
        iri = facts.qualification(number)
        notation = f"{number[:3]}/{number[3:7]}/{number[7]}"
        assert facts.of(iri, "adms:identifier", "skos:notation") == [notation]
        assert facts.of(iri, "dcterms:title") == [" ".join(row["QualificationName"].split())]
        bodies = facts.of(iri, "elm:awardingOpportunity", "elm:awardingBody", "rov:legalName")
        assert [name.lower() for name in bodies] == [row["AwardingOrganisation"].lower()]
    names = {row["AwardingOrganisation"].lower() for row in rows}
    assert facts.count("rov:legalName") == len(names) + 1  # the publisher


def test_levels(facts: Facts, rows: list[dict[str, str]]) -> None:
    for row in rows:
        iri = facts.qualification(row["QualificationNumber"])
        eqf = [level.rsplit("/", 1)[1] for level in facts.of(iri, "elm:EQFLevel")]
        assert eqf == EQF[row["Level"]]
        assert len(facts.of(iri, "elm:NQFLevel")) == 1
        assert facts.of(iri, "qcp:sourceLevel") == ([] if eqf else [row["Level"]])


def test_subject_areas_have_one_spelling(facts: Facts, rows: list[dict[str, str]]) -> None:
    spellings: dict[str, set[str]] = {}
    for row in rows:
        found = facts.of(facts.qualification(row["QualificationNumber"]), "elm:category")
        area = row["SectorSubjectArea"].casefold()
        assert row["QualificationType"] in found
        assert not row["Subcategory"] or row["Subcategory"] in found
        spellings.setdefault(area, set()).update(c for c in found if c.casefold() == area)
    assert len(spellings) == 47
    assert all(len(found) == 1 for found in spellings.values())


def _funding(row: dict[str, str]) -> Iterator[str]:
    for column, value in row.items():
        if column.endswith("_FundingAvailable") and value == "True":
            offer = column.removesuffix("_FundingAvailable")
            dates = [row[f"{offer}_FundingApproval{end}Date"] for end in ("Start", "End")]
            start, until = (re.sub(r"(..)/(..)/(....)", r"\3-\2-\1", date) for date in dates)
            note = row[f"{offer}_Notes"]
            yield f", {start} to {until}" + (f" ({note})" if note else "")


def test_funding_is_told_offer_by_offer(facts: Facts, rows: list[dict[str, str]]) -> None:
    for row in rows:
        iri = facts.qualification(row["QualificationNumber"])
        (text,) = facts.of(iri, "elm:additionalNote", "elm:noteLiteral")
        offers = text.removeprefix("Approved for public funding in England: ").split("; ")
        expected = list(_funding(row))
        assert len(offers) == len(expected)
        assert all(told.endswith(end) for told, end in zip(offers, expected, strict=True))


def test_pages(facts: Facts, rows: list[dict[str, str]]) -> None:
    for row in rows:
        found = facts.of(
            facts.qualification(row["QualificationNumber"]), "foaf:homepage", "elm:contentUrl"
        )
        given = [address.rstrip("/") for address in row["AwardingOrganisationURL"].split()]
        assert [address.rstrip("/") for address in found] == sorted(given)
