"""Pages that explain: about, accessibility, the query form, errors."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import Request
from starlette.responses import Response

from qcp_graph import saved_queries
from qcp_graph.saved_queries import SavedQuery
from qcp_graph.server.pages import site, workbench
from qcp_graph.server.pages.site import Site
from qcp_graph.server.seam import Problem, templates_of

RESULTS: Final = (("json", "JSON"), ("csv", "CSV"), ("tsv", "TSV"), ("xml", "XML"))
GRAPHS: Final = (("turtle", "Turtle"), ("jsonld", "JSON-LD"), ("ntriples", "N-Triples"))
_MAX_QUERY: Final = 50_000  # characters of an address that come back as the text of the form


@dataclass(frozen=True, slots=True)
class PlainPage:
    """A page of text alone."""

    base: str


@dataclass(frozen=True, slots=True)
class QueryPage:
    """What ``sparql.html`` shows: a query, the examples, the limits in seconds and bytes.

    ``workbench`` is what the page's script has to know, as JSON; empty where there is no script.
    """

    query: str
    examples: tuple[SavedQuery, ...]
    chosen: str
    formats: tuple[tuple[str, str], ...]
    timeout: float
    max_bytes: int
    script: str
    workbench: str


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """What ``problem.html`` shows."""

    problem: Problem


def plain(request: Request, here: Site, template: str) -> Response:
    """Return a page that explains something."""
    return site.render(request, here, template, PlainPage(here.base))


def query_form(
    request: Request, here: Site, workspace: Path | None, timeout: float, max_bytes: int
) -> Response:
    """Return the form for a query; ``?query=`` or ``?example=`` puts one into it."""
    found = tuple(saved_queries.scan(workspace).values())
    asked = dict(here.query)
    chosen = next((e for e in found if e.name == asked.get("example")), found[0] if found else None)
    given = asked.get("query", "")[:_MAX_QUERY]
    script = str(templates_of(request).env.globals["script"])
    page = QueryPage(
        given or (chosen.text if chosen else ""),
        found,
        "" if given or chosen is None else chosen.name,
        (*RESULTS, *GRAPHS),
        timeout,
        max_bytes,
        script,
        workbench.told(here, RESULTS, GRAPHS) if script else "",
    )
    return site.render(request, here, "sparql.html", page)


def problem(request: Request, here: Site, found: Problem) -> Response:
    """Return the page of an error."""
    return site.render(request, here, "problem.html", ProblemPage(found))
