"""Sheets as files: what comes from a register is never run, and files from outside are bounded."""

import csv
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from qcp_graph.errors import UsageError
from qcp_graph.mapping.sheet import grids, template, workbook, writing
from qcp_graph.mapping.sheet.kinds import Profile

HOSTILE = ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "'=y", "'z", "plain", "\x07bell"]


def _made(values: list[str]) -> writing.Grids:
    profile = Profile()
    for number, text in enumerate(values):
        profile.take({"id": [str(number)], "=evil": [text], "name": [f"Name {number}"]})
    made = template.propose(profile, {"file": "a.csv", "format": "csv"}, template.Hints())
    return writing.of_template(made)


def test_workbook_reads_back_and_holds_no_formula(tmp_path: Path) -> None:
    found = _made(HOSTILE)
    path = tmp_path / "m.xlsx"
    workbook.write(found, path)
    back = grids.read(path)
    width = len(found["Mapping"][0])
    rows = [[*row, *[""] * (width - len(row))] for row in back["Mapping"]]
    assert rows == [[c.replace("\x07", "\ufffd") for c in row] for row in found["Mapping"]]
    book = load_workbook(path)
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row if cell.value}
    assert kinds == {"s"}
    sheet = book["Mapping"]
    assert sheet.freeze_panes == "B2"
    choices = {str(v.sqref)[0] for v in sheet.data_validations.dataValidation}
    assert len(choices) == 3


def test_csv_reads_back_and_holds_no_formula(tmp_path: Path) -> None:
    found = _made(HOSTILE)
    path = tmp_path / "m.csv"
    written = grids.write_csv(found, path)
    assert path in written
    for file in written:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert grids.read(path) == found


def test_a_formula_of_a_person_is_refused_with_its_cell(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Mapping"
    sheet.append(["Source field", "Target"])
    sheet.append(["a", "=B1"])
    book.save(tmp_path / "f.xlsx")
    with pytest.raises(UsageError, match=r"formula.*'Mapping', cell B2"):
        grids.read(tmp_path / "f.xlsx")


def test_what_a_program_made_of_cells_comes_back_plain(tmp_path: Path) -> None:
    from datetime import date, datetime

    book = Workbook()
    book.worksheets[0].append([3.0, 2.5, True, date(2024, 1, 2), datetime(2024, 1, 2), None, "x"])
    book.save(tmp_path / "f.xlsx")
    (row,) = grids.read(tmp_path / "f.xlsx")["Sheet"]
    assert row == ["3", "2.5", "true", "2024-01-02", "2024-01-02", "", "x"]


def test_damaged_and_oversized_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"no zip")
    (tmp_path / "b.csv").write_bytes(b"a,b\n\xff\xfe")
    (tmp_path / "c.csv").write_bytes(b'a,"b\n')
    with zipfile.ZipFile(tmp_path / "d.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 70_000_000)
    with zipfile.ZipFile(tmp_path / "e.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", b"<x/>")
    for name in ("a.xlsx", "b.csv", "c.csv", "d.xlsx", "e.xlsx", "none.csv"):
        with pytest.raises(UsageError, match="QCP-MAP-SHEETFILE"):
            grids.read(tmp_path / name)
    monkeypatch.setattr(grids, "MAX_ROWS", 2)
    (tmp_path / "f.csv").write_text("a\nb\nc\n")
    with pytest.raises(UsageError, match="more than 2 rows"):
        grids.read(tmp_path / "f.csv")


def test_long_names_of_fields_fit_the_name_of_a_sheet(tmp_path: Path) -> None:
    profile = Profile()
    for number in range(40):
        row = {f"registration_status_of_the_qualification_{n}": [f"w{number % 3}"] for n in "ab"}
        profile.take({"id": [str(number)], **row})
    made = template.propose(profile, {"file": "a.csv", "format": "csv"}, template.Hints())
    workbook.write(writing.of_template(made), tmp_path / "m.xlsx", made.choices)
    sheets = grids.read(tmp_path / "m.xlsx")
    listed = {row[0] for row in sheets["Code lists"][1:]}
    assert len(listed) == 2
    assert {f"Codes {name}" for name in listed} <= sheets.keys()


def test_pages_are_those_of_bodies_only_where_bodies_are_as_many() -> None:
    def proposed(pages: int) -> tuple[str, str]:
        profile = Profile()
        for n in range(6):
            page = f"https://a.example/{n % pages}"
            body = f"Body {n % 2}"
            profile.take({"No": [f"Q{n}"], "Awarding body": [body], "Awarding body URL": [page]})
        made = template.propose(profile, {"file": "a.csv", "format": "csv"}, template.Hints())
        (line,) = (one for one in made.lines if one.profile.name == "Awarding body URL")
        return line.target, line.note

    assert proposed(2) == ("awarding body: homepage", "")
    assert proposed(6) == (
        "homepage",
        "more addresses than awarding bodies: probably pages about the qualification",
    )


def test_a_workbook_shows_what_is_to_be_filled_in_and_no_text_covers_another(
    tmp_path: Path,
) -> None:
    profile = Profile()
    for n in range(3):
        profile.take({"id": [f"Q{n}"], "a name of a field that is longer than its column": ["x"]})
    made = template.propose(profile, {"file": "a.csv", "format": "csv"}, template.Hints())
    workbook.write(writing.of_template(made), tmp_path / "m.xlsx")
    sheet = load_workbook(tmp_path / "m.xlsx")["Mapping"]
    header = [cell.value for cell in sheet[1]]
    target, examples = header.index("Target"), header.index("Examples")
    assert sheet[2][target].fill.fgColor.rgb == "00FFF9E5"
    assert sheet[2][examples].fill.fill_type is None
    heights = [sheet.row_dimensions[number].height for number in (2, 4)]
    assert heights == [15, 30]
