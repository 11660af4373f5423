"""Which page shows a thing: chosen by what the graph says it is."""

from collections.abc import Callable
from typing import Final

from fastapi import Request
from starlette.responses import Response

from qcp_graph.server.pages import (
    levels,
    organisations,
    outcomes,
    qualification,
    record,
    registers,
    things,
)
from qcp_graph.server.pages.graph import Facts
from qcp_graph.server.pages.site import Site
from qcp_graph.server.seam import Document

Page = Callable[[Request, Site, Facts], Response]


def _level(request: Request, here: Site, facts: Facts) -> Response:
    return levels.render_level(request, here, facts.iri)


_PAGES: Final[tuple[tuple[str, Page], ...]] = (
    ("elm:Qualification", qualification.render),
    ("elm:LearningOutcome", outcomes.render),
    ("elm:Organisation", organisations.render),
    ("qcp:Register", registers.render),
    ("qcp:SourceRecord", record.render),
    ("qcp:QualificationsFramework", levels.render_framework),
    ("qcp:Level", _level),
)


def render(request: Request, here: Site, document: Document) -> Response:
    """Return the page of a document; without a page of its own kind, plain tables."""
    facts = Facts.of(document)
    request.state.structured = document.structured
    if document.withdrawn:
        return things.tombstone(request, here, facts, document)
    for kind, page in _PAGES:
        if facts.is_a(kind):
            return page(request, here, facts)
    return things.render(request, here, facts)
