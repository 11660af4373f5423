"""Grids of a new sheet: what a person fills in, and the lists to choose from."""

from collections.abc import Mapping
from typing import Final

from qcp_graph.mapping import functions
from qcp_graph.mapping.sheet import steps
from qcp_graph.mapping.sheet.book import (
    CODE_COLUMNS,
    CODE_FACTS,
    CODES,
    COLUMNS,
    FACTS,
    LIST_COLUMNS,
    LISTS,
    MAPPING,
    REGISTER,
    TARGETS,
    Book,
)
from qcp_graph.mapping.sheet.register import KEYS
from qcp_graph.mapping.sheet.targets import TARGETS as ALL_TARGETS
from qcp_graph.mapping.sheet.template import Template, example

START: Final = "Start here"
FUNCTIONS: Final = "Functions"
HEADER: Final = ("Source field", *FACTS, *(name for name in COLUMNS if name != "Source field"))
MISSING: Final = {
    "drop": "leave out", "reject": "reject record", "note": "keep as note", "keep": "keep the word",
}  # fmt: skip
Grids = dict[str, list[list[str]]]
_STEPS: Final = (
    "This workbook says what the fields of a register become. Fill in the yellow columns.",
    "1. Register: who keeps the data, its licence, its languages.",
    "2. Mapping: choose a target for each field, or say in 'Ignore because' why it is left out. "
    "Copy a row to map a field twice. Exactly one field is the 'record key'.",
    '3. Source field may also hold a text in quotation marks ("Level 4"), or a template with '
    "several fields: $(NAME), $(TOWN).",
    '4. Transformation: functions of the sheet Functions, in order: trim; split(";").',
    "5. Codes …: one sheet for each field with few words. Write beside each word what it stands "
    "for: a concept (qcp:Registered, lang:FRA) or a level of the framework (3). A word that "
    "stands for nothing needs a reason.",
    "6. Code lists: what happens to words that are not in a list: leave out (and report), reject "
    "record, or keep as note.",
    "7. Save the workbook and run: qcp mapping convert <this file> <workspace>/mappings/<id>. "
    "Every mistake is told with its sheet, row and column.",
    "8. Then: qcp --workspace <workspace> source check <id> --input <your file>.",
    "A sheet is about one file. What other files add (joins) and parts inside parts are written in "
    "the mapping.yaml that step 7 makes.",
)


def of_template(template: Template) -> Grids:
    """Return the grids of a proposed sheet."""
    records = template.profile.records
    mapping = [list(HEADER)]
    for line in template.lines:
        one = line.profile
        cells = {
            "Source field": one.name,
            "Filled": f"{one.filled} of {records}",
            "Distinct values": f"{'more than ' if one.overflow else ''}{one.distinct}",
            "Kind": one.kind,
            "Examples": " | ".join(example(text) for text in one.examples),
            "Target": line.target,
            "Transformation": line.steps,
            "Code list": line.codes,
            "Language or datatype": line.language,
            "Detail": line.detail,
            "Note": line.note,
        }
        mapping.append([cells.get(name, "") for name in HEADER])
    codes = {
        f"{CODES}{name}": [
            [*CODE_COLUMNS, *CODE_FACTS],
            *([word, target, *[""] * (len(CODE_COLUMNS) - 2), str(times)]
              for word, (target, times) in words.items()),
        ]
        for name, words in template.codes.items()
    }  # fmt: skip
    lists = [list(LIST_COLUMNS), *([name, "leave out", "", ""] for name in template.codes)]
    return _grids(template.register, mapping, codes, lists)


def of_book(book: Book) -> Grids:
    """Return the grids of a sheet that was read from a mapping."""
    names = tuple(COLUMNS)
    mapping = [list(names)]
    for row in book.rows:
        target = row.target.name if row.target else ""
        values = {
            "field": row.field, "target": target, "steps": steps.write(row.steps),
            "codes": row.codes, "language": row.language, "detail": row.detail,
            "ignore": row.ignore, "note": row.note,
        }  # fmt: skip
        mapping.append([values[COLUMNS[name]] for name in names])
    codes = {
        f"{CODES}{name}": [
            list(CODE_COLUMNS),
            *([cells.get(column, "") for column in CODE_COLUMNS] for _, cells in sheet.rows),
        ]
        for name, sheet in book.codes.items()
    }
    lists = [list(LIST_COLUMNS)]
    for name, sheet in book.codes.items():
        lists.append([name, MISSING[sheet.missing], "" if sheet.casefold else "yes", ""])
    return _grids(book.register, mapping, codes, lists)


def _grids(
    register: Mapping[str, str],
    mapping: list[list[str]],
    codes: Mapping[str, list[list[str]]],
    lists: list[list[str]],
) -> Grids:
    settings = [["Setting", "Value", "Meaning"]]
    for key, setting in KEYS.items():
        meaning = setting.meaning + (" (needed)" if setting.needed else "")
        settings.append([key, register.get(setting.name, ""), meaning])
    return {
        START: [[text] for text in _STEPS],
        REGISTER: settings,
        MAPPING: mapping,
        **codes,
        LISTS: lists,
        TARGETS: _targets(),
        FUNCTIONS: _functions(),
    }


def _targets() -> list[list[str]]:
    header = ["Target", "How many", "Meaning", "Detail", "Property"]
    return [
        header,
        *(
            [t.name, t.cardinality, t.meaning, t.detail, ", ".join(t.predicates)]
            for t in ALL_TARGETS
        ),
    ]


def _functions() -> list[list[str]]:
    found = [["Function", "Arguments", "What it does", "Example"]]
    for name, function in functions.library().items():
        head, _, shown = function.doc.partition(">>>")
        arguments = ", ".join(function.parameters)
        found.append([name, arguments, " ".join(head.split()), " ".join(shown.split())[:300]])
    return found
