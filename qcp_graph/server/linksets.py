"""Links for machines (RFC 9264): what a harvester finds who knows the home page's address alone.

The home page names the link set in its ``Link`` field (signposting); the set names everything else.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from qcp_graph.server import conditional, negotiation
from qcp_graph.server.downloads import dumps
from qcp_graph.server.feeds import CHANGING, opened
from qcp_graph.server.live import Live
from qcp_graph.server.negotiation import Format
from qcp_graph.server.seam import OpenRelease, release_of

JSON: Final = Format("json", "json", ("application/linkset+json", "application/json"))
TEXT: Final = Format("linkset", "txt", ("application/linkset", "text/plain"))
_TURTLE: Final = "text/turtle"
_ATOM: Final = "application/atom+xml"
_TRIG: Final = "application/trig"
_OPENAPI: Final = "application/json"
_TYPES: Final = {".gz": "application/gzip", ".zst": "application/zstd"}
Link = tuple[str, str, str]
"""Relation, path below the site, media type."""

_SITE: Final[tuple[Link, ...]] = (
    ("describedby", "id/catalogue.ttl", _TURTLE),
    ("describedby", ".well-known/void", _TURTLE),
    ("service-desc", "openapi.json", _OPENAPI),
    ("alternate", "feed/ldes", _TRIG),
    ("alternate", "feed/atom", _ATOM),
)
_SERVICES: Final = ("sparql", "oai", "feed/ldes", "api/queries")
"""Addresses of interfaces for programs, for the catalogue of APIs (RFC 9727)."""


def router(live: Live) -> APIRouter:
    """Return the routes of ``/linkset`` and ``/.well-known/api-catalog``."""
    routes = APIRouter(include_in_schema=False)
    base = live.settings.base_iri

    @routes.get("/linkset")
    def linkset(request: Request) -> Response:
        return _sent(request, [(base, _of_site(live, release_of(request)))], base)

    @routes.get("/.well-known/api-catalog")
    def catalogue(request: Request) -> Response:
        services = [("item", path, "") for path in _SERVICES]
        described = [("service-desc", "openapi.json", _OPENAPI)]
        sets = [(f"{base}.well-known/api-catalog", services)]
        sets += [(f"{base}{path}", described) for path in _SERVICES if path != "oai"]
        return _sent(request, sets, base)

    return routes


def header(root: str) -> str:
    """Return the ``Link`` field of the home page; ``root`` is the path of the site.

    >>> header("").split(", ")[-1]
    '</linkset>; rel="linkset"; type="application/linkset+json"'
    """
    links = (*_SITE, ("api-catalog", ".well-known/api-catalog", JSON.media_type))
    links = (*links, ("linkset", "linkset", JSON.media_type))
    return ", ".join(f'<{root}/{path}>; rel="{name}"; type="{kind}"' for name, path, kind in links)


def _of_site(live: Live, release: OpenRelease) -> Iterator[Link]:
    yield from _SITE
    yield "service", "sparql", ""
    yield "service", "oai", ""
    yield "sitemap", "sitemap.xml", "application/xml"
    for source_id in opened(live, release).history.registers():
        yield "item", f"feed/ldes/{source_id}", _TRIG
        yield "item", f"feed/atom/{source_id}", _ATOM
    for dump in dumps(release):
        yield "item", f"dumps/{dump.name}", _TYPES.get(dump.path.suffix, "")


def _sent(request: Request, sets: list[tuple[str, Any]], base: str) -> Response:
    form = negotiation.choose(request.headers.get("accept"), (JSON, TEXT)) or JSON
    listed = [(anchor, list(links)) for anchor, links in sets]
    release = release_of(request)
    tag = conditional.entity_tag(release.id, request.url.path, form.name)
    headers = {
        "Content-Type": form.media_type,
        "Cache-Control": CHANGING,
        "ETag": tag,
        "Vary": "Accept",
        "Last-Modified": conditional.http_date(release.published),
    }
    content = _json(listed, base) if form is JSON else _text(listed, base)
    response = Response(content, headers=headers)
    if conditional.unchanged(request, tag, release.published):
        return conditional.not_modified(response)
    return response


def _json(sets: list[tuple[str, list[Link]]], base: str) -> bytes:
    found: list[Mapping[str, Any]] = []
    for anchor, links in sets:
        context: dict[str, Any] = {"anchor": anchor}
        for name, path, kind in links:
            target = {"href": base + path} | ({"type": kind} if kind else {})
            context.setdefault(name, []).append(target)
        found.append(context)
    return json.dumps({"linkset": found}, indent=1).encode()


def _text(sets: list[tuple[str, list[Link]]], base: str) -> bytes:
    lines = [
        f'<{base}{path}>; rel="{name}"; anchor="{anchor}"' + (f'; type="{kind}"' if kind else "")
        for anchor, links in sets
        for name, path, kind in links
    ]
    return ",\n".join(lines).encode()
