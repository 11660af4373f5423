"""Problems as one HTML page that needs nothing else: for a browser, a mail, or paper."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from typing import IO, Final

from qcp_graph.pipeline.issue_summary import Summary

MOST: Final = 5_000
"""Problems that are listed; of more the page says how many, and the summary counts them."""
LONGEST: Final = 1_000
"""Characters of a cell."""
_COLUMNS: Final = {
    "severity": "Severity",
    "record": "Record",
    "message": "Problem",
    "field": "Field",
    "value": "Value",
    "locator": "Place in the delivery",
    "remedy": "What to do",
    "code": "Code",
    "status": "Fate",
}
_SUMMARY: Final = ("Severity", "Code", "Problem", "Records", "Cases", "What to do")
_HEAD: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Problems found</title>
<style>
body { font: 1rem/1.4 system-ui, sans-serif; margin: 1rem; color: #1b1b1b; background: #fff; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { border: 1px solid #767676; padding: .25rem .5rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; min-width: 6rem; }
thead th { background: #eee; }
</style>
</head>
<body>
<main>
<h1>Problems found</h1>
<p><a href="#summary">Summary: how often each problem was found</a></p>
"""
_END: Final = "</tbody>\n</table>\n</div>\n"
_TAIL: Final = "</main>\n</body>\n</html>\n"


@contextmanager
def page(file: IO[bytes]) -> Iterator[Callable[[Mapping[str, str]], None]]:
    """Write problems while they are found, and the summary below them."""
    summary, taken = Summary(), 0

    def write(text: str) -> None:
        file.write(text.encode("utf-8", "replace"))

    def take(problem: Mapping[str, str]) -> None:
        nonlocal taken
        summary.add(problem)
        taken += 1
        if taken == 1:
            write(_table("problems", "Problems", tuple(_COLUMNS.values())))
        if taken <= MOST:
            write(_row([problem.get(name, "") for name in _COLUMNS]))

    write(_HEAD)
    yield take
    if taken:
        write(_END)
    if taken > MOST:
        write(f"<p>{taken - MOST} more problems are not listed here.</p>\n")
    write(_table("summary", "Summary", _SUMMARY) if taken else '<p id="summary">None.</p>\n')
    for line in summary.lines():
        write(_row([str(cell) for cell in line]))
    write((_END if taken else "") + _TAIL)


def _table(name: str, caption: str, columns: Sequence[str]) -> str:
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    return (
        f'<div class="wide" id="{name}" role="region" aria-label="{caption}" tabindex="0">\n'
        f"<table>\n<caption>{caption}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n"
    )


def _row(cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in cells) + "</tr>\n"


def _cell(text: str) -> str:
    r"""Return text that no browser takes for anything else.

    >>> _cell("<b>\x00"), _cell("a" * 1001)[-6:]
    ('&lt;b&gt;\ufffd', 'a(cut)')
    """
    plain = text if len(text) <= LONGEST else text[:LONGEST] + "(cut)"
    shown = (c if c.isprintable() or c in "\n\t" else "\ufffd" for c in plain)
    return escape("".join(shown))
