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
def listed(common: Common, where: str) -> Iterator[Take]:
    """Yield a function that takes problems: ``-`` prints them, a name makes that file.

    The name's ending, or ``--format``, tells the form.

    :raises UsageError: for a form that the place does not take.
    """
    from qcp_graph.errors import UsageError
    from qcp_graph.pipeline import issue_files

    if where != "-":
        path = Path(where)
        with issue_files.to_file(path, issue_files.form_of(path, common.form)) as take:
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
        with issue_files.to_stream(sys.stdout.buffer, common.form) as take:
            yield take


def collected(
    common: Common, where: str | None, check: "Callable[[TakeRow], RegisterReport]"
) -> "RegisterReport":
    """Return the report of a check, whose problems are listed meanwhile where that is wanted."""
    if where is None:
        return check(lambda _row: None)
    with listed(common, where) as take:

        def row(one: "LedgerRow") -> None:
            for problem in of_row(one):
                take(problem)

        report = check(row)
        for issue in report.notes:
            take({**issue.as_dict(), "status": "-"})
    return report


def of_row(row: "LedgerRow") -> Iterator[Mapping[str, str]]:
    """Yield the problems of a record, with its fate."""
    for issue in row.issues:
        yield {**issue.as_dict(), "status": row.status}
