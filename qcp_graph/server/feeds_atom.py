"""The feed over HTTP as Atom: of the site, of a register, and its archived pages."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from qcp_graph.feeds import atom, history
from qcp_graph.server import conditional, negotiation
from qcp_graph.server.feeds import CHANGING, IMMUTABLE, Feed, answer, nothing, opened
from qcp_graph.server.live import Live
from qcp_graph.server.negotiation import HTML, Format
from qcp_graph.server.pages import feed as feed_page
from qcp_graph.server.seam import release_of

ATOM: Final = "application/atom+xml"
_FORM: Final = Format("atom", "atom", (ATOM, "application/xml", "text/xml"))
RELEASES: Final = 50
"""Releases in the feed of the site."""
PAGES: Final = 5
"""Most pages in the document of a register that feed readers look at."""
ENTRIES: Final = 50
"""Entries after which no further page is taken into it."""


def router(live: Live) -> APIRouter:
    """Return the routes of ``/feed/atom…``."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/feed/atom")
    def site(request: Request) -> Response:
        return _site(request, live)

    @routes.get("/feed/atom/{source_id}")
    def register(request: Request, source_id: str) -> Response:
        return _register(request, live, source_id)

    @routes.get("/feed/atom/{source_id}/{name}")
    def archive(request: Request, source_id: str, name: str) -> Response:
        return _archive(request, live, source_id, name)

    return routes


def _site(request: Request, live: Live) -> Response:
    feed, settings = opened(live, release_of(request)), live.settings
    newest = feed.history.batches[::-1][:RELEASES]
    where = feed.places.atom
    updated = newest[0].created if newest else history.stamp(release_of(request).published)
    head = atom.Head(where, settings.title, settings.publisher, updated, where)
    return _atom(
        request,
        live,
        head,
        lambda: atom.document(head, atom.batches(feed.places, newest)),
        CHANGING,
    )


def _register(request: Request, live: Live, source_id: str) -> Response:
    feed = opened(live, release_of(request))
    batches = feed.history.of(source_id)
    if not batches:
        raise nothing("There is no feed of such a register.")
    last = batches[-1]
    number = last.registers[source_id].pages
    pages = list(islice(_back(feed, source_id, last.release, number), PAGES + 1))
    return _document(request, live, feed, source_id, pages, archive=False)


def _archive(request: Request, live: Live, source_id: str, name: str) -> Response:
    feed = opened(live, release_of(request))
    release, number = feed.page(source_id, name)
    pages = list(islice(_back(feed, source_id, release, number), 2))
    return _document(request, live, feed, source_id, pages, archive=True)


def _document(
    request: Request,
    live: Live,
    feed: Feed,
    source_id: str,
    pages: list[tuple[str, int]],
    *,
    archive: bool,
) -> Response:
    """Answer with an archived page, the first of ``pages``, or with the newest ones together."""
    release, number = pages[0]
    current = feed.places.atom_feed(source_id)
    head = atom.Head(
        feed.places.atom_page(source_id, release, number) if archive else current,
        f"{live.settings.title}: {source_id}",
        live.settings.publisher,
        feed.history.batches[feed.history.number(release) - 1].created,
        current,
        archive=archive,
    )

    def content() -> bytes:
        found: dict[str, atom.Version] = {}
        taken = 0
        for page in pages[: 1 if archive else PAGES]:
            if len(found) >= ENTRIES:
                break
            for one in atom.versions(feed.pages.text(source_id, *page)):
                found.setdefault(one.record, one)  # the newest one comes first
            taken += 1
        before = feed.places.atom_page(source_id, *pages[taken]) if pages[taken:] else ""
        return atom.document(replace(head, before=before), atom.entries(found.values()))

    return _atom(request, live, head, content, IMMUTABLE if archive else CHANGING)


def _atom(
    request: Request, live: Live, head: atom.Head, content: Callable[[], bytes], cache: str
) -> Response:
    release = release_of(request)
    page = negotiation.choose(request.headers.get("accept"), (_FORM, HTML)) is HTML
    if page:  # a person has opened the feed in a browser
        return feed_page.render(request, live, content())
    told = (head.title, head.author) if cache is IMMUTABLE else (release.id,)
    tag = conditional.entity_tag(*told, head.address)
    headers = {"Content-Type": ATOM, "Cache-Control": cache, "ETag": tag, "Vary": "Accept"}
    return answer(request, headers, tag, content)


def _back(feed: Feed, source_id: str, release: str, number: int) -> Iterator[tuple[str, int]]:
    """Yield a page and all pages before it, each as release and number."""
    for batch in feed.history.batches[feed.history.number(release) - 1 :: -1]:
        tally = batch.registers.get(source_id)
        if tally is None:
            continue
        first = number if batch.release == release else tally.pages
        yield from ((batch.release, n) for n in range(first, 0, -1))
