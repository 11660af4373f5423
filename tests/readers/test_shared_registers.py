"""The real registers, read from the first byte to the last."""

from pathlib import Path

import pytest

from qcp_graph import readers
from tests.readers.conftest import Outcome, Run, snapshot_file

pytestmark = pytest.mark.shared
LIMIT = 32 * 1024**2


def _read(run: Run, path: Path, form: str, iterator: str = "", **options: object) -> Outcome:
    found = run(snapshot_file(path), form, iterator, LIMIT, **options)
    assert found.error is None, path
    assert len(set(found.places)) == len(found.places), "each record has a place of its own"
    return found


@pytest.mark.parametrize(("part", "count", "blocks"), [("RNCP", 12, 53), ("RS", 8, 0)])
def test_france(shared: Path, run: Run, part: str, count: int, blocks: int) -> None:
    path = shared / "registers/fr-rncp-xml-v41" / f"export_fiches_{part}_fixture.xml"
    assert readers.sniff(snapshot_file(path)).iterator == "/FICHES/FICHE"
    found = _read(run, path, "xml", "/FICHES/FICHE")
    assert (len(found.data), found.issues) == (count, [])
    inside = [fiche.get("BLOCS_COMPETENCES") for fiche in found.data]
    seen = 0
    for item in inside:
        block = item["BLOC_COMPETENCES"] if isinstance(item, dict) else []
        seen += len(block) if isinstance(block, list) else 1
    assert seen == blocks


def test_england(shared: Path, run: Run) -> None:
    found = _read(run, shared / "registers/uk-england-aodp/approved.csv", "csv")
    assert (len(found.data), found.issues) == (8092, [])
    assert {len(row) for row in found.data} == {46}
    assert sum(str(row["QualificationNumber"]).endswith("X") for row in found.data) == 771


@pytest.mark.parametrize(
    ("name", "count", "options"),
    [
        ("SAQAData.csv", 8370, {}),
        ("feti_courses.csv", 4850, {}),
        ("saqa_1553576222_OK.csv", 8167, {"delimiter": ";", "double_encoded": ","}),
    ],
)
def test_south_africa(
    shared: Path, run: Run, name: str, count: int, options: dict[str, object]
) -> None:
    found = _read(run, shared / "registers/za-saqa" / name, "csv", **options)
    assert (len(found.data), found.issues) == (count, [])


def test_south_africa_double_encoded_equals_the_plain_export(shared: Path, run: Run) -> None:
    folder = shared / "registers/za-saqa"
    plain = _read(run, folder / "SAQAData.csv", "csv").data
    double = _read(
        run, folder / "saqa_1553576222_OK.csv", "csv", delimiter=";", double_encoded=","
    ).data
    fields = {row["saqa_id"]: row["field_study"] for row in plain}
    both = [row for row in double if row["saqa_id"] in fields]
    same = sum(row["field_study"] == fields[row["saqa_id"]] for row in both)
    assert len(both) > 5000
    assert same / len(both) > 0.95


def test_finland(shared: Path, run: Run) -> None:
    folder = shared / "registers/fi-eperusteet"
    documents = sorted(folder.glob("rakenne-*.json"))
    assert len(documents) >= 30
    for path in documents:
        found = _read(run, path, "json", "$")
        assert (len(found.data), found.issues) == (1, [])
        assert {"id", "nimi", "koulutukset"} <= set(found.data[0])
    codes = _read(run, folder / "koodisto/koulutus_11.json", "json", "$[*]")
    assert len(codes.data) == 3160
    assert len(_read(run, folder / "DERIVED_koulutus_eqf.csv", "csv").data) == 3160


def test_germany(shared: Path, run: Run) -> None:
    folder = shared / "registers/de-nrw-fachklassen"
    keys, versions = 0, 0
    for path in sorted(folder.glob("Index*.json")):
        found = _read(run, path, "json", "$.fachklassen[*]")
        assert not found.issues or found.codes == ["QCP-SRC-NO-RECORDS"]
        keys += len(found.data)
        histories = [row["historie"] for row in found.data]
        versions += sum(len(history) for history in histories if isinstance(history, list))
    assert (keys, versions) == (2161, 2226)
    assert len(_read(run, folder / "DQRNiveaus.csv", "csv").data) == 3082


def test_every_shared_table_and_document_is_recognised(shared: Path) -> None:
    for folder in ("za-saqa", "uk-england-aodp", "de-nrw-fachklassen", "fr-kit-apprentissage"):
        for path in sorted((shared / "registers" / folder).iterdir()):
            if path.suffix in {".csv", ".json", ".xlsx"} and "Présentation" not in path.name:
                report = readers.sniff(snapshot_file(path))
                assert report.format == path.suffix[1:]
                assert report.fields or path.suffix == ".json"
