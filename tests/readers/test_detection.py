"""What is found out about a file is told with its evidence, and never changed behind one's back."""

from pathlib import Path

import pytest

from qcp_graph import readers
from qcp_graph.readers import dialect
from tests.readers.conftest import Make, Run


def test_the_report_names_evidence_and_leaves_no_doubt_where_there_is_none(make: Make) -> None:
    report = readers.sniff(make("id;title\n1;Pâtissière, cheffe\n2;Élève\n"))
    assert [(f.option, f.value, f.sure) for f in report.findings] == [
        ("encoding", "utf-8", True),
        ("delimiter", ";", True),
    ]
    assert report.findings[0].evidence == "all bytes of the file are UTF-8"
    assert report.findings[1].evidence.startswith("';' cuts 100% of 3 rows into 2 cells")


def test_the_report_says_how_to_state_what_is_doubtful(make: Make) -> None:
    report = readers.sniff(make(b"id;a,b\n1;x,y\n2;z,w\n" + "3;é,è\n".encode("cp1252")))
    encoding, delimiter = report.findings
    assert "2 of its bytes are no UTF-8" in encoding.evidence
    assert encoding.remedy == "Look at the file and state it: options: {encoding: 'cp1252'}."
    assert not delimiter.sure
    assert "';' cuts 100%" in delimiter.evidence
    assert "',' cuts 100%" in delimiter.evidence


def test_a_doubtful_delimiter_is_a_remark_until_it_is_stated(make: Make, run: Run) -> None:
    file = make("id;a,b\n1;x,y\n2;z,w\n")
    found = run(file, "csv")
    assert found.codes == ["QCP-SRC-DIALECT"]
    assert 'options: {delimiter: ";"}' in found.issues[0].remedy
    assert run(file, "csv", delimiter=";").codes == []


@pytest.mark.parametrize(
    "text",
    [
        "name\nBaker\nCook\n",
        "id;title\n1;a, b\n2;c, d\n",
        "a;b\n1;2;3\n1\n",
        "one column, here\nx\ny\n",
    ],
)
def test_what_leaves_no_doubt(text: str) -> None:
    assert dialect.detect(text).sure


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_byte_order_mark_is_recognised(encoding: str, make: Make, run: Run) -> None:
    text = "id;title\n1;Pâtissière\n2;Пекар\n"
    found = run(make(text.encode(encoding)), "csv")
    assert [row["title"] for row in found.data] == ["Pâtissière", "Пекар"]
    assert found.codes == ["QCP-SRC-ENCODING-GUESSED"]
    assert "every second byte is zero" in found.issues[0].message


def test_a_damaged_byte_is_named_with_column_place_and_value(make: Make, run: Run) -> None:
    rows = "".join(f"{n};Pâtissière élève\n" for n in range(20)).encode()
    found = run(make(b"id;title\n" + rows + b"20;ab\xffc\n21;a\x00b\n"), "csv")
    assert [(i.field, i.locator) for i in found.issues] == [
        ("title", "in.dat row 22"),
        ("title", "in.dat row 23"),
    ]
    assert "byte 0xFF at character 3" in found.issues[0].message
    assert "byte 0x00 at character 2" in found.issues[1].message
    assert len(found.data) == 20


DOUBLED = "PÃ¢tissiÃ¨re â€“ Å“uvre"
MEANT = "Pâtissière – œuvre"


@pytest.mark.parametrize(
    ("form", "iterator", "text"),
    [
        ("csv", "", f"id;title\n1;{DOUBLED}\n2;Élève « à part »\n"),
        ("json", "$[*]", f'[{{"id": 1, "title": ["{DOUBLED}"]}}, {{"title": "Élève"}}]'),
        ("jsonl", "", f'{{"id": 1, "title": "{DOUBLED}"}}\n{{"title": "Élève"}}\n'),
        ("xml", "/X/R", f"<X><R><title>{DOUBLED}</title></R><R><title>Élève</title></R></X>"),
    ],
)
def test_text_encoded_twice_is_named_and_repaired_only_on_demand(
    form: str, iterator: str, text: str, make: Make, run: Run
) -> None:
    found = run(make(text), form, iterator)
    assert DOUBLED in str(found.data[0]["title"])
    assert [(i.code, i.field, i.severity) for i in found.issues] == [
        ("QCP-SRC-DOUBLE-ENCODED", "title", "warning")
    ]
    assert "'Ã¢', where 'â' was meant" in found.issues[0].message
    mended = run(make(text), form, iterator, repair="double-encoded")
    assert MEANT in str(mended.data[0]["title"])
    assert "Élève" in str(mended.data[1]["title"])
    assert [(i.code, i.severity) for i in mended.issues] == [("QCP-SRC-DOUBLE-ENCODED", "info")]


def test_many_doubled_records_are_counted_not_named_one_by_one(make: Make, run: Run) -> None:
    text = "id;title\n" + f"1;{DOUBLED}\n" * 50
    found = run(make(text), "csv")
    assert len(found.data) == 50
    assert len(found.issues) == 21
    assert "50 records" in found.issues[-1].message


def test_names_that_occur_again_can_be_numbered(make: Make, run: Run) -> None:
    file = make("Name;Name;Name 2;Name\na;b;c;d\n")
    assert run(file, "csv").failed == "QCP-SRC-HEADER"
    found = run(file, "csv", repeated_columns="number")
    assert found.data == [{"Name": "a", "Name 3": "b", "Name 2": "c", "Name 4": "d"}]


def test_rows_that_are_too_long_can_be_cut(make: Make, run: Run) -> None:
    found = run(make("a;b\n1;2;surplus\n"), "csv", long_rows="cut")
    assert found.data == [{"a": "1", "b": "2"}]


def test_every_option_is_documented_with_its_words(repository: Path) -> None:
    text = (repository / "docs" / "readers.md").read_text(encoding="utf-8")
    for form, known in readers.OPTIONS.items():
        section = text.partition(f"### {form}\n")[2].partition("\n### ")[0]
        assert section, f"docs/readers.md has no section ### {form}"
        for name, option in known.items():
            line = next(
                (row for row in section.splitlines() if row.startswith(f"| `{name}` |")), ""
            )
            assert option.meaning in line.replace("\\|", "|"), (form, name, option.meaning)
            assert option.default in line.replace("\\|", "|"), (form, name)
            assert all(f"`{word}`" in line for word in option.choices), (form, name)
