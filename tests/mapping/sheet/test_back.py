"""A mapping made of a sheet gives the sheet again; what no sheet says is listed with its line."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from qcp_graph.iris import Iris
from qcp_graph.mapping import nodes
from qcp_graph.mapping.faces import Register, Remark
from qcp_graph.mapping.sheet import face, reading, steps, writing
from qcp_graph.mapping.sheet.book import Book
from tests.mapping.sheet.support import KEY, TITLE, composed, grids, told

MAPPINGS = Path(__file__).parents[3] / "mappings"
CODES = [["source", "target", "reason"], ["Alive", "qcp:Registered", ""], ["Gone", "", "unclear"]]
LEVELS = [["source", "target"], ["five", "5"]]
FLAT = (
    ("state", "record filter", "", "", "", "Alive; Gone"),
    ("name fr", "title", "squeeze", "", "fr"),
    ("short", "other name"),
    ("lev", "level", "", "lev", "", "fr-cncp"),
    ("isced", "field of education (ISCED-F)"),
    ("state", "status", "trim", "state"),
    ("from", "valid from", "date_dmy"),
    ("year", "valid until", "", "", "xsd:gYear"),
    ("old", "replaces"),
    ("hours", "volume of learning", "duration_hours"),
    ("kind", "elm:status"),
    ("no", "identifier", "", "", "", "Number"),
    ("url", "homepage"),
    ("doc", "document", "split_lines; url_fix"),
    ("entry", "entry requirement", "html_text"),
    ("$(a) and $(b)", "note", "", "", "", "money"),
    ("cr", "credit points", "", "", "", "ects"),
    ("cr2", "credit points", "", "", "", "za-nqf"),
    ("lo", "learning outcome", 'split(";")'),
    ("how", "assessment"),
    ("unit", "unit", 'split("|")'),
    ("body", "awarding body", "squeeze"),
    ("body no", "awarding body: identifier", "", "", "", "SIRET"),
    ("body site", "awarding body: homepage"),
    ("body land", "awarding body: country", "", "land"),
)
NESTED = (
    ("units.name", "unit"),
    ("units.code", "unit: identifier", "", "", "", "units.code"),
    ("outcomes.text", "learning outcome"),
    ("outcomes.more", "learning outcome: description"),
)


def _back(folder: Path, found: dict[str, Sequence[Sequence[str]]]) -> tuple[Book, list[Remark]]:
    files, issues = composed(found)
    assert told(issues) == []
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    root = nodes.read(folder / "mapping.yaml", "mapping.yaml")
    return face.book(root, folder, Register("fr-x", Iris("https://x.org/")))


def _rows(book: Book) -> set[tuple[str, ...]]:
    return {
        (
            row.field, row.target.name if row.target else "", steps.write(row.steps), row.codes,
            "" if row.language == "en" else row.language, row.detail, row.ignore,
        )
        for row in book.rows
    }  # fmt: skip


@pytest.mark.parametrize("rows", [FLAT, NESTED], ids=["flat", "nested"])
def test_rows_come_back(tmp_path: Path, rows: tuple[tuple[str, ...], ...]) -> None:
    nested = rows is NESTED
    settings = {"Format": "jsonl", "File": "a.jsonl", "Delimiter": ""} if nested else {}
    ignored = ("x*", "", "", "", "", "", "not needed")
    lists = {} if nested else {
        "Codes_state": CODES, "Codes_lev": LEVELS,
        "Codes_land": [["source", "target"], ["F", "country:FRA"]],
    }  # fmt: skip
    found = grids(KEY, TITLE, *rows, ignored, register=settings, **lists)
    book, remarks = _back(tmp_path, found)
    assert remarks == []
    given, _ = reading.read(found)
    assert _rows(book) == _rows(given)
    assert book.register == given.register | {"languages": "en"}
    assert {name: sheet.missing for name, sheet in book.codes.items()} == {
        name: sheet.missing for name, sheet in given.codes.items()
    }
    again, issues = reading.read(writing.of_book(book))
    assert issues == []
    assert _rows(again) == _rows(given)


def test_what_no_sheet_says_is_listed(tmp_path: Path) -> None:
    text = (
        "sources: {s: {access: a.csv, referenceFormulation: csv, key: $(id)}}\n"
        "joins: {j: {access: b.csv, referenceFormulation: csv, key: $(k), on: $(id)}}\n"
        "mappings:\n  q:\n    subjects: qualification:$(id)\n    predicateobjects:\n"
        "      - [dcterms:title, $(name), en~lang]\n"
        "      - {p: elm:category, o: {value: $(a), default: b, language: en}}\n"
        "      - {p: elm:category, o: $(c), when: {value: $(d), exists: true}}\n"
        "      - [elm:status, '$(join:j/x)']\n"
    )
    (tmp_path / "mapping.yaml").write_text(text)
    root = nodes.read(tmp_path / "mapping.yaml", "mapping.yaml")
    book, remarks = face.book(root, tmp_path, Register("fr-x", Iris("https://x.org/")))
    assert [row.field for row in book.rows] == ["id", "name"]
    assert [(r.what, r.where, r.lost) for r in remarks] == [
        ("the join j", "mapping.yaml line 2", True),
        ("elm:category", "mapping.yaml line 8", True),
        ("elm:category", "mapping.yaml line 9", True),
        ("elm:status", "mapping.yaml line 10", True),
    ]


@pytest.mark.parametrize(
    "folder", sorted(MAPPINGS.glob("*/mapping.yaml")), ids=lambda p: p.parent.name
)
def test_every_mapping_of_ours_can_be_looked_at_as_a_sheet(folder: Path) -> None:
    root = nodes.read(folder, "mapping.yaml")
    register = Register(folder.parent.name, Iris("https://x.org/"))
    book, remarks = face.book(root, folder.parent, register)
    assert book.rows or remarks
    assert writing.of_book(book)["Mapping"]
