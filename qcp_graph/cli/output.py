"""Printing results: aligned text for people, JSON for programs. Messages go to standard error."""

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click


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
    found = [dict(record) for record in records]
    if form == "json":
        as_json(found)
        return
    if not found:
        note(empty)
        return
    cells = [[heading for _, heading in columns]]
    cells += [[clean(str(record.get(name, ""))) for name, _ in columns] for record in found]
    _print_table(cells)


def _print_table(cells: list[list[str]]) -> None:
    widths = [max(_width(row[i]) for row in cells) for i in range(len(cells[0]))]
    limit = shutil.get_terminal_size((160, 24)).columns if sys.stdout.isatty() else 0
    for row in cells:
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
