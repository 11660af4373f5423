"""Sheets as lists of cells, and what becomes of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from qcp_graph.mapping import Plan
from qcp_graph.mapping.sheet import composing, reading
from qcp_graph.mapping.sheet.book import Book
from qcp_graph.model.issue import Issue
from tests.mapping.support import load, prepare, run, short

Grid = Sequence[Sequence[str]]
HEADER = (
    "Source field", "Target", "Transformation", "Code list", "Language or datatype", "Detail",
    "Ignore because", "Note",
)  # fmt: skip
REGISTER = {
    "Id": "fr-x", "Title": "A register", "Country": "FRA", "Languages": "en", "Owner": "The office",
    "Licence": "CC0", "Frequency": "ANNUAL", "File": "a.csv", "Format": "csv", "Delimiter": ";",
}  # fmt: skip
LEVELS = {"fr-cncp": ("5", "6", "7")}
KEY = ("id", "record key")
TITLE = ("name", "title")


def grids(
    *rows: Sequence[str], register: Mapping[str, str] | None = None, **more: Grid
) -> dict[str, Grid]:
    """Return the sheets of a book whose rows name field, target, transformation …"""
    settings = REGISTER | dict(register or {})
    return {
        "Mapping": [list(HEADER), *rows],
        "Register": [["Setting", "Value"], *([k, v] for k, v in settings.items())],
        **{name.replace("_", " "): grid for name, grid in more.items()},
    }


def read(found: Mapping[str, Grid]) -> tuple[Book, list[Issue]]:
    return reading.read(found)


def composed(found: Mapping[str, Grid]) -> tuple[dict[str, str], list[Issue]]:
    book, issues = reading.read(found)
    files, more = composing.folder(book, LEVELS)
    return files, [*issues, *more]


def told(issues: Sequence[Issue]) -> list[str]:
    """Return place and message of everything that stops a sheet."""
    return [f"{i.locator}: {i.message}" for i in issues if i.severity == "violation"]


def plan(folder: Path, found: Mapping[str, Grid]) -> Plan:
    """Load the mapping that a sheet describes."""
    files, issues = composed(found)
    assert told(issues) == []
    lists = {name: text for name, text in files.items() if name.endswith(".csv")}
    return load(folder, files["mapping.yaml"], lists, languages=("en",))


def triples(folder: Path, found: Mapping[str, Grid], data: Mapping[str, object]) -> list[str]:
    """Return what one record becomes, the register's publisher left out."""
    loaded = plan(folder, found)
    prepared = prepare_named(loaded, data)
    lines = short(prepared) + short(prepared, shared=True)
    return [line for line in lines if "the-office" not in line]


def prepare_named(loaded: Plan, data: Mapping[str, object]):  # type: ignore[no-untyped-def]
    from tests.mapping.support import record

    prepared = loaded.prepare(record(data), "records", None)  # type: ignore[arg-type]
    return loaded.map(prepared, "records")  # type: ignore[arg-type]


__all__ = ["composed", "grids", "plan", "prepare", "read", "run", "told", "triples"]
