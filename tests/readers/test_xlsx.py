"""XLSX: values as text, header rows, and workbooks that attack."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from qcp_graph import readers
from tests.readers.conftest import Make, Run


def book(fill: Callable[[Worksheet], None], title: str = "Data") -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    fill(sheet)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def rows(*lines: list[object]) -> bytes:
    def fill(sheet: Worksheet) -> None:
        for line in lines:
            sheet.append(line)

    return book(fill)


def patched(content: bytes, changes: dict[str, bytes]) -> bytes:
    """Replace or add members of a workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, changes.pop(name, old.read(name)))
        for name, data in changes.items():
            new.writestr(name, data)
    return out.getvalue()


def test_values_become_the_text_csv_would_hold(make: Make, run: Run) -> None:
    values = {
        "text": ("007", "007"),
        "whole": (7, "7"),
        "float": (7.0, "7"),
        "half": (0.5, "0.5"),
        "yes": (True, "true"),
        "day": (date(2024, 2, 29), "2024-02-29"),
        "moment": (datetime(2024, 2, 29, 13, 5), "2024-02-29T13:05:00"),
        "clock": (time(13, 5), "13:05:00"),
        "span": (timedelta(hours=30), "PT108000S"),
        "none": (None, ""),
        "last": ("é", "é"),
    }
    content = rows(list(values), [value for value, _ in values.values()])
    found = run(make(content, "a.xlsx"), "xlsx")
    assert found.data == [{name: text for name, (_, text) in values.items()}]
    assert found.places == ["a.xlsx Data!A2"]
    assert not found.issues


def test_short_rows_empty_rows_and_line_breaks_in_names(make: Make, run: Run) -> None:
    content = rows(["id", "the\ntitle", "note"], [1, "a"], [], [None, None], [2, "b", "n"])
    found = run(make(content), "xlsx")
    assert found.data[0] == {"id": "1", "the title": "a", "note": ""}
    assert found.places == ["in.dat Data!A2", "in.dat Data!A5"]


def test_decorative_rows_and_a_merged_header(make: Make, run: Run) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "Export"
        sheet["A3"], sheet["B3"], sheet["D3"] = "id", "both", "note"
        sheet.merge_cells("B3:C3")
        for column, value in zip("ABCD", (1, 2, 3, 4), strict=True):
            sheet[f"{column}4"] = value

    found = run(make(book(fill)), "xlsx", header=3)
    assert found.data == [{"id": "1", "both": "2", "both / 2": "3", "note": "4"}]


def test_the_sheet_is_chosen_by_name_or_number(make: Make, run: Run) -> None:
    workbook = Workbook()
    for number, title in enumerate(["Cover", "Records"]):
        sheet = workbook.create_sheet(title)
        sheet.append(["id"])
        sheet.append([number])
    workbook.remove(workbook["Sheet"])
    out = io.BytesIO()
    workbook.save(out)
    file = make(out.getvalue())
    assert run(file, "xlsx").data == [{"id": "0"}]
    assert (
        run(file, "xlsx", sheet="Records").data == run(file, "xlsx", sheet=2).data == [{"id": "1"}]
    )
    missing = run(file, "xlsx", sheet="Recrods")
    assert missing.failed == "QCP-SRC-OPTION"
    assert "'Cover', 'Records'" in str(missing.error)


def test_formulas_give_their_last_result_and_faults_are_told(make: Make, run: Run) -> None:
    content = rows(["id", "a", "b"], [1, "x", "y"])
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>sum</v></c></row>'
        b'<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        b"</row></sheetData></worksheet>"
    )
    found = run(make(patched(content, {"xl/worksheets/sheet1.xml": sheet})), "xlsx")
    assert found.data == [{"id": "2", "sum": ""}]
    assert found.codes == ["QCP-SRC-CELL"]
    assert found.issues[0].field == "sum"


@pytest.mark.parametrize(
    "member", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_are_refused(member: str, encoding: str, make: Make, run: Run) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'.encode(encoding)
    found = run(make(patched(rows(["id"], [1]), {member: bomb})), "xlsx")
    assert found.failed == "QCP-SRC-DOCTYPE"


def test_bombs_are_refused_before_they_are_opened(make: Make, run: Run) -> None:
    big = patched(rows(["id"], [1]), {"xl/media/x.bin": b"\0" * (70 * 1024**2)})
    assert len(big) < 200_000
    assert run(make(big), "xlsx").failed == "QCP-SRC-BOMB"
    many = patched(rows(["id"], [1]), {f"x/{n}": b"" for n in range(10_001)})
    assert run(make(many), "xlsx").failed == "QCP-SRC-BOMB"


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 not really",
        rows(["id"], [1])[:-30],
        b"id;title\n1;x\n",
        patched(rows(["id"], [1]), {"xl/worksheets/sheet1.xml": b"<worksheet><she"}),
        patched(rows(["id"], [1]), {"xl/workbook.xml": b"<other/>"}),
    ],
    ids=["magic only", "truncated", "csv", "broken sheet", "no workbook"],
)
def test_damaged_workbooks(content: bytes, make: Make, run: Run) -> None:
    found = run(make(content), "xlsx")
    assert found.failed in {"QCP-SRC-WORKBOOK", "QCP-SRC-OPTION"}
    assert not found.data


@pytest.mark.parametrize("place", ["A999999999999", "ZZZZZZ2", "nonsense"])
def test_cells_at_impossible_places(place: str, make: Make, run: Run) -> None:
    row = "".join(filter(str.isdigit, place)) or "2"
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="str"><v>id</v></c></row>'
        f'<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData></worksheet>'
    ).encode()
    found = run(make(patched(rows(["id"], [1]), {"xl/worksheets/sheet1.xml": sheet})), "xlsx")
    assert found.failed == "QCP-SRC-WORKBOOK"


def test_empty_sheets_and_files(make: Make, run: Run) -> None:
    assert run(make(rows()), "xlsx").codes == ["QCP-SRC-NO-RECORDS"]
    assert run(make(rows(["id"])), "xlsx").codes == ["QCP-SRC-NO-RECORDS"]
    assert run(make(b""), "xlsx").failed == "QCP-SRC-EMPTY"


def test_a_huge_row_costs_itself_only(make: Make, run: Run) -> None:
    content = rows(["id", "x"], [1, "a"], [2, "b" * 30_000], [3, "c"])
    found = run(make(content), "xlsx", limit=2000)
    assert [row["id"] for row in found.data] == ["1", "3"]
    assert found.codes == ["QCP-SRC-RECORD-SIZE"]


def test_fields_and_columns(make: Make, run: Run) -> None:
    file = make(rows(["id", "title"], [1, "a"]))
    assert readers.fields(readers.ReaderSpec("xlsx"), file) == ("id", "title")
    assert run(file, "xlsx", header=0, columns=["a", "b"]).data[0] == {"a": "id", "b": "title"}
