"""The page of a feed, for people who open its address in a browser: what changed, newest first."""

from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from fastapi import Request
from starlette.responses import Response

from qcp_graph.feeds.atom import ATOM
from qcp_graph.server.pages import site
from qcp_graph.server.seam import Live

_DELETED: Final = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
_ENTRY: Final = f"{{{ATOM}}}entry"


@dataclass(frozen=True, slots=True)
class Line:
    """A record, or what a release changed; ``kind``: new, changed, withdrawn or empty."""

    title: str
    address: str
    date: str
    kind: str


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What ``feed.html`` shows; ``before``: the address of the page with older changes."""

    title: str
    lines: tuple[Line, ...]
    before: str


def render(request: Request, live: Live, document: bytes) -> Response:
    """Return the page that says what an Atom document of ours says."""
    root = ElementTree.fromstring(document)  # noqa: S314 (written by ourselves a moment ago)
    before = root.find(f"{{{ATOM}}}link[@rel='prev-archive']")
    content = FeedPage(
        root.findtext(f"{{{ATOM}}}title", ""),
        tuple(_line(one) for one in root if one.tag in {_ENTRY, _DELETED}),
        before.get("href", "") if before is not None else "",
    )
    response = site.render(request, site.of(request, live), "feed.html", content)
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def _line(one: ElementTree.Element) -> Line:
    if one.tag == _DELETED:
        title = "".join(one.itertext())
        return Line(title, one.get("ref", ""), one.get("when", "")[:10], "withdrawn")
    link, kind = one.find(f"{{{ATOM}}}link"), one.find(f"{{{ATOM}}}category")
    return Line(
        one.findtext(f"{{{ATOM}}}title", ""),
        link.get("href", "") if link is not None else "",
        one.findtext(f"{{{ATOM}}}updated", "")[:10],
        kind.get("term", "") if kind is not None else "",
    )
