"""CSV: encodings, delimiters, cells of several lines, and rows that are wrong."""

import codecs
import gzip

import pytest

from qcp_graph import readers
from tests.readers.conftest import Make, Run


def test_a_plain_table(make: Make, run: Run) -> None:
    found = run(make("id;title\r\n1;Baker\r\n2;\r\n", "a.csv"), "csv")
    assert found.data == [{"id": "1", "title": "Baker"}, {"id": "2", "title": ""}]
    assert found.places == ["a.csv row 2", "a.csv row 3"]
    assert not found.issues


def test_rows_are_counted_as_a_spreadsheet_does_and_lines_as_an_editor(
    make: Make, run: Run
) -> None:
    text = 'id,title\n1,"Baker\nand\ncook"\n\n2,Cook\n'
    found = run(make(text, "a.csv"), "csv")
    assert found.places == ["a.csv row 2", "a.csv row 4 (line 6)"]
    assert found.data[0]["title"] == "Baker\nand\ncook"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_encodings_that_can_be_proved(mark: bytes, encoding: str, make: Make, run: Run) -> None:
    content = mark + "numéro;intitulé\n1;Pâtissière – œuvre\n".encode(encoding)
    found = run(make(content), "csv")
    assert found.data == [{"numéro": "1", "intitulé": "Pâtissière – œuvre"}]
    assert not found.issues


def test_an_encoding_that_is_guessed_is_reported(make: Make, run: Run) -> None:
    found = run(make("id;title\n1;Pâtissière\n2;Élève\n".encode("cp1252")), "csv")
    assert [row["title"] for row in found.data] == ["Pâtissière", "Élève"]
    assert found.codes == ["QCP-SRC-ENCODING-GUESSED"]


def test_a_declared_encoding_is_used_without_remark(make: Make, run: Run) -> None:
    found = run(make("id;title\n1;Пекар\n".encode("cp1251")), "csv", encoding="windows-1251")
    assert found.data[0]["title"] == "Пекар"
    assert not found.issues


def test_a_wrong_declared_encoding_rejects_the_records_it_spoils(make: Make, run: Run) -> None:
    content = b"id;title\n1;Baker\n2;P\xe2tissi\xe8re\n3;Cook\n"
    found = run(make(content), "csv", encoding="utf-8")
    assert [row["id"] for row in found.data] == ["1", "3"]
    assert found.codes == ["QCP-SRC-CHARACTERS"]
    assert found.issues[0].locator == "in.dat row 3"
    found.issues[0].value.encode("utf-8")  # can be written to a report


def test_one_broken_byte_does_not_make_utf8_another_encoding(make: Make, run: Run) -> None:
    rows = "".join(f"{n};Pâtissière élève\n" for n in range(50)).encode()
    found = run(make(b"id;title\n" + rows + b"50;broken \xff\n"), "csv")
    assert len(found.data) == 50
    assert found.data[0]["title"] == "Pâtissière élève"
    assert found.codes == ["QCP-SRC-CHARACTERS"]


def test_utf16_declared_as_utf8_is_an_error_not_garbage(make: Make, run: Run) -> None:
    found = run(make("id;title\n1;a\n".encode("utf-16")), "csv", encoding="utf-8")
    assert found.failed == "QCP-SRC-ENCODING"


def test_bytes_without_text_are_refused(make: Make, run: Run) -> None:
    assert run(make(b"\x01\x00\xff\x00" * 100), "csv").failed == "QCP-SRC-ENCODING"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_recognised(delimiter: str, make: Make, run: Run) -> None:
    rows = [["id", "title", "note"], ["1", '"Baker, cook; both | all"', "x"], ["2", "Cook", "y"]]
    text = "".join(delimiter.join(row) + "\n" for row in rows)
    found = run(make(text), "csv")
    assert found.data[0] == {"id": "1", "title": "Baker, cook; both | all", "note": "x"}


def test_a_wrong_declared_delimiter_shows_in_the_fields(make: Make) -> None:
    file = make("id;title\n1;Baker\n")
    spec = readers.ReaderSpec("csv", options={"delimiter": ","})
    assert readers.fields(spec, file) == ("id;title",)
    assert readers.fields(readers.ReaderSpec("csv"), file) == ("id", "title")


def test_rows_of_the_wrong_width_are_rejected_with_their_place(make: Make, run: Run) -> None:
    found = run(make("a;b;c\n1;2\n1;2;3;4\n1;2;3;;\n1;2;3\n"), "csv")
    assert found.codes == ["QCP-SRC-CELLS", "QCP-SRC-CELLS"]
    assert [issue.locator for issue in found.issues] == ["in.dat row 2", "in.dat row 3"]
    assert {issue.severity for issue in found.issues} == {"violation"}
    assert len(found.data) == 2, "empty cells beyond the last column are no data"


def test_short_rows_can_be_filled(make: Make, run: Run) -> None:
    found = run(make("a;b;c\n1;2\n"), "csv", short_rows="fill")
    assert found.data == [{"a": "1", "b": "2", "c": ""}]


def test_empty_rows_are_no_records(make: Make, run: Run) -> None:
    found = run(make("a;b\n;\n\n1;2\n;\n"), "csv")
    assert found.places == ["in.dat row 4"]
    assert not found.issues


def test_the_header_may_stand_lower_and_names_lose_line_breaks(make: Make, run: Run) -> None:
    found = run(make('Export;2024\n\n"The\n id";  title \n1;x\n'), "csv", header=3)
    assert found.data == [{"The id": "1", "title": "x"}]


def test_without_header_columns_are_named_or_numbered(make: Make, run: Run) -> None:
    file = make("1;x\n2;y\n")
    assert run(file, "csv", header=0).data[0] == {"1": "1", "2": "x"}
    named = run(file, "csv", header=0, columns=["id", "title"])
    assert named.data == [{"id": "1", "title": "x"}, {"id": "2", "title": "y"}]
    assert run(file, "csv", columns=["id", "title"]).data == [{"id": "2", "title": "y"}]


@pytest.mark.parametrize(
    ("text", "message"),
    [("a;b;a\n1;2;3\n", "'a' occurs twice"), ("a;;c\n1;2;3\n", "column 2 has no name")],
)
def test_unusable_headers(text: str, message: str, make: Make, run: Run) -> None:
    found = run(make(text), "csv")
    assert found.failed == "QCP-SRC-HEADER"
    assert message in str(found.error)


def test_a_header_alone_is_reported(make: Make, run: Run) -> None:
    assert run(make("a;b\n"), "csv").codes == ["QCP-SRC-NO-RECORDS"]


@pytest.mark.parametrize("content", [b"", b"\n \n", codecs.BOM_UTF8, gzip.compress(b"", mtime=0)])
def test_empty_files(content: bytes, make: Make, run: Run) -> None:
    assert run(make(content), "csv").failed == "QCP-SRC-EMPTY"


def test_an_open_quotation_mark_is_a_truncated_file(make: Make, run: Run) -> None:
    found = run(make('a;b\n1;2\n3;"never closed\n4;5\n'), "csv")
    assert found.data == [{"a": "1", "b": "2"}]
    assert found.failed == "QCP-SRC-TRUNCATED"
    assert "row 3" in str(found.error)


def test_text_after_a_closing_quote_costs_one_record(make: Make, run: Run) -> None:
    found = run(make('a;b\n1;"x"y\n2;z\n'), "csv")
    assert found.data == [{"a": "2", "b": "z"}]
    assert found.codes == ["QCP-SRC-RECORD"]


def test_quotes_can_be_plain_characters(make: Make, run: Run) -> None:
    found = run(make('a;b\n1;"x"y\n2;5" pipe\n'), "csv", quotechar="")
    assert [row["b"] for row in found.data] == ['"x"y', '5" pipe']


def test_zero_bytes_cost_one_record(make: Make, run: Run) -> None:
    found = run(make("a;b\n1;x\x00\n2;y\n"), "csv", encoding="utf-8")
    assert found.data == [{"a": "2", "b": "y"}]
    assert found.codes == ["QCP-SRC-CHARACTERS"]


@pytest.mark.parametrize(
    "huge",
    ["9;" + "x" * 5000, '9;"' + "x\n" * 2500 + '"', '9;"' + 'x""y\n' * 1500 + '"'],
    ids=["one line", "many lines", "doubled quotes"],
)
def test_a_huge_record_costs_itself_only(huge: str, make: Make, run: Run) -> None:
    file = make(f"a;b\n1;x\n{huge}\n2;y\n3;z\n")
    found = run(file, "csv", limit=2000)
    assert [row["a"] for row in found.data] == ["1", "2", "3"]
    assert found.codes == ["QCP-SRC-RECORD-SIZE"]
    assert found.issues[0].locator == "in.dat row 3"
    assert found.places[1].startswith("in.dat row 4")


def test_a_cell_of_more_than_128_kib_is_fine(make: Make, run: Run) -> None:
    found = run(make("a;b\n1;" + "x" * 200_000 + "\n"), "csv")
    assert len(str(found.data[0]["b"])) == 200_000


def test_a_whole_row_inside_one_cell(make: Make, run: Run) -> None:
    text = (
        "id;name;field\n"
        '"59,Cook: ""Hot"" Food,""Food, Drink""";;\n'
        '"60,too,many,cells";;\n'
        "61;Plain;Row\n"
    ).replace('""Hot""', '""""Hot""""')
    found = run(make(text), "csv", delimiter=";", double_encoded=",")
    assert found.data[-1] == {"id": "61", "name": "Plain", "field": "Row"}
    assert found.data[0]["field"] == "Food, Drink"
    assert found.codes == ["QCP-SRC-CELLS"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><html>Log in</html>", "a web page"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04rest", "a zip archive"),
    ],
)
def test_other_kinds_of_files_are_recognised(
    content: bytes, kind: str, make: Make, run: Run
) -> None:
    found = run(make(content), "csv")
    assert found.failed == "QCP-SRC-FORMAT"
    assert kind in str(found.error)


def test_old_line_ends(make: Make, run: Run) -> None:
    assert len(run(make("a;b\r1;2\r3;4\r"), "csv").data) == 2
