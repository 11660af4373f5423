"""`qcp mapping template` and `convert` with sheets: from a file to a register that can be built."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import Answer

Qcp = Callable[..., Answer]
ROWS = (
    "Course No;Course title;Stage;State;Starts;Site\n"
    "K-1;  Boat building;Level 4;Live;1/9/2024;www.boats.example\n"
    "K-2;Net mending;Level 3;Live;13/9/2024;\n"
    "K-3;Sail making;Level 4;Closed;1/10/2024;\n"
    "K-4;Rope walking;Level 4;Live;1/10/2024;\n"
    "K-5;Oar carving;Level 3;Live;1/10/2024;\n"
    "K-6;Caulking;Level 3;Live;1/10/2024;\n"
)
REGISTER = {
    "Title": "Courses", "Languages": "en", "Owner": "Harbour board", "Licence": "CC0",
    "Frequency": "ANNUAL",
}  # fmt: skip


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    path = tmp_path / "courses.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def _fill(path: Path, changes: dict[str, dict[str, str]]) -> None:
    """Type into a workbook, as a person would: field → column → value."""
    book = load_workbook(path)
    for row in book["Register"].iter_rows():
        if row[0].value in REGISTER:
            row[1].value = REGISTER[str(row[0].value)]
    sheet = book["Mapping"]
    columns = {str(cell.value): number for number, cell in enumerate(sheet[1])}
    for row in sheet.iter_rows(min_row=2):
        for column, value in changes.get(str(row[0].value), {}).items():
            row[columns[column]].value = value
    book.save(path)


def _codes(path: Path, title: str, targets: dict[str, str]) -> None:
    book = load_workbook(path)
    for row in book[title].iter_rows(min_row=2):
        row[1].value = targets[str(row[0].value)]
    book.save(path)


def test_from_a_file_to_a_register(qcp: Qcp, courses: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "m.xlsx"
    made = qcp("mapping", "template", str(courses), "--id", "ie-harbour", "--out", str(sheet))
    assert made.code == 0
    assert "6 records, 6 fields" in made.err
    (state,) = load_workbook(sheet)["Codes state"].data_validations.dataValidation[1:]
    assert state.formula1.startswith('"qcp:Registered,')
    folder = tmp_path / "ws" / "mappings" / "ie-harbour"
    early = qcp("mapping", "convert", str(sheet), str(folder))
    assert early.code == 2
    assert "Owner is not filled in." in early.out
    assert not folder.exists()
    _codes(sheet, "Codes stage", {"Level 3": "3", "Level 4": "4"})
    _fill(
        sheet,
        {
            "Stage": {"Target": "level", "Detail": "ie-nfq", "Code list": "stage"},
            "Site": {"Target": "homepage"},
        },
    )
    done = qcp("mapping", "convert", str(sheet), str(folder))
    assert done.code == 0, done.out + done.err
    assert {path.name for path in folder.iterdir()} >= {"mapping.yaml", "source.yaml"}
    again = qcp("mapping", "convert", str(sheet), str(folder))
    assert (again.code, "--force" in again.err) == (2, True)
    checked = qcp(
        "--workspace", str(tmp_path / "ws"), "source", "check", "ie-harbour",
        "--input", str(courses), "--format", "json",
    )  # fmt: skip
    assert checked.code == 0, checked.out + checked.err


def test_csv_and_yaml_forms(qcp: Qcp, courses: Path, tmp_path: Path) -> None:
    for name in ("m.csv", "m.yaml"):
        made = qcp(
            "mapping", "template", str(courses), "--id", "ie-x", "--out", str(tmp_path / name)
        )
        assert made.code == 0
    assert (tmp_path / "m.Register.csv").is_file()
    assert "dcterms:title" in (tmp_path / "m.yaml").read_text()
    assert "record key" in (tmp_path / "m.csv").read_text()
    assert qcp("mapping", "template", str(courses), "--out", str(tmp_path / "m.csv")).code == 2
    assert qcp("mapping", "template", str(courses), "--out", str(tmp_path / "m.doc")).code == 2
    assert qcp("mapping", "template", str(tmp_path / "none"), "--out", str(tmp_path / "n.csv")).code


def test_a_sheet_of_several_files_says_that_it_is_about_one(qcp: Qcp, tmp_path: Path) -> None:
    folder = tmp_path / "delivery"
    folder.mkdir()
    for number in range(7):
        (folder / f"t{number}.csv").write_text("id;name\n" + "1;Boats\n" * (number + 1))
    sheet = tmp_path / "m.xlsx"
    made = qcp("mapping", "template", str(folder), "--id", "ie-x", "--out", str(sheet))
    assert made.code == 0
    assert "made from t6.csv" in made.err
    assert "and 1 more" in made.err
    assert "mapping.yaml afterwards, under `joins`" in made.err
