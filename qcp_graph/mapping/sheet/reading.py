"""From grids of texts to a :class:`Book`: every fault is told with sheet, row, column and remedy.

A grid is a sheet's rows of texts. Nothing is raised: what is wrong is collected, so that a steward
mends a sheet in one go.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from qcp_graph.mapping.sheet import steps, targets
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
    Book,
    Cell,
    CodeSheet,
    Row,
    problem,
)
from qcp_graph.mapping.sheet.register import KEYS
from qcp_graph.model.issue import Issue

Grid: TypeAlias = Sequence[Sequence[str]]
_POLICIES: Final[Mapping[str, str]] = {
    "": "drop", "leave out": "drop", "drop": "drop", "reject record": "reject", "reject": "reject",
    "keep as note": "note", "note": "note", "keep": "keep", "keep the word": "keep",
}  # fmt: skip
_YES: Final = frozenset({"yes", "true", "oui", "ja", "si", "sí", "sim", "x", "1"})


@dataclass
class _Reading:
    """One run over the grids, and what was found wrong."""

    grids: Mapping[str, Grid]
    issues: list[Issue] = field(default_factory=list)

    def table(
        self, sheet: str, known: Sequence[str], silent: Sequence[str]
    ) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the number (from 1) and the cells of each row below the header."""
        grid = self.grids[sheet]
        start = next((n for n, row in enumerate(grid) if any(c.strip() for c in row)), len(grid))
        if start == len(grid):
            return
        names = [self._column(sheet, start + 1, cell, known, silent) for cell in grid[start]]
        for name in sorted({name for name in names if name and names.count(name) > 1}):
            where = Cell(sheet, start + 1, name)
            self.issues.append(problem(where, "The column is there twice.", "Remove one of them."))
        for number, row in enumerate(grid[start + 1 :], start=start + 2):
            if any(cell.strip() for cell in row):
                yield number, {name: cell for name, cell in zip(names, row, strict=False) if name}

    def _column(
        self, sheet: str, row: int, cell: str, known: Sequence[str], silent: Sequence[str]
    ) -> str:
        folded = {name.casefold(): name for name in known}
        written = " ".join(cell.split())
        if not written or written.casefold() in {name.casefold() for name in silent}:
            return ""
        if written.casefold() in folded:
            return folded[written.casefold()]
        near = difflib.get_close_matches(written.casefold(), folded, n=1, cutoff=0.5)
        hint = f"Did you mean {folded[near[0]]!r}? " if near else ""
        remedy = f"{hint}Known columns: {', '.join(known)}."
        where = Cell(sheet, row, written)
        self.issues.append(problem(where, "There is no such column.", remedy, value=written))
        return ""


def read(grids: Mapping[str, Grid]) -> tuple[Book, list[Issue]]:
    """Return what the grids say, and everything that is wrong with them.

    A row whose fault makes it useless is left out of the book; the issue says so.
    """
    reading = _Reading({_sheet_name(name): grid for name, grid in grids.items()})
    if MAPPING not in reading.grids:
        reading.grids = {MAPPING: [], **reading.grids}
        names = ", ".join(sorted(grids)) or "none"
        remedy = f"Name the sheet with the rows {MAPPING!r}; there are: {names}."
        reading.issues.append(problem(Cell(MAPPING, 1), "The sheet is missing.", remedy))
    register = _register(reading)
    policies = _policies(reading)
    codes = {
        name: _codes(reading, name, policies)
        for name in (s.removeprefix(CODES) for s in reading.grids if s.startswith(CODES))
    }
    rows = list(_rows(reading))
    for name in policies.keys() - codes.keys():
        where = Cell(LISTS, policies[name][0], LIST_COLUMNS[0])
        remedy = f"Add the sheet {CODES + name!r}, or remove the row."
        reading.issues.append(problem(where, "There is no such code list.", remedy, value=name))
    return Book(register, rows, codes), reading.issues


def _sheet_name(written: str) -> str:
    """Return a sheet's own name, whatever its capitals."""
    folded = " ".join(written.casefold().split())
    for name in (MAPPING, REGISTER, LISTS):
        if folded == name.casefold():
            return name
    if folded.startswith(CODES.casefold()):
        return CODES + " ".join(written.split())[len(CODES) :]
    return written


def _register(reading: _Reading) -> dict[str, str]:
    found: dict[str, str] = {}
    if REGISTER not in reading.grids:
        return found
    folded = {key.casefold(): key for key in KEYS}
    for number, row in enumerate(reading.grids[REGISTER], start=1):
        written, value = (*(cell.strip() for cell in row[:2]), "", "")[:2]
        if not written or (number == 1 and written.casefold() == "setting"):
            continue
        key = folded.get(written.casefold())
        if key is None:
            near = difflib.get_close_matches(written.casefold(), folded, n=1, cutoff=0.5)
            hint = f"Did you mean {folded[near[0]]!r}? " if near else ""
            where = Cell(REGISTER, number, "Setting")
            remedy = f"{hint}Settings: {', '.join(KEYS)}."
            reading.issues.append(
                problem(where, "There is no such setting.", remedy, value=written)
            )
        elif value:
            found[KEYS[key].name] = value
    return found


def _policies(reading: _Reading) -> dict[str, tuple[int, str, bool]]:
    found: dict[str, tuple[int, str, bool]] = {}
    if LISTS not in reading.grids:
        return found
    for number, cells in reading.table(LISTS, LIST_COLUMNS, ()):
        name = cells.get("Code list", "").strip()
        word = " ".join(cells.get("Unknown words", "").casefold().split())
        if word not in _POLICIES:
            where = Cell(LISTS, number, "Unknown words")
            remedy = "Write: leave out, reject record, keep as note, or keep the word."
            reading.issues.append(problem(where, "Not one of the choices.", remedy, value=word))
        matter = cells.get("Capitals matter", "").strip().casefold() in _YES
        if name:
            found[name] = (number, _POLICIES.get(word, "drop"), not matter)
    return found


def _codes(
    reading: _Reading, name: str, policies: Mapping[str, tuple[int, str, bool]]
) -> CodeSheet:
    sheet = CODES + name
    rows = []
    for number, cells in reading.table(sheet, CODE_COLUMNS, CODE_FACTS):
        clean = {column: " ".join(cells.get(column, "").split()) for column in CODE_COLUMNS}
        if not clean["source"]:
            where = Cell(sheet, number, "source")
            remedy = "Write the word of the register, or empty the row."
            reading.issues.append(problem(where, "The row has no word of the register.", remedy))
            continue
        rows.append((Cell(sheet, number), clean))
    _, missing, casefold = policies.get(name, (0, "drop", True))
    return CodeSheet(name, rows, missing, casefold)


def _rows(reading: _Reading) -> Iterator[Row]:
    if not reading.grids[MAPPING]:
        return
    for number, cells in reading.table(MAPPING, tuple(COLUMNS), FACTS):
        values = {COLUMNS[name]: cell.strip() for name, cell in cells.items()}
        if not values.get("field"):
            if any(values.get(name) for name in ("target", "ignore")):
                where = Cell(MAPPING, number, "Source field")
                message = "The row says a target, but no field."
                remedy = 'Name the field, or write a fixed text in double quotes: "Level 4".'
                reading.issues.append(problem(where, message, remedy))
            continue
        yield _row(reading, number, values)


def _row(reading: _Reading, number: int, values: Mapping[str, str]) -> Row:
    written = values.get("target", "")
    target = targets.find(written) if written else None
    if written and target is None:
        where = Cell(MAPPING, number, "Target")
        message = "There is no such target."
        issue = problem(where, message, targets.nearest(written), value=written)
        reading.issues.append(issue)
    ignore = values.get("ignore", "")
    if written and ignore:
        where = Cell(MAPPING, number, "Ignore because")
        message = "The field is both mapped and ignored."
        reading.issues.append(problem(where, message, "Empty one of the two cells.", value=ignore))
    return Row(
        Cell(MAPPING, number),
        values["field"],
        target,
        _steps(reading, number, values.get("steps", "")),
        values.get("codes", ""),
        values.get("language", ""),
        values.get("detail", ""),
        "" if written else ignore,
        values.get("note", ""),
    )


def _steps(reading: _Reading, number: int, cell: str) -> tuple[steps.Call, ...]:
    try:
        found = steps.parse(cell)
        steps.check(found)
    except ValueError as error:
        where = Cell(MAPPING, number, "Transformation")
        message = f"The transformation cannot be read: {str(error).rstrip('.')}."
        remedy = 'Write functions of docs/functions.md, as in: trim; split(";").'
        reading.issues.append(problem(where, message, remedy, value=cell))
        return ()
    return found
