"""Suggestions as a table for reviewers, and their decisions read back, every row checked."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final, get_args
from zipfile import BadZipFile

from qcp_graph.cells import safe, unsafe
from qcp_graph.errors import DataError
from qcp_graph.linking.assertions import Match, Task
from qcp_graph.linking.decisions import VERDICTS, Decision
from qcp_graph.terms import is_iri

COLUMNS: Final = (
    "task", "key", "language", "text", "part", "qualification", "record", "texts", "object",
    "label", "matched", "match", "probability", "method", "version", "reason",
    "decision", "reviewer", "date", "comment",
)  # fmt: skip
NEEDED: Final = ("task", "key", "object", "match", "decision", "reviewer", "date", "comment")
MOST_ROWS: Final = 1_000_000
_MOST: Final = 100  # problems that are told
_KEY: Final = re.compile(r"[0-9a-f]{32}\Z")
_LONGEST: Final = 2000


@dataclass
class Read:
    """What a reviewed file says: decisions, rows left open, and problems with their row numbers."""

    decisions: list[Decision] = field(default_factory=list)
    open: int = 0
    problems: list[str] = field(default_factory=list)


def write(path: Path, rows: Iterable[Mapping[str, str]]) -> int:
    """Write suggestions as TSV, or as a workbook where the name ends in ``.xlsx``; return how many.

    Cells are neutralised: a text that begins like a formula gets an apostrophe before it.
    """
    cells = ([safe(row.get(name, "")) for name in COLUMNS] for row in rows)
    return _write_xlsx(path, cells) if path.suffix == ".xlsx" else _write_tsv(path, cells)


def _write_tsv(path: Path, cells: Iterable[list[str]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\t".join(COLUMNS) + "\n")
        for row in cells:
            file.write("\t".join(row) + "\n")
            count += 1
    return count


def _write_xlsx(path: Path, cells: Iterable[list[str]]) -> int:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("links")
    sheet.freeze_panes = "A2"
    sheet.append(list(COLUMNS))
    count = 0
    for row in islice(cells, MOST_ROWS):
        sheet.append(row)
        count += 1
    book.save(path)
    return count


def read(
    path: Path, *, reviewer: str = "", today: str = "", known: Callable[[str], bool] | None = None
) -> Read:
    """Read the decisions of a reviewed file: TSV, workbook or SSSOM.

    ``reviewer`` and ``today`` fill cells left empty; ``known`` says whether a concept exists.

    :raises DataError: when the file as a whole cannot be read.
    """
    found = Read()
    seen: dict[tuple[str, str, str], int] = {}
    for number, row in _rows(path):
        verdict = row["decision"].casefold()
        if not verdict:
            found.open += 1
            continue
        filled = {**row, "reviewer": row["reviewer"] or reviewer, "date": row["date"] or today}
        why = _wrong(filled, verdict, known)
        place = (row["key"], row["object"], filled["reviewer"])
        if not why and place in seen:
            why = f"row {seen[place]} decides on the same link for the same reviewer"
        if why:
            if len(found.problems) < _MOST:
                found.problems.append(f"row {number}: {why}")
            continue
        seen[place] = number
        found.decisions.append(_decision(filled, verdict))
    return found


def _decision(row: Mapping[str, str], verdict: str) -> Decision:
    return Decision(
        row["task"], row["key"], row["object"], row["reviewer"], verdict,  # type: ignore[arg-type]
        row["match"], row["date"], row["comment"],  # type: ignore[arg-type]
    )  # fmt: skip


def _wrong(row: Mapping[str, str], verdict: str, known: Callable[[str], bool] | None) -> str:
    """Return what is wrong with a row, or nothing."""
    choices = (
        ("task", row["task"], get_args(Task)), ("decision", verdict, VERDICTS),
        ("match", row["match"], get_args(Match)),
    )  # fmt: skip
    for name, value, allowed in choices:
        if value not in allowed:
            return f"{name} is {value[:40]!r}; it must be one of {', '.join(allowed)}"
    if not _KEY.match(row["key"]):
        return f"the key {row['key'][:40]!r} is none (it was changed, or cut off)"
    if not is_iri(row["object"]) or not row["object"].startswith(("http://", "https://")):
        return f"the object {row['object'][:80]!r} is no IRI"
    if known is not None and row["task"] == "skill" and not known(row["object"]):
        return f"{row['object'][:120]} is no skill of the imported versions of ESCO"
    if not row["reviewer"]:
        return "the reviewer is missing"
    if any(len(row[name]) > _LONGEST for name in ("reviewer", "comment")):
        return f"a text is longer than {_LONGEST} characters"
    try:
        date.fromisoformat(row["date"])
    except ValueError:
        return f"the date {row['date'][:40]!r} is none (2026-01-31)"
    return ""


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the number of each row, as a spreadsheet counts, and its cells by name."""
    try:
        lines = _from_xlsx(path) if path.suffix == ".xlsx" else _from_tsv(path)
        head: list[str] = []
        for number, cells in lines:
            if not head:
                head = [cell.strip().casefold() for cell in cells]
                _check_head(path, head)
                continue
            if any(cell.strip() for cell in cells):
                row = dict(zip(head, map(unsafe, cells), strict=False))
                yield number, _named(row)
        if not head:
            _check_head(path, head)
    except (OSError, ValueError, KeyError, csv.Error, BadZipFile) as error:
        raise _unreadable(path, str(error)) from error


def _named(row: Mapping[str, str]) -> dict[str, str]:
    plain = _of_sssom(row) if "subject_id" in row else row
    return {name: plain.get(name, "") for name in NEEDED}


def _of_sssom(row: Mapping[str, str]) -> dict[str, str]:
    """A mapping curated by a person is a decision; ``predicate_modifier: Not`` rejects it."""
    other = json.loads(row.get("other") or "{}")
    decided = row.get("mapping_justification", "").endswith("ManualMappingCuration")
    verdict = "reject" if row.get("predicate_modifier", "") == "Not" else "accept"
    return {
        "task": str(other.get("task", "skill")),
        "key": str(other.get("key", "")),
        "object": row.get("object_id", ""),
        "match": row.get("predicate_id", "").partition(":")[2],
        "decision": verdict if decided else "",
        "reviewer": row.get("reviewer_label", ""),
        "date": row.get("mapping_date", ""),
        "comment": row.get("comment", ""),
    }


def _check_head(path: Path, head: list[str]) -> None:
    needed = ("object_id", "mapping_justification", "other") if "subject_id" in head else NEEDED
    lacking = [name for name in needed if name not in head]
    if lacking:
        raise _unreadable(path, f"the columns {', '.join(lacking)} are missing")


def _from_tsv(path: Path) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, line in enumerate(file, 1):
            if not line.startswith("#") and line.strip():
                yield number, line.rstrip("\r\n").split("\t")


def _from_xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        rows = book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS)
        for number, cells in enumerate(rows, 1):
            yield number, [_cell(cell) for cell in cells]
    finally:
        book.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value.date().isoformat() if hasattr(value, "date") else str(value)


def _unreadable(path: Path, why: str) -> DataError:
    return DataError(
        "QCP-LNK-REVIEW", f"The reviewed file cannot be read: {why}.", where=str(path),
        remedy="It is TSV in UTF-8, a workbook or SSSOM, as `qcp review export` writes it.",
    )  # fmt: skip
