"""What a public query may not say, found before any worker sees it.

The tokenizer knows strings, IRIs, comments and names, so ``"SERVICE"`` in a title is no offence.
It gives the friendly refusal; a worker without network is the wall behind it.
"""

import re
from collections.abc import Iterator
from typing import Final

from qcp_graph.server.errors import ProblemError
from qcp_graph.server.seam import Problem

MAX_DEPTH: Final = 100
"""Deepest nesting of brackets; the query parser is recursive and would overflow its stack."""

_TOKENS: Final = re.compile(
    r"""
      (?P<blank>\s+)
    | (?P<long>\"\"\"(?:[^"\\]|\\.|"(?!""))*(?:\"\"\"|\Z) | '''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z))
    | (?P<short>"(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<comment>\#[^\n\r]*)
    | (?P<name>[?$@]?(?:[^\W]|-)*:(?:[\w:.%-]|\\.)* | [?$@]\w+ | _:[\w.-]+)
    | (?P<word>\w+)
    | (?P<open>[({\[])
    | (?P<close>[)}\]])
    | (?P<other>\\.|[;,.=*/+!|&]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CODEPOINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD"}
)
_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


def check(query: str) -> frozenset[str]:
    """Refuse federation, updates and nesting without end; return the keywords as :func:`words`.

    :raises ProblemError: with the reason.
    """
    said: frozenset[str] = frozenset()
    for text in {query, _decoded(query)}:
        words, depth = _scan(text)
        if "SERVICE" in words:
            raise ProblemError(SERVICE)
        if depth > MAX_DEPTH:
            raise ProblemError(_too_deep(depth))
        if not _FORMS.intersection(words) and _UPDATES.intersection(words):
            raise ProblemError(READ_ONLY)
        said |= words
    return said


def words(query: str) -> frozenset[str]:
    """Return the keywords of a query in upper case, wherever codes of letters hide them."""
    return frozenset().union(*(_scan(text)[0] for text in {query, _decoded(query)}))


def tokens(query: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of every token, nothing left out; codes of letters are written out."""
    for match in _TOKENS.finditer(_decoded(query)):
        yield match.lastgroup or "", match.group()


def _scan(query: str) -> tuple[set[str], int]:
    """Return the keywords of a query in upper case and its deepest nesting."""
    words: set[str] = set()
    depth = deepest = 0
    for match in _TOKENS.finditer(query):
        kind = match.lastgroup
        if kind == "word":
            words.add(match.group().upper())
        elif kind == "open":
            depth += 1
            deepest = max(deepest, depth)
        elif kind == "close":
            depth -= 1
    return words, deepest


def _decoded(query: str) -> str:
    r"""Return the query with ``\u0053`` written out, which SPARQL 1.1 §19.2 allows anywhere."""

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= 0x10FFFF else match.group()

    return _CODEPOINT.sub(character, query) if "\\" in query else query


SERVICE: Final = Problem(
    400,
    "QCP-QRY-SERVICE",
    "Federated queries (SERVICE) are not answered here.",
    "This endpoint queries its own graph only.",
    "Run the query from an endpoint of your own and name this one in its SERVICE clause.",
)
READ_ONLY: Final = Problem(
    403,
    "QCP-QRY-READONLY",
    "This endpoint is read-only.",
    "SPARQL Update is not accepted.",
    "The graph changes by releases: see qcp build.",
)


def _too_deep(depth: int) -> Problem:
    return Problem(
        400,
        "QCP-QRY-DEPTH",
        "The query is nested too deeply.",
        f"Brackets may be nested {MAX_DEPTH} deep, here they are {depth} deep.",
        "Write the query with fewer brackets, or split it.",
    )
