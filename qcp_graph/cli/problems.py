"""Problems of records, on the terminal or in a file that goes back to the data owner."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from qcp_graph.cli.context import Common
from qcp_graph.cli.output import table

if TYPE_CHECKING:
    from qcp_graph.model.ledger import LedgerRow
    from qcp_graph.pipeline.report import RegisterReport

COLUMNS: Final = (
    ("source", "REGISTER"),
    ("record", "RECORD"),
    ("status", "FATE"),
    ("severity", "SEVERITY"),
    ("code", "CODE"),
    ("locator", "PLACE"),
    ("field", "FIELD"),
    ("value", "VALUE"),
    ("message", "PROBLEM"),
    ("remedy", "REMEDY"),
)
Take: TypeAlias = Callable[[Mapping[str, str]], None]
TakeRow: TypeAlias = "Callable[[LedgerRow], object]"


@contextmanager
def listed(common: Common, where: str, language: str = "") -> Iterator[Take]:
    """Yield a function that takes problems: ``-`` prints them, a name makes that file.

    The name's ending, or ``--format``, tells the form. ``language`` is that of headings in files;
    where it is given, text stands in blocks for people and not in a table.

    :raises UsageError: for a form that the place does not take.
    """
    from qcp_graph.cli.problem_text import blocks
    from qcp_graph.errors import UsageError
    from qcp_graph.pipeline import issue_files

    if where != "-":
        path = Path(where)
        form = issue_files.form_of(path, common.form)
        with issue_files.to_file(path, form, language) as take:
            yield take
    elif common.form == "text" and language:
        with blocks(language) as take:
            yield take
    elif common.form == "text":
        with table(COLUMNS, "No problems.") as take:
            yield take
    elif common.form == "xlsx":
        raise UsageError(
            "QCP-SYS-FORM",
            "A workbook cannot be printed.",
            remedy="Name a file: --issues problems.xlsx",
        )
    else:
        with issue_files.to_stream(sys.stdout.buffer, common.form, language=language) as take:
            yield take


def collected(
    common: Common, where: str | None, check: "Callable[[TakeRow], RegisterReport]",
    language: str = "",
) -> "RegisterReport":  # fmt: skip
    """Return the report of a check, whose problems are listed meanwhile where that is wanted.

    Where a ``language`` is given, shapes that found nothing to judge are listed too, except on the
    terminal, where they are notes.
    """
    if where is None:
        return check(lambda _row: None)
    with listed(common, where, language) as take:

        def row(one: "LedgerRow") -> None:
            for problem in of_row(one):
                take(problem)

        report = check(row)
        silent = () if not language or on_terminal(common, where) else report.silent
        for issue in (*report.notes, *silent):
            take({**issue.as_dict(), "status": "-"})
    return report


def on_terminal(common: Common, where: str) -> bool:
    """Tell whether problems are printed as text, beside notes on standard error."""
    return where == "-" and common.form == "text"


def of_row(row: "LedgerRow") -> Iterator[Mapping[str, str]]:
    """Yield the problems of a record, with its fate."""
    for issue in row.issues:
        yield {**issue.as_dict(), "status": row.status}
