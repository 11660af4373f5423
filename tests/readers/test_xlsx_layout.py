"""XLSX: titles above the header, names on two rows, hidden rows, formulas, other spreadsheets."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from qcp_graph import readers
from tests.readers.conftest import Make, Run


def saved(fill: Callable[[Worksheet, Workbook], None]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Data"
    fill(sheet, workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def titled(sheet: Worksheet, _: Workbook) -> None:
    for row in (
        ["Register of qualifications"],
        ["As of", datetime(2026, 1, 1)],
        [],
        ["id", "title", "level"],
        [1, "Baker", 4],
        [2, "Cook", 5],
    ):
        sheet.append(row)


def test_the_header_is_found_below_titles_and_told(make: Make, run: Run) -> None:
    file = make(saved(titled), "a.xlsx")
    found = run(file, "xlsx")
    assert found.data[0] == {"id": "1", "title": "Baker", "level": "4"}
    assert found.places == ["a.xlsx Data!A5", "a.xlsx Data!A6"]
    assert [(i.code, i.severity) for i in found.issues] == [("QCP-SRC-HEADER-FOUND", "info")]
    assert found.issues[0].remedy.endswith("options: {header: 4}.")
    stated = run(file, "xlsx", header=4)
    assert (stated.data, stated.issues) == (found.data, [])
    assert readers.fields(readers.ReaderSpec("xlsx"), file) == ("id", "title", "level")


@pytest.mark.parametrize(
    "rows",
    [
        [["id"], [1], [2]],
        [["id", "title"], [1, "a"]],
        [["id", "title", "x"], [1, "a", "b", "more", "more", "more", "more"]],
        [["a", "b", "c"], [1], [2]],
        [[1, 2, 3], [4, 5, 6]],
    ],
)
def test_a_header_in_the_first_row_stays_there(
    rows: list[list[object]], make: Make, run: Run
) -> None:
    def fill(sheet: Worksheet, _: Workbook) -> None:
        for row in rows:
            sheet.append(row)

    found = run(make(saved(fill)), "xlsx")
    assert "QCP-SRC-HEADER-FOUND" not in found.codes
    assert found.places == [f"in.dat Data!A{n}" for n in range(2, len(rows) + 1)] or found.codes


def two_rows(sheet: Worksheet, _: Workbook) -> None:
    sheet["A1"] = "Register"
    sheet.merge_cells("A1:D1")
    sheet["A2"], sheet["B2"], sheet["D2"] = "id", "Level", "Title"
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("D2:D3")
    sheet["B3"], sheet["C3"] = "EQF", "NQF"
    sheet.append([1, 5, "V", "Baker"])


def test_names_on_two_rows_are_joined(make: Make, run: Run) -> None:
    file = make(saved(two_rows))
    found = run(file, "xlsx", header=[2, 3])
    assert found.data == [{"id": "1", "Level / EQF": "5", "Level / NQF": "V", "Title": "Baker"}]
    assert found.places == ["in.dat Data!A4"]


def test_names_on_two_rows_are_recognised_by_the_cells_that_span(make: Make, run: Run) -> None:
    def fill(sheet: Worksheet, _: Workbook) -> None:
        sheet.append(["Level", None, "Title", None])
        sheet.append(["EQF", "NQF", "en", "fr"])
        sheet.append([5, "V", "Baker", "Boulanger"])
        sheet.merge_cells("A1:B1")
        sheet.merge_cells("C1:D1")

    found = run(make(saved(fill)), "xlsx")
    assert found.data == [
        {"Level / EQF": "5", "Level / NQF": "V", "Title / en": "Baker", "Title / fr": "Boulanger"}
    ]


def test_columns_may_be_declared_whatever_the_header_is(make: Make, run: Run) -> None:
    found = run(make(saved(two_rows)), "xlsx", header=3, columns=["id", "eqf", "nqf", "title"])
    assert found.data == [{"id": "1", "eqf": "5", "nqf": "V", "title": "Baker"}]


def test_hidden_rows_are_told_and_left_out_on_demand(make: Make, run: Run) -> None:
    def fill(sheet: Worksheet, _: Workbook) -> None:
        for row in (["id"], [1], [2], [3]):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True

    file = make(saved(fill))
    found = run(file, "xlsx")
    assert [row["id"] for row in found.data] == ["1", "2", "3"]
    assert [(i.code, i.severity) for i in found.issues] == [("QCP-SRC-HIDDEN", "info")]
    skipped = run(file, "xlsx", hidden="skip")
    assert [row["id"] for row in skipped.data] == ["1", "3"]
    assert "left out" in skipped.issues[0].message


def test_a_hidden_sheet_is_not_taken_by_default(make: Make, run: Run) -> None:
    def fill(sheet: Worksheet, workbook: Workbook) -> None:
        sheet.append(["secret"])
        sheet.append([0])
        other = workbook.create_sheet("Shown")
        other.append(["id"])
        other.append([1])
        sheet.sheet_state = "hidden"

    file = make(saved(fill))
    assert run(file, "xlsx").data == [{"id": "1"}]
    assert run(file, "xlsx", sheet="Data").data == [{"secret": "0"}]


def test_formulas_without_result_are_named(make: Make, run: Run) -> None:
    def fill(sheet: Worksheet, _: Workbook) -> None:
        sheet.append(["id", "sum", "twice"])
        sheet.append([1, "=1+1", "=A2*2"])
        sheet.append([2, 4, 4])
        sheet.append(["=A3+1", None, None])

    found = run(make(saved(fill)), "xlsx")
    assert [row["id"] for row in found.data] == ["1", "2", ""]
    assert [(i.code, i.field, i.locator) for i in found.issues] == [
        ("QCP-SRC-FORMULA", "sum, twice", "in.dat Data!A2"),
        ("QCP-SRC-FORMULA", "id", "in.dat Data!A4"),
    ]


def test_days_count_from_1904_where_the_workbook_says_so(make: Make, run: Run) -> None:
    def fill(sheet: Worksheet, workbook: Workbook) -> None:
        workbook.epoch = CALENDAR_MAC_1904
        sheet.append(["at"])
        sheet.append([datetime(2024, 2, 29)])

    assert run(make(saved(fill)), "xlsx").data == [{"at": "2024-02-29"}]


def test_a_percentage_is_the_number_behind_it(make: Make, run: Run) -> None:
    def fill(sheet: Worksheet, _: Workbook) -> None:
        sheet.append(["share"])
        sheet.append([0.125])
        sheet["A2"].number_format = "0.0%"

    assert run(make(saved(fill)), "xlsx").data == [{"share": "0.125"}]


def test_other_spreadsheets_are_refused_with_a_way_out(make: Make, run: Run) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    for content, name in ((out.getvalue(), ".ods"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls")):
        found = run(make(content), "xlsx")
        assert found.failed == "QCP-SRC-FORMAT"
        assert found.error is not None
        assert name in str(found.error)
        assert "save it as .xlsx" in found.error.remedy


@pytest.mark.parametrize("header", ["1", True, -1, [3, 2], [1, 1], "first"])
def test_a_header_is_a_number_rising_numbers_or_auto(header: object, make: Make, run: Run) -> None:
    assert run(make(saved(titled)), "xlsx", header=header).failed == "QCP-SRC-OPTION"
