"""What a request of the SPARQL 1.1 Protocol asks, or why it cannot be understood."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from qcp_graph.server import conditional
from qcp_graph.server.dereference import CACHE
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.negotiation import Format
from qcp_graph.server.seam import Problem
from qcp_graph.server.shell import MAX_BODY, body_too_large
from qcp_graph.server.sparql import guard
from qcp_graph.terms import is_iri

_FORM: Final = "application/x-www-form-urlencoded"
_DIRECT: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_CHARSET: Final = re.compile(r'charset\s*=\s*"?([^";\s]+)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Operation:
    """A query operation (SPARQL 1.1 Protocol §2.1)."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str = ""


def headers(
    release: str, operation: Operation, results: Format | None, graph: Format | None
) -> dict[str, str]:
    """Return the headers of an answer: the tag names all that it depends on."""
    forms = [form.suffix if form else "" for form in (results, graph)]
    graphs = (str(len(operation.default_graphs)), *operation.default_graphs)
    tag = conditional.entity_tag(
        release, operation.query, operation.format, *forms, *graphs, *operation.named_graphs
    )
    return {"Vary": "Accept", "Cache-Control": CACHE, "ETag": tag}


async def posted(request: Request) -> Operation:
    """Read a posted operation (§2.1.2, §2.1.3)."""
    declared = request.headers.get("content-type", "")
    media_type = declared.partition(";")[0].strip().lower()
    if media_type == _UPDATE:
        raise ProblemError(guard.READ_ONLY)
    if media_type not in {_FORM, _DIRECT}:
        raise ProblemError(
            Problem(
                415,
                "QCP-QRY-MEDIATYPE",
                "A query cannot be posted in this media type.",
                f"Accepted: {_FORM} and {_DIRECT}.",
                headers={"Accept-Post": f"{_FORM}, {_DIRECT}"},
            )
        )
    charset = _CHARSET.search(declared)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        raise ProblemError(problem("A query is sent in UTF-8.", status=415))
    body = await _body(request)
    if media_type == _FORM:
        return operation(pairs(body))
    given = pairs(request.scope["query_string"])
    if any(name in {"query", "update"} for name, _ in given):
        raise ProblemError(problem("The query is given twice: in the address and in the body."))
    return operation([*given, ("query", _utf8(body))])


async def _body(request: Request) -> bytes:
    parts = bytearray()
    async for chunk in request.stream():
        parts += chunk
        if len(parts) > MAX_BODY:
            raise ProblemError(body_too_large())
    return bytes(parts)


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError(problem("The query is not valid UTF-8.")) from error


def pairs(data: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            data.decode("ascii", errors="strict"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=100,
        )
    except (UnicodeDecodeError, ValueError) as error:
        raise ProblemError(problem("The parameters are not URL-encoded UTF-8.")) from error


def operation(given_pairs: Sequence[tuple[str, str]]) -> Operation:
    """Return the operation that parameters describe.

    :raises ProblemError: when they do not describe exactly one query.
    """
    given: dict[str, list[str]] = {}
    for name, value in given_pairs:
        given.setdefault(name, []).append(value)
    if "update" in given:
        raise ProblemError(guard.READ_ONLY)
    queries = given.get("query", [])
    if len(queries) != 1:
        number = "No query is" if not queries else "More than one query is"
        raise ProblemError(problem(f"{number} given: send exactly one parameter 'query'."))
    graphs = {name: given.get(f"{name}-graph-uri", []) for name in ("default", "named")}
    for iri in (*graphs["default"], *graphs["named"]):
        if not is_iri(iri):
            raise ProblemError(problem(f"Not the absolute IRI of a graph: {iri[:200]}"))
    return Operation(
        queries[0],
        tuple(graphs["default"]),
        tuple(graphs["named"]),
        given.get("format", [""])[0],
    )


def problem(detail: str, status: int = 400) -> Problem:
    return Problem(
        status,
        "QCP-QRY-PROTOCOL",
        "This is not a query as the SPARQL protocol sends it.",
        detail,
        "See docs/http.md for examples.",
    )
