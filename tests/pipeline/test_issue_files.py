"""Problems as files: what every form holds, and that no cell is ever a formula."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from qcp_graph.errors import UsageError
from qcp_graph.pipeline import issue_files, issue_page, workbook

BAD = {
    "source": "ee-mini", "record": "=1+1", "status": "rejected", "severity": "violation",
    "code": "QCP-MAP-KEY", "message": "No key <&>", "field": "id", "value": "a\x00b _x0041_\nc",
    "locator": "rows.csv row 3", "rule": "mapping.yaml line 4", "remedy": "Complete it.",
}  # fmt: skip
WARN = {**BAD, "record": "Q1", "severity": "warning", "code": "QCP-MAP-X", "message": "Odd"}
FEW = [BAD, WARN, WARN, {**WARN, "record": "Q2"}]


def _write(path: Path, problems: Iterable[dict[str, str]] = FEW) -> Path:
    with issue_files.to_file(path, issue_files.form_of(path)) as take:
        for problem in problems:
            take(problem)
    return path


def test_json_and_json_lines_hold_what_was_found(tmp_path: Path) -> None:
    assert json.loads(_write(tmp_path / "a.json").read_text("utf-8")) == FEW
    lines = _write(tmp_path / "a.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == FEW
    assert json.loads(_write(tmp_path / "none.json", []).read_text("utf-8")) == []


def test_csv_is_for_spreadsheets(tmp_path: Path) -> None:
    raw = _write(tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfsource,record")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows[0] == {**BAD, "record": "'=1+1"}
    assert rows[1] == WARN


def test_a_workbook_has_a_summary_and_all_problems(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(_write(tmp_path / "a.xlsx"))
    assert book.sheetnames == ["Summary", "Problems"]
    summary = [[cell.value for cell in line] for line in book["Summary"]]
    assert summary[1:] == [
        ["violation", "QCP-MAP-KEY", "No key <&>", 1, 1, "Complete it."],
        ["warning", "QCP-MAP-X", "Odd", 2, 3, "Complete it."],
    ]
    sheet = book["Problems"]
    assert sheet.max_row == 5
    assert [cell.value for cell in sheet[1]][:3] == ["Record", "Fate", "Severity"]
    record, _fate, _severity, message, _field, value = sheet[2][:6]
    assert (record.value, record.data_type, record.quotePrefix) == ("=1+1", "s", True)
    assert (message.value, message.alignment.wrap_text) == ("No key <&>", True)
    assert value.value == "a\ufffdb _x005F_x0041_\nc"  # openpyxl leaves Excel's escape alone
    for one in book:
        assert one.freeze_panes == "A2"
        assert one.auto_filter.ref == one.dimensions
        assert one.column_dimensions["A"].width >= 10


def test_a_workbook_without_problems_opens_too(tmp_path: Path) -> None:
    assert openpyxl.load_workbook(_write(tmp_path / "a.xlsx", [])).sheetnames == ["Summary"]


def test_equal_problems_give_equal_files(tmp_path: Path) -> None:
    assert _write(tmp_path / "a.xlsx").read_bytes() == _write(tmp_path / "b.xlsx").read_bytes()


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    book = openpyxl.load_workbook(_write(tmp_path / "a.xlsx", [*FEW, WARN]))
    assert book.sheetnames == ["Summary", "Problems", "Problems 2", "Problems 3"]
    assert [book[name].max_row for name in book.sheetnames[1:]] == [3, 3, 2]
    assert "3 sheets" in str(book["Summary"]["C4"].value)


def test_cells_that_are_too_long_are_cut_and_say_so(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(_write(tmp_path / "a.xlsx", [{**BAD, "value": "x" * 40_000}]))
    value = str(book["Problems"]["F2"].value)
    assert len(value) == workbook.MAX_CELL
    assert value.endswith("(cut)")


def test_any_number_of_kinds_of_problems_fits_in_the_summary(tmp_path: Path) -> None:
    many = [{**WARN, "message": f"No {n}"} for n in range(1_500)]
    book = openpyxl.load_workbook(_write(tmp_path / "a.xlsx", many))
    assert book["Summary"].max_row == 1_002


def _broken() -> Iterator[dict[str, str]]:
    yield BAD
    raise ValueError("stop")


def test_an_error_leaves_the_earlier_file_and_nothing_else(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.csv", "a.json"):
        path = tmp_path / name
        path.write_text("earlier", encoding="utf-8")
        with pytest.raises(ValueError, match="stop"):
            _write(path, _broken())
        assert path.read_text(encoding="utf-8") == "earlier"
    assert len(list(tmp_path.iterdir())) == 3


def test_the_form_is_told_by_the_name_or_by_words(tmp_path: Path) -> None:
    assert issue_files.form_of(Path("a"), "xlsx") == "xlsx"
    with pytest.raises(UsageError, match="QCP-SYS-FORM"):
        issue_files.form_of(Path("a.txt"), "text")
    with pytest.raises(UsageError, match="QCP-SYS-OUTPUT"):
        _write(tmp_path / "nowhere" / "a.csv")


def test_a_workbook_is_a_well_formed_package(tmp_path: Path) -> None:
    with zipfile.ZipFile(_write(tmp_path / "a.xlsx")) as package:
        assert package.testzip() is None
        assert b"&lt;&amp;&gt;" in package.read("xl/worksheets/sheet1.xml")


def test_a_page_needs_nothing_else_and_runs_nothing(tmp_path: Path) -> None:
    hostile = {**BAD, "value": "<script>alert(1)</script>", "record": '"><img src=x onerror=y>'}
    text = _write(tmp_path / "a.html", [*FEW, hostile]).read_text("utf-8")
    assert "&lt;script&gt;" in text
    assert text.count("<") == text.count(">")
    root = ElementTree.fromstring(re.sub(r"<!DOCTYPE html>|<meta[^>]*>", "", text))
    assert not {"script", "img", "link"} & {element.tag for element in root.iter()}
    cells = [[cell.text or "" for cell in row] for row in root.iter("tr")]
    assert cells[1][:3] == ["violation", "=1+1", "No key <&>"]
    assert ["warning", "QCP-MAP-X", "Odd", "2", "3", "Complete it."] in cells
    assert all(head.get("scope") == "col" for head in root.iter("th"))
    anchors = {element.get("id") for element in root.iter()}
    assert {link.get("href") for link in root.iter("a")} <= {f"#{name}" for name in anchors}


def test_a_page_is_bounded_and_says_how_many_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issue_page, "MOST", 3)
    text = _write(tmp_path / "a.html", [WARN] * 10).read_text("utf-8")
    assert text.count("<td>Q1</td>") == 3
    assert "7 more problems" in text
    assert "<td>10</td>" in text  # the summary counts all
    long = _write(tmp_path / "b.html", [{**BAD, "value": "x" * 10**6}])
    assert long.stat().st_size < 10_000
    assert "None." in _write(tmp_path / "none.html", []).read_text("utf-8")
