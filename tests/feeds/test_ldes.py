"""The event stream over HTTP, read as a client of TREE reads it."""

import gzip
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from qcp_graph.namespaces import expand
from qcp_graph.settings import Settings
from tests.feeds.conftest import Site, deliver, workspace
from tests.pipeline.conftest import row

TREE = "https://w3id.org/tree#"
LDES = "https://w3id.org/ldes#"
VERSION_OF = expand("dcterms:isVersionOf")
Statements = set[tuple[str, str, str]]
FORMS = {
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


def read(site: Site, address: str, accept: str = "application/n-quads") -> list[ox.Quad]:
    answer = site.get(address, accept)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == accept
    return list(ox.parse(answer.content, FORMS[accept]))


def values(quads: list[ox.Quad], predicate: str) -> list[str]:
    return [q.object.value for q in quads if q.predicate.value == predicate]  # type: ignore[union-attr]


def walk(site: Site, start: str, accept: str = "application/n-quads") -> dict[str, list[ox.Quad]]:
    """Follow all relations."""
    found: dict[str, list[ox.Quad]] = {}
    waiting = [start]
    while waiting:
        address = waiting.pop()
        if address not in found:
            found[address] = read(site, address, accept)
            waiting += values(found[address], TREE + "node")
    return found


def replica(site: Site, start: str, accept: str = "application/n-quads") -> Statements:
    """Keep the newest version of each record, by its moment."""
    newest: dict[str, tuple[str, Statements]] = {}
    for quads in walk(site, start, accept).values():
        for member in values(quads, TREE + "member"):
            about = {
                q.predicate.value: q.object.value  # type: ignore[union-attr]
                for q in quads
                if q.subject == ox.NamedNode(member)
            }
            moment, record = about[expand("dcterms:modified")], about[VERSION_OF]
            said = {
                (str(q.subject), str(q.predicate), str(q.object))
                for q in quads
                if q.graph_name == ox.NamedNode(member)
            }
            if record not in newest or newest[record][0] < moment:
                newest[record] = (moment, said)
    return set().union(*(said for _, said in newest.values()))


def dumped(site: Site) -> Statements:
    packed = site.get("/dumps/ee-mini.nq.gz").content
    found = ox.parse(gzip.decompress(packed), ox.RdfFormat.N_QUADS)
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in found}


@pytest.mark.parametrize("accept", FORMS)
@pytest.mark.parametrize("start", ["feed/ldes", "feed/ldes/ee-mini"])
def test_the_replica_is_the_dump(site: Site, accept: str, start: str) -> None:
    assert replica(site, site.base + start, accept) == dumped(site)


def test_the_root_says_what_the_stream_is(site: Site) -> None:
    quads = read(site, "/feed/ldes", "application/trig")
    stream = ox.NamedNode(site.base + "feed/ldes#stream")
    about = {(q.predicate.value, q.object.value) for q in quads if q.subject == stream}  # type: ignore[union-attr]
    assert (expand("rdf:type"), LDES + "EventStream") in about
    assert (TREE + "view", site.base + "feed/ldes") in about
    assert (LDES + "versionOfPath", VERSION_OF) in about
    assert (LDES + "timestampPath", expand("dcterms:modified")) in about
    assert (LDES + "versionDeleteObject", "https://www.w3.org/ns/activitystreams#Delete") in about
    [shape] = [value for name, value in about if name == TREE + "shape"]
    assert any(q.subject == ox.NamedNode(shape) for q in quads)
    assert values(quads, LDES + "retentionPolicy") == [site.base + "feed/ldes#retention"]
    assert values(quads, TREE + "remainingItems") == ["13"]


def test_every_version_has_the_shape(site: Site) -> None:
    for quads in walk(site, site.base + "feed/ldes").values():
        for member in values(quads, TREE + "member"):
            own = [
                q.predicate.value
                for q in quads
                if q.subject == ox.NamedNode(member) and q.graph_name == ox.DefaultGraph()
            ]
            assert sorted(own) == sorted(
                [expand("rdf:type"), VERSION_OF, expand("dcterms:modified")]
            )


def test_relations_keep_their_word(site: Site) -> None:
    """All that is behind a relation is as old as it says, or older."""
    pages = walk(site, site.base + "feed/ldes")
    checked = 0
    for quads in pages.values():
        for relation in values(quads, TREE + "relation"):
            own = [q for q in quads if q.subject == ox.NamedNode(relation)]
            if bound := values(own, TREE + "value"):
                [node] = values(own, TREE + "node")
                moments = values(pages[node], expand("dcterms:modified"))
                assert max(moments) <= bound[0]
                checked += 1
    assert checked == 6


def test_pages_are_immutable_and_nodes_are_not(site: Site) -> None:
    pages = walk(site, site.base + "feed/ldes/ee-mini")
    first, *others = pages
    assert "immutable" not in site.get(first).headers["cache-control"]
    assert len(others) == 6
    for page in others:
        answer = site.get(page)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert LDES + "immutable" in {q.predicate.value for q in pages[page]}
        tag = answer.headers["etag"]
        assert site.get(page, **{"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples"])
def test_formats_without_graphs_hold_the_same_statements(site: Site, accept: str) -> None:
    [page] = values(read(site, "/feed/ldes/ee-mini"), TREE + "node")
    form = ox.RdfFormat.from_media_type(accept)
    assert form is not None
    merged = {str(q.triple) for q in ox.parse(site.get(page, accept).content, form)}
    assert merged == {str(q.triple) for q in read(site, page)}


def test_a_suffix_and_a_parameter_choose_the_format(site: Site) -> None:
    [page] = values(read(site, "/feed/ldes/ee-mini"), TREE + "node")
    for where in ("/feed/ldes", "/feed/ldes/ee-mini", page):
        assert site.get(where + ".jsonld").headers["content-type"] == "application/ld+json"
        assert site.get(where + "?format=trig").headers["content-type"] == "application/trig"
    assert site.get("/feed/ldes", "text/html").headers["content-type"] == "text/html; charset=utf-8"
    assert site.get("/feed/ldes", "image/png").status_code == 406
    assert site.get("/feed/ldes.exe").status_code == 406


def test_gzip_is_sent_as_it_lies_on_the_disk(site: Site) -> None:
    [page] = values(read(site, "/feed/ldes/ee-mini"), TREE + "node")
    packed = site.get(page, "application/n-quads", **{"Accept-Encoding": "gzip"})
    plain = site.get(page, "application/n-quads", **{"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    refused = site.get(page, "application/n-quads", **{"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers


@pytest.mark.parametrize(
    "path",
    [
        "/feed/ldes/xx-none",
        "/feed/ldes/ee-mini/none-1",
        "/feed/ldes/ee-mini/20260101T000000Z-99",
        "/feed/ldes/ee-mini/20260101T000000Z-0",
        "/feed/ldes/xx-none/20260101T000000Z-1",
        "/feed/ldes/..%2F..%2Freleases/CURRENT-1",
        "/feed/ldes/ee-mini/..%2F..%2Frows-1",
        "/feed/ldesx",
    ],
)
def test_nothing_else_is_there(site: Site, path: str) -> None:
    assert site.get(path).status_code == 404


def test_head_options_and_other_origins(site: Site) -> None:
    [page] = values(read(site, "/feed/ldes/ee-mini"), TREE + "node")
    head = site.client.head(page)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["access-control-allow-origin"] == "*"
    assert site.client.options(page).status_code == 204


def test_a_rollback_takes_the_log_back_and_the_next_build_goes_on(
    serve: Callable[[Settings], Site], tmp_path: Path
) -> None:
    site = serve(Settings(home=tmp_path / "home", workspace=workspace(tmp_path / "own")))
    live = []
    for number, rows in enumerate(([row(1), row(2)], [row(1, title="Other"), row(3)])):
        deliver(site.settings, number, rows)
        live.append(site.releases.current_id())
    _wait(site, live[1])
    [newest] = values(read(site, "/feed/ldes/ee-mini"), TREE + "node")
    assert replica(site, site.base + "feed/ldes") == dumped(site)
    site.releases.rollback()
    _wait(site, live[0])
    assert site.get(newest).status_code == 404
    assert replica(site, site.base + "feed/ldes") == dumped(site)
    deliver(site.settings, 2, [row(1), row(4)])
    _wait(site, site.releases.current_id())
    assert site.get(newest).status_code == 200
    assert replica(site, site.base + "feed/ldes") == dumped(site)


def _wait(site: Site, release: str | None) -> None:
    for _ in range(100):
        if site.get("/health").json()["release"] == release:
            return
        time.sleep(0.1)
    pytest.fail("the server did not notice the release")
