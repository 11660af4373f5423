"""From any address of a site to what can be harvested there: stream, repository or dump.

The address may be the thing itself, or a page, catalogue or description that leads to it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final, Literal
from urllib.parse import urljoin

import pyoxigraph as ox

from qcp_graph.errors import QcpError
from qcp_graph.harvest import ldes, oai
from qcp_graph.harvest.problems import nothing_found
from qcp_graph.harvest.web import Page, Web
from qcp_graph.harvest.xml import HostileXml, parse
from qcp_graph.namespaces import expand
from qcp_graph.transfer import addresses

Protocol = Literal["ldes", "oai", "dump"]
ACCEPT: Final = f"{ldes.ACCEPT}, text/html;q=0.5, text/xml;q=0.5, */*;q=0.1"
STEPS: Final = 12
"""Most addresses that are looked at."""
LDES_SPECIFICATION: Final = "https://w3id.org/ldes/specification"
OAI_SPECIFICATION: Final = "http://www.openarchives.org/OAI/openarchivesprotocol.html"
_RDF_TYPE: Final = expand("rdf:type")
_STREAM: Final = ldes.LDES + "EventStream"
_VIEW: Final = ldes.TREE + "view"
_CONFORMS: Final = expand("dcterms:conformsTo")
_ENDPOINT: Final = expand("dcat:endpointURL")
_DUMPS: Final = (expand("void:dataDump"), expand("dcat:downloadURL"))
_RELATIONS: Final = frozenset(
    {"describedby", "alternate", "collection", "item", "linkset", "service-desc", "api-catalog"}
)
_LINK: Final = re.compile(
    r"<([^<>]{1,2000})>((?:\s*;\s*[\w*!#$&.+^`|~-]+(?:=(?:\"[^\"]*\"|[^\s,;\"]+))?)*)"
)
_REL: Final = re.compile(r";\s*rel=(?:\"([^\"]*)\"|([^\s,;\"]+))", re.IGNORECASE)
_FILE: Final = re.compile(r"\.(nq|nt|trig|ttl)(\.gz|\.zst)?(\?|\Z)|\.zip(\?|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """What can be harvested, and how."""

    protocol: Protocol
    address: str


def find(web: Web, address: str) -> Found:
    """Return the best that an address leads to: a stream before a repository before a dump.

    :raises DataError: when it leads to nothing.
    """
    waiting, seen = [address], {address}
    best: Found | None = Found("dump", address) if _FILE.search(address) else None
    if best is not None:
        return best
    for step in range(STEPS):
        if not waiting:
            break
        url = waiting.pop(0)
        try:
            page = web.get(url, ACCEPT)
        except QcpError:
            if step == 0:
                raise
            continue  # one of several ways to go on
        assert page is not None
        found, links = look(page)
        if found is not None and (best is None or _RANK[found.protocol] < _RANK[best.protocol]):
            best = found
        if best is not None and best.protocol == "ldes":
            return best
        for link in links:
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    if best is None:
        raise nothing_found(addresses.without_secrets(address))
    return best


_RANK: Final[dict[Protocol, int]] = {"ldes": 0, "oai": 1, "dump": 2}


def look(page: Page) -> tuple[Found | None, list[str]]:
    """Return what a page is or names, and where to look next."""
    links = list(_header_links(page.links, page.url))
    if "html" in page.media_type:
        return None, [*links, *_html_links(page)]
    if page.media_type.endswith("xml"):
        return _repository(page), links
    if ox.RdfFormat.from_media_type(page.media_type or "x/x") is not None:
        return _described(ldes.read(page), page.url), links
    return None, links


def _repository(page: Page) -> Found | None:
    try:
        root = parse(page.content)
    except HostileXml:
        return None
    if root.tag != f"{oai.OAI}OAI-PMH":
        return None
    return Found("oai", page.url.partition("?")[0])


def _described(quads: list[ox.Quad], url: str) -> Found | None:
    """Return what a description names; a node of a stream is where the stream is read from."""
    facts = [(str(q.subject), q.predicate.value, _text(q.object)) for q in quads]
    here = f"<{url}>"
    streams = {s for s, p, o in facts if (p, o) == (_RDF_TYPE, _STREAM)}
    if any(s == here and p.startswith(ldes.TREE) for s, p, _ in facts):
        return Found("ldes", url)
    if views := [o for s, p, o in facts if s in streams and p == _VIEW]:
        return Found("ldes", views[0])
    services: tuple[tuple[str, Protocol], ...] = (
        (LDES_SPECIFICATION, "ldes"),
        (OAI_SPECIFICATION, "oai"),
    )
    for specification, protocol in services:
        named = {s for s, p, o in facts if (p, o) == (_CONFORMS, specification)}
        for subject, predicate, value in facts:
            if subject in named and predicate == _ENDPOINT:
                return Found(protocol, value)
    for _, predicate, value in facts:
        if predicate in _DUMPS and _FILE.search(value):
            return Found("dump", value)
    return None


def _text(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode | ox.Literal) else ""


def _header_links(text: str, base: str) -> Iterator[str]:
    for target, parameters in _LINK.findall(text[:20_000]):
        for quoted, plain in _REL.findall(parameters):
            if _RELATIONS & set((quoted or plain).lower().split()):
                yield from _absolute(base, [target])


def _html_links(page: Page) -> Iterator[str]:
    reader = _Links()
    reader.feed(page.content[: 4 * 1024**2].decode("utf-8", "replace"))
    yield from _absolute(page.url, reader.found)


def _absolute(base: str, targets: Iterable[str]) -> Iterator[str]:
    for target in targets:
        try:
            url = urljoin(base, target).partition("#")[0]
            addresses.split(url)
        except (ValueError, QcpError):
            continue
        yield url


class _Links(HTMLParser):
    """Collects the ``<link>`` elements that lead to data."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a link."""
        given = {name: value or "" for name, value in attrs}
        relations = set(given.get("rel", "").lower().split())
        data = relations & _RELATIONS and "html" not in given.get("type", "")
        if tag == "link" and data and given.get("href"):
            self.found.append(given["href"])
