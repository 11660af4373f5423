"""The sheet Register: what a person says of the register as a whole, and ``source.yaml`` of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from qcp_graph.mapping.sheet.book import REGISTER, Cell, problem
from qcp_graph.model.issue import Issue


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the sheet: its short name, an explanation, whether it must be filled."""

    name: str
    meaning: str
    needed: bool = False


KEYS: Final[Mapping[str, Setting]] = {
    "Id": Setting("id", "two letters of the country and a short name: gb-ofqual", True),
    "Title": Setting("title", "name of the register, in English", True),
    "Description": Setting("description", "what it holds and what not, in English"),
    "Country": Setting("country", "three letters, as in the EU country table: GBR", True),
    "Languages": Setting("languages", "languages of its texts, separated by commas: en, cy", True),
    "Owner": Setting("owner", "body that keeps the register", True),
    "Owner's homepage": Setting("owner_homepage", "https://…"),
    "Licence": Setting("licence", "name of the licence of the data", True),
    "Licence address": Setting("licence_iri", "https://…"),
    "Frequency": Setting("frequency", "DAILY, WEEKLY, MONTHLY, QUARTERLY, ANNUAL, IRREG …", True),
    "Homepage": Setting("homepage", "page of the register: https://…"),
    "Address": Setting("address", "where the file can be fetched: https://… (may stay empty)"),
    "Fewest records": Setting("minimum", "a build with fewer published records is refused"),
    "File": Setting("file", "name of the file, * for what changes: list-*.csv", True),
    "Format": Setting("format", "csv, json, jsonl, xml or xlsx", True),
    "Iterator": Setting("iterator", "which part of the file is a record (XML and JSON)"),
    "Delimiter": Setting("delimiter", "what separates the columns (CSV)"),
    "Encoding": Setting("encoding", "how characters are written: utf-8, windows-1252"),
    "Worksheet": Setting("sheet", "name of the worksheet (XLSX)"),
    "Header row": Setting("header", "number of the row with the names of columns"),
}
FORMATS: Final[Mapping[str, str]] = {
    "csv": "csv", "json": "jsonpath", "jsonl": "jsonlines", "xml": "xpath", "xlsx": "xlsx",
    "rdf": "rdf",
}  # fmt: skip
_OPTIONS: Final = ("delimiter", "encoding", "sheet", "header")
_ID: Final = re.compile(r"[a-z]{2}-[a-z0-9]+(?:-[a-z0-9]+)*\Z")


def missing(register: Mapping[str, str]) -> list[Issue]:
    """Return an issue for each setting that must be filled and is not, or is misspelt."""
    found = [
        problem(Cell(REGISTER, row, "Value"), f"{key} is not filled in.", f"Write {what.meaning}.")
        for row, (key, what) in enumerate(KEYS.items(), start=2)
        if what.needed and not register.get(what.name)
    ]
    name = register.get("format", "csv")
    if name not in FORMATS:
        remedy = f"Write one of: {', '.join(FORMATS)}."
        found.append(
            problem(Cell(REGISTER, _row("format"), "Value"), "Not a format.", remedy, value=name)
        )
    source_id = register.get("id", "")
    if source_id and not _ID.match(source_id):
        remedy = "Two letters of the country, a hyphen, a short name in small letters: gb-ofqual."
        issue = problem(Cell(REGISTER, _row("id"), "Value"), "Not an id.", remedy, value=source_id)
        found.append(issue)
    return found


def _row(name: str) -> int:
    """Return the row in which a new sheet has a setting."""
    return 2 + [setting.name for setting in KEYS.values()].index(name)


def languages(register: Mapping[str, str]) -> list[str]:
    """Return the languages of the register's texts."""
    return [part for part in re.split(r"[\s,;]+", register.get("languages", "").lower()) if part]


def options(register: Mapping[str, str]) -> dict[str, object]:
    """Return the reader options of the register's file."""
    found: dict[str, object] = {}
    for name in _OPTIONS:
        value = register.get(name, "")
        if name == "delimiter":
            value = {"tab": "\t", "tabulator": "\t", "semicolon": ";", "comma": ","}.get(
                value.casefold(), value
            )
        if value:
            found[name] = int(value) if name == "header" and value.isdigit() else value
    return found


def source(register: Mapping[str, str]) -> dict[str, object]:
    """Return ``source.yaml`` as a table; what is not filled in is left out."""
    get = register.get
    owner = {"name": get("owner", ""), "homepage": get("owner_homepage", "")}
    licence = {"label": get("licence", ""), "iri": get("licence_iri", "")}
    minimum = get("minimum", "")
    table: dict[str, object] = {
        "id": get("id", ""),
        "title": {"en": get("title", "")},
        "description": {"en": get("description", "")} if get("description") else "",
        "country": get("country", ""),
        "languages": languages(register),
        "owner": {key: value for key, value in owner.items() if value},
        "licence": {key: value for key, value in licence.items() if value},
        "frequency": get("frequency", ""),
        "address": get("address", ""),
        "homepage": get("homepage", ""),
        "minimum": int(minimum) if minimum.isdigit() else "",
    }
    return {key: value for key, value in table.items() if value}
