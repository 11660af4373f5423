"""The seam between the HTTP machinery and the pages (`qcp_graph/server/pages/`).

The machinery (this package) owns dereferencing, negotiation, `/sparql`, `/dumps/`, errors, headers
and the live release. The pages own every HTML answer. They meet only here:

`qcp_graph.server.pages` offers the module-level functions of :class:`Pages`; the machinery hands
it the :class:`Live` release, and one :class:`Document` or :class:`Problem` per answer. `/static/`
is mounted by the machinery from `web/static/` (workspace first).

Inside a request, take the release of that request from :func:`release_of`: it stays open until
the answer is sent, whatever is published meanwhile. Page functions are plain `def`: FastAPI runs
them in a thread, so a slow page does not hold up the others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.templating import Jinja2Templates
from starlette.responses import Response

from qcp_graph.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Document:
    """What the graph says about one of our IRIs: its own description and that of its fragments.

    ``quads`` hold each statement once per named graph, so a page can tell who says it;
    ``labels`` are the names of our other things that it refers to; ``successors`` is only filled
    for a thing that was withdrawn. ``structured`` is JSON-LD for search engines, escaped for a
    ``script`` element.
    """

    iri: str
    quads: tuple[ox.Quad, ...]
    labels: tuple[ox.Quad, ...] = ()
    withdrawn: bool = False
    successors: tuple[str, ...] = ()
    licence: str = ""
    structured: str = ""


@dataclass(frozen=True, slots=True)
class Dump:
    """One file that can be downloaded under ``/dumps/<name>``; size in bytes, sha256 in hex."""

    name: str
    path: Path
    size: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error for the client (RFC 9457): ``code`` is documented in ``docs/errors/``.

    ``extra`` becomes members of the problem document, ``headers`` go on the answer.
    """

    status: int
    code: str
    title: str
    detail: str = ""
    remedy: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class OpenRelease(Protocol):
    """A release that is open for reading, at least for the time of the request."""

    @property
    def id(self) -> str:
        """The release id."""

    @property
    def folder(self) -> Path:
        """``<home>/releases/<id>``: holds ``search.sqlite``, ``dumps/``, ``registers/``."""

    @property
    def store(self) -> ox.Store:
        """The read-only Oxigraph store; query it with ``use_default_graph_as_union=True``."""

    @property
    def manifest(self) -> Mapping[str, object]:
        """The content of ``manifest.json``."""

    @property
    def published(self) -> datetime:
        """When this release became the live one (UTC)."""

    def resource(self, name: str, open_it: Callable[["OpenRelease"], T]) -> T:
        """Return what ``open_it`` made, made once per release; closed (``close()``) with it."""


class Live(Protocol):
    """The live release; changes when another one is published."""

    @property
    def settings(self) -> Settings:
        """The settings the server was started with."""


class Pages(Protocol):
    """What ``qcp_graph.server.pages`` offers, as module-level functions."""

    def templates(self, settings: Settings) -> Jinja2Templates:
        """Return the template environment: ``web/templates`` of workspace, then of the project."""

    def router(self, live: Live, templates: Jinja2Templates) -> APIRouter:
        """Return the routes of the pages: ``/``, ``/qualifications``, ``/skills/…`` and so on.

        Taken by the machinery: ``/id/ /sparql /dumps/ /static/ /health /manifest.json
        /context.jsonld /robots.txt /openapi.json``.
        """

    def render_entity(self, request: Request, live: Live, iri: str, document: Document) -> Response:
        """Return the HTML page of one of our IRIs; the machinery sets status 410 and headers."""

    def render_problem(self, request: Request, live: Live, problem: Problem) -> Response:
        """Return the HTML page of an error; it must not need a release (there may be none)."""

    def render_query_form(self, request: Request, live: Live) -> Response:
        """Return the HTML page for ``/sparql`` without a query."""

    def render_dumps(self, request: Request, live: Live, dumps: Sequence[Dump]) -> Response:
        """Return the HTML page that lists the files under ``/dumps/``."""


def release_of(request: Request) -> OpenRelease:
    """Return the release that this request reads.

    Only requests to ``/static/``, ``/health`` and error pages may be without one.
    """
    release: OpenRelease = request.state.release
    return release


def templates_of(request: Request) -> Jinja2Templates:
    """Return the template environment that the application was made with."""
    found: Jinja2Templates = request.app.state.templates
    return found
