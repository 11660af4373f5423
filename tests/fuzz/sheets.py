"""Damaged mapping spreadsheets: told cell by cell, or composed into a mapping safe to run."""

from pathlib import Path
from random import Random
from typing import Final

from qcp_graph.errors import InternalError, QcpError
from qcp_graph.mapping.sheet import composing, grids, reading, workbook, writing
from qcp_graph.model.record import JsonValue
from tests.fuzz import hostile, samples
from tests.mapping.sheet import support

Grids = dict[str, list[list[str]]]
_ROWS: Final = (
    ("id", "record key"), ("title.fr", "title", "squeeze", "", "fr"),
    ("title.en", "title", "", "", "en"), ("status", "status", "", "state"), ("url", "homepage"),
    ("date", "valid from", "date_iso"), ("owner.name", "awarding body", "clean_name", "", "fr"),
    ("owner.site", "awarding body: homepage"), ("items.text", "learning outcome", "", "", "fr"),
    ("items.code", "", "", "", "", "", "no identifier"),
    ("note", "note", "html_text", "", "fr", "summary"),
    ("credits", "credit points", "", "", "", "ects"),
    ("level", "level", "level_number", "", "", "fr-cncp"),
    ("hours", "", "", "", "", "", "of no interest"), ("flag", "", "", "", "", "", "of no use"),
)  # fmt: skip
_CODES: Final = [
    ["source", "target", "reason"],
    ["Active", "qcp:Registered", ""],
    ["Ended", "", "x"],
]
_WORDS: Final = (
    "record key", "title", "unit", "learning outcome", "level", "homepage", "note", "split(1)",
    'split("', "html_text", "date_dmy", "replace(1,2)", "nosuch", "xsd:date", "fr", "state",
    "$(id)", "unit: title", "a.b.c", "items", "id",
)  # fmt: skip


def sound() -> Grids:
    """Return the sheets of a book without mistake."""
    register = {"Format": "jsonl", "File": "in.dat", "Delimiter": "", "Languages": "fr,en"}
    found = support.grids(*_ROWS, register=register, Codes_state=_CODES)
    return {name: [list(row) for row in grid] for name, grid in found.items()}


def spoiled(chance: Random) -> Grids:
    """Return the sheets with some cells, rows or sheets exchanged, repeated or lost."""
    found = sound()
    for _ in range(chance.choice((1, 1, 2, 4))):
        name = chance.choice(list(found))
        grid = found[name]
        row = chance.randrange(len(grid))
        kind = chance.randrange(8)
        if kind == 0:
            del grid[row]
        elif kind == 1:
            grid.insert(row, list(grid[row]))
        elif kind == 2:
            found[chance.choice(("", "Codes x", "Mapping", "=1"))] = found.pop(name)
        else:
            column = chance.randrange(max(1, len(grid[row]) + (kind == 3)))
            grid[row] += [""] * (column + 1 - len(grid[row]))
            # Half a character is in no workbook and no UTF-8 file.
            text = hostile.text(chance).encode("utf-8", "replace").decode()
            new = text if kind < 6 else chance.choice(_WORDS)
            grid[row][column] = new
        if not grid or not found:
            return found
    return found


def attempt(folder: Path, chance: Random) -> tuple[dict[str, str], str]:
    """Return the files that a spoiled book composes to, or none and why."""
    given: object = spoiled(chance)
    try:
        if chance.random() < 0.15:
            path = folder / "book.xlsx"
            workbook.write(writing.of_book(reading.read(sound())[0]), path)
            content = path.read_bytes()
            path.write_bytes(samples.inside_zip(content, chance))
            given = grids.read(path)
        book, issues = reading.read(given)  # type: ignore[arg-type]
        files, more = composing.folder(book, support.LEVELS)
    except InternalError as error:
        raise AssertionError(f"{error.code}: {error}") from error
    except QcpError as error:
        return {}, f"{error.where} {error} {error.remedy}"
    told = [issue for issue in (*issues, *more) if issue.severity == "violation"]
    for issue in (*issues, *more):
        "".join(issue.as_dict().values()).encode()
    return ({}, "told") if told else (dict(files), "")


def record() -> dict[str, JsonValue]:
    """Return a record that such a mapping reads."""
    return samples.records(nested=True)[0]  # type: ignore[return-value]
