"""The description of every interface (OpenAPI 3.1), also of those that other standards describe.

What FastAPI finds by itself are the manifest and the query API; the SPARQL endpoint, dereferencing,
lists, dumps, feeds and OAI-PMH are described here, so that a client or a tester finds everything.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI

from qcp_graph.search import FIELDS, SORTS
from qcp_graph.server.negotiation import ENTITY, GRAPHS, RESULTS, Format

Described = dict[str, Any]

_PROBLEM: Final = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_PROBLEM_SCHEMA: Final[Described] = {
    "type": "object",
    "description": "What is wrong, in words, and what to do (RFC 9457).",
    "required": ["title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "A code of docs/errors."},
        "detail": {"type": "string"},
        "remedy": {"type": "string"},
    },
}
_VERBS: Final = (
    *("Identify", "ListMetadataFormats", "ListSets"),
    *("ListIdentifiers", "ListRecords", "GetRecord"),
)
_TEXT: Final[Described] = {"type": "string"}
_ERRORS: Final[Mapping[int, str]] = {
    400: "A parameter cannot be understood",
    404: "There is no such thing",
    406: "Not offered in this format; the answer lists those that are",
    410: "Withdrawn by its register; the answer names the successor, if any",
    413: "The body is too large",
    415: "The body is of a type that is not taken",
    429: "Too many queries of this client wait",
    503: "A limit was met, or nothing is published yet",
}


def describe(app: FastAPI) -> None:
    """Let the application's description tell of every interface."""
    own = app.openapi

    def whole() -> Described:
        if app.openapi_schema is None:
            found = own()
            schemas = found.setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = _PROBLEM_SCHEMA
            found["paths"] |= _paths()
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = whole  # type: ignore[method-assign]  # the way that FastAPI documents


def _paths() -> Described:
    return {
        "/sparql": _sparql(),
        "/id/{path}": _dereferencing(),
        "/qualifications": {"get": _list("Search the qualifications", ("text/html",))},
        "/qualifications.csv": {"get": _list("The same as a table", ("text/csv",))},
        "/qualifications.json": {"get": _list("The same, 100 a page", ("application/json",))},
        "/qualifications.rss": {"get": _list("The same to follow", ("application/rss+xml",))},
        "/oai": _oai(),
        **_simple(),
    }


def _sparql() -> Described:
    both: Described = {form.media_type: {} for form in (*RESULTS, *GRAPHS)}
    iris: Described = {"type": "array", "items": {"type": "string", "format": "uri"}}
    graphs = [_given(f"{kind}-graph-uri", iris, explode=True) for kind in ("default", "named")]
    names = _names((*RESULTS, *GRAPHS))
    form: Described = {
        "type": "object",
        "required": ["query"],
        "properties": {
            "query": _TEXT, "default-graph-uri": iris, "named-graph-uri": iris, "format": names,
        },
    }  # fmt: skip
    about = "SPARQL 1.1 Protocol, read-only. Without a query: the service description."
    asked = _operation("Ask with SPARQL", "SPARQL", both, (400, 406, 429, 503), about)
    posted = _operation(
        "Ask with SPARQL by POST", "SPARQL", both, (400, 406, 413, 415, 429, 503), about
    )
    get = asked | {"parameters": [_given("query", _TEXT), *graphs, _given("format", names)]}
    body = {
        "application/x-www-form-urlencoded": {"schema": form},
        "application/sparql-query": {"schema": _TEXT},
    }
    post = posted | {"requestBody": {"required": True, "content": body}, "parameters": graphs}
    return {"get": get, "post": post}


def _dereferencing() -> Described:
    content: Described = {form.media_type: {} for form in ENTITY}
    about = "Every IRI that is minted here answers under its own path, in the format asked for."
    found = _operation("One thing", "Things", content, (400, 404, 406, 410), about)
    path = _given("path", _TEXT, where="path") | {"required": True}
    path["description"] = "Kind, country, register and local part, as in the IRI."
    path["example"] = "catalogue"
    found["parameters"] = [path, _given("format", _names(ENTITY))]
    return {"get": found}


def _list(summary: str, kinds: Sequence[str]) -> Described:
    found = _operation(summary, "Lists", {kind: {} for kind in kinds}, (400,))
    texts: Described = {"type": "array", "items": _TEXT}
    filters = [_given(name, texts, explode=True) for name in FIELDS]
    found["parameters"] = [
        _given("q", _TEXT),
        *filters,
        _given("sort", {"type": "string", "enum": list(SORTS)}),
        _given("page", {"type": "integer", "minimum": 1}),
    ]
    return found


def _oai() -> Described:
    about = "OAI-PMH 2.0; errors of the protocol are answers with status 200."
    verb: Described = {"type": "string", "enum": list(_VERBS)}
    names = ("identifier", "metadataPrefix", "from", "until", "set", "resumptionToken")
    get = _operation("Harvest by OAI-PMH", "Harvesting", {"text/xml": {}}, (400,), about)
    get["parameters"] = [
        _given("verb", verb) | {"required": True},
        *(_given(name, _TEXT) for name in names),
    ]
    form = {"type": "object", "properties": {"verb": verb, **dict.fromkeys(names, _TEXT)}}
    post = _operation(
        "Harvest by OAI-PMH, by POST", "Harvesting", {"text/xml": {}}, (400, 413, 415), about
    )
    post["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
    return {"get": get, "post": post}


def _simple() -> Described:
    graphs = [form.media_type for form in GRAPHS]
    simple: tuple[tuple[str, str, str, Sequence[str], Sequence[int]], ...] = (
        (
            "/dumps/",
            "The files of the release",
            "Harvesting",
            ("application/json", "text/html"),
            (),
        ),
        ("/feed/ldes", "Changes as an event stream (LDES)", "Harvesting", graphs, (406,)),
        ("/feed/atom", "Changes as Atom", "Harvesting", ("application/atom+xml",), ()),
        ("/.well-known/void", "Description of the data set (VoID)", "Harvesting", graphs, (406,)),
        ("/sitemap.xml", "Addresses of all pages", "Harvesting", ("application/xml",), ()),
        ("/linkset", "Where everything is", "Harvesting", ("application/linkset+json",), ()),
        ("/registers", "The registers", "Lists", ("text/html",), ()),
        ("/organisations", "The awarding bodies", "Lists", ("text/html",), ()),
        ("/frameworks", "The qualifications frameworks", "Lists", ("text/html",), ()),
    )
    return {
        path: {"get": _operation(summary, tag, {kind: {} for kind in kinds}, errors)}
        for path, summary, tag, kinds, errors in simple
    }


def _operation(
    summary: str, tag: str, content: Mapping[str, object], errors: Sequence[int], about: str = ""
) -> Described:
    responses: Described = {"200": {"description": "The answer", "content": dict(content)}}
    for status in sorted({*errors, 503}):
        responses[str(status)] = {"description": _ERRORS[status], "content": _PROBLEM}
    return {"summary": summary, "description": about, "tags": [tag], "responses": responses}


def _given(
    name: str, schema: Described, *, where: str = "query", explode: bool = False
) -> Described:
    found = {"name": name, "in": where, "schema": schema}
    return found | {"style": "form", "explode": True} if explode else found


def _names(forms: Sequence[Format]) -> Described:
    return {"type": "string", "enum": [form.name for form in forms]}
