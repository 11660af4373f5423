"""What is harvested from a site is what its dump says: by event stream, by OAI-PMH, as a dump."""

import gzip
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from qcp_graph.errors import DataError, UsageError
from qcp_graph.feeds.oai import repository
from qcp_graph.pipeline import harvesting
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.progress import Silent
from qcp_graph.pipeline.releases import folder
from qcp_graph.settings import Settings
from tests.feeds.conftest import Site, deliver, workspace
from tests.harvest.conftest import Harvest, Statements, said
from tests.pipeline.conftest import row

ELM = """
id: ee-copy
title: {en: Copy of the mini register}
country: EST
languages: []
mapping: elm
owner: {name: Mini authority}
licence: {label: CC0}
frequency: DAILY
minimum: 1
"""


def dumped(site: Site, role: str = "") -> Statements:
    packed = httpx.get(site.base + "dumps/ee-mini.nq.gz").content
    return {
        (str(q.subject), str(q.predicate), str(q.object))
        for q in ox.parse(gzip.decompress(packed), ox.RdfFormat.N_QUADS)
        if str(q.graph_name).endswith(f"{role}>")
    }


@pytest.mark.parametrize("path", ["feed/ldes", "feed/ldes/ee-mini", ""])
def test_by_event_stream_the_replica_is_the_dump(site: Site, read: Harvest, path: str) -> None:
    first = read(site.base + path)
    assert first.protocol == "ldes"
    assert said(first.replica) == dumped(site)
    assert (first.records, first.deleted, first.changed) == (7, 1, 8)
    again = read(site.base + path)
    assert (again.changed, again.records) == (0, 7)
    assert again.pages <= 2
    assert said(again.replica) == dumped(site)


def test_by_oai_the_replica_is_what_the_register_says(
    site: Site, read: Harvest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "PAGE", 3)
    first = read(site.base + "oai")
    assert (first.protocol, first.records, first.deleted) == ("oai", 7, 1)
    assert said(first.replica) == dumped(site, "/data")
    again = read(site.base + "oai")
    assert again.changed == 0
    assert said(again.replica) == dumped(site, "/data")


def test_a_set_alone(site: Site, read: Harvest) -> None:
    assert read(site.base + "oai", part="ee-mini").records == 7
    with pytest.raises(DataError, match="QCP-HAR-OTHER"):
        read(site.base + "oai")
    assert read(site.base + "oai", part="xx-none", restart=True).records == 0


def test_an_interrupted_list_goes_on(
    site: Site, read: Harvest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qcp_graph.harvest import web

    monkeypatch.setattr(repository, "PAGE", 2)
    whole = web.Web.get
    calls = []

    def breaking(self: web.Web, url: str, *more: object) -> object:
        calls.append(url)
        if len(calls) == 5:
            raise DataError("QCP-SRC-UNREACHABLE", "gone")
        return whole(self, url, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(web.Web, "get", breaking)
    with pytest.raises(DataError, match="UNREACHABLE"):
        read(site.base + "oai")
    calls.clear()
    found = read(site.base + "oai")
    assert "resumptionToken" in calls[0]
    assert said(found.replica) == dumped(site, "/data")


def test_a_damaged_state_is_named_and_restart_helps(
    site: Site, read: Harvest, tmp_path: Path
) -> None:
    read(site.base + "feed/ldes")
    for path in (tmp_path / "harvest").glob("state.sqlite*"):
        path.write_bytes(b"nothing at all" * 100)
    with pytest.raises(DataError, match="QCP-HAR-STATE"):
        read(site.base + "feed/ldes")
    assert read(site.base + "feed/ldes", restart=True).records == 7


@pytest.fixture
def copy(tmp_path: Path) -> Settings:
    """A second home, whose register is the first one's."""
    register = tmp_path / "copy" / "mappings" / "ee-copy"
    register.mkdir(parents=True)
    (register / "source.yaml").write_text(ELM)
    return Settings(
        home=tmp_path / "second",
        workspace=tmp_path / "copy",
        base_iri="https://copy.example/",
        fetch_private_networks=True,
    )


@pytest.mark.parametrize(
    "path", ["feed/ldes", "oai", "dumps/ee-mini.nq.gz", "dumps/ee-mini.nq.zst"]
)
def test_a_second_site_publishes_what_it_harvested(site: Site, copy: Settings, path: str) -> None:
    source = harvesting.target("ee-copy", copy.workspace)
    found = harvesting.run(copy, site.base + path, source, Silent())
    assert found.snapshot is not None
    assert found.snapshot.snapshot.origin == site.base + path
    again = harvesting.run(copy, site.base + path, source, Silent())
    assert again.snapshot is not None
    assert not again.snapshot.changed
    result = build(copy, Order(("ee-copy",)), Silent())
    assert result.reports[0].counts.published == 7
    releases = folder(copy)
    live = releases.current_id()
    assert live
    titles = releases.open_store(live).query(
        "SELECT ?t { ?q a <http://data.europa.eu/snb/model/elm/Qualification> ;"
        " <http://purl.org/dc/terms/title> ?t }",
        use_default_graph_as_union=True,
    )
    assert sorted(row["t"].value for row in titles) == [  # type: ignore[union-attr]
        f"Qualification {n}" for n in range(2, 9)
    ]


def test_where_a_harvest_may_go(copy: Settings, site: Site, tmp_path: Path) -> None:
    assert copy.workspace is not None
    folder_ = copy.workspace / "mappings" / "ee-copy"
    assert harvesting.target(str(folder_), None).id == "ee-copy"
    with pytest.raises(UsageError, match="QCP-HAR-INTO"):
        harvesting.target(str(tmp_path), None)
    with pytest.raises(UsageError, match=r"new-one.*source\.yaml.*harvesting\.md.*QCP-HAR-INTO"):
        harvesting.target("new-one", copy.workspace)
    with pytest.raises(UsageError, match="QCP-HAR-INTO"):
        harvesting.run(copy, site.base + "dumps/ee-mini.nq.gz", None, Silent())
    assert harvesting.run(copy, site.base + "oai", None, Silent()).outcome.records == 7
    closed = copy.model_copy(update={"fetch_private_networks": False})
    with pytest.raises(DataError, match="QCP-SRC-PRIVATE"):
        harvesting.run(closed, site.base + "oai", None, Silent())


def test_news_of_a_new_release_alone_is_read(
    tmp_path: Path, read: Harvest, serve: Callable[[Settings], Site]
) -> None:
    settings = Settings(home=tmp_path / "home", workspace=workspace(tmp_path / "own"))
    site = serve(settings)
    deliver(site.settings, 0, [row(n) for n in range(5)])
    for path in ("feed/ldes", "oai"):
        read(site.base + path, restart=True)
        deliver(site.settings, len(path), [row(n, title=f"{path} {n % 4}") for n in range(1, 6)])
        site.client.get("/health")
        threading.Event().wait(1.1)  # the server looks for a new release once a second
        found = read(site.base + path)
        assert 5 <= found.changed <= 6
        assert said(found.replica) == dumped(site, "/data" if path == "oai" else "")
