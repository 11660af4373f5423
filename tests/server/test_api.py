"""The documented queries as addresses: all of them answer on the specimen registers."""

import contextlib
import csv
import io
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import httpx
import pytest
from rdflib import Graph, Namespace
from rdflib.namespace import DCAT, VOID

from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.saved_queries import SavedQuery, scan
from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.server.conftest import PlainPages, served

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SPDX = Namespace("http://spdx.org/rdf/terms#")
QUERIES = list(scan(None).values())
pytestmark = pytest.mark.xdist_group("specimens")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    home = tmp_path_factory.mktemp("specimens")
    settings = Settings(home=home)
    build(settings, Order(source_ids=(), specimens=True), Silent())
    with served(create_app(settings, PlainPages())) as client:
        yield client


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_each_is_documented_and_finds_something(api: httpx.Client, query: SavedQuery) -> None:
    assert query.title
    assert len(query.description) > 40
    graph = "CONSTRUCT" in query.text
    form = "nt" if graph else "csv"
    answer = api.get(f"/api/queries/{query.name}", params={"format": form})
    assert answer.status_code == 200, answer.text
    assert len(answer.text.splitlines()) > 1
    same = api.get("/sparql", params={"query": query.text, "format": form})
    assert sorted(same.text.splitlines()) == sorted(answer.text.splitlines())


def test_there_are_enough() -> None:
    assert len(QUERIES) >= 20


def test_the_list_tells_parameters(api: httpx.Client) -> None:
    listed = api.get("/api/queries").json()["queries"]
    assert [entry["name"] for entry in listed] == [query.name for query in QUERIES]
    first = next(e for e in listed if e["name"] == "qualifications-of-a-country")
    assert api.get(first["href"]).status_code == 200
    assert first["parameters"][1] == {
        "name": "limit",
        "type": "integer",
        "description": "Most rows.",
        "default": "100",
        "minimum": 1,
        "maximum": 10000,
    }


def test_parameters_and_formats(api: httpx.Client) -> None:
    path = "/api/queries/qualifications-of-a-country"
    answer = api.get(path, params={"country": "PRT", "limit": 3}, headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 3
    assert all("/pt/" in row["qualification"] for row in rows)
    found = api.get(path, params={"country": "PRT", "limit": 3}).json()
    assert len(found["results"]["bindings"]) == 3
    record = rows[0]["qualification"].removeprefix("http://localhost:8000")
    graph = api.get("/api/queries/one-record-as-a-graph", params={"qualification": record})
    assert graph.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "elm:Qualification" in graph.text
    answer = api.get(path, headers={"If-None-Match": api.get(path).headers["etag"]})
    assert answer.status_code == 304


@pytest.mark.parametrize(
    "address",
    [
        "qualifications-of-a-country?country=nowhere",
        "qualifications-of-a-country?limit=0",
        "qualifications-of-a-country?limit=1&limit=2",
        "qualifications-of-a-country?nonsense=1",
        "qualifications-of-a-country?country=%ff",
        "titles-with-a-word?words=" + "x" * 1001,
    ],
)
def test_bad_values_are_told(api: httpx.Client, address: str) -> None:
    answer = api.get("/api/queries/" + address)
    assert answer.status_code == 400
    assert answer.json()["code"] == "QCP-QRY-PARAMETER"
    assert answer.json()["remedy"]


def test_unknown_queries_and_methods(api: httpx.Client) -> None:
    assert api.get("/api/queries/none").status_code == 404
    assert api.post("/api/queries/awarding-bodies").status_code == 405


def test_a_misspelt_query_is_told_the_near_one(api: httpx.Client) -> None:
    answer = api.get("/api/queries/shared-skill-of-two-countries")
    assert (answer.status_code, answer.json()["code"]) == (404, "QCP-WEB-NOTFOUND")
    assert "'shared-skills-of-two-countries'" in answer.json()["remedy"]
    assert "/api/queries lists all" in api.get("/api/queries/zzz").json()["remedy"]


def test_a_prefix_that_is_not_declared_is_told_in_words(api: httpx.Client) -> None:
    query = "SELECT ?q WHERE { ?q a elm:Qualification }"
    told = api.get("/sparql", params={"query": query}).json()
    assert told["code"] == "QCP-QRY-SYNTAX"
    assert told["detail"].endswith("a name has a prefix that is not declared")
    assert "PREFIX elm: <http://data.europa.eu/snb/model/elm/>" in told["remedy"]


def test_openapi_lists_types_ranges_and_examples(api: httpx.Client) -> None:
    paths = api.get("/openapi.json").json()["paths"]
    assert {f"/api/queries/{query.name}" for query in QUERIES} <= set(paths)
    described = paths["/api/queries/qualifications-of-a-country"]["get"]
    assert [p["name"] for p in described["parameters"]] == ["country", "limit", "format"]
    limit = described["parameters"][1]
    assert limit["schema"] == {"type": "integer", "minimum": 1, "maximum": 10000}
    assert limit["example"] == 100
    assert "csv" in described["parameters"][2]["schema"]["enum"]
    assert "text/csv" in described["responses"]["200"]["content"]


def test_what_is_there_for_a_workspace(tmp_path: Path) -> None:
    own = tmp_path / "sparql"
    own.mkdir()
    (own / "mine.rq").write_text("# title: Mine\nASK { VALUES ?x { 1 } }")
    app = create_app(Settings(home=tmp_path, workspace=tmp_path), PlainPages())
    assert "/api/queries/mine" in app.openapi()["paths"]


# --- found from the home page ---------------------------------------------------------------------


def test_a_harvester_finds_everything_from_the_home_page(api: httpx.Client) -> None:
    robots = api.get("/robots.txt").text
    index = api.get(urlsplit(robots.partition("Sitemap: ")[2].strip()).path)
    assert index.headers["content-type"] == "application/xml"
    maps = [node.text or "" for node in ElementTree.fromstring(index.content).iter(f"{SITEMAP}loc")]
    assert len(maps) == 8
    found = []
    for one in maps:
        listed = ElementTree.fromstring(api.get(urlsplit(one).path).content)
        found += [node.text or "" for node in listed.iter(f"{SITEMAP}loc")]
        assert listed.find(f"{SITEMAP}url/{SITEMAP}lastmod") is not None
    manifest = api.get("/manifest.json").json()["registers"]
    assert len(found) == sum(entry["counts"]["published"] for entry in manifest.values())
    assert api.get(urlsplit(found[0]).path).status_code == 200
    assert api.get("/sitemap-ie-micro-specimen-2.xml").status_code == 404
    assert api.get("/sitemap-xx-none-1.xml").status_code == 404


def test_the_catalogue_leads_to_files_that_are_what_it_says(api: httpx.Client) -> None:
    answer = api.get("/catalogue", headers={"Accept": "text/turtle"}, follow_redirects=True)
    graph = Graph().parse(data=answer.text, format="turtle")
    datasets = set(graph.objects(None, DCAT.dataset))
    assert len(datasets) == 8
    for dataset in datasets:
        told = Graph().parse(data=api.get(urlsplit(str(dataset)).path + ".ttl").text)
        addresses = list(told.subject_objects(DCAT.downloadURL))
        assert addresses
        for distribution, address in addresses:
            [checksum] = told.objects(distribution, SPDX.checksum / SPDX.checksumValue)
            file = api.get(urlsplit(str(address)).path)
            assert sha256(file.content).hexdigest() == str(checksum).lower(), address


def test_void_names_endpoint_and_dumps(api: httpx.Client) -> None:
    answer = api.get("/.well-known/void")
    graph = Graph().parse(data=answer.text, format="turtle")
    assert [str(o) for o in graph.objects(None, VOID.sparqlEndpoint)] == [
        "http://localhost:8000/sparql"
    ]
    dumps = {urlsplit(str(o)).path for o in graph.objects(None, VOID.dataDump)}
    registers = api.get("/manifest.json").json()["registers"]
    whole = "/exports/all/data.nq.gz"
    assert dumps == {whole, *(f"/dumps/{name}.nq.gz" for name in registers)}
    assert all(api.head(path).status_code == 200 for path in dumps)
    tag = {"If-None-Match": answer.headers["etag"]}
    assert api.get("/.well-known/void", headers=tag).status_code == 304
    kind = api.get("/.well-known/void", headers={"Accept": "application/ld+json"})
    assert kind.headers["content-type"] == "application/ld+json"


def test_the_notebook_for_researchers_runs(
    api: httpx.Client, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = repository / "docs" / "notebooks" / "research.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert len(code) > 5
    assert all(cell["outputs"] for cell in code[1:]), "it is committed with its outputs"
    monkeypatch.setenv("QCP_SITE", str(api.base_url).rstrip("/"))
    names: dict[str, object] = {}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        for number, cell in enumerate(code, 1):
            exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)
    assert "8 registers" in said.getvalue()
