"""The real catalogue of North Rhine-Westphalia: keys, versions, years and DQR levels."""

import csv
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.registers.facts import Facts

pytestmark = pytest.mark.shared
# Which kind of programme (index) a school type (Gliederung) belongs to.
INDEX = {
    "A01": 10, "A02": 10, "A03": 10, "A04": 10, "B01": 60, "B04": 90, "B05": 90, "C01": 100,
    "C02": 110, "D01": 160, "E01": 210, "E02": 210, "E13": 210, "E03": 220, "E04": 220,
    "E05": 230, "E07": 230,
}  # fmt: skip
Programme = Mapping[str, Any]


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "registers" / "de-nrw-fachklassen"


@pytest.fixture(scope="module")
def facts(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return Facts("de-nrw-fachklassen", folder, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def programmes(folder: Path) -> dict[str, Programme]:
    found = {}
    for path in sorted(folder.glob("Index*.json")):
        document = json.loads(path.read_text("utf-8"))
        for item in document["fachklassen"]:
            found[f"{document['index']}-{item['schluessel']}{item['schluessel2']}"] = item
    return found


@pytest.fixture(scope="module")
def levels(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    with (folder / "DQRNiveaus.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            found[f"{INDEX[row['Gliederung']]}-{row['FKS']}"].add(row["DQR_Niveau"])
    return found


def test_every_key_is_published_and_says_what_it_lacks(
    facts: Facts, programmes: dict[str, Programme]
) -> None:
    assert len(programmes) == 2161
    assert facts.fates == {"published": 2161}
    assert facts.reasons == {
        "QCP-VAL-LACKS-AWARDING-BODY": 2161,
        "QCP-VAL-LACKS-ISCEDF": 2161,
        "QCP-VAL-LACKS-OUTCOMES": 2161,
        "QCP-VAL-LACKS-EQF": 1243,
        "QCP-VAL-LACKS-NQF": 1243,
    }
    assert facts.notes == []
    assert not facts.blank


def _names(item: Programme) -> tuple[str, set[str]]:
    latest = item["historie"][-1]
    title = " ".join(latest["bezeichnung"].split())
    others = [latest["bezeichnungM"], latest["bezeichnungW"]]
    others += [version["bezeichnung"] for version in item["historie"]]
    return title, {" ".join(name.split()) for name in others} - {title}


def test_keys_and_names(facts: Facts, programmes: dict[str, Programme]) -> None:
    for key, item in programmes.items():
        iri = facts.qualification(key)
        title, others = _names(item)
        assert facts.of(iri, "dcterms:title") == [title]
        assert set(facts.of(iri, "skos:altLabel")) == others
        fks = item["schluessel"] + item["schluessel2"]
        assert facts.of(iri, "adms:identifier", "skos:notation") == [fks]


def test_years_and_status_of_the_last_version(
    facts: Facts, programmes: dict[str, Programme]
) -> None:
    for key, item in programmes.items():
        iri = facts.qualification(key)
        latest = item["historie"][-1]
        for field, predicate in (("gueltigVon", "qcp:validFrom"), ("gueltigBis", "qcp:validUntil")):
            year = latest[field]
            assert facts.of(iri, predicate) == ([] if year is None else [str(year)])
        status = "Expired" if latest["istAusgelaufen"] else "Registered"
        assert [s.rsplit("#", 1)[1] for s in facts.of(iri, "qcp:status")] == [status]


def test_years_of_earlier_versions(facts: Facts, programmes: dict[str, Programme]) -> None:
    told = 0
    for key, item in programmes.items():
        notes = facts.of(facts.qualification(key), "elm:additionalNote", "elm:noteLiteral")
        earlier = item["historie"][:-1]
        assert len(notes) == len(earlier)
        for version in earlier:
            years = [str(y) for y in (version["gueltigVon"], version["gueltigBis"]) if y]
            name = " ".join(version["bezeichnung"].split())
            assert any(name in note and all(year in note for year in years) for note in notes)
        told += len(notes)
    assert told == 2226 - 2161


def test_levels_where_table_and_kind_of_programme_meet(
    facts: Facts, programmes: dict[str, Programme], levels: dict[str, set[str]]
) -> None:
    for key in programmes:
        iri = facts.qualification(key)
        eqf = [level.rsplit("/", 1)[1] for level in facts.of(iri, "elm:EQFLevel")]
        assert eqf == sorted(levels.get(key, ()))  # a blanket statement: equal numbers
        assert len(facts.of(iri, "elm:NQFLevel")) == len(eqf) <= 1
    # 99901 ("other programme") has a level under five kinds of programme where it does not exist.
    assert {key for key in levels if key not in programmes} == {
        "100-99901", "110-99901", "160-99901", "210-99901", "230-99901",
    }  # fmt: skip
    assert sum(key in programmes for key in levels) == 918


def test_the_key_alone_would_mix_programmes(programmes: dict[str, Programme]) -> None:
    titles = defaultdict(set)
    for key, item in programmes.items():
        titles[key.split("-")[1]].add(item["historie"][-1]["bezeichnung"])
    assert len(titles) == 1309
    assert sum(len(names) > 1 for names in titles.values()) == 176
