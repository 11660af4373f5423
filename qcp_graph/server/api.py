"""The query API: every documented query of ``sparql/`` as an address with typed parameters."""

import difflib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import Response

from qcp_graph.errors import UsageError
from qcp_graph.saved_queries import Parameter, SavedQuery, scan
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.live import Live
from qcp_graph.server.negotiation import GRAPHS, RESULTS
from qcp_graph.server.seam import Problem

Run = Callable[[Request, str, str], Awaitable[Response]]
"""Runs a query with the name of a format (empty: by ``Accept``) and answers."""

_SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    "country": {"type": "string", "pattern": "^([A-Za-z]{3}|.+:.+)$"},
    "register": {"type": "string", "minLength": 1},
    "iri": {"type": "string", "minLength": 1},
    "integer": {"type": "integer"},
    "text": {"type": "string"},
    "language": {"type": "string", "pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"},
    "date": {"type": "string", "format": "date"},
}
_FORMATS: Final = tuple(form.name for form in (*RESULTS, *GRAPHS))


def router(live: Live, run: Run) -> APIRouter:
    """Return the routes of ``/api/queries``; the queries are read when the server starts."""
    routes = APIRouter(prefix="/api/queries", tags=["Queries"])
    queries = scan(live.settings.workspace)

    @routes.get("", summary="The documented queries", operation_id="queries")
    def listed(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        found = [_entry(query, root) for query in queries.values()]
        text = json.dumps({"queries": found}, ensure_ascii=False, indent=1)
        return Response(text, media_type="application/json")

    for query in queries.values():
        routes.add_api_route(
            f"/{query.name}",
            _endpoint(query, live, run),
            methods=["GET"],
            summary=query.title,
            description=query.description,
            operation_id=query.name,
            response_class=Response,
            responses=_responses(),
            openapi_extra={"parameters": [*map(_described, query.parameters), _format()]},
        )

    @routes.get("/{name}", include_in_schema=False)
    def unknown(name: str) -> Response:
        near = difflib.get_close_matches(name, queries, 1, 0.4)
        meant = f"Did you mean {near[0]!r}? " if near else ""
        title = "There is no documented query of this name."
        remedy = f"{meant}/api/queries lists all."
        raise ProblemError(Problem(404, "QCP-WEB-NOTFOUND", title, remedy=remedy))

    return routes


def _endpoint(query: SavedQuery, live: Live, run: Run) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        values, form = _given(request)
        try:
            text = query.bind(values, live.settings.base_iri)
        except UsageError as error:
            raise ProblemError(
                Problem(400, error.code, error.message, remedy=error.remedy)
            ) from error
        return await run(request, text, form)

    return answer


def _given(request: Request) -> tuple[dict[str, str], str]:
    """Return the parameters of an address and the format; each may stand once."""
    values: dict[str, str] = {}
    try:
        pairs = parse_qsl(
            request.scope["query_string"].decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=100,
        )
    except ValueError as error:
        raise ProblemError(_unreadable("they are not URL-encoded UTF-8")) from error
    for name, value in pairs:
        if name in values:
            raise ProblemError(_unreadable(f"{name[:100]!r} is given twice"))
        values[name] = value
    return values, values.pop("format", "")


def _unreadable(reason: str) -> Problem:
    return Problem(
        400,
        "QCP-QRY-PARAMETER",
        f"The parameters cannot be read: {reason}.",
        remedy="See /api/queries for the parameters of each query.",
    )


def _entry(query: SavedQuery, root: str) -> dict[str, object]:
    return {
        "name": query.name,
        "title": query.title,
        "description": query.description,
        "href": f"{root}/api/queries/{query.name}",
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type,
                "description": parameter.text,
                "default": parameter.default,
                **(
                    {"minimum": parameter.range[0], "maximum": parameter.range[1]}
                    if parameter.range
                    else {}
                ),
            }
            for parameter in query.parameters
        ],
        "query": query.text,
    }


def _described(parameter: Parameter) -> dict[str, object]:
    schema = dict(_SCHEMAS[parameter.type]) | _range(parameter)
    example = parameter.default.strip('"').partition('"')[0].removeprefix("country:")
    shown: object = int(example) if parameter.type == "integer" else example
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": f"{parameter.text} Without it: {example}.",
        "schema": schema,
        "example": shown,
    }


def _range(parameter: Parameter) -> dict[str, int]:
    return dict(zip(("minimum", "maximum"), parameter.range or (), strict=False))


def _format() -> dict[str, object]:
    return {
        "name": "format",
        "in": "query",
        "required": False,
        "description": "The format of the answer; stronger than the header Accept.",
        "schema": {"type": "string", "enum": list(dict.fromkeys(_FORMATS))},
    }


def _responses() -> dict[int | str, dict[str, Any]]:
    problem = {"application/problem+json": {"schema": {"type": "object"}}}
    content: dict[str, dict[str, Any]] = {form.media_type: {} for form in (*RESULTS, *GRAPHS)}
    texts = {
        400: "A parameter or the size of the answer is not possible",
        406: "Not offered in this format",
        429: "Too many queries of this client wait",
        503: "A limit was met, or nothing is published yet",
    }
    found: dict[int | str, dict[str, Any]] = {
        200: {"description": "The answer", "content": content}
    }
    for code, text in texts.items():
        found[code] = {"description": text, "content": problem}
    return found
