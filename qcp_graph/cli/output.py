"""Printing results: aligned text for people, JSON for programs. Messages go to standard error."""

import json
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import click

_MEASURED: Final = 1000  # lines of a table that decide how wide its columns are


def note(text: str, *, quiet: bool = False) -> None:
    """Print a message for a person."""
    if not quiet:
        click.echo(text, err=True)


def as_json(value: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def rows(
    form: str, records: Iterable[Mapping[str, Any]], columns: Sequence[tuple[str, str]], empty: str
) -> None:
    """Print records as a table of ``columns`` (field, heading), or as a JSON array."""
    if form == "json":
        as_json([dict(record) for record in records])
        return
    with table(columns, empty) as add:
        for record in records:
            add(record)


@contextmanager
def table(
    columns: Sequence[tuple[str, str]], empty: str
) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Yield a function that adds a line to a table, which is printed as it grows.

    The first lines decide how wide the columns are, so that any number of lines needs no memory.
    """
    limit = shutil.get_terminal_size((160, 24)).columns if sys.stdout.isatty() else 0
    waiting: list[list[str]] = [[heading for _, heading in columns]]
    widths: list[int] = []

    def add(record: Mapping[str, Any]) -> None:
        cells = [clean(str(record.get(name, ""))) for name, _ in columns]
        if widths:
            _print_line(cells, widths, limit)
            return
        waiting.append(cells)
        if len(waiting) > _MEASURED:
            start()

    def start() -> None:
        widths.extend(max(_width(row[i]) for row in waiting) for i in range(len(columns)))
        for row in waiting:
            _print_line(row, widths, limit)

    yield add
    if not widths:
        start() if len(waiting) > 1 else note(empty)


def _print_line(row: Sequence[str], widths: Sequence[int], limit: int) -> None:
    parts = (cell + " " * (widths[i] - _width(cell)) for i, cell in enumerate(row))
    line = "  ".join(parts).rstrip()
    click.echo(line[:limit] if limit and len(line) > limit else line)


def fields(form: str, record: Mapping[str, Any]) -> None:
    """Print one record as ``name: value`` lines, or as a JSON object."""
    if form == "json":
        as_json(record)
        return
    width = max((len(name) for name in record), default=0)
    for name, value in record.items():
        click.echo(f"{name:<{width}}  {clean(str(value))}")


def clean(text: str) -> str:
    """Make text from outside safe for a terminal: no control or direction characters.

    >>> clean("a\\x1b[31mb\\n")
    'a [31mb '
    """
    return "".join(" " if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} else c for c in text)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
