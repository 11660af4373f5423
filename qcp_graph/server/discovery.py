"""How machines find everything from the home page's address: VoID, sitemaps, robots."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from xml.sax.saxutils import escape

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from qcp_graph.feeds import IndexReader, ldes
from qcp_graph.feeds.places import Places
from qcp_graph.namespaces import PREFIXES, expand
from qcp_graph.pipeline.dcat_exports import WHOLE
from qcp_graph.server import conditional, json_ld, negotiation, writers
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.feeds import opened
from qcp_graph.server.live import Live
from qcp_graph.server.negotiation import GRAPHS, HTML
from qcp_graph.server.paths import address
from qcp_graph.server.seam import Document, OpenRelease, Problem, release_of

CACHE: Final = "public, max-age=60, must-revalidate"
ENTRIES: Final = 20_000
"""Addresses in one sitemap; the protocol allows 50,000 and 50 MiB."""
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGE: Final = re.compile(r"([a-z0-9-]+)-([1-9][0-9]{0,5})\Z")
_VOCABULARIES: Final = ("elm", "qcp", "dcterms", "skos", "prov", "sssom", "dcat")


def router(live: Live) -> APIRouter:
    """Return the routes of VoID, the catalogue's short address, sitemaps and ``/robots.txt``."""
    routes = APIRouter(include_in_schema=False)
    base = live.settings.base_iri

    @routes.get("/.well-known/void")
    def void(request: Request) -> Response:
        return _described(request, live, _void(release_of(request), base))

    @routes.get("/catalogue")
    def catalogue(request: Request) -> Response:
        root = request.scope.get("root_path", "")
        return RedirectResponse(f"{root}/id/catalogue", status_code=303)

    @routes.get("/sitemap.xml")
    def sitemaps(request: Request) -> Response:
        return _xml(request, "sitemapindex", _index(release_of(request), live))

    @routes.get("/sitemap-{name}.xml")
    def sitemap(request: Request, name: str) -> Response:
        return _xml(request, "urlset", _entries(release_of(request), live, name))

    @routes.get("/robots.txt")
    def robots() -> Response:
        text = (
            "# Take the data as a whole: "
            f"{base}dumps/, {base}feed/ldes, {base}oai; all is named in {base}id/catalogue\n"
            f"User-agent: *\nDisallow: /sparql\nAllow: /\nSitemap: {base}sitemap.xml\n"
        )
        return PlainTextResponse(text)

    return routes


# --- VoID -----------------------------------------------------------------------------------------


def _void(release: OpenRelease, base: str) -> Document:
    """Return the description of the data set (VoID): endpoint, dumps, sizes, vocabularies."""
    return Document(f"{base}.well-known/void", tuple(_void_statements(release, base)))


def _void_statements(release: OpenRelease, base: str) -> Iterator[ox.Quad]:
    about, data = ox.NamedNode(f"{base}.well-known/void"), ox.NamedNode(f"{base}id/catalogue#data")
    yield _quad(about, "rdf:type", _name("void:DatasetDescription"))
    yield _quad(about, "foaf:primaryTopic", data)
    yield _quad(data, "rdf:type", _name("void:Dataset"))
    yield _quad(data, "foaf:homepage", ox.NamedNode(base))
    yield _quad(data, "void:sparqlEndpoint", ox.NamedNode(f"{base}sparql"))
    stream = ox.NamedNode(Places(base).stream)
    yield _quad(data, "rdfs:seeAlso", stream)
    yield _quad(stream, "rdf:type", ox.NamedNode(f"{ldes.LDES}EventStream"))
    yield ox.Quad(stream, ox.NamedNode(f"{ldes.TREE}view"), ox.NamedNode(Places(base).ldes))
    yield _quad(data, "void:uriSpace", ox.Literal(f"{base}id/"))
    yield _quad(data, "dcterms:source", ox.NamedNode(f"{base}id/catalogue"))
    for prefix in _VOCABULARIES:
        yield _quad(data, "void:vocabulary", ox.NamedNode(PREFIXES[prefix]))
    quads = release.manifest.get("quads")
    if isinstance(quads, int):
        yield _quad(data, "void:triples", ox.Literal(quads))
    if (release.folder / "exports" / WHOLE).is_dir():
        whole = ox.NamedNode(f"{base}exports/{WHOLE}/data.nq.gz")
        yield _quad(data, "void:dataDump", whole)
    for source_id, entry in _registers(release).items():
        country, _, register = source_id.partition("-")
        node = ox.NamedNode(f"{base}id/register/{country}/{register}")
        dump = ox.NamedNode(f"{base}dumps/{source_id}.nq.gz")
        yield _quad(data, "void:subset", node)
        yield _quad(node, "rdf:type", _name("void:Dataset"))
        yield _quad(node, "void:dataDump", dump)
        yield _quad(data, "void:dataDump", dump)
        counts = entry.get("counts")
        if isinstance(counts, dict) and isinstance(counts.get("quads"), int):
            yield _quad(node, "void:triples", ox.Literal(counts["quads"]))


def _described(request: Request, live: Live, document: Document) -> Response:
    accept = request.headers.get("accept")
    form = negotiation.choose(accept, (*GRAPHS, HTML))
    if form is None or form is HTML:  # a browser that looks: Turtle is made for reading
        form = GRAPHS[0]
    context = json_ld.context_path(live.settings.workspace)
    content = writers.write(document, form, f"{live.settings.base_iri}context.jsonld", context)
    return _cacheable(request, content, form.content_type, document.iri + form.name)


# --- sitemaps -------------------------------------------------------------------------------------


def _index(release: OpenRelease, live: Live) -> Iterator[str]:
    base = live.settings.base_iri
    for source_id, entry in _registers(release).items():
        changed = _day(str(entry.get("built", "")))
        for number in range(1, _pages(release, live, source_id) + 1):
            where = escape(f"{base}sitemap-{source_id}-{number}.xml")
            yield f"<sitemap><loc>{where}</loc>{changed}</sitemap>"


def _entries(release: OpenRelease, live: Live, name: str) -> Iterator[str]:
    match = _PAGE.match(name)
    source_id, number = (match[1], int(match[2])) if match else ("", 0)
    if source_id not in _registers(release) or number > _pages(release, live, source_id):
        raise ProblemError(
            Problem(
                404,
                "QCP-WEB-NOTFOUND",
                "There is no such sitemap.",
                remedy="/sitemap.xml lists them.",
            )
        )
    batches = opened(live, release).history.batches
    if (index := _feed_index(release, source_id)) is None:
        return iter(())
    with index:
        found = index.living((number - 1) * ENTRIES, ENTRIES)
    return (
        f"<url><loc>{escape(address(one.iri))}</loc>{_day(batches[one.batch - 1].created)}</url>"
        for one in found
    )


def _pages(release: OpenRelease, live: Live, source_id: str) -> int:
    """Return how many sitemaps a register has, counted once per release."""

    def count(found: OpenRelease) -> int:
        if (index := _feed_index(found, source_id)) is None:
            return 1
        with index:
            return max(1, math.ceil(index.alive() / ENTRIES))

    return release.resource(f"sitemaps {source_id}", count)


def _feed_index(release: OpenRelease, source_id: str) -> IndexReader | None:
    path = release.folder / "feed" / f"{source_id}.sqlite"
    return IndexReader(path) if path.exists() else None


def _day(moment: str) -> str:
    return f"<lastmod>{escape(moment)}</lastmod>" if moment else ""


def _xml(request: Request, root: str, entries: Iterator[str]) -> Response:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{_SITEMAP}">']
    content = "\n".join([*lines, *entries, f"</{root}>", ""]).encode()
    return _cacheable(request, content, "application/xml", request.url.path)


def _cacheable(request: Request, content: bytes, media_type: str, name: str) -> Response:
    release = release_of(request)
    tag = conditional.entity_tag(release.id, name)
    headers = {
        "Content-Type": media_type,
        "Cache-Control": CACHE,
        "ETag": tag,
        "Vary": "Accept",
        "Last-Modified": conditional.http_date(release.published),
    }
    response = Response(content, headers=headers)
    if conditional.unchanged(request, tag, release.published):
        return conditional.not_modified(response)
    return response


def _registers(release: OpenRelease) -> Mapping[str, Mapping[str, Any]]:
    found = release.manifest.get("registers")
    return found if isinstance(found, dict) else {}


def _name(curie: str) -> ox.NamedNode:
    return ox.NamedNode(expand(curie))


def _quad(subject: ox.NamedNode, name: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(subject, _name(name), value)
