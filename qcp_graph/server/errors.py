"""One shape of errors: RFC 9457 problem documents for programs, pages for browsers."""

import json
from typing import Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from qcp_graph import logs
from qcp_graph.errors import QcpError
from qcp_graph.server import negotiation
from qcp_graph.server.seam import Live, Pages, Problem

_TYPE: Final = "https://w3id.org/qcp-graph/errors#"
_TITLES: Final = {
    400: ("QCP-WEB-REQUEST", "The request cannot be understood."),
    404: ("QCP-WEB-NOTFOUND", "There is nothing under this address."),
    405: ("QCP-WEB-METHOD", "This address does not support this method."),
    416: ("QCP-WEB-RANGE", "The requested range lies outside the file."),
}
_FALLBACK: Final = (
    "<!doctype html><html lang=en><title>Error</title><p>The server could not show this page.</p>"
)


class ProblemError(Exception):
    """Ends a request with a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def problem_document(problem: Problem, instance: str) -> bytes:
    """Return the problem document (RFC 9457 §3), UTF-8; ``instance`` is the requested path."""
    members: dict[str, object] = {
        "type": _TYPE + problem.code,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": instance,
        "code": problem.code,
        "remedy": problem.remedy,
    }
    filled = {key: value for key, value in members.items() if value != ""}
    return json.dumps(filled | dict(problem.extra), ensure_ascii=False, indent=1).encode()


def of_http(error: HTTPException) -> Problem:
    """Return the problem for an error that the framework raised (404, 405 and the like)."""
    code, title = _TITLES.get(error.status_code, ("QCP-WEB-REQUEST", str(error.detail)))
    return Problem(error.status_code, code, title, headers=dict(error.headers or {}))


def of_parameters(error: RequestValidationError) -> Problem:
    """Return the problem for parameters that a route does not accept."""
    faults = [
        {"parameter": ".".join(str(part) for part in fault["loc"][1:]), "message": fault["msg"]}
        for fault in error.errors()
    ]
    names = ", ".join(fault["parameter"] for fault in faults)
    return Problem(
        400,
        "QCP-WEB-PARAMETER",
        "A parameter of the address cannot be used.",
        f"Not accepted: {names}.",
        extra={"parameters": faults},
    )


def of_error(error: QcpError) -> Problem:
    """Return the problem for an error of the program; the place inside it is not shown."""
    return Problem(503, error.code, error.message, remedy=error.remedy)


UNEXPECTED: Final = Problem(
    500,
    "QCP-WEB-INTERNAL",
    "The server made a mistake.",
    "The details are in the server's log.",
    "Try again; tell the operator when it happens again.",
)


def respond(request: Request, live: Live, pages: Pages | None, problem: Problem) -> Response:
    """Return the answer for a problem in the form that the client prefers."""
    chosen = negotiation.choose(request.headers.get("accept"), negotiation.ERRORS)
    response: Response
    if chosen is negotiation.HTML and pages is not None:
        response = _page(request, live, pages, problem)
    else:
        body = problem_document(problem, request.url.path)
        response = Response(body, media_type=negotiation.PROBLEM.media_type)
    response.status_code = problem.status
    response.headers.update(problem.headers)
    response.headers["Vary"] = "Accept"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _page(request: Request, live: Live, pages: Pages, problem: Problem) -> Response:
    try:
        return pages.render_problem(request, live, problem)
    except Exception:  # noqa: BLE001 - the last net: an error page that fails must still answer
        logs.get("server").exception("error page failed", path=request.url.path)
        return HTMLResponse(_FALLBACK)
