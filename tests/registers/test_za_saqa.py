"""The real list of South Africa: every record, and of the second list what may be believed."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from qcp_graph import readers
from qcp_graph.model.record import SourceRecord
from qcp_graph.model.snapshot import SnapshotFile
from tests.registers.facts import Facts

pytestmark = pytest.mark.shared
PAGE = "https://allqs.saqa.org.za/showQualification.php?id="
# Today's levels are written with two digits; levels 1 to 4 did not change in 2009.
CURRENT = re.compile(r"NQF Level (?P<today>\d\d)\Z|(?:NQF Level |NQF |Level |L)?(?P<low>[1-4])\Z")


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "registers" / "za-saqa"


@pytest.fixture(scope="module")
def facts(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return Facts("za-saqa", folder, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "SAQAData.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture(scope="module")
def courses(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of the second list by number, without unit standards."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (folder / "feti_courses.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["Qualification Type"].strip().lower() != "unit standard":
                found[re.sub(r"^(NLRD|SAQA ID )", "", row["QualCode"].strip())].append(row)
    return found


def test_every_record_is_published_and_says_what_it_lacks(facts: Facts) -> None:
    assert facts.fates == {"published": 8370}
    assert facts.reasons == {
        "QCP-VAL-LACKS-AWARDING-BODY": 8370,
        "QCP-VAL-LACKS-EQF": 8370,
        "QCP-VAL-LACKS-ISCEDF": 908,
        "QCP-LNK-FIELD-ASSIGNED": 7462,
        "QCP-VAL-LACKS-OUTCOMES": 8370,
        "QCP-VAL-LACKS-NQF": 7422,
    }
    assert facts.notes == []
    assert not facts.blank


def test_numbers_names_types_and_fields(facts: Facts, rows: list[dict[str, str]]) -> None:
    assert sum(n for n in Counter(row["name"] for row in rows).values() if n > 1) > 2061
    for row in rows:
        iri = facts.qualification(row["saqa_id"])
        assert facts.of(iri, "adms:identifier", "skos:notation") == [row["saqa_id"]]
        assert facts.of(iri, "dcterms:title") == [row["name"]]
        assert facts.of(iri, "foaf:homepage", "elm:contentUrl") == [PAGE + row["saqa_id"]]
        words = {row["type"], row["field_study"], row["subfield_study"]}
        assert set(facts.of(iri, "elm:category")) == words - {"Unknown", "Undefined"}
        assert facts.of(iri, "elm:EQFLevel") == []


def test_levels_of_today_only(
    facts: Facts, rows: list[dict[str, str]], courses: dict[str, list[dict[str, str]]]
) -> None:
    levelled = quoted = 0
    for row in rows:
        told = {" ".join(r["NQF level"].split()) for r in courses.get(row["saqa_id"], ())} - {""}
        current = {text: match for text in told if (match := CURRENT.match(text))}
        levels = {str(int(match["today"] or match["low"])) for match in current.values()}
        iri = facts.qualification(row["saqa_id"])
        found = facts.of(iri, "elm:NQFLevel")
        assert found == [f"{facts.base}id/level/za-nqf/{level}" for level in sorted(levels)]
        assert len(found) <= 1
        assert set(facts.of(iri, "qcp:sourceLevel")) == told - set(current)
        levelled += bool(found)
        quoted += bool(told - set(current))
    assert (levelled, quoted) == (948, 136)


def test_credits_but_not_those_of_unit_standards(
    facts: Facts, rows: list[dict[str, str]], courses: dict[str, list[dict[str, str]]]
) -> None:
    double = []
    for row in rows:
        iri = facts.qualification(row["saqa_id"])
        told = {r["Credits"].strip() for r in courses.get(row["saqa_id"], ())} - {""}
        assert set(facts.of(iri, "elm:creditPoint", "elm:point")) == told
        if told:
            systems = set(facts.of(iri, "elm:creditPoint", "elm:framework"))
            assert systems == {f"{facts.base}id/framework/credit/za-nqf"}
        double += [row["saqa_id"]] * (len(told) > 1)
    assert double == ["48979", "49009"]  # the list says two numbers, and so do we


def test_the_older_list_is_double_encoded_and_adds_only_what_has_left(
    folder: Path, rows: list[dict[str, str]]
) -> None:
    path = folder / "saqa_1553576222_OK.csv"
    file = SnapshotFile(path.name, path, path.stat().st_size, "")
    spec = readers.ReaderSpec("csv", "", {"delimiter": ";", "double_encoded": ","})
    older = list(readers.read(spec, file, max_record_bytes=1024 * 1024))
    records = [item.data for item in older if isinstance(item, SourceRecord)]
    assert len(records) == len(older) == 8167
    assert all(len(record) == 5 and record["subfield_study"] for record in records)
    known = {row["saqa_id"] for row in rows}
    gone = {str(record["saqa_id"]) for record in records} - known
    assert (len(gone), len(known) - len(records) + len(gone)) == (50, 253)
