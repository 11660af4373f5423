"""A sheet's content: rows, code lists and the register, whatever file they came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from qcp_graph.mapping.paths import Form
from qcp_graph.mapping.sheet.steps import Call
from qcp_graph.mapping.sheet.targets import Target
from qcp_graph.mapping.spec import form_of
from qcp_graph.model.issue import Issue, Severity

MAPPING: Final = "Mapping"
REGISTER: Final = "Register"
TARGETS: Final = "Targets"
LISTS: Final = "Code lists"
CODES: Final = "Codes "

# name in the first row → attribute of Row
COLUMNS: Final[Mapping[str, str]] = {
    "Source field": "field",
    "Target": "target",
    "Transformation": "steps",
    "Code list": "codes",
    "Language or datatype": "language",
    "Detail": "detail",
    "Ignore because": "ignore",
    "Note": "note",
}
# What the template tells of the source; read back as nothing.
FACTS: Final = ("Filled", "Distinct values", "Kind", "Examples")
CODE_COLUMNS: Final = ("source", "target", "match", "author", "date", "reason", "confidence")
CODE_FACTS: Final = ("times",)
LIST_COLUMNS: Final = ("Code list", "Unknown words", "Capitals matter", "Note")


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a sheet, as a person finds it: ``Mapping, row 5, column Target``."""

    sheet: str
    row: int
    column: str = ""

    def __str__(self) -> str:
        column = f", column {self.column!r}" if self.column else ""
        return f"sheet {self.sheet!r}, row {self.row}{column}"


@dataclass(frozen=True, slots=True)
class Row:
    """One decision: a field (or a template, or a text in quotes) and what it becomes."""

    place: Cell
    field: str
    target: Target | None = None
    steps: tuple[Call, ...] = ()
    codes: str = ""
    language: str = ""
    detail: str = ""
    ignore: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CodeSheet:
    """A code list: its rows (columns of :data:`CODE_COLUMNS`) and what happens to other words."""

    name: str
    rows: Sequence[tuple[Cell, Mapping[str, str]]] = ()
    missing: str = "drop"
    casefold: bool = True


@dataclass(frozen=True, slots=True)
class Book:
    """A whole sheet: ``register`` are the settings of the sheet Register by their names."""

    register: Mapping[str, str]
    rows: Sequence[Row]
    codes: Mapping[str, CodeSheet] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """How references into the source are written."""
        return form_of(self.register.get("format", "csv"))


def problem(
    where: Cell, message: str, remedy: str, *, value: str = "", severity: Severity = "violation"
) -> Issue:
    """Return what is wrong at a place of the sheet."""
    return Issue(
        "QCP-MAP-SHEET", severity, message, locator=str(where), value=value[:200], remedy=remedy
    )  # fmt: skip
