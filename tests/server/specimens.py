"""The site over all specimen registers, and some addresses of each kind of page that it has."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.server.conftest import served

BASE = "https://qualifications.example/"
STARTS = (
    *("/", "/about", "/accessibility", "/quality", "/organisations", "/frameworks", "/query"),
    *("/qualifications?q=zzzz", "/nothing", "/qualifications?page=99999", "/compare"),
    "/compare?q=9110&q=RNCP990301&purpose=work",
    "/compare?q=9110&q=RNCP990301&q=MC-2290&q=QP-ADM-405",
)
_LINK = re.compile(r'<a [^>]*?href="([^"#]+)')
_NO_PAGES = re.compile(
    r"/(static|dumps|exports|feed|sparql|api|linkset|manifest|context|openapi|id/catalogue)[/.?]?.*"
    r"|.*\.(csv|ttl|jsonld|rdf|nt|json|xml|rss|trig|html)(\?.*)?"
)


@contextmanager
def site(home: Path) -> Iterator[httpx.Client]:
    """Build all specimens (half a minute) and serve them."""
    settings = Settings(home=home, base_iri=BASE)
    build(settings, Order(specimens=True), Silent())
    with served(create_app(settings)) as client:
        yield client


def kind(address: str) -> str:
    """Return what makes two addresses pages of one kind.

    >>> kind("/id/qualification/fi/x/9110?lang=ar"), kind("/resource?iri=http://a.example/isco/C1")
    ('/id/qualification', '/resource isco')
    """
    parts = urlsplit(address)
    words = parts.path.strip("/").split("/")
    if words[0] == "id":
        return "/" + "/".join(words[:2])
    if words[0] == "registers" and len(words) > 1:
        return "/registers/mapping"
    if words[0] == "resource":
        return f"/resource {next((w for w in ('isco', 'eqf', 'qdr') if w in parts.query), '')}"
    asked = "?…" if re.sub(r"&?lang=\w+", "", parts.query) else ""
    return f"/{words[0]}" + ("/…" if len(words) > 1 else "") + asked


def pages(client: httpx.Client, each: int, language: str = "en") -> dict[str, httpx.Response]:
    """Walk the links from :data:`STARTS`; return at most so many pages of each kind."""
    taken: Counter[str] = Counter()
    found: dict[str, httpx.Response] = {}
    waiting = [f"{s}{'&' if '?' in s else '?'}lang={language}" for s in STARTS]
    seen = set(waiting)
    while waiting:
        address = waiting.pop(0)
        if taken[kind(address)] >= each:
            continue
        answer = client.get(address, headers={"Accept": "text/html"})
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        taken[kind(address)] += 1
        found[address] = answer
        for link in links(client, address, answer.text):
            if link not in seen and f"lang={language}" in link:
                seen.add(link)
                waiting.append(link)
    return found


def links(client: httpx.Client, address: str, text: str) -> Iterator[str]:
    """Yield the addresses of pages of ours that a page leads to."""
    here = str(client.base_url).rstrip("/")
    for link in _LINK.findall(text):
        target = urljoin(f"{here}{address}", unescape(link))
        if target.startswith(here + "/"):
            path = target.removeprefix(here)
            if not _NO_PAGES.fullmatch(path):
                yield path
