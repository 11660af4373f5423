"""Side tables of a delivery: beside the records, in an archive, missing, or damaged."""

import gzip
import zipfile
from pathlib import Path

import pytest

from qcp_graph.errors import DataError
from qcp_graph.pipeline import preview
from qcp_graph.settings import Settings
from tests.pipeline.conftest import SOURCE

MAPPING = """
sources:
  rows: {access: "rows*.csv", referenceFormulation: csv, key: $(id)}
joins:
  kit: {access: "kit*.csv", referenceFormulation: csv, key: $(id), on: $(id), optional: %s}
  field:
    access: "fields*.csv"
    referenceFormulation: csv
    options: {delimiter: ","}
    key: $(code)
    on: $(join:kit/code)
    optional: true
mappings:
  q:
    subjects: qualification:$(id)
    predicateobjects:
      - [a, elm:Qualification]
      - [dcterms:title, $(title), en~lang]
      - [elm:ISCEDFCode, "iscedf:$(join:field/field)"]
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return _settings(tmp_path, "true")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "delivery"
    place.mkdir()
    (place / "rows.csv").write_text("id,title\n1,One\n2,Two\n", "utf-8")
    return place


def _settings(tmp_path: Path, optional: str) -> Settings:
    place = tmp_path / "workspace" / "mappings" / "ee-mini"
    place.mkdir(parents=True, exist_ok=True)
    (place / "source.yaml").write_text(SOURCE, "utf-8")
    (place / "mapping.yaml").write_text(MAPPING % optional, "utf-8")
    return Settings(home=tmp_path / "home", workspace=tmp_path / "workspace")


def fields(found: preview.Preview) -> set[str]:
    return {o[-5:-1] for row in found.rows for _, p, o, _ in row.quads if "ISCEDFCode" in p}


def test_tables_in_archives_of_the_folder(folder: Path, settings: Settings) -> None:
    with zipfile.ZipFile(folder / "export.zip", "w") as archive:
        archive.writestr("kit-2031.csv", "id,code\n1,a\n2,b\n")
    with gzip.open(folder / "fields.csv.gz", "wb") as file:
        file.write(b"code,field\na,0613\nb,0714\n")
    found = preview.run(settings, "ee-mini", str(folder))
    assert fields(found) == {"0613", "0714"}
    assert [note.code for note in found.report.notes] == []


def test_optional_tables_that_lack_are_said(folder: Path, settings: Settings) -> None:
    found = preview.run(settings, "ee-mini", str(folder))
    assert found.report.counts.published == 2
    notes = [(note.code, note.field, note.severity) for note in found.report.notes]
    assert notes == [
        ("QCP-MAP-OPTIONAL", "join:kit", "info"),
        ("QCP-MAP-OPTIONAL", "join:field", "info"),
    ]


def test_a_table_that_must_be_there(folder: Path, tmp_path: Path) -> None:
    settings = _settings(tmp_path, "false")
    with pytest.raises(DataError) as caught:
        preview.run(settings, "ee-mini", str(folder))
    assert caught.value.code == "QCP-SRC-NOFILE"
    assert "kit*.csv" in str(caught.value)


def test_a_file_given_alone_is_no_side_table(folder: Path, tmp_path: Path) -> None:
    settings = _settings(tmp_path, "false")
    with pytest.raises(DataError, match="kit"):
        preview.run(settings, "ee-mini", str(folder / "rows.csv"))


def test_damaged_rows_are_named_and_the_others_joined(folder: Path, settings: Settings) -> None:
    (folder / "kit.csv").write_text("id,code\n1,a\n2,b,c,d\n", "utf-8")
    (folder / "fields.csv").write_text("code,field\na,0613\nb,0714\n", "utf-8")
    found = preview.run(settings, "ee-mini", str(folder))
    assert fields(found) == {"0613"}
    (note,) = [note for note in found.report.notes if note.locator.startswith("kit.csv")]
    assert (note.code, note.locator) == ("QCP-SRC-CELLS", "kit.csv row 3")
