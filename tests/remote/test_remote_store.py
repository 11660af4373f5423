"""A site whose graph lies in a store of others says what a site with its own graph says."""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from qcp_graph.errors import DataError, InternalError, UsageError
from qcp_graph.pipeline import remote_step
from qcp_graph.pipeline.releases import folder
from qcp_graph.server.live import Live
from qcp_graph.settings import Settings, load
from qcp_graph.store import remote
from qcp_graph.store.remote_protocol import Place
from tests.feeds.conftest import deliver, workspace
from tests.pipeline.conftest import Row, row
from tests.server.conftest import served

BASE = "https://example.org/"
DATA = f"{BASE}graph/ee/mini/data"
QUALIFICATION = "http://data.europa.eu/snb/model/elm/Qualification"
TITLE = "http://purl.org/dc/terms/title"
Ask = Callable[..., httpx.Response]


@pytest.fixture
def settings(place: Place, tmp_path: Path) -> Iterator[Settings]:
    """A home of a test; what it wrote into the store is removed afterwards."""
    found = Settings(
        base_iri=BASE,
        home=tmp_path / "home",
        workspace=workspace(tmp_path / "own"),
        keep_releases=2,
        query_timeout=5.0,
        store_backend="sparql",
        store_query=place.query,
        store_graphs=place.graphs,
        store_user=place.user,
        store_password=place.password,
        store_login="digest" if place.digest else "basic",
    )
    yield found
    store = remote.of(found)
    assert store is not None
    store.sweep(())


def publish(settings: Settings, number: int, *rows: Row) -> str:
    deliver(settings, number, list(rows))
    live = folder(settings).current_id()
    assert live is not None
    return live


@pytest.fixture
def open_site() -> Iterator[Callable[[Settings], httpx.Client]]:
    from contextlib import ExitStack

    from qcp_graph.server.app import create_app

    with ExitStack() as stack:
        yield lambda settings: stack.enter_context(served(create_app(settings)))


def titles(client: httpx.Client) -> list[str]:
    query = f"SELECT ?t WHERE {{ ?q a <{QUALIFICATION}> ; <{TITLE}> ?t }}"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return sorted(one["t"]["value"] for one in answer.json()["results"]["bindings"])


def graphs_of(place: Place) -> set[str]:
    """The graphs in the store that are ours."""
    answer = httpx.post(
        place.query,
        data={"query": "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"},
        headers={"Accept": "application/sparql-results+json"},
    )
    found = {row["g"]["value"] for row in answer.json()["results"]["bindings"]}
    return {name for name in found if name.startswith(BASE)}


def test_it_says_what_a_local_graph_says(
    settings: Settings, open_site: Callable[[Settings], httpx.Client]
) -> None:
    publish(settings, 0, row(1), row(2, title='é "x" \\ \n'), row(3))
    far = open_site(settings)
    near = open_site(settings.model_copy(update={"store_backend": "local"}))
    assert titles(far) == titles(near)
    queries = (
        (f"SELECT ?s ?p ?o WHERE {{ GRAPH <{DATA}> {{ ?s ?p ?o }} }}", "text/csv"),
        ("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", "text/tab-separated-values"),
        (f"PREFIX g: <{BASE}graph/> SELECT ?s {{ GRAPH g:catalogue {{ ?s a ?c }} }}", "text/csv"),
        (f'ASK {{ ?s <{TITLE}> "Qualification 1"@en }}', "text/csv"),
        (f"SELECT ?s FROM <{DATA}> WHERE {{ ?s <{TITLE}> ?t }}", "text/csv"),
        (f"SELECT ?g FROM NAMED <{DATA}> {{ GRAPH ?g {{ ?s <{TITLE}> ?t }} }}", "text/csv"),
        (
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{DATA}> {{ ?s ?p ?o }} }}",
            "application/n-triples",
        ),
    )
    for query, accept in queries:
        given = {"params": {"query": query}, "headers": {"Accept": accept}}
        answers = [client.get("/sparql", **given) for client in (far, near)]  # type: ignore[arg-type]
        assert [one.status_code for one in answers] == [200, 200], (query, answers[0].text)
        lines = [sorted(one.text.splitlines()) for one in answers]
        assert lines[0] == lines[1], query
        assert answers[0].headers["content-type"] == answers[1].headers["content-type"]


def test_things_and_pages_are_served_from_it(
    settings: Settings, open_site: Callable[[Settings], httpx.Client]
) -> None:
    publish(settings, 0, row(1), row(2))
    far = open_site(settings)
    near = open_site(settings.model_copy(update={"store_backend": "local"}))
    for path in ("/id/qualification/ee/mini/Q1", "/id/register/ee/mini", "/id/catalogue"):
        for suffix, form in ((".nt", ox.RdfFormat.N_TRIPLES), (".nq", ox.RdfFormat.N_QUADS)):
            told = [
                # Stores write whole numbers as one datatype or another.
                {
                    str(q).replace("nonNegativeInteger", "integer")
                    for q in ox.parse(client.get(path + suffix).content, form)
                }
                for client in (far, near)
            ]
            assert told[0] == told[1]
            assert told[0]
    for path in ("/", "/qualifications", "/id/qualification/ee/mini/Q1", "/registers", "/sparql"):
        answer = far.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200, path
    assert far.get("/id/qualification/ee/mini/none").status_code == 404
    assert far.get("/api/queries").status_code == 200
    service = far.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert DATA in service
    assert "/release/" not in service


def test_a_release_is_switched_and_taken_back(
    settings: Settings, place: Place, open_site: Callable[[Settings], httpx.Client]
) -> None:
    first = publish(settings, 0, row(1))
    client = open_site(settings)
    assert titles(client) == ["Qualification 1"]
    second = publish(settings, 1, row(1, title="Other"))
    _wait(client, second)
    assert titles(client) == ["Other"]
    remote_step.rollback(settings, folder(settings))
    _wait(client, first)
    assert titles(client) == ["Qualification 1"]
    remote_step.publish(settings, folder(settings), second)
    third = publish(settings, 2, row(1, title="Third"))
    _wait(client, third)
    assert titles(client) == ["Third"]
    kept = {release.id for release in folder(settings).list()}
    assert {name.split("/")[4] for name in graphs_of(place)} == kept
    assert first not in kept


def _wait(client: httpx.Client, release: str) -> None:
    for _ in range(100):
        if client.get("/health").json()["release"] == release:
            return
        time.sleep(0.1)
    pytest.fail("the server did not notice the release")


def test_no_query_sees_another_release_or_anything_else(
    settings: Settings, place: Place, open_site: Callable[[Settings], httpx.Client]
) -> None:
    first = publish(settings, 0, row(1, title="Before"))
    publish(settings, 1, row(1, title="Now"))
    store = remote.of(settings)
    assert store is not None
    store.client.put("urn:secret", b'<urn:a> <urn:b> "hidden word" .\n', first=True)
    client = open_site(settings)
    old = f"{BASE}release/{first}/graph/ee/mini/data"
    try:
        for where in (
            "{ ?s ?p ?o }",
            "{ GRAPH ?g { ?s ?p ?o } }",
            f"FROM <{old}> WHERE {{ ?s ?p ?o }}",
            f"FROM NAMED <{old}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
            "FROM <urn:secret> WHERE { ?s ?p ?o }",
            f"{{ GRAPH <{old}> {{ ?s ?p ?o }} }}",
            "{ GRAPH <urn:secret> { ?s ?p ?o } }",
        ):
            where = where if "WHERE" in where else f"WHERE {where}"
            text = client.get("/sparql", params={"query": f"SELECT * {where}"}).text
            assert "Before" not in text, where
            assert "hidden word" not in text, where
        for graph in (old, "urn:secret", "http://virtuoso.example/"):
            for name in ("default-graph-uri", "named-graph-uri"):
                for query in ("SELECT * { ?s ?p ?o }", "SELECT * { GRAPH ?g { ?s ?p ?o } }"):
                    given = {"query": query, name: graph}
                    answer = client.get("/sparql", params=given)
                    assert answer.json()["results"]["bindings"] == [], (name, graph, query)
        own = client.get(
            "/sparql", params={"query": "SELECT * { ?s ?p ?o }", "default-graph-uri": DATA}
        )
        assert "Now" in own.text
        define = 'define input:default-graph-uri "urn:secret" SELECT * { ?s ?p ?o }'
        assert client.get("/sparql", params={"query": define}).status_code == 400
    finally:
        store.client.delete("urn:secret")


def test_limits_are_named(
    settings: Settings, open_site: Callable[[Settings], httpx.Client]
) -> None:
    publish(settings, 0, *(row(n) for n in range(1, 30)))
    small = open_site(settings.model_copy(update={"query_max_bytes": 3000}))
    brief = open_site(settings.model_copy(update={"query_timeout": 1.0}))

    def problem(query: str, client: httpx.Client = small) -> tuple[int, str]:
        answer = client.get("/sparql", params={"query": query})
        return answer.status_code, answer.json()["code"]

    assert problem("SELECT * { ?s ?p ?o }") == (400, "QCP-QRY-SIZE")
    assert problem("SELECT * { ?s ?p ")[0] == 400
    start = time.monotonic()
    values = "VALUES ?{0} {{ " + " ".join(map(str, range(60))) + " }}"
    many = " ".join(values.format(f"v{n}") for n in range(6))
    status, code = problem(f"SELECT (COUNT(*) AS ?n) (MAX(?v0 + ?v5) AS ?m) {{ {many} }}", brief)
    assert time.monotonic() - start < 4.0
    assert status in {400, 503}
    assert code.startswith("QCP-QRY-")


def test_a_store_that_takes_nothing_leaves_the_live_release(settings: Settings) -> None:
    first = publish(settings, 0, row(1))
    broken = settings.model_copy(update={"store_graphs": "http://127.0.0.1:9/none"})
    with pytest.raises(DataError, match="QCP-REL-REMOTE"):
        publish(broken, 1, row(1, title="Other"))
    assert folder(settings).current_id() == first
    second = publish(settings, 2, row(1, title="Other"))
    notes = sorted(path.stem for path in (settings.home / "remote").iterdir())
    assert notes == sorted([first, second])


def test_an_unfinished_upload_is_no_release(settings: Settings, tmp_path: Path) -> None:
    first = publish(settings, 0, row(1))
    note = settings.home / "remote" / f"{first}.txt"
    note.write_text("\n".join(note.read_text().splitlines()[:-1]) + "\n")
    with pytest.raises(InternalError, match="qcp release publish"):
        Live(settings).refresh()
    remote_step.publish(settings, folder(settings), first)
    Live(settings).refresh()


def test_large_graphs_are_sent_in_parts(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "PART", 200_000)
    live = publish(settings, 0, *(row(n) for n in range(1, 20)))
    store = remote.of(settings)
    assert store is not None
    names = remote.Names(BASE, live)
    dataset = {"default-graph-uri": [names.union], "named-graph-uri": [names.nothing]}
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    _, body = store.client.ask(query, dataset, "application/sparql-results+json", 10.0, 10**6)
    lines = set()
    for dump in (folder(settings).path(live) / "dumps").glob("*.gz"):
        for quad in ox.parse(gzip.decompress(dump.read_bytes()), ox.RdfFormat.N_QUADS):
            lines.add(quad.triple)
    assert json.loads(body)["results"]["bindings"][0]["n"]["value"] == str(len(lines))


def test_the_settings_name_the_store(tmp_path: Path) -> None:
    file = tmp_path / "qcp.toml"
    file.write_text('[store]\nbackend = "sparql"\nquery = "http://x.org/q"\n')
    found = load({"QCP_CONFIG": str(file), "QCP_STORE_USER": "me"})
    assert (found.store_backend, found.store_query, found.store_user) == (
        "sparql", "http://x.org/q", "me",
    )  # fmt: skip
    with pytest.raises(UsageError, match="store_graphs"):
        remote.of(found)
    file.write_text('store = "sparql"\n')
    with pytest.raises(UsageError, match="store"):
        load({"QCP_CONFIG": str(file)})
