"""Every IRI in every format by every way of asking."""

import json
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import rdflib

from qcp_graph.server import describe, json_ld, writers
from qcp_graph.server.negotiation import ENTITY, GRAPHS, HTML, N_TRIPLES, RDF_XML, TURTLE, Format
from qcp_graph.server.releases import current, open_store
from qcp_graph.server.seam import Document
from qcp_graph.settings import Settings
from tests.server.conftest import BASE, CONTEXT, QUALIFICATION, WITHDRAWN

IRI = BASE + QUALIFICATION[1:]
LEVEL = "/id/level/xx-nqf/5"
ORGANISATION = "/id/organisation/xx/demo/guild"


def ask(client: httpx.Client, path: str, form: Format, way: str, method: str) -> httpx.Response:
    if way == "suffix":
        return client.request(method, f"{path}.{form.suffix}")
    if way == "parameter":
        return client.request(method, path, params={"format": form.name})
    return client.request(method, path, headers={"Accept": form.media_type})


@pytest.mark.parametrize("path", [QUALIFICATION, LEVEL, ORGANISATION, "/id/register/xx/demo"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("way", ["accept", "suffix", "parameter"])
@pytest.mark.parametrize("form", ENTITY, ids=lambda form: form.name)
def test_matrix(client: httpx.Client, path: str, form: Format, way: str, method: str) -> None:
    answer = ask(client, path, form, way, method)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == form.content_type
    assert answer.headers["content-location"] == f"{path}.{form.suffix}"
    assert "Accept" in answer.headers["vary"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert int(answer.headers["content-length"]) > 50
    assert bool(answer.content) == (method == "GET")
    again = ask(client, path, form, "suffix", "GET")
    assert again.headers["etag"] == answer.headers["etag"]


def test_links(client: httpx.Client) -> None:
    link = client.get(QUALIFICATION + ".ttl").headers["link"]
    assert f'<{IRI}>; rel="canonical"' in link
    for form in ENTITY:
        assert (f'{QUALIFICATION}.{form.suffix}>; rel="alternate"' in link) == (form is not TURTLE)
    assert '<https://creativecommons.org/publicdomain/zero/1.0/>; rel="license"' in link


def parsed(answer: httpx.Response) -> set[ox.Triple]:
    kind = answer.headers["content-type"].partition(";")[0]
    content = answer.content
    if kind == "application/ld+json":
        document = json.loads(content)
        assert document["@context"] == BASE + "context.jsonld"
        content = json.dumps(document | CONTEXT).encode()
    form = ox.RdfFormat.from_media_type(kind)
    assert form is not None
    return {quad.triple for quad in ox.parse(content, form)}


def test_all_formats_say_the_same(client: httpx.Client) -> None:
    answers = {form: parsed(client.get(f"{QUALIFICATION}.{form.suffix}")) for form in GRAPHS}
    expected = answers[N_TRIPLES]
    assert len(expected) == 19
    for form, found in answers.items():
        assert found == expected, form.name


def test_document_holds_fragments_of_any_depth_and_names_of_others(client: httpx.Client) -> None:
    text = client.get(QUALIFICATION + ".ttl").text
    assert "#award-1-period>\n    a dcterms:PeriodOfTime ;\n    elm:startDate" in text
    assert '"2020-02-29"^^xsd:date' in text
    assert 'rov:legalName "Guild of bakers"@en' in text
    assert 'dcterms:title "Bake \\"bread\\"\\nand rolls"@en' in text
    assert "elm:LearningOutcome" not in text  # of others only the names
    assert text.index(f"<{IRI}>\n") < text.index(f"<{IRI}#award-1>\n")


def test_a_level_with_an_official_iri_shows_its_referencing(client: httpx.Client) -> None:
    assert "qcp:referencedTo eqf:5" in client.get(LEVEL + ".ttl").text


@pytest.mark.parametrize(
    "path",
    [
        "/id/organisation/xx/demo/cr%C3%A8me.ttl",  # as HTTP clients send it
        "/id/organisation/xx/demo/cr%c3%a8me%2Ettl",  # as over-careful clients send it
    ],
)
def test_an_iri_that_looks_as_if_it_had_a_suffix_is_found_first(
    client: httpx.Client, path: str
) -> None:
    answer = client.get(path, headers={"Accept": "application/n-triples"})
    assert answer.status_code == 200
    assert "crème.ttl> " in answer.text
    assert "cr%C3%A8me.ttl>; rel=" in answer.headers["link"]  # headers are ASCII


def test_withdrawn_record(client: httpx.Client) -> None:
    for suffix in (".ttl", ".html"):
        answer = client.get(WITHDRAWN + suffix)
        assert answer.status_code == 410
        assert f'<{IRI}>; rel="successor-version"' in answer.headers["link"]
    assert "Old baker" in client.get(WITHDRAWN, headers={"Accept": "text/turtle"}).text


@pytest.mark.parametrize(
    "path",
    [
        "/id/",
        "/id/nothing",
        "/id/qualification/xx/demo/Q2.ttl",
        "/id/%3C%3E%22",
        "/id/%00%ff",
        "/id//x",
    ],
)
def test_unknown(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "QCP-WEB-NOTFOUND"
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "given", [{"headers": {"Accept": "image/png"}}, {"params": {"format": "pdf"}}]
)
def test_not_acceptable_lists_the_alternatives(
    client: httpx.Client, given: dict[str, dict[str, str]]
) -> None:
    answer = client.get(QUALIFICATION, **given)  # type: ignore[arg-type]
    assert answer.status_code == 406
    offers = answer.json()["alternatives"]
    assert {offer["mediaType"] for offer in offers} == {form.media_type for form in ENTITY}
    for offer in offers:
        assert client.get(offer["href"]).status_code == 200


@pytest.mark.parametrize("form", [TURTLE, HTML], ids=lambda form: form.name)
def test_conditional_requests(client: httpx.Client, form: Format) -> None:
    path = f"{QUALIFICATION}.{form.suffix}"
    first = client.get(path)
    tag, date = first.headers["etag"], first.headers["last-modified"]
    for headers in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"other", W/{tag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": date},
        {"If-None-Match": tag, "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 304, headers
        assert not answer.content
        assert answer.headers["etag"] == tag
        assert "vary" in answer.headers
    for headers in (
        {"If-None-Match": '"other"'},
        {"If-None-Match": '"other"', "If-Modified-Since": date},  # the tag is stronger
        {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        assert client.get(path, headers=headers).status_code == 200, headers


def test_context_is_published(client: httpx.Client) -> None:
    answer = client.get("/context.jsonld")
    assert answer.json() == CONTEXT
    assert answer.headers["content-type"] == "application/ld+json"


def document(*objects: str) -> Document:
    store = ox.Store()
    lines = "".join(
        f"<{BASE}id/a> <http://purl.org/dc/terms/title> {o} <{BASE}g> .\n" for o in objects
    )
    store.load(lines.encode(), ox.RdfFormat.N_QUADS)
    found = describe.describe(store, BASE + "id/a", BASE)
    assert found is not None
    return found


XSD = "http://www.w3.org/2001/XMLSchema#"
ODD = (
    r'"tab\tquote\" back\\slash\nline"@en-gb',
    '"a>b"',
    '"<tag> & \u2028 \U0001f600"',
    '""',
    f'"P5D"^^<{XSD}duration>',
    f'"2020"^^<{XSD}gYear>',
    f'"ill-formed"^^<{XSD}integer>',
    f'"7"^^<{XSD}integer>',
    f'"1.5"^^<{XSD}decimal>',
    f'"true"^^<{XSD}boolean>',
    f'"1.0E3"^^<{XSD}double>',
    '"x"^^<http://odd.example/type#>',
    "<http://x.example/a;b(c)?d=e#f>",
    "<http://purl.org/dc/terms/>",
    "<http://purl.org/dc/terms/a.b>",
    "<http://purl.org/dc/terms/-x>",
    "<http://purl.org/dc/terms/5>",
)


@pytest.mark.parametrize("form", GRAPHS, ids=lambda form: form.name)
def test_odd_values_survive(form: Format, tmp_path: Path) -> None:
    context = tmp_path / "context.jsonld"
    context.write_text(json.dumps(CONTEXT))
    given = document(*ODD)
    text = writers.write(given, form, "urn:context", context)
    if form.name == "jsonld":
        text = json.dumps(json.loads(text) | CONTEXT).encode()
    found = ox.parse(text, ox.RdfFormat.from_media_type(form.media_type))
    assert {quad.triple for quad in found} == {quad.triple for quad in given.quads}
    assert text == (text if form.name == "jsonld" else writers.write(given, form, "", context))


def test_turtle_is_read_by_another_parser() -> None:
    text = writers.write(document(*ODD), TURTLE, "", Path())
    assert len(rdflib.Graph().parse(data=text, format="turtle")) == len(ODD)


def test_xml_stays_well_formed_with_characters_that_it_cannot_hold() -> None:
    given = document(r'"bell\u0007"', r'"bell\u0007"@en')
    text = writers.write(given, RDF_XML, "", Path()).decode()
    assert text.count("bell\ufffd") == 2
    assert len(rdflib.Graph().parse(data=text, format="xml")) == 2


def test_missing_context_is_told(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="QCP-WEB-CONTEXT"):
        json_ld.context_text(tmp_path / "context.jsonld")


def test_project_context_gives_every_statement_back(settings: Settings) -> None:
    """With our real context, which another parser reads, nothing is lost or changed."""
    place = current(settings.home)
    assert place is not None
    store = open_store(place)
    context = json_ld.context_path(None)
    given = describe.describe(store, IRI, BASE)
    for document_ in (given, document(*ODD)):
        assert document_ is not None
        text = json.loads(json_ld.write(writers.triples(document_), IRI, "urn:c", context))
        whole = json.dumps(text | json.loads(context.read_text())).encode()
        found = {quad.triple for quad in ox.parse(whole, ox.RdfFormat.JSON_LD)}
        assert found == set(writers.triples(document_))
