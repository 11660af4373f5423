"""Dereferencing: every IRI that we mint answers under its own path, in the form asked for."""

import json
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import Response

from qcp_graph.server import (
    conditional,
    json_ld,
    negotiation,
    profiles,
    signposting,
    tables,
    writers,
)
from qcp_graph.server.describe import describe
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.live import Live
from qcp_graph.server.negotiation import CSV, HTML, NAMED, Format
from qcp_graph.server.paths import address, asked_path
from qcp_graph.server.profiles import Profile
from qcp_graph.server.seam import Document, Pages, Problem, release_of

CACHE: Final = "public, max-age=60, must-revalidate"
"""Answers may be kept for a minute; afterwards the entity tag settles it."""

_REGISTER: Final = 2  # segments that name a register: country and name


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

    @routes.get("/graph/{rest:path}")
    def graph(request: Request) -> Response:
        return _graph(request, live.settings.base_iri)

    @routes.get("/context.jsonld")
    def context() -> Response:
        text = json_ld.context_text(json_ld.context_path(live.settings.workspace))
        return Response(text, media_type=negotiation.JSON_LD.media_type)

    return routes


def _entity(request: Request, live: Live, pages: Pages) -> Response:
    asked, document = _find(request, live)
    release = release_of(request)
    offered = tables.offered(
        profiles.of_kind(document.iri, live.settings.base_iri), document, release
    )
    profile = profiles.choose(
        request.query_params.get("profile"), request.headers.get("accept-profile"), offered
    )
    if profile is None:
        raise ProblemError(_not_offered(_root(request) + asked.path, offered))
    form = asked.form or negotiation.choose(request.headers.get("accept"), tuple(profile.forms))
    if form is None or form not in profile.forms:
        raise ProblemError(_not_acceptable(_root(request) + asked.path, profile))
    if form is CSV and (path := tables.elsewhere(document, release)):
        return _see_other(request, path)
    if form is HTML:
        document = replace(document, structured=_structured(request, document, offered))
        response = pages.render_entity(request, live, document.iri, document)
        tag = conditional.entity_tag(bytes(response.body))
    else:
        content = _content(request, live, document, form, profile)
        response = Response(content, headers={"Content-Type": form.content_type})
        tag = conditional.entity_tag(release.id, document.iri, form.name, profile.token)
    response.status_code = 410 if document.withdrawn else 200
    reply = Reply(asked.path, form, profile, offered)
    return _with_headers(request, response, document, reply, tag)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent: a form of a profile, and which profiles there are."""

    path: str
    form: Format
    profile: Profile
    offered: list[Profile]


def _root(request: Request) -> str:
    """Return the path below which the site lives, without a slash at its end."""
    return str(request.scope.get("root_path", ""))


def _graph(request: Request, base: str) -> Response:
    """Lead from a named graph to what describes it: its register, else the catalogue or dumps."""
    path = asked_path(request.scope)
    if not release_of(request).store.contains_named_graph(ox.NamedNode(base + path[1:])):
        raise ProblemError(_nothing(base + path[1:]))
    *register, role = path.removeprefix("/graph/").split("/")
    if len(register) == _REGISTER:
        return _see_other(request, "/id/register/" + "/".join(register))
    return _see_other(request, "/catalogue" if role == "catalogue" else "/dumps/")


def _see_other(request: Request, path: str) -> Response:
    """Return the way from a thing to the document that is its table."""
    headers = {"Location": _root(request) + path, "Cache-Control": CACHE}
    return Response(status_code=303, headers=headers | {"Vary": "Accept, Accept-Profile"})


def _content(
    request: Request, live: Live, document: Document, form: Format, profile: Profile
) -> bytes:
    if profile.make is not None:
        found, left_out = profiles.as_json(release_of(request).store, document, profile)
        if not found:  # a thing that has no type yet, or lacks what the profile requires
            others = profiles.of_kind(document.iri, live.settings.base_iri)
            path = _root(request) + negotiation.split_suffix(asked_path(request.scope), NAMED)[0]
            reasons = "; ".join(dict.fromkeys(one.reason for one in left_out if one.field == "*"))
            rest = [one for one in others if one is not profile]
            raise ProblemError(_not_offered(path, rest, reasons))
        return json.dumps(found, ensure_ascii=False, indent=1).encode()
    if form is CSV:
        return tables.write(release_of(request).store, document)
    if profile.rename is not None:
        document = profiles.renamed(document, profile.rename)
    context = json_ld.context_path(live.settings.workspace)
    return writers.write(document, form, live.settings.base_iri + "context.jsonld", context)


def _structured(request: Request, document: Document, offered: list[Profile]) -> str:
    """Return the schema.org JSON-LD for a page, with nothing in it that could end its element."""
    if profiles.SCHEMA_ORG not in offered or document.withdrawn:
        return ""
    value = profiles.brief(release_of(request).store, document)
    text = json.dumps(value, ensure_ascii=False) if value else ""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _find(request: Request, live: Live) -> tuple[Asked, Document]:
    """Return what is asked for and its document; a suffix counts only where it is not the IRI's."""
    base, store = live.settings.base_iri, release_of(request).store
    path = asked_path(request.scope)
    form = _explicit(request, path)
    document = describe(store, base + path[1:], base)
    if document is None:
        path, suffix_form = negotiation.split_suffix(path, NAMED)
        form = form or suffix_form
        document = describe(store, base + path[1:], base) if suffix_form else None
    if document is None:
        raise ProblemError(_nothing(base + path[1:]))
    return Asked(path, form), document


def _nothing(iri: str) -> Problem:
    return Problem(
        404,
        "QCP-WEB-NOTFOUND",
        "There is nothing under this address.",
        f"The graph says nothing about {iri}.",
        "Look for the record in the list of qualifications or in the source's register.",
    )


def _explicit(request: Request, path: str) -> Format | None:
    name = request.query_params.get("format")
    if not name:
        return None
    if (form := negotiation.named(name, NAMED)) is None:
        plain = _root(request) + negotiation.split_suffix(path, NAMED)[0]
        raise ProblemError(_not_acceptable(plain, profiles.ELM))
    return form


def _not_acceptable(path: str, profile: Profile) -> Problem:
    offers = [
        {"format": form.name, "mediaType": form.media_type, "profile": profile.iri,
         "href": _href(path, form, profile)}
        for form in profile.forms
    ]  # fmt: skip
    return Problem(
        406,
        "QCP-WEB-FORMAT",
        "The record is not offered in the format asked for.",
        "Offered: " + ", ".join(form.media_type for form in profile.forms) + ".",
        "Ask for one of them by Accept header, by suffix or by ?format=.",
        extra={"alternatives": offers},
        headers={"Link": ", ".join(_alternates(path, [profile]))},
    )


def _not_offered(path: str, offered: list[Profile], reasons: str = "") -> Problem:
    offers = [
        {"profile": one.iri, "token": one.token, "mediaType": form.media_type,
         "href": _href(path, form, one)}
        for one in offered
        for form in one.forms
    ]  # fmt: skip
    return Problem(
        406,
        "QCP-WEB-PROFILE",
        "The record is not offered in the profile asked for.",
        (f"{reasons}. " if reasons else "")
        + f"Offered: {', '.join(one.token for one in offered)}.",
        "Ask for one of them by ?profile= or by an Accept-Profile header with its IRI.",
        extra={"alternatives": offers},
        headers={"Link": ", ".join(_alternates(path, offered))},
    )


def _is_ours(profile: Profile) -> bool:
    return profile.token == profiles.ELM.token


def _href(path: str, form: Format, profile: Profile) -> str:
    plain = f"{address(path)}.{form.suffix}"
    return plain if _is_ours(profile) else f"{plain}?profile={profile.token}"


def _alternates(path: str, offered: list[Profile], without: str = "") -> list[str]:
    return [
        f'<{href}>; rel="alternate"; type="{form.media_type}"'
        + ("" if _is_ours(one) else f'; profile="{one.iri}"')
        for one in offered
        for form in (one.forms if _is_ours(one) else one.forms[:2])
        if (href := _href(path, form, one)) != without
    ]


def _with_headers(
    request: Request, response: Response, document: Document, reply: Reply, tag: str
) -> Response:
    path, form = _root(request) + reply.path, reply.form
    here = _href(path, form, reply.profile)
    links = [f'<{address(document.iri)}>; rel="canonical"', f'<{reply.profile.iri}>; rel="profile"']
    links += _alternates(path, reply.offered, here)
    base = f"{document.iri.partition('/id/')[0]}/"
    links += signposting.links(document, path, form, base)
    if document.licence:
        links.append(f'<{address(document.licence)}>; rel="license"')
    links += [f'<{address(iri)}>; rel="successor-version"' for iri in document.successors]
    published = release_of(request).published
    response.headers["Link"] = ", ".join(links)
    varies = "Accept, Accept-Profile"
    response.headers["Vary"] = f"{varies}, Accept-Language" if form is HTML else varies
    response.headers["Content-Profile"] = f"<{reply.profile.iri}>"
    response.headers["ETag"] = tag
    response.headers["Last-Modified"] = conditional.http_date(published)
    response.headers["Cache-Control"] = CACHE
    response.headers["Content-Location"] = here
    if not document.withdrawn and conditional.unchanged(request, tag, published):
        return conditional.not_modified(response)
    return response
