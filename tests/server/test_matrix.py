"""Format × way of asking × method × kind of thing, over a release that the pipeline built.

Every answer in RDF says the same, statement by statement; headers agree; conditions are honoured;
tombstones, proxies and a path of the site's own change nothing but what they should.
"""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from qcp_graph import assets
from qcp_graph.iris import ENTITY_TYPES
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.pipeline.releases import folder
from qcp_graph.server import profiles
from qcp_graph.server.app import create_app
from qcp_graph.server.negotiation import CSV, ENTITY, GRAPHS, HTML, N_TRIPLES, Format
from qcp_graph.settings import Settings
from tests.server.conftest import BASE as SMALL
from tests.server.conftest import QUALIFICATION, WITHDRAWN, PlainPages, publish, served

BASE = "https://qualifications.example/"
REGISTERS = ("at-berufe-specimen", "ie-micro-specimen")
# What a release of these registers holds; the others are minted by registers of other kinds.
KINDS = (
    "qualification", "outcome", "organisation", "framework", "level", "record", "register",
    "snapshot", "run", "release", "link",
)  # fmt: skip
ELSEWHERE = {"opportunity", "accreditation", "comparison"}
Paths = dict[str, str]
# A page links to itself in other languages, so its bytes tell by which address it was asked for.
SAME = ("content-type", "content-location", "etag", "content-length")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    found = Settings(home=tmp_path_factory.mktemp("matrix"), base_iri=BASE)
    build(found, Order(source_ids=REGISTERS), Silent())
    return found


@pytest.fixture(scope="module")
def paths(settings: Settings) -> Paths:
    """One thing of every kind: the one with the shortest IRI that has a type."""
    releases = folder(settings)
    live = releases.current()
    assert live is not None
    store = releases.open_store(live.id)
    a = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    found: Paths = {}
    for kind in KINDS:
        start = f"{BASE}id/{kind}/"
        every = {
            quad.subject.value
            for quad in store.quads_for_pattern(None, a, None)
            if isinstance(quad.subject, ox.NamedNode)
            and quad.subject.value.startswith(start)
            and "#" not in quad.subject.value
        }
        assert every, kind
        found[kind] = "/" + min(every, key=lambda iri: (len(iri), iri)).removeprefix(BASE)
    return found


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[httpx.Client]:
    with served(create_app(settings)) as opened:
        yield opened


def context() -> dict[str, object]:
    text = (assets.root() / "ontology" / "context.jsonld").read_text(encoding="utf-8")
    found: dict[str, object] = json.loads(text)
    return found


def statements(answer: httpx.Response) -> set[ox.Triple]:
    kind = answer.headers["content-type"].partition(";")[0]
    content = answer.content
    if kind == "application/ld+json":
        document = json.loads(content)
        assert document["@context"] == BASE + "context.jsonld"
        content = json.dumps(document | context()).encode()
    form = ox.RdfFormat.from_media_type(kind)
    assert form is not None
    return {quad.triple for quad in ox.parse(content, form)}


def ask(client: httpx.Client, path: str, form: Format, way: str, method: str) -> httpx.Response:
    if way == "suffix":
        return client.request(method, f"{path}.{form.suffix}")
    if way == "name":
        return client.request(method, path, params={"format": form.name})
    if way == "media type":
        return client.request(method, path, params={"format": form.media_type})
    accept = {
        "accept": form.media_type,
        "quality": f"image/png, text/markdown;q=0.9, {form.media_type};q=0.5, */*;q=0.1",
        "other name": form.media_types[-1],
    }[way]
    return client.request(method, path, headers={"Accept": accept})


def test_every_kind_of_iri_is_asked_for() -> None:
    assert set(KINDS) | ELSEWHERE == set(ENTITY_TYPES)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ENTITY, ids=lambda form: form.name)
def test_every_way_leads_to_the_same(
    client: httpx.Client, paths: Paths, kind: str, form: Format
) -> None:
    path = paths[kind]
    first = ask(client, path, form, "suffix", "GET")
    for method in ("GET", "HEAD"):
        for way in ("suffix", "name", "media type", "accept", "quality", "other name"):
            answer = ask(client, path, form, way, method)
            if way == "other name" and form.media_types[-1] in {"application/xml", "text/xml"}:
                continue
            assert answer.status_code == 200, way
            for name in SAME if form is not HTML else SAME[:2]:
                assert answer.headers[name] == first.headers[name], (way, method, name)
            assert answer.headers["content-type"] == form.content_type
            assert bool(answer.content) == (method == "GET")
    told = client.options(path)
    assert told.status_code == 204
    assert "GET, HEAD" in told.headers["access-control-allow-methods"]
    assert "Accept-Profile" in told.headers["access-control-allow-headers"]
    assert "Content-Profile" in first.headers["access-control-expose-headers"]


@pytest.mark.parametrize("kind", KINDS)
def test_all_formats_say_the_same(client: httpx.Client, paths: Paths, kind: str) -> None:
    path = paths[kind]
    expected = statements(client.get(f"{path}.{N_TRIPLES.suffix}"))
    assert any(triple.subject == ox.NamedNode(BASE + path[1:]) for triple in expected)
    for form in GRAPHS:
        assert statements(client.get(f"{path}.{form.suffix}")) == expected, form.name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ENTITY, ids=lambda form: form.name)
def test_headers_and_conditions(
    client: httpx.Client, paths: Paths, kind: str, form: Format
) -> None:
    path = paths[kind]
    answer = client.get(f"{path}.{form.suffix}")
    headers = answer.headers
    links = headers["link"]
    for relation in ("canonical", "cite-as", "profile", "alternate"):
        assert f'rel="{relation}"' in links
    assert {"Accept", "Accept-Profile"} <= {one.strip() for one in headers["vary"].split(",")}
    assert ("Accept-Language" in headers["vary"]) == (form is HTML)
    assert headers["cache-control"].startswith("public")
    same = client.get(f"{path}.{form.suffix}", headers={"If-None-Match": headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    late = client.get(
        f"{path}.{form.suffix}", headers={"If-Modified-Since": headers["last-modified"]}
    )
    assert late.status_code == 304
    other = client.get(f"{path}.{form.suffix}", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_be_had_lists_what_can(client: httpx.Client, paths: Paths, kind: str) -> None:
    answer = client.get(paths[kind], headers={"Accept": "image/png"})
    assert answer.status_code == 406
    for offer in answer.json()["alternatives"]:
        found = client.get(offer["href"], follow_redirects=True)
        assert found.status_code == 200
        assert found.headers["content-type"].startswith(offer["mediaType"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_profile_of_a_kind(client: httpx.Client, paths: Paths, kind: str) -> None:
    path = paths[kind]
    for profile in profiles.of_kind(BASE + path[1:], BASE):
        for form in profile.forms:
            address = f"{path}.{form.suffix}?profile={profile.token}"
            answer = client.get(address)
            if profile.token == "acqf" and answer.status_code == 406:
                assert "not written: " in answer.json()["detail"]
                continue
            assert answer.status_code == 200, address
            assert answer.headers["content-profile"] == f"<{profile.iri}>"
            assert f'<{profile.iri}>; rel="profile"' in answer.headers["link"]
            assert client.head(address).headers["etag"] == answer.headers["etag"]


def test_a_framework_is_a_table_of_its_levels(client: httpx.Client, paths: Paths) -> None:
    path = paths["framework"]
    first = client.get(f"{path}.csv")
    assert first.status_code == 200
    assert first.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(first.text)))
    members = client.get(
        "/sparql",
        params={"query": "SELECT DISTINCT ?l { ?l "
                f"<http://www.w3.org/2004/02/skos/core#inScheme> <{BASE}{path[1:]}> }}"},
        headers={"Accept": "text/csv"},
    ).text.split()[1:]  # fmt: skip
    assert sorted(row["iri"] for row in rows) == sorted(members) != []
    assert all(row["name"] for row in rows)
    assert [float(row["rank"]) for row in rows if row["rank"]] == sorted(
        float(row["rank"]) for row in rows if row["rank"]
    )
    for way in ("name", "media type", "accept", "quality", "suffix"):
        for method in ("GET", "HEAD"):
            answer = ask(client, path, CSV, way, method)
            assert answer.headers["etag"] == first.headers["etag"], (way, method)
            assert (answer.content == first.content) == (method == "GET")
    same = client.get(f"{path}.csv", headers={"If-None-Match": first.headers["etag"]})
    assert same.status_code == 304
    assert f'<{path}.csv>; rel="alternate"; type="text/csv"' in client.head(path).headers["link"]


def test_what_is_no_table_is_refused_as_one(client: httpx.Client, paths: Paths) -> None:
    for way in ("suffix", "name", "accept"):
        answer = ask(client, paths["level"], CSV, way, "GET")
        assert answer.status_code == 406, way
        assert "csv" not in answer.headers["link"]


def test_the_table_of_a_register_is_a_document_of_its_own(
    settings: Settings, client: httpx.Client, paths: Paths
) -> None:
    path = paths["register"]
    name = path.removeprefix("/id/register/").replace("/", "-")
    live = folder(settings).current()
    assert live is not None
    place = folder(settings).folder / live.id / "exports" / name / "qualifications.csv.gz"
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        place.write_bytes(gzip.compress(b"iri\r\n"))
    for way in ("suffix", "name", "media type", "accept", "quality"):
        answer = ask(client, path, CSV, way, "GET")
        assert answer.status_code == 303, way
        assert answer.headers["location"] == f"/exports/{name}/qualifications.csv"


def test_named_graphs_lead_to_what_describes_them(client: httpx.Client, paths: Paths) -> None:
    register = paths["register"]
    graph = register.replace("/id/register/", "/graph/")
    for role in ("data", "provenance"):
        answer = client.get(f"{graph}/{role}")
        assert (answer.status_code, answer.headers["location"]) == (303, register)
    assert client.get("/graph/catalogue").headers["location"] == "/catalogue"
    assert client.get("/graph/vocabulary").headers["location"] == "/dumps/"
    assert client.get("/graph/xx/nothing/data").status_code == 404
    assert client.get("/graph/%3E%20").status_code == 404


@pytest.fixture(scope="module")
def version(client: httpx.Client) -> tuple[str, str]:
    """The page of a version of a record, and the version's IRI."""
    view = f"/feed/ldes/{REGISTERS[1]}"
    links = statements_of(client.get(f"{view}.nt"))
    leads = "https://w3id.org/tree#node"
    (page,) = {str(t.object.value) for t in links
               if t.predicate.value == leads and isinstance(t.object, ox.NamedNode)}  # fmt: skip
    member = "https://w3id.org/tree#member"
    versions = {
        t.object.value
        for t in statements_of(client.get("/" + page.removeprefix(BASE) + ".nt"))
        if t.predicate.value == member and isinstance(t.object, ox.NamedNode)
    }
    iri = min(versions)
    assert iri.partition("#")[0] == page
    return "/" + page.removeprefix(BASE), iri


def statements_of(answer: httpx.Response) -> set[ox.Triple]:
    assert answer.status_code == 200
    form = ox.RdfFormat.from_media_type(answer.headers["content-type"].partition(";")[0])
    assert form is not None
    return {quad.triple for quad in ox.parse(answer.content, form)}


@pytest.mark.parametrize("form", GRAPHS, ids=lambda form: form.name)
def test_a_version_answers_in_every_form(
    client: httpx.Client, version: tuple[str, str], form: Format
) -> None:
    path, iri = version
    expected = statements_of(client.get(f"{path}.nt"))
    told = {t.predicate.value for t in expected if t.subject == ox.NamedNode(iri)}
    assert "http://purl.org/dc/terms/isVersionOf" in told
    for way in ("suffix", "name", "media type", "accept", "quality"):
        answer = ask(client, path, form, way, "GET")
        assert statements_of(answer) == expected, way
        head = ask(client, path, form, way, "HEAD")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == answer.headers["etag"]
        assert "immutable" in answer.headers["cache-control"]
        assert {"Accept", "Accept-Encoding"} <= set(answer.headers["vary"].split(", "))
        same = client.get(f"{path}.{form.suffix}", headers={"If-None-Match": head.headers["etag"]})
        assert same.status_code == 304
    assert client.get(f"{path}.png").status_code == 406


@pytest.mark.parametrize("form", ENTITY, ids=lambda form: form.name)
def test_a_tombstone_names_its_successor_in_every_form(tmp_path: Path, form: Format) -> None:
    """The withdrawn record of the small release, asked for in every way."""
    publish(tmp_path, "r1")
    with served(create_app(Settings(home=tmp_path, base_iri=SMALL), PlainPages())) as client:
        for way in ("suffix", "name", "media type", "accept", "quality"):
            for method in ("GET", "HEAD"):
                answer = ask(client, WITHDRAWN, form, way, method)
                assert answer.status_code == 410, way
                assert answer.headers["content-type"] == form.content_type
                successor = f'<{SMALL}{QUALIFICATION[1:]}>; rel="successor-version"'
                assert successor in answer.headers["link"]
                assert bool(answer.content) == (method == "GET")
                told = {"If-None-Match": answer.headers["etag"]}
                assert client.get(WITHDRAWN, headers=told).status_code == 410


def test_below_a_path_and_behind_a_proxy(settings: Settings, paths: Paths) -> None:
    below = settings.model_copy(update={"root_path": "/data", "trusted_proxies": "127.0.0.1"})
    with served(create_app(below)) as client:
        for kind, path in paths.items():
            answer = client.get(f"/data{path}.ttl", headers={"X-Forwarded-Proto": "https"})
            assert answer.status_code == 200, kind
            assert answer.headers["content-location"] == f"/data{path}.ttl"
            assert f"</data{path}.nt>" in answer.headers["link"]
            assert f"<{BASE}{path[1:]}>" in answer.text
            table = client.get(f"/data{path}.csv", headers={"Accept": "text/csv"})
            if table.status_code == 303:
                assert table.headers["location"].startswith("/data/exports/")
            for asked in ({"Accept": "image/png"}, {"Accept-Profile": "<urn:none>"}):
                refused = client.get(f"/data{path}", headers=asked)
                assert refused.status_code == 406
                for offer in refused.json()["alternatives"]:
                    assert client.get(offer["href"], follow_redirects=True).status_code == 200
        graph = paths["register"].replace("/id/register/", "/graph/")
        answer = client.get(f"/data{graph}/data")
        assert answer.headers["location"] == f"/data{paths['register']}"
