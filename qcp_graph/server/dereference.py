"""Dereferencing: every IRI that we mint answers under its own path, in the form asked for."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from qcp_graph.server import conditional, json_ld, negotiation, signposting, writers
from qcp_graph.server.describe import describe
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.live import Live
from qcp_graph.server.negotiation import ENTITY, HTML, Format
from qcp_graph.server.paths import address, asked_path
from qcp_graph.server.seam import Document, Pages, Problem, release_of

CACHE: Final = "public, max-age=60, must-revalidate"
"""Answers may be kept for a minute; afterwards the entity tag settles it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for: a path inside the site and, unless ``Accept`` decides, a format."""

    path: str
    form: Format | None


def router(live: Live, pages: Pages) -> APIRouter:
    """Return the routes of ``/id/…`` and of the JSON-LD context."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/id/{rest:path}")
    def entity(request: Request) -> Response:
        return _entity(request, live, pages)

    @routes.get("/context.jsonld")
    def context() -> Response:
        text = json_ld.context_text(json_ld.context_path(live.settings.workspace))
        return Response(text, media_type=negotiation.JSON_LD.media_type)

    return routes


def _entity(request: Request, live: Live, pages: Pages) -> Response:
    asked, document = _find(request, live)
    form = asked.form or negotiation.choose(request.headers.get("accept"), ENTITY)
    if form is None:
        raise ProblemError(_not_acceptable(asked.path))
    if form is HTML:
        response = pages.render_entity(request, live, document.iri, document)
        tag = conditional.entity_tag(bytes(response.body))
    else:
        base = live.settings.base_iri
        context = json_ld.context_path(live.settings.workspace)
        content = writers.write(document, form, base + "context.jsonld", context)
        response = Response(content, headers={"Content-Type": form.content_type})
        tag = conditional.entity_tag(release_of(request).id, document.iri, form.name)
    response.status_code = 410 if document.withdrawn else 200
    return _with_headers(request, response, document, asked.path, form, tag)


def _find(request: Request, live: Live) -> tuple[Asked, Document]:
    """Return what is asked for and its document; a suffix counts only where it is not the IRI's."""
    base, store = live.settings.base_iri, release_of(request).store
    path = asked_path(request.scope)
    form = _explicit(request, path)
    document = describe(store, base + path[1:], base)
    if document is None:
        path, suffix_form = negotiation.split_suffix(path, ENTITY)
        form = form or suffix_form
        document = describe(store, base + path[1:], base) if suffix_form else None
    if document is None:
        raise ProblemError(
            Problem(
                404,
                "QCP-WEB-NOTFOUND",
                "There is nothing under this address.",
                f"The graph says nothing about {base}{path[1:]}.",
                "Look for the record in the list of qualifications or in the source's register.",
            )
        )
    return Asked(path, form), document


def _explicit(request: Request, path: str) -> Format | None:
    name = request.query_params.get("format")
    if not name:
        return None
    if (form := negotiation.named(name, ENTITY)) is None:
        raise ProblemError(_not_acceptable(negotiation.split_suffix(path, ENTITY)[0]))
    return form


def _not_acceptable(path: str) -> Problem:
    offers = [
        {"format": form.name, "mediaType": form.media_type, "href": f"{path}.{form.suffix}"}
        for form in ENTITY
    ]
    return Problem(
        406,
        "QCP-WEB-FORMAT",
        "The record is not offered in the format asked for.",
        "Offered: " + ", ".join(form.media_type for form in ENTITY) + ".",
        "Ask for one of them by Accept header, by suffix or by ?format=.",
        extra={"alternatives": offers},
        headers={"Link": ", ".join(_alternates(path))},
    )


def _alternates(path: str, without: Format | None = None) -> list[str]:
    return [
        f'<{address(path)}.{form.suffix}>; rel="alternate"; type="{form.media_type}"'
        for form in ENTITY
        if form is not without
    ]


def _with_headers(
    request: Request, response: Response, document: Document, path: str, form: Format, tag: str
) -> Response:
    root = request.scope.get("root_path", "")
    links = [f'<{address(document.iri)}>; rel="canonical"', *_alternates(root + path, form)]
    base = f"{document.iri.partition('/id/')[0]}/"
    links += signposting.links(document, root + path, form, base)
    if document.licence:
        links.append(f'<{address(document.licence)}>; rel="license"')
    links += [f'<{address(iri)}>; rel="successor-version"' for iri in document.successors]
    published = release_of(request).published
    response.headers["Link"] = ", ".join(links)
    response.headers["Vary"] = "Accept, Accept-Language" if form is HTML else "Accept"
    response.headers["ETag"] = tag
    response.headers["Last-Modified"] = conditional.http_date(published)
    response.headers["Cache-Control"] = CACHE
    response.headers["Content-Location"] = address(f"{root}{path}.{form.suffix}")
    if not document.withdrawn and conditional.unchanged(request, tag, published):
        return conditional.not_modified(response)
    return response
