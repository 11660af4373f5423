"""Reviews: what goes out comes back checked, and nothing in a spreadsheet can run."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from qcp_graph.errors import DataError
from qcp_graph.linking import review, sssom

KEY = "a" * 32
SKILL = "http://data.europa.eu/esco/skill/1"
ROW = {
    "task": "skill", "key": KEY, "language": "fr", "text": "=cmd|' /C calc'!A0", "object": SKILL,
    "label": "souder", "match": "closeMatch", "probability": "0.41", "decision": "accept",
    "reviewer": "A. B.", "date": "2026-01-31", "comment": "-1 is no formula",
}  # fmt: skip


@pytest.mark.parametrize("name", ["queue.tsv", "queue.xlsx"])
def test_decisions_come_back_as_they_were_made(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert review.write(path, [ROW, {**ROW, "object": SKILL + "2", "decision": ""}]) == 2
    found = review.read(path)
    assert (found.problems, found.open) == ([], 1)
    (one,) = found.decisions
    assert (one.key, one.object, one.verdict, one.match) == (KEY, SKILL, "accept", "closeMatch")
    assert (one.reviewer, one.date, one.comment) == ("A. B.", "2026-01-31", "-1 is no formula")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(tmp_path: Path, text: str) -> None:
    review.write(tmp_path / "q.xlsx", [{**ROW, "text": text}])
    sheet = load_workbook(tmp_path / "q.xlsx").worksheets[0]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    review.write(tmp_path / "q.tsv", [{**ROW, "text": text}])
    said = (tmp_path / "q.tsv").read_text(encoding="utf-8").splitlines()
    assert len(said) == 2
    for cell in said[1].split("\t"):
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"decision": "maybe"}, "decision is 'maybe'"),
        ({"task": "skills"}, "task is 'skills'"),
        ({"match": "sameAs"}, "match is 'sameAs'"),
        ({"key": "1e+31"}, "the key '1e+31' is none"),
        ({"object": "javascript:alert(1)"}, "is no IRI"),
        ({"object": "http://a b"}, "is no IRI"),
        ({"reviewer": ""}, "the reviewer is missing"),
        ({"date": "31.1.2026"}, "the date '31.1.2026' is none"),
        ({"comment": "x" * 3000}, "longer than"),
        ({"object": SKILL + "9"}, "is no skill of the imported versions"),
        ({}, "row 2 decides on the same link"),
    ],
)
def test_every_bad_row_is_told_with_its_number(
    tmp_path: Path, change: dict[str, str], problem: str
) -> None:
    path = tmp_path / "q.tsv"
    review.write(path, [ROW, {**ROW, **change}])
    found = review.read(path, known=lambda uri: uri == SKILL)
    (told,) = found.problems
    assert told.startswith("row 3: ")
    assert problem in told
    assert len(found.decisions) == 1


def test_empty_cells_are_filled_from_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "q.tsv"
    review.write(path, [{**ROW, "reviewer": "", "date": ""}])
    (one,) = review.read(path, reviewer="C", today="2026-02-01").decisions
    assert (one.reviewer, one.date) == ("C", "2026-02-01")


@pytest.mark.parametrize(
    ("name", "content"),
    [("q.tsv", b"a\tb\n1\t2\n"), ("q.tsv", b""), ("q.tsv", b"\xff\xfe\x00"), ("q.xlsx", b"PK no")],
)
def test_other_files_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match="QCP-LNK-REVIEW"):
        review.read(tmp_path / name)


def test_a_day_that_the_spreadsheet_made_a_date_is_one(tmp_path: Path) -> None:
    from datetime import datetime

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(review.COLUMNS))
    sheet.append([datetime(2026, 1, 31) if name == "date" else ROW.get(name, "")
                  for name in review.COLUMNS])  # fmt: skip
    book.save(tmp_path / "q.xlsx")
    assert review.read(tmp_path / "q.xlsx").decisions[0].date == "2026-01-31"


def test_sssom_carries_decisions_as_curated_mappings(tmp_path: Path) -> None:
    path = tmp_path / "q.sssom.tsv"
    assert sssom.write(path, [ROW, {**ROW, "object": SKILL + "2"}, {**ROW, "key": "b" * 32}]) == 3
    lines = path.read_text(encoding="utf-8").split("\n")
    head = next(n for n, line in enumerate(lines) if line.startswith("subject_id"))
    columns = lines[head].split("\t")
    for number, modifier in ((head + 1, ""), (head + 2, "Not")):
        cells = lines[number].split("\t")
        for name, value in (("mapping_justification", "semapv:ManualMappingCuration"),
                            ("predicate_modifier", modifier), ("reviewer_label", "A"),
                            ("mapping_date", "2026-01-01")):  # fmt: skip
            cells[columns.index(name)] = value
        lines[number] = "\t".join(cells)
    path.write_text("\n".join(lines), encoding="utf-8")
    found = review.read(path)
    assert [(x.verdict, x.object, x.match) for x in found.decisions] == [
        ("accept", SKILL, "closeMatch"), ("reject", SKILL + "2", "closeMatch"),
    ]  # fmt: skip
    assert (found.open, found.problems) == (1, [])
