"""Answers kept in memory are those of the live release, and no others."""

import time
from pathlib import Path
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest

from qcp_graph.server.app import create_app
from qcp_graph.server.quick import Quick
from qcp_graph.settings import Settings
from tests.server.conftest import BASE, QUALIFICATION, PlainPages, publish, served

QUERY = "SELECT ?o { ?s <urn:p> ?o }"


def quick(client: httpx.Client, path: str, **headers: str) -> httpx.Response:
    return client.get(path, headers=headers)


def read(document: bytes) -> set[ox.Quad]:
    return set(ox.parse(document, ox.RdfFormat.TURTLE))


def answered(client: httpx.Client, part: str) -> float:
    """Return the sum of all answers' times of a part, which kept answers hardly raise."""
    lines = client.get("/metrics").text.splitlines()
    name = f'qcp_request_seconds_count{{part="{part}"'
    return sum(float(line.split()[-1]) for line in lines if line.startswith(name))


def test_kept_answers_equal_the_first(client: httpx.Client) -> None:
    for accept in ("text/turtle", "application/ld+json", "text/html"):
        first = quick(client, QUALIFICATION, Accept=accept)
        second = quick(client, QUALIFICATION, Accept=accept)
        assert second.content == first.content
        assert dict(second.headers) | {"date": ""} == dict(first.headers) | {"date": ""}


def test_conditions_and_head(client: httpx.Client) -> None:
    first = quick(client, QUALIFICATION, Accept="text/turtle")
    tag = first.headers["etag"]
    for _ in range(2):
        same = quick(client, QUALIFICATION, Accept="text/turtle", **{"If-None-Match": tag})
        assert (same.status_code, same.content) == (304, b"")
        assert same.headers["etag"] == tag
        assert "content-type" not in same.headers
        other = quick(client, QUALIFICATION, Accept="text/turtle", **{"If-None-Match": '"x"'})
        assert (other.status_code, other.content) == (200, first.content)
        several = f'"x", {tag}'
        found = quick(client, QUALIFICATION, Accept="text/turtle", **{"If-None-Match": several})
        assert found.status_code == 304
        head = client.head(QUALIFICATION, headers={"Accept": "text/turtle"})
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == first.headers["content-length"]


def test_languages_and_formats_are_told_apart(client: httpx.Client) -> None:
    kinds = {
        quick(client, QUALIFICATION, Accept=accept).headers["content-type"]
        for accept in ("text/turtle", "application/n-triples", "text/turtle")
    }
    assert len(kinds) == 2


def test_errors_and_figures_are_not_kept(client: httpx.Client) -> None:
    before = answered(client, "id")
    for _ in range(2):
        assert client.get("/id/qualification/xx/demo/none").status_code == 404
    assert answered(client, "id") == before + 2
    assert client.get("/metrics").text != client.get("/metrics").text


def test_a_new_release_replaces_all(tmp_path: Path) -> None:
    publish(tmp_path, "r1", f"GRAPH <urn:g> {{ <{BASE}id/register/xx/a> <urn:p> 1 }}")
    settings = Settings(home=tmp_path, base_iri=BASE, query_workers=1)
    with served(create_app(settings, PlainPages())) as client:
        ask = {"params": {"query": QUERY}, "headers": {"Accept": "text/csv"}}
        for _ in range(3):
            assert client.get("/sparql", **ask).text.split()[1] == "1"  # type: ignore[arg-type]
            assert "1" in client.get("/id/register/xx/a.nt").text
        publish(tmp_path, "r2", f"GRAPH <urn:g> {{ <{BASE}id/register/xx/a> <urn:p> 2 }}")
        time.sleep(1.1)
        for _ in range(3):
            assert client.get("/sparql", **ask).text.split()[1] == "2"  # type: ignore[arg-type]
            assert '"2"' in client.get("/id/register/xx/a.nt").text


@pytest.mark.parametrize("room", [0, 500_000])
def test_room_is_bounded(settings: Settings, room: int) -> None:
    changed = settings.model_copy(update={"cache_bytes": room})
    app = create_app(changed, PlainPages())
    with served(app) as client:
        for number in range(300):
            assert client.get(f"{QUALIFICATION}.ttl?n={number}").status_code == 200
        layer = app.front
        assert isinstance(layer, Quick)
        assert layer.size <= room
        assert bool(layer.size) == bool(room)


def test_describing_one_of_ours_equals_the_answer_of_a_worker(client: httpx.Client) -> None:
    iri = BASE + QUALIFICATION[1:]
    for form in ("turtle", "nt", "rdfxml", "jsonld", "nq", "trig"):
        ask = {"query": f"DESCRIBE <{iri}>", "format": form}
        direct = client.get("/sparql", params=ask)
        worker = client.get(
            "/sparql", params=ask | {"query": f"DESCRIBE ?x {{ BIND(<{iri}> AS ?x) }}"}
        )
        if form == "turtle":
            assert read(direct.content) == read(worker.content)
        else:
            assert direct.content == worker.content
        assert direct.headers["content-type"] == worker.headers["content-type"]


def test_describing_ahead_of_the_application_has_the_headers_of_the_endpoint(
    client: httpx.Client,
) -> None:
    iri = BASE + QUALIFICATION[1:]
    query = quote(f"DESCRIBE <{iri}>")
    for accept in ("text/turtle", "application/rdf+xml;q=0.4, application/ld+json", "*/*"):
        ahead = client.get(f"/sparql?query={query}", headers={"Accept": accept})
        routed = client.get(f"/sparql?query={query}&n=1", headers={"Accept": accept})
        assert ahead.status_code == routed.status_code == 200
        assert ahead.content == routed.content
        same = dict(ahead.headers) | {"date": ""}
        assert same == dict(routed.headers) | {"date": ""}
        tag = {"Accept": accept, "If-None-Match": ahead.headers["etag"]}
        assert client.get(f"/sparql?query={query}&", headers=tag).status_code == 304


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/sparql?query=%FF", 400),
        ("/sparql?query=DESCRIBE", 400),
        (f"/sparql?query=DESCRIBE+<{BASE}id/x%20y>", 400),
        (f"/sparql?query=DESCRIBE+<{BASE}id/nothing>", 200),
        ("/sparql?query=DESCRIBE+<http://example.org/else>", 200),
    ],
)
def test_what_is_no_such_query_goes_on_to_the_endpoint(
    client: httpx.Client, target: str, status: int
) -> None:
    assert client.get(target, headers={"Accept": "text/turtle"}).status_code == status


def test_describing_in_no_acceptable_form_is_refused(client: httpx.Client) -> None:
    query = quote(f"DESCRIBE <{BASE}{QUALIFICATION[1:]}>")
    answer = client.get(f"/sparql?query={query}", headers={"Accept": "image/png"})
    assert answer.status_code == 406
