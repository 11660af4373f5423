"""Problems as files that people and programs take: JSON, JSON Lines, CSV, a workbook, a page.

One writer per form; each takes problems one by one, so that memory is bounded. For whatever finds
problems: mapping, releases, validation.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Final, Literal, TypeAlias, get_args

from qcp_graph.errors import UsageError
from qcp_graph.pipeline.files import replaced
from qcp_graph.pipeline.issue_page import page
from qcp_graph.pipeline.issue_summary import Summary
from qcp_graph.pipeline.issue_words import Words, words
from qcp_graph.pipeline.workbook import Column, Sheet, Workbook

Form: TypeAlias = Literal["json", "jsonl", "csv", "xlsx", "html"]
Problem: TypeAlias = Mapping[str, str]
Take: TypeAlias = Callable[[Problem], None]

FIELDS: Final = (
    "source", "record", "status", "severity", "code", "message", "field", "value", "locator",
    "rule", "remedy",
)  # fmt: skip
_SUFFIXES: Final[Mapping[str, Form]] = {
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".xlsx": "xlsx",
    ".html": "html",
}  # fmt: skip
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")
_WIDTHS: Final = {
    "record": 18, "status": 12, "severity": 10, "message": 50, "field": 24, "value": 40,
    "locator": 28, "remedy": 50, "code": 22, "rule": 24,
}  # fmt: skip
_ANSWER: Final = 40


def form_of(path: Path, given: str | None = None) -> Form:
    """Return the form that a file's name asks for, else the one ``given`` by other means.

    >>> form_of(Path("problems.XLSX")), form_of(Path("problems.txt"), "csv")
    ('xlsx', 'csv')

    :raises UsageError: for a name that tells nothing.
    """
    found = _SUFFIXES.get(path.suffix.lower())
    if found is None:
        for form in get_args(Form):
            if form == given:
                return form  # type: ignore[no-any-return]  # get_args is untyped
        raise UsageError(
            "QCP-SYS-FORM",
            f"The name {path.name!r} does not tell in which form problems are wanted.",
            remedy=f"End it with one of {', '.join(_SUFFIXES)}, or say it with --format.",
        )
    return found


@contextmanager
def to_file(path: Path, form: Form, language: str = "en") -> Iterator[Take]:
    """Yield a function that writes a problem; the file is there when all are written.

    ``language`` is that of headings.
    """
    with replaced(path) as file, to_stream(file, form, mark=True, language=language) as take:
        yield take


@contextmanager
def to_stream(
    file: IO[bytes], form: Form, *, mark: bool = False, language: str = "en"
) -> Iterator[Take]:
    """Yield a function that writes a problem to an open file.

    ``mark`` lets a CSV begin with a byte order mark, without which Excel garbles accents.
    """
    writers: Mapping[Form, Callable[[IO[bytes]], AbstractContextManager[Take]]] = {
        "json": _json, "jsonl": _jsonl, "csv": partial(_csv, mark=mark),
        "xlsx": partial(_xlsx, said=words(language)), "html": partial(page, language=language),
    }  # fmt: skip
    with writers[form](file) as take:
        yield take


@contextmanager
def _json(file: IO[bytes]) -> Iterator[Take]:
    first = True

    def take(problem: Problem) -> None:
        nonlocal first
        file.write(b"[\n" if first else b",\n")
        file.write(json.dumps(problem, ensure_ascii=False).encode("utf-8", "replace"))
        first = False

    yield take
    file.write(b"[]\n" if first else b"\n]\n")


@contextmanager
def _jsonl(file: IO[bytes]) -> Iterator[Take]:
    def take(problem: Problem) -> None:
        line = json.dumps(problem, ensure_ascii=False) + "\n"
        file.write(line.encode("utf-8", "replace"))

    yield take


@contextmanager
def _csv(file: IO[bytes], mark: bool) -> Iterator[Take]:
    encoding = "utf-8-sig" if mark else "utf-8"
    text = io.TextIOWrapper(file, encoding, "replace", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(FIELDS)
    try:
        yield lambda problem: writer.writerow([_safe(problem.get(n, "")) for n in FIELDS])
    finally:
        text.detach()  # the file is not ours to close


def _safe(text: str) -> str:
    """Return text that no spreadsheet program takes for a formula (OWASP, CSV injection).

    >>> _safe("=1+1"), _safe("Level 2")
    ("'=1+1", 'Level 2')
    """
    return f"'{text}" if text.startswith(_RISKY) else text


@dataclass
class _Pages:
    """The sheets of problems: a further one when a sheet is full."""

    book: Workbook
    said: Words
    number: int = 0
    _sheet: Sheet | None = None
    _open: ExitStack = field(default_factory=ExitStack)

    def add(self, problem: Problem) -> None:
        if self._sheet is None or self._sheet.full:
            self._open.close()
            self.number += 1
            name = self.said.problems
            title = name if self.number == 1 else f"{name} {self.number}"
            columns = [Column(self.said.columns[n], width) for n, width in _WIDTHS.items()]
            columns.append(Column(self.said.answer, _ANSWER))
            sheet = self.book.sheet(title, columns)
            self._sheet = self._open.enter_context(sheet)
        cells = [self.said.shown(name, problem.get(name, "")) for name in _WIDTHS]
        self._sheet.add([*cells, ""])

    def close(self) -> None:
        self._open.close()


@contextmanager
def _xlsx(file: IO[bytes], said: Words) -> Iterator[Take]:
    """A summary with one line per kind of problem, then every problem, over as many sheets."""
    summary = Summary()
    with Workbook(file) as book:
        pages = _Pages(book, said)

        def take(problem: Problem) -> None:
            summary.add(problem)
            pages.add(problem)

        try:
            yield take
        finally:
            pages.close()
        with book.sheet(said.summary, _summary(said), first=True) as sheet:
            for line in summary.lines():
                sheet.add([said.shown("severity", line[0]), *line[1:]])
            if pages.number > 1:
                sheet.add(["", "", said.sheets.format(pages.number)])


def _summary(said: Words) -> Sequence[Column]:
    names = said.columns
    records, cases = said.counts
    return (
        Column(names["severity"], 10), Column(names["code"], 22), Column(names["message"], 60),
        Column(records, 10), Column(cases, 10), Column(names["remedy"], 60),
    )  # fmt: skip
