"""Every HTML answer of the server; see :mod:`qcp_graph.server.seam` for what it offers."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.templating import Jinja2Templates
from starlette.responses import RedirectResponse, Response

from qcp_graph.server.pages import (
    about,
    concepts,
    countries,
    downloads,
    entity,
    examples,
    home,
    lists,
    qualifications,
    quality,
    rules,
    saved,
    site,
    versions,
)
from qcp_graph.server.pages.comparison import page as compare_page
from qcp_graph.server.pages.site import templates
from qcp_graph.server.seam import Document, Dump, Live, Problem

__all__ = [
    "render_dumps",
    "render_entity",
    "render_problem",
    "render_query_form",
    "router",
    "templates",
]


def router(live: Live, templates: Jinja2Templates) -> APIRouter:
    """Return the routes of the pages."""
    del templates  # the application hands them to each request
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    def start(request: Request) -> Response:
        return home.render(request, site.of(request, live))

    @routes.get("/qualifications")
    def qualification_list(request: Request) -> Response:
        return qualifications.render(request, site.of(request, live))

    @routes.get("/qualifications.csv")
    def qualification_table(request: Request) -> Response:
        return qualifications.table(site.of(request, live))

    @routes.get("/qualifications.json")
    def qualification_document(request: Request) -> Response:
        return saved.document(request, site.of(request, live))

    @routes.get("/qualifications.rss")
    def qualification_feed(request: Request) -> Response:
        return saved.feed(request, site.of(request, live))

    @routes.get("/compare")
    def comparison(request: Request) -> Response:
        return compare_page.render(request, site.of(request, live))

    @routes.get("/skill")
    def skill(request: Request) -> Response:
        return concepts.skill(request, site.of(request, live))

    @routes.get("/resource")
    def resource(request: Request) -> Response:
        return concepts.resource(request, site.of(request, live))

    @routes.get("/downloads")
    def downloads(request: Request) -> Response:
        return RedirectResponse(site.of(request, live).url("/dumps/"), status_code=308)

    _add_lists(routes, live)
    _add_texts(routes, live)
    return routes


def _add_lists(routes: APIRouter, live: Live) -> None:
    @routes.get("/organisations")
    def organisations(request: Request) -> Response:
        return lists.organisations(request, site.of(request, live))

    @routes.get("/country/{code}")
    def country(request: Request, code: str) -> Response:
        return countries.render(request, site.of(request, live), code)

    @routes.get("/frameworks")
    def frameworks(request: Request) -> Response:
        return lists.frameworks(request, site.of(request, live))

    @routes.get("/registers")
    def registers(request: Request) -> Response:
        return lists.registers(request, site.of(request, live))


def _add_texts(routes: APIRouter, live: Live) -> None:
    @routes.get("/registers/{register}/mapping")
    def mapping(request: Request, register: str) -> Response:
        return rules.render(request, site.of(request, live), register)

    @routes.get("/versions")
    def versions_of(request: Request) -> Response:
        return versions.render(request, site.of(request, live), live.settings)

    @routes.get("/quality")
    def quality_list(request: Request) -> Response:
        return quality.listed(request, site.of(request, live))

    @routes.get("/quality/{register}")
    def quality_of(request: Request, register: str) -> Response:
        here = site.of(request, live)
        return quality.one(request, here, live.settings.workspace, register)

    @routes.get("/query")
    def query(request: Request) -> Response:
        return render_query_form(request, live)

    @routes.get("/about")
    def about_page(request: Request) -> Response:
        return about.plain(request, site.of(request, live), "about.html")

    @routes.get("/help/data")
    def examples_page(request: Request) -> Response:
        return examples.render(request, site.of(request, live))

    @routes.get("/accessibility")
    def accessibility(request: Request) -> Response:
        return about.plain(request, site.of(request, live), "accessibility.html")


def render_entity(request: Request, live: Live, iri: str, document: Document) -> Response:
    """Return the HTML page of one of our IRIs."""
    del iri  # the document names it
    return entity.render(request, site.of(request, live), document)


def render_problem(request: Request, live: Live, problem: Problem) -> Response:
    """Return the HTML page of an error; it needs no release."""
    return about.problem(request, site.of(request, live, any_address=True), problem)


def render_query_form(request: Request, live: Live) -> Response:
    """Return the HTML page of ``/query``, and of ``/sparql`` for browsers without a query."""
    settings = live.settings
    return about.query_form(
        request,
        site.of(request, live),
        settings.workspace,
        settings.query_timeout,
        settings.query_max_bytes,
    )


def render_dumps(request: Request, live: Live, dumps: Sequence[Dump]) -> Response:
    """Return the HTML page that lists the files under ``/dumps/``."""
    return downloads.page(request, live, dumps)
