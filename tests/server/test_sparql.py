"""The SPARQL protocol, the guard, and queries that mean harm."""

import concurrent.futures
import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from qcp_graph.server.app import create_app
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.sparql import guard
from qcp_graph.settings import Settings
from tests.server.conftest import BASE, DATA, HEAD, PlainPages, publish, served

ONE = (
    "SELECT ?o { <https://example.org/id/register/xx/demo> <http://purl.org/dc/terms/license> ?o }"
)
GRAPH = "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }"
GRAPHS_OF_RELEASE = ("catalogue", "vocabulary", "xx/demo/data", "xx/demo/provenance")
QUADS = list(ox.parse(f"{HEAD}{DATA}".encode(), ox.RdfFormat.TRIG))
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


def get(client: httpx.Client, query: str, accept: str = "*/*", **more: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query, **more}, headers={"Accept": accept})


# --- protocol -----------------------------------------------------------------------------------


def test_three_ways_to_ask(client: httpx.Client) -> None:
    answers = [
        get(client, ONE),
        client.post("/sparql", data={"query": ONE}),
        client.post("/sparql", content=ONE, headers={"Content-Type": DIRECT}),
        client.post("/sparql", content=ONE, headers={"Content-Type": DIRECT + "; charset=UTF-8"}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/sparql-results+json"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert len(answer.json()["results"]["bindings"]) == 1


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (ONE, "application/sparql-results+xml", "application/sparql-results+xml"),
        (ONE, "text/csv", "text/csv; charset=utf-8"),
        (ONE, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (ONE, "application/json", "application/sparql-results+json"),
        (ONE, "text/html", "application/sparql-results+json"),  # a link that a browser follows
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("ASK {}", "text/csv", "text/csv; charset=utf-8"),
        (GRAPH, "*/*", "text/turtle; charset=utf-8"),
        (GRAPH, "application/rdf+xml", "application/rdf+xml"),
        (GRAPH, "application/n-triples", "application/n-triples"),
        (GRAPH, "application/json", "application/ld+json"),
        (GRAPH, "application/n-quads", "application/n-quads"),
        (GRAPH, "application/trig", "application/trig"),
        (f"DESCRIBE <{BASE}id/register/xx/demo>", "text/turtle", "text/turtle; charset=utf-8"),
    ],
)
def test_formats(client: httpx.Client, query: str, accept: str, media_type: str) -> None:
    answer = get(client, query, accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.content


def test_answers_are_right(client: httpx.Client) -> None:
    assert get(client, "ASK {}").json()["boolean"] is True
    assert get(client, "ASK {}", "text/csv").text == "true\n"
    assert get(client, ONE, "text/csv").text.split() == [
        "o",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ]
    turtle = get(client, GRAPH, format="turtle")
    assert "elm:Qualification" in turtle.text  # our prefixes
    found = {quad.triple for quad in ox.parse(turtle.content, ox.RdfFormat.TURTLE)}
    assert found == {quad.triple for quad in QUADS if quad.predicate.value.endswith("#type")}


def test_dataset_of_the_request(client: httpx.Client) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    union = int(get(client, count, "text/csv").text.split()[1])
    part = get(client, count, "text/csv", **{"default-graph-uri": BASE + "graph/catalogue"})
    assert (union, int(part.text.split()[1])) == (len({quad.triple for quad in QUADS}), 2)
    named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    one = get(client, named, "text/csv", **{"named-graph-uri": BASE + "graph/catalogue"})
    assert one.text.split()[1:] == [BASE + "graph/catalogue"]
    assert len(get(client, named, "text/csv").text.split()) == 5


def test_head_and_options(client: httpx.Client) -> None:
    head = client.head("/sparql", params={"query": ONE})
    assert (head.status_code, head.content) == (200, b"")
    options = client.options("/sparql", headers={"Origin": "https://x.example"})
    assert options.status_code == 204
    assert "POST" in options.headers["access-control-allow-methods"]


def test_answers_are_cacheable_until_the_next_release(client: httpx.Client) -> None:
    tag = get(client, ONE).headers["etag"]
    query = {"query": ONE}
    assert client.get("/sparql", params=query, headers={"If-None-Match": tag}).status_code == 304
    other = get(client, ONE + " ")
    assert other.headers["etag"] != tag
    assert get(client, ONE, "text/csv").headers["etag"] != tag


def test_page_without_query(client: httpx.Client) -> None:
    assert client.get("/sparql", headers={"Accept": "text/html"}).text == "<form>"
    answer = client.get("/sparql")
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    found = {quad.triple for quad in ox.parse(answer.content, ox.RdfFormat.TURTLE)}
    names = {t.object.value for t in found if str(t.predicate).endswith("#name>")}
    assert names == {BASE + "graph/" + name for name in GRAPHS_OF_RELEASE}
    tag = {"If-None-Match": answer.headers["etag"]}
    assert client.get("/sparql", headers=tag).status_code == 304
    assert client.get("/sparql", params={"format": "nt"}).text.count("resultFormat") == 10
    answer = client.get("/sparql", headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.json()["code"]) == (400, "QCP-QRY-PROTOCOL")


@pytest.mark.parametrize(
    ("method", "given", "status", "code"),
    [
        ("GET", {"params": {"query": "SELECT * {"}}, 400, "QCP-QRY-SYNTAX"),
        ("GET", {"params": [("query", ONE), ("query", ONE)]}, 400, "QCP-QRY-PROTOCOL"),
        ("GET", {"params": {"query": ONE, "default-graph-uri": "x"}}, 400, "QCP-QRY-PROTOCOL"),
        ("GET", {"params": {"query": ONE, "format": "pdf"}}, 406, "QCP-QRY-FORMAT"),
        ("GET", {"params": {"query": GRAPH, "format": "csv"}}, 406, "QCP-QRY-FORMAT"),
        ("GET", {"params": {"update": "CLEAR ALL"}}, 403, "QCP-QRY-READONLY"),
        ("GET", {"params": {"query": "INSERT DATA { <a:b> <a:b> 1 }"}}, 403, "QCP-QRY-READONLY"),
        ("GET", {"params": {"query": "DROP ALL"}}, 403, "QCP-QRY-READONLY"),
        ("POST", {"data": {"update": "CLEAR ALL"}}, 403, "QCP-QRY-READONLY"),
        ("POST", {"data": {"other": "x"}}, 400, "QCP-QRY-PROTOCOL"),
        ("POST", {"content": ONE}, 415, "QCP-QRY-MEDIATYPE"),
        ("POST", {"content": ONE, "headers": {"Content-Type": "text/plain"}}, 415, None),
        (
            "POST",
            {"content": b"CLEAR ALL", "headers": {"Content-Type": "application/sparql-update"}},
            403,
            "QCP-QRY-READONLY",
        ),
        (
            "POST",
            {"content": ONE.encode("utf-16"), "headers": {"Content-Type": DIRECT}},
            400,
            "QCP-QRY-PROTOCOL",
        ),
        (
            "POST",
            {"content": ONE, "headers": {"Content-Type": DIRECT + "; charset=utf-16"}},
            415,
            None,
        ),
        ("POST", {"content": b"query=%ff", "headers": {"Content-Type": FORM}}, 400, None),
        ("POST", {"content": b"q" * 1100000, "headers": {"Content-Type": DIRECT}}, 413, None),
        ("GET", {"params": {"query": "+" * 12000}}, 414, "QCP-WEB-TOOLONG"),
        ("PUT", {"params": {"query": ONE}}, 405, "QCP-WEB-METHOD"),
        ("DELETE", {}, 405, "QCP-WEB-METHOD"),
    ],
)
def test_refusals(
    client: httpx.Client, method: str, given: dict[str, object], status: int, code: str | None
) -> None:
    answer = client.request(method, "/sparql", **given)  # type: ignore[arg-type]
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert code in {None, problem["code"]}


def test_a_body_without_length_is_bounded(client: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(30):
            yield b"#" * 65536

    headers = {"Content-Type": DIRECT}
    assert client.post("/sparql", content=endless(), headers=headers).status_code == 413


def test_syntax_errors_name_the_place(client: httpx.Client) -> None:
    problem = get(client, "SELECT *\n{ ?a ?b }").json()
    assert problem["line"] == 2
    assert problem["column"] > 5
    assert "Line 2" in problem["detail"]


# --- guard --------------------------------------------------------------------------------------

HIDDEN = [
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { FILTER EXISTS { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } } }",
    "SELECT * { ?s ?p ?x . SERVICE ?x { ?s ?p ?o } }",
    'SELECT * { ?s ?p "a" . SERVICE<http://x/>{} }',
    'SELECT * { ?s ?p "\\"" . SERVICE <http://x/> {} }',
    "SELECT * { ?s ?p '''it's''' . SERVICE <http://x/> {} . ?s ?p '' }",
    "PREFIX x: <http://x#> SELECT * { ?s ?p x:it\\'s . SERVICE <http://x/> {} . ?s ?p 'b' }",
    "SELECT * { FILTER(1<2) SERVICE <http://x/> {} FILTER(3>2) }",
    "SELECT * { FILTER(?a<?b)SERVICE?s{} FILTER(3>2) }",
    "SELECT * { # \n SERVICE <http://x/> {} }",
    "SELECT * { \\u0053ERVICE <http://x/> {} }",
    "SELECT * { SERVI\\U00000043E <http://x/> {} }",
    "SELECT * { ?s ?p ?o }\r#\rSERVICE",
]


@pytest.mark.parametrize("query", HIDDEN)
def test_service_is_found_wherever_it_hides(query: str) -> None:
    with pytest.raises(ProblemError) as caught:
        guard.check(query)
    assert caught.value.problem.code == "QCP-QRY-SERVICE"


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "SERVICE" }',
        "SELECT * { ?s ?p '''a ' SERVICE ''' }",
        "SELECT * { ?s <http://x/SERVICE> ?o } # SERVICE",
        "PREFIX service: <http://x/> SELECT ?service { ?service service:SERVICE ?o, _:service }",
        'SELECT ("x"@service AS ?x) { $service ?p "INSERT" }',
        'SELECT ?insert { ?s ?p "DELETE" }',
    ],
)
def test_the_word_alone_is_no_offence(query: str) -> None:
    guard.check(query)


def test_nesting_is_bounded() -> None:
    guard.check("SELECT * " + "{" * 90 + "}" * 90)
    with pytest.raises(ProblemError) as caught:
        guard.check("ASK " + "{" * 5000 + "}" * 5000)
    assert caught.value.problem.code == "QCP-QRY-DEPTH"


@pytest.mark.parametrize(
    "text",
    ['"' * 300_000, "'''" * 100_000, "<" * 300_000, "\\" * 300_000, "a:" * 200_000, "{<" * 200_000],
)
def test_the_tokenizer_is_linear(text: str) -> None:
    started = time.process_time()
    with contextlib.suppress(ProblemError):
        guard.check(text)
    assert time.process_time() - started < 2


# --- queries that mean harm ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def busy_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("busy")
    lines = [
        f'<urn:s:{n}> <urn:p> <urn:s:{(n * 7 + 1) % 4000}> , "text {n}" .' for n in range(4000)
    ]
    publish(home, "r1", "GRAPH <urn:g> {\n" + "\n".join(lines) + "\n}")
    return Settings(
        home=home, query_timeout=1.0, query_memory=512 * 1024**2, query_max_bytes=50_000
    )


@pytest.fixture(scope="module")
def busy(busy_settings: Settings) -> Iterator[httpx.Client]:
    with served(create_app(busy_settings, PlainPages())) as client:
        yield client


LIGHT = "SELECT ?o { <urn:s:1> <urn:p> ?o }"
BOMB = (
    "SELECT (STRLEN(?x10) AS ?n) { BIND('"
    + "x" * 1000
    + "' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{n}, ?x{n}, ?x{n}, ?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(10))
    + "}"
)
VALUES = (
    "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(40)))} }}" for n in range(7))
    + "}"
)
RUNAWAYS = {
    "cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?i) }",
    "values product": VALUES,
    "order by everything": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?a ?f LIMIT 1",
    "property path": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>)* ?b . ?b (!<urn:y>)* ?c }",
    "string bomb": BOMB,
    "regex": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
    "FILTER(REGEX(CONCAT(STR(?c), STR(?f), STR(?i)), '(a*)*(b*)*(x+x+)+y$')) }",
}


@pytest.mark.parametrize("name", RUNAWAYS)
def test_runaways_end_cleanly_and_light_queries_go_on(busy: httpx.Client, name: str) -> None:
    assert get(busy, LIGHT).status_code == 200  # both workers may have to start first
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        started = time.monotonic()
        running = threads.submit(get, busy, RUNAWAYS[name])
        time.sleep(0.2)
        light = get(busy, LIGHT)
        light_took = time.monotonic() - started - 0.2
        answer = running.result()
        took = time.monotonic() - started
    assert light.status_code == 200
    assert light_took < 1.0  # not waiting for the runaway; a new worker may start
    assert answer.status_code == 503, answer.text[:500]
    problem = answer.json()
    assert problem["code"] in {"QCP-QRY-TIME", "QCP-QRY-MEMORY"}
    assert problem["limit"] in {"query_timeout", "query_memory"}
    assert int(answer.headers["retry-after"]) > 0
    assert took < 2.5


def test_large_answers_are_refused_before_the_first_byte(busy: httpx.Client) -> None:
    for query in ("SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"):
        answer = get(busy, query)
        assert answer.status_code == 400
        assert answer.json()["limit"] == "query_max_bytes"
        assert "/dumps/" in answer.json()["remedy"]


def test_rows_are_counted_not_cut_off(busy_settings: Settings) -> None:
    settings = busy_settings.model_copy(update={"query_max_rows": 100})
    with served(create_app(settings, PlainPages())) as client:
        for accept in ("text/csv", "text/tab-separated-values", "application/json", "*/xml"):
            enough = "SELECT ?o { VALUES ?o { %s } }"
            full = get(client, enough % ("'a{\\n<result>' " * 100), accept)
            assert full.status_code == 200, full.text
            answer = get(client, enough % ("'a{\\n<result>' " * 101), accept)
            assert (answer.status_code, answer.json()["limit"]) == (400, "query_max_rows")


def test_figures_for_monitoring(busy_settings: Settings) -> None:
    with served(create_app(busy_settings, PlainPages())) as client:
        assert get(client, LIGHT).status_code == 200
        assert get(client, "nonsense").status_code == 400
        figures = client.get("/metrics").text
        proxied = client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.1"})
    assert 'qcp_query_seconds_count{outcome="ok"} 1.0' in figures
    assert 'qcp_query_seconds_count{outcome="syntax"} 1.0' in figures
    assert 'qcp_request_seconds_count{part="sparql",status="4xx"} 1.0' in figures
    assert "qcp_queries_running 0.0" in figures
    assert LIGHT not in figures
    assert (proxied.status_code, proxied.json()["code"]) == (403, "QCP-WEB-METRICS")


def test_a_crash_is_told_and_the_next_query_is_answered(busy: httpx.Client) -> None:
    answer = busy.post("/sparql", data={"query": "ASK { FILTER(" + "!" * 200_000 + "true) }"})
    assert answer.status_code in {400, 503}
    assert answer.json()["code"] in {"QCP-QRY-CRASH", "QCP-QRY-MEMORY", "QCP-QRY-SYNTAX"}
    assert get(busy, LIGHT).status_code == 200


def children() -> set[int]:
    found = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
            command = (entry.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and b"sparql.worker" in command:
            found.add(int(entry.parent.name))
    return found


def test_a_client_that_leaves_frees_its_worker(busy: httpx.Client) -> None:
    for _ in range(4):  # more than there are workers
        with pytest.raises(httpx.ReadTimeout):
            busy.get("/sparql", params={"query": RUNAWAYS["cross product"]}, timeout=0.3)
    started = time.monotonic()
    assert get(busy, LIGHT).status_code == 200
    assert time.monotonic() - started < 1.0


def test_too_many_queries_are_turned_away(busy_settings: Settings) -> None:
    settings = busy_settings.model_copy(update={"query_workers": 1})
    with (
        served(create_app(settings, PlainPages())) as client,
        concurrent.futures.ThreadPoolExecutor(24) as threads,
    ):
        jobs = [threads.submit(get, client, RUNAWAYS["cross product"]) for _ in range(24)]
        codes = [job.result().json()["code"] for job in jobs]
    assert codes.count("QCP-QRY-MANY") >= 6  # one client
    assert "QCP-QRY-TIME" in codes


def test_workers_end_with_the_application(busy_settings: Settings) -> None:
    before = children()
    with served(create_app(busy_settings, PlainPages())) as client:
        assert get(client, LIGHT).status_code == 200
        assert len(children() - before) == 1  # the second worker starts when it is needed
    assert children() <= before


def test_workers_follow_a_new_release(tmp_path: Path) -> None:
    publish(tmp_path, "r1", "<urn:a> <urn:p> 1 .")
    query = "SELECT ?o { ?s <urn:p> ?o }"
    settings = Settings(home=tmp_path, query_workers=1)
    with served(create_app(settings, PlainPages())) as client:
        assert json.loads(get(client, query).text)["results"]["bindings"][0]["o"]["value"] == "1"
        publish(tmp_path, "r2", "<urn:a> <urn:p> 2 .")
        time.sleep(1.1)
        assert json.loads(get(client, query).text)["results"]["bindings"][0]["o"]["value"] == "2"
