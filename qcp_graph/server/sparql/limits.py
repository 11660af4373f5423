"""The problem that says why a query was not answered, and which limit it met."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from qcp_graph.namespaces import PREFIXES
from qcp_graph.server.negotiation import GRAPHS, RESULTS
from qcp_graph.server.seam import Problem
from qcp_graph.server.sparql.pool import Outcome
from qcp_graph.server.sparql.turns import WAITING_PER_CLIENT
from qcp_graph.settings import Settings

_POSITION: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_LONGEST: Final = 300
"""Characters of a parser's complaint that are worth reading."""
_MIB: Final = 1024 * 1024
_LARGE_EXPORTS: Final = "Add LIMIT or more exact conditions; whole registers are under /dumps/."


def problem(outcome: Outcome, settings: Settings) -> Problem:
    """Return the problem for an outcome that is not ``ok``."""
    return _PROBLEMS[outcome.kind](outcome, settings)


def not_acceptable() -> Problem:
    """Return the problem for an Accept header or a ``format`` that suits no kind of result."""
    offers = [form.media_type for form in (*RESULTS, *GRAPHS)]
    return Problem(
        406,
        "QCP-QRY-FORMAT",
        "The result is not offered in the format asked for.",
        f"SELECT and ASK: {', '.join(form.media_type for form in RESULTS)}. "
        f"CONSTRUCT and DESCRIBE: {', '.join(form.media_type for form in GRAPHS)}.",
        extra={"alternatives": offers},
    )


def _syntax(outcome: Outcome, _settings: Settings) -> Problem:
    match = _POSITION.search(outcome.message)
    place: dict[str, object] = {}
    detail = outcome.message
    if match:
        place = {"line": int(match[1]), "column": int(match[2])}
        detail = f"Line {match[1]}, column {match[2]}: {_readable(match[3])}"
    return Problem(
        400,
        "QCP-QRY-SYNTAX",
        "The query is not valid SPARQL 1.1.",
        detail,
        "Correct the query; every prefix it uses must be declared, for example "
        f"PREFIX elm: <{PREFIXES['elm']}>. The queries of /api/queries show all prefixes.",
        extra=place,
    )


def _readable(complaint: str) -> str:
    """Say what a parser expected without its classes of characters.

    >>> _readable("expected one of Prefix not found, ['%'], [a-z]")
    'a name has a prefix that is not declared'
    """
    if "Prefix not found" in complaint:
        return "a name has a prefix that is not declared"
    short = " ".join(complaint.split())
    return short if len(short) <= _LONGEST else f"{short[:_LONGEST]}…"


def _time(_outcome: Outcome, settings: Settings) -> Problem:
    seconds = settings.query_timeout
    return Problem(
        503,
        "QCP-QRY-TIME",
        "The query took too long and was stopped.",
        f"A query may run {seconds:g} seconds (query_timeout).",
        _LARGE_EXPORTS,
        extra={"limit": "query_timeout", "seconds": seconds},
        headers={"Retry-After": str(max(1, round(seconds)))},
    )


def _memory(_outcome: Outcome, settings: Settings) -> Problem:
    return Problem(
        503,
        "QCP-QRY-MEMORY",
        "The query needed too much memory and was stopped.",
        f"A query may use {settings.query_memory // _MIB} MiB (query_memory).",
        _LARGE_EXPORTS,
        extra={"limit": "query_memory", "bytes": settings.query_memory},
        headers={"Retry-After": "60"},
    )


def _large(_outcome: Outcome, settings: Settings) -> Problem:
    return Problem(
        400,
        "QCP-QRY-SIZE",
        "The answer is too large.",
        f"An answer may have {settings.query_max_bytes} bytes (query_max_bytes).",
        _LARGE_EXPORTS,
        extra={"limit": "query_max_bytes", "bytes": settings.query_max_bytes},
    )


def _rows(_outcome: Outcome, settings: Settings) -> Problem:
    return Problem(
        400,
        "QCP-QRY-ROWS",
        "The answer has too many rows.",
        f"An answer may have {settings.query_max_rows} rows (query_max_rows).",
        _LARGE_EXPORTS,
        extra={"limit": "query_max_rows", "rows": settings.query_max_rows},
    )


def _many(_outcome: Outcome, _settings: Settings) -> Problem:
    return Problem(
        429,
        "QCP-QRY-MANY",
        "Too many of your queries are waiting.",
        f"{WAITING_PER_CLIENT} queries from one address may wait.",
        "Wait for the answers to those that you have sent.",
        extra={"limit": "waiting", "queries": WAITING_PER_CLIENT},
        headers={"Retry-After": "5"},
    )


def _busy(_outcome: Outcome, settings: Settings) -> Problem:
    return Problem(
        503,
        "QCP-QRY-BUSY",
        "Too many queries are running.",
        f"{settings.query_workers} queries run at the same time (query_workers).",
        "Try again later.",
        extra={"limit": "query_workers", "workers": settings.query_workers},
        headers={"Retry-After": "5"},
    )


def _crash(_outcome: Outcome, _settings: Settings) -> Problem:
    return Problem(
        503,
        "QCP-QRY-CRASH",
        "The query could not be finished.",
        "The process that ran it ended.",
        "Write the query more simply; tell the operator when a plain query is refused.",
        headers={"Retry-After": "5"},
    )


def _failed(outcome: Outcome, _settings: Settings) -> Problem:
    return Problem(
        400,
        "QCP-QRY-FAILED",
        "The query could not be evaluated.",
        outcome.message,
        "Correct the query.",
    )


_PROBLEMS: Final[Mapping[str, Callable[[Outcome, Settings], Problem]]] = {
    "syntax": _syntax,
    "time": _time,
    "memory": _memory,
    "large": _large,
    "rows": _rows,
    "busy": _busy,
    "many": _many,
    "crash": _crash,
    "failed": _failed,
    "form": lambda _outcome, _settings: not_acceptable(),
}
