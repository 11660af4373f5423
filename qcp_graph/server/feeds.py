"""The event stream over HTTP: its nodes and pages.

Pages are the bytes that the release wrote, in other formats the same statements; they never
change, so whoever has one need not ask again. Nodes change with the release. A browser gets a page
that explains them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import Response

from qcp_graph import feeds
from qcp_graph.feeds import History, history, ldes
from qcp_graph.feeds.places import Places, split_page
from qcp_graph.iris import Iris
from qcp_graph.namespaces import PREFIXES
from qcp_graph.server import conditional, negotiation, writers
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.live import Live
from qcp_graph.server.negotiation import (
    HTML,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    TRIG,
    TURTLE,
    Format,
)
from qcp_graph.server.pages import stream
from qcp_graph.server.paths import address
from qcp_graph.server.seam import OpenRelease, Problem, release_of
from qcp_graph.terms import Triple

FORMATS: Final = (N_QUADS, TRIG, JSON_LD, TURTLE, N_TRIPLES, RDF_XML)
CHANGING: Final = "public, max-age=60, must-revalidate"
IMMUTABLE: Final = "public, max-age=31536000, immutable"
_PREFIXES: Final = {**PREFIXES, "tree": ldes.TREE, "ldes": ldes.LDES, "as": ldes.ACTIVITY}
_SERIALISERS: Final = {
    TRIG: ox.RdfFormat.TRIG,
    JSON_LD: ox.RdfFormat.JSON_LD,
    TURTLE: ox.RdfFormat.TURTLE,
    N_TRIPLES: ox.RdfFormat.N_TRIPLES,
}


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed of the live release."""

    places: Places
    pages: feeds.Pages
    history: History

    @property
    def shown(self) -> stream.Stream:
        """The feed as pages for people."""
        return stream.Stream(self.places, self.pages, self.history, FORMATS)

    def page(self, source_id: str, name: str) -> tuple[str, int]:
        """Return release and number of a page, only where the live release knows it.

        :raises ProblemError: 404 otherwise.
        """
        release, number = split_page(name) or ("", 0)
        place = self.history.number(release)
        tally = self.history.batches[place - 1].registers.get(source_id) if place else None
        if tally is None or number > tally.pages:
            raise nothing("There is no such page in the feed.")
        return release, number


def opened(live: Live, release: OpenRelease) -> Feed:
    """Return the feed of a release, read once; empty where it has none."""

    def read(found: OpenRelease) -> Feed:
        past = history.load(found.folder / "feed" / history.NAME) or History()
        settings = live.settings
        return Feed(Places(settings.base_iri), feeds.Pages(settings.home / "feed"), past)

    return release.resource("feed", read)


def router(live: Live) -> APIRouter:
    """Return the routes of ``/feed/ldes…``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/feed/ldes.{suffix}")
    def root(request: Request, suffix: str) -> Response:
        return _node(request, live, "", suffix)

    @routes.get("/feed/ldes")
    def plain_root(request: Request) -> Response:
        return _node(request, live, "", "")

    @routes.get("/feed/ldes/{source_id}")
    def view(request: Request, source_id: str) -> Response:
        name, _, suffix = source_id.partition(".")
        return _node(request, live, name, suffix)

    @routes.get("/feed/ldes/{source_id}/{name}")
    def page(request: Request, source_id: str, name: str) -> Response:
        return _page(request, live, source_id, name)

    return routes


# --- LDES -----------------------------------------------------------------------------------------


def _node(request: Request, live: Live, source_id: str, suffix: str) -> Response:
    feed = opened(live, release_of(request))
    form, title = _form(request, suffix), live.settings.title
    registers = feed.history.registers()
    if form is HTML and (not source_id or source_id in registers):
        shown = feed.shown.view(source_id) if source_id else feed.shown.root()
        return stream.render(request, live, shown)
    if not source_id:
        found = ldes.root(feed.places, feed.history, title, registers)
        where = feed.places.ldes
    elif source_id in registers:
        register = Iris(live.settings.base_iri).register(source_id)
        found = ldes.view(feed.places, feed.history, source_id, title, register)
        where = feed.places.view(source_id)
    else:
        raise nothing("There is no feed of such a register.")
    text = _lines(found)
    return _sent(request, where, form, lambda: _written(text, form), CHANGING)


def _page(request: Request, live: Live, source_id: str, name: str) -> Response:
    feed = opened(live, release_of(request))
    stem, _, suffix = name.partition(".")
    release, number = feed.page(source_id, stem)
    form = _form(request, suffix)
    if form is HTML:
        return stream.render(request, live, feed.shown.page(source_id, release, number))
    where = feed.places.page(source_id, release, number)
    if form is N_QUADS and takes_gzip(request.headers.get("accept-encoding", "")):
        return _sent(
            request,
            where,
            form,
            lambda: feed.pages.packed(source_id, release, number),
            IMMUTABLE,
            "gzip",
        )
    text = feed.pages.text
    return _sent(
        request, where, form, lambda: _written(text(source_id, release, number), form), IMMUTABLE
    )


def takes_gzip(header: str) -> bool:
    """Tell whether a client takes gzip (RFC 9110 §12.5.3); only what it names is used.

    >>> takes_gzip("br, gzip;q=0.5"), takes_gzip("gzip;q=0, br"), takes_gzip("*")
    (True, False, False)
    """
    for part in header.lower().split(",")[:50]:
        name, _, weight = part.partition(";")
        if name.strip() in {"gzip", "x-gzip"}:
            return weight.strip().partition("=")[2].strip("0.") != "" or not weight
    return False


def _form(request: Request, suffix: str) -> Format:
    """Return the format asked for; people who look get a page."""
    name = request.query_params.get("format") or suffix
    if name:
        found = negotiation.named(name, (*FORMATS, HTML))
    else:
        found = negotiation.choose(request.headers.get("accept"), (*FORMATS, HTML))
    if found is None:
        offers = ", ".join(form.media_type for form in FORMATS)
        raise ProblemError(
            Problem(
                406,
                "QCP-WEB-FORMAT",
                "The feed is not offered in the format asked for.",
                f"Offered: {offers}.",
                "Ask for one of them by Accept header, by suffix or by ?format=.",
            )
        )
    return found


def _lines(triples: list[Triple]) -> bytes:
    return "".join(f"{s} {p} {o} .\n" for s, p, o in triples).encode()


def _written(text: bytes, form: Format) -> bytes:
    """Return N-Quads in another format; those without named graphs hold all statements as one."""
    if form is N_QUADS:
        return text
    quads = ox.parse(text, ox.RdfFormat.N_QUADS)
    if form in (TURTLE, N_TRIPLES, RDF_XML):
        merged = sorted({quad.triple for quad in quads}, key=str)
        if form is RDF_XML:
            return writers.rdf_xml(merged)
        return ox.serialize(merged, format=_SERIALISERS[form], prefixes=_PREFIXES) or b""
    return ox.serialize(quads, format=_SERIALISERS[form], prefixes=_PREFIXES) or b""


def _sent(
    request: Request,
    where: str,
    form: Format,
    content: Callable[[], bytes],
    cache: str,
    coding: str = "",
) -> Response:
    """Answer with a node or page, or with 304 without making it."""
    release = release_of(request)
    immutable = cache is IMMUTABLE
    tag = conditional.entity_tag("" if immutable else release.id, where, form.name, coding)
    links = [f'<{address(where)}>; rel="canonical"']
    links += [
        f'<{address(where)}.{one.suffix}>; rel="alternate"; type="{one.media_type}"'
        for one in FORMATS
        if one is not form
    ]
    headers = {
        "Content-Type": form.content_type,
        "Cache-Control": cache,
        "ETag": tag,
        "Vary": "Accept, Accept-Encoding",
        "Link": ", ".join(links),
    }
    if coding:
        headers["Content-Encoding"] = coding
    return answer(request, headers, tag, content)


def answer(
    request: Request, headers: dict[str, str], tag: str, content: Callable[[], bytes]
) -> Response:
    """Answer with what ``content`` makes, or with 304 without making it."""
    release = release_of(request)
    if "immutable" not in headers["Cache-Control"]:
        headers["Last-Modified"] = conditional.http_date(release.published)
    if request.headers.get("if-none-match") is not None or "Last-Modified" in headers:
        probe = Response(headers=headers)
        if conditional.unchanged(request, tag, release.published):
            return conditional.not_modified(probe)
    return Response(content(), headers=headers)


def nothing(title: str) -> ProblemError:
    """Return the 404 of an address below ``/feed/``."""
    return ProblemError(
        Problem(404, "QCP-WEB-NOTFOUND", title, remedy="/feed/ldes leads to all of them.")
    )
