"""A list of qualifications to keep and follow: as JSON for programs, as RSS for feed readers."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from fastapi import Request
from starlette.responses import Response

from qcp_graph.markup import HEAD, element
from qcp_graph.search import Hit
from qcp_graph.server import conditional
from qcp_graph.server.pages.names import country_name, pick
from qcp_graph.server.pages.query import Query, paging
from qcp_graph.server.pages.site import CACHE, Site

PATH: Final = "/qualifications"
_RSS: Final = "application/rss+xml"
SIZE: Final = 100
"""Qualifications on a page of the list as JSON."""
FOLLOWED: Final = 500
"""Qualifications in a feed: those of the newest years."""


def document(request: Request, here: Site) -> Response:
    """Return a page of the list as JSON; ``next`` is the address of the page after it."""
    query = Query.of(here)
    result = here.index().search(query.text, query.filters, query.page, SIZE, query.sort)
    where = paging(here, f"{PATH}.json", query, result.total, SIZE)
    said = {
        "address": _absolute(here, PATH, query),
        "release": here.release_id,
        "total": result.total,
        "page": where.page,
        "pages": where.pages,
        "next": where.following and here.base.rstrip("/") + where.following,
        "read": result.read,
        "ignored": list(result.ignored),
        "qualifications": [_entry(hit) for hit in result.hits],
    }
    text = json.dumps(said, ensure_ascii=False, indent=1)
    return _answer(request, here, text, "application/json")


def _entry(hit: Hit) -> dict[str, object]:
    return {
        "iri": hit.iri,
        "titles": hit.titles or {hit.language or "und": hit.title},
        "country": hit.country,
        "register": hit.register,
        **{field: list(values) for field, values in sorted(hit.facts.items()) if values},
        "outcomes": hit.outcomes,
        "outcomes_linked": hit.linked,
        "esco_skills": hit.skills,
    }


def feed(request: Request, here: Site) -> Response:
    """Return the list as RSS 2.0, the newest years first; a reader sees what is added later."""
    query, index = Query.of(here), here.index()
    hits: list[Hit] = []
    for page in range(1, FOLLOWED // SIZE + 1):
        found = index.search(query.text, query.filters, page, SIZE, "newest").hits
        hits.extend(found)
        if len(found) < SIZE:
            break
    text = "".join(_feed(here, query, hits))
    return _answer(request, here, text, _RSS)


def _feed(here: Site, query: Query, hits: Sequence[Hit]) -> Iterator[str]:
    name = str(here.language.gettext("Qualifications"))
    asked = [query.text, *(value for values in query.filters.values() for value in values)]
    wanted = ", ".join(filter(None, asked))
    own = _absolute(here, f"{PATH}.rss", query)
    yield HEAD + '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>\n'
    yield element("title", f"{name}: {wanted}" if wanted else name)
    yield element("link", _absolute(here, PATH, query))
    yield element("description", name)
    yield element("atom:link", rel="self", type=_RSS, href=own) + "\n"
    yield from (_item(here, hit) for hit in hits)
    yield "</channel></rss>\n"


def _item(here: Site, hit: Hit) -> str:
    title = pick(hit.titles, here.language.tag).text if hit.titles else hit.title
    levels = ", ".join(hit.facts.get("eqf", ()))
    said = [country_name(hit.country, here.locale), f"EQF {levels}" if levels else ""]
    parts = (
        element("title", title),
        element("link", hit.iri),
        element("guid", hit.iri, isPermaLink="false"),
        element("description", ", ".join(filter(None, said))),
    )
    return f"<item>{''.join(parts)}</item>\n"


def _absolute(here: Site, path: str, query: Query) -> str:
    return here.base.rstrip("/") + here.url_of(path, query.pairs())


def _answer(request: Request, here: Site, text: str, kind: str) -> Response:
    """Return a document, or that it has not changed since it was last fetched."""
    assert here.release is not None
    tag = conditional.entity_tag(here.release_id, kind, here.language.tag, request.url.query)
    headers = {
        "ETag": tag,
        "Cache-Control": CACHE,
        "Vary": "Accept-Language",
        "Last-Modified": conditional.http_date(here.release.published),
        "Content-Type": f"{kind}; charset=utf-8",
    }
    answer = Response(text, headers=headers)
    if conditional.unchanged(request, tag, here.release.published):
        return conditional.not_modified(answer)
    return answer
