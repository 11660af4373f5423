"""Problems as one HTML page that needs nothing else: for a browser, a mail, or paper."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from typing import IO, Final

from qcp_graph.pipeline.issue_summary import Summary
from qcp_graph.pipeline.issue_words import Words, words

MOST: Final = 5_000
"""Problems that are listed; of more the page says how many, and the summary counts them."""
LONGEST: Final = 1_000
"""Characters of a cell."""
_COLUMNS: Final = (
    "severity", "record", "message", "field", "value", "locator", "remedy", "code", "status",
)  # fmt: skip
_HEAD: Final = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p><a href="#summary">{lead}</a></p>
"""
_STYLE: Final = """body { font: 1rem/1.4 system-ui, sans-serif; margin: 1rem; color: #1b1b1b;
  background: #fff; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
caption { text-align: left; font-weight: bold; padding: .5rem 0; }
th, td { border: 1px solid #767676; padding: .25rem .5rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; min-width: 6rem; }
thead th { background: #eee; }"""
_END: Final = "</tbody>\n</table>\n</div>\n"
_TAIL: Final = "</main>\n</body>\n</html>\n"


@contextmanager
def page(file: IO[bytes], language: str = "en") -> Iterator[Callable[[Mapping[str, str]], None]]:
    """Write problems while they are found, and the summary below them."""
    summary, taken, said = Summary(), 0, words(language)

    def write(text: str) -> None:
        file.write(text.encode("utf-8", "replace"))

    def take(problem: Mapping[str, str]) -> None:
        nonlocal taken
        summary.add(problem)
        taken += 1
        if taken == 1:
            write(_table("problems", said.problems, [said.columns[name] for name in _COLUMNS]))
        if taken <= MOST:
            write(_row([said.shown(name, problem.get(name, "")) for name in _COLUMNS]))

    write(_HEAD.format(language=said.language, title=said.title, lead=said.lead, style=_STYLE))
    yield take
    if taken:
        write(_END)
    if taken > MOST:
        write(f"<p>{said.more.format(taken - MOST)}</p>\n")
    empty = f'<p id="summary">{said.none}</p>\n'
    write(_table("summary", said.summary, _summary(said)) if taken else empty)
    for severity, *line in summary.lines():
        write(_row([said.shown("severity", severity), *(str(cell) for cell in line)]))
    write((_END if taken else "") + _TAIL)


def _summary(said: Words) -> Sequence[str]:
    names = said.columns
    return (names["severity"], names["code"], names["message"], *said.counts, names["remedy"])


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
