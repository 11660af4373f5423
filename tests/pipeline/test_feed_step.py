"""The feed of releases: replaying all versions gives the dump, whatever happened in between."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from qcp_graph import feeds
from qcp_graph.errors import DataError
from qcp_graph.feeds import history
from qcp_graph.namespaces import expand
from tests.pipeline.conftest import Mini, row

VERSION_OF = ox.NamedNode(expand("dcterms:isVersionOf"))
TYPE = ox.NamedNode(expand("rdf:type"))
MEMBER = ox.NamedNode("https://w3id.org/tree#member")
Statements = frozenset[tuple[str, str, str]]


def log(mini: Mini, release: str = "") -> history.History:
    """The history of a release."""
    found = history.load(mini.releases.path(release or mini.live().id) / "feed" / history.NAME)
    assert found is not None
    return found


def quads(mini: Mini, release: str, number: int, source: str = "ee-mini") -> list[ox.Quad]:
    """The statements of a page."""
    text = feeds.Pages(mini.settings.home / "feed").text(source, release, number)
    return list(ox.parse(text, ox.RdfFormat.N_QUADS))


def replay(mini: Mini, source: str = "ee-mini") -> dict[str, tuple[str, Statements]]:
    """The last version of each record: its kind and what it says."""
    known: dict[str, tuple[str, Statements]] = {}
    for batch in log(mini).of(source):
        for number in range(1, batch.registers[source].pages + 1):
            page = quads(mini, batch.release, number, source)
            for one in [q for q in page if q.predicate == MEMBER]:
                about = {q.predicate: q.object for q in page if q.subject == one.object}
                said = frozenset(
                    (str(q.subject), str(q.predicate), str(q.object))
                    for q in page
                    if q.graph_name == one.object
                )
                kind = about[TYPE].value.rpartition("#")[2]  # type: ignore[union-attr]
                known[about[VERSION_OF].value] = (kind, said)  # type: ignore[union-attr]
    return known


def dumped(mini: Mini, source: str = "ee-mini") -> Statements:
    """The statements of the dump of a register, without their graphs."""
    found = ox.parse(gzip.decompress(mini.dump(source)), ox.RdfFormat.N_QUADS)
    return frozenset((str(q.subject), str(q.predicate), str(q.object)) for q in found)


def replica(mini: Mini) -> Statements:
    return frozenset().union(*(said for _, said in replay(mini).values()))


def kinds(mini: Mini) -> list[tuple[int, int, int, int]]:
    found = [batch.registers["ee-mini"] for batch in log(mini).of("ee-mini")]
    return [(one.new, one.changed, one.withdrawn, one.restored) for one in found]


def test_every_kind_of_change_is_told_and_the_replica_is_the_dump(mini: Mini) -> None:
    mini.build(row(1), row(2), row(3))
    assert replica(mini) == dumped(mini)
    mini.build(row(1), row(2, title="Other"))
    assert replica(mini) == dumped(mini)
    mini.build(row(1), row(2, title="Other"), row(3), row(4))
    assert kinds(mini) == [(3, 0, 0, 0), (0, 1, 1, 0), (1, 0, 0, 1)]
    assert replica(mini) == dumped(mini)
    kind = {iri.rpartition("/")[2]: found for iri, (found, _) in replay(mini).items()}
    assert kind == {"Q1": "Create", "Q2": "Update", "Q3": "Create", "Q4": "Create"}


def test_a_deletion_holds_the_tombstone(mini: Mini) -> None:
    mini.build(row(1), row(2))
    mini.build(row(2))
    kind, said = replay(mini)["http://localhost:8000/id/qualification/ee/mini/Q1"]
    assert kind == "Delete"
    assert any(o == f"<{expand('qcp:WithdrawnRecord')}>" for _, _, o in said)
    assert replica(mini) == dumped(mini)


def test_pages_never_change_and_outlive_their_release(mini: Mini) -> None:
    mini.build(row(1), row(2))
    first = mini.live().id
    page = feeds.Pages(mini.settings.home / "feed").packed("ee-mini", first, 1)
    mini.settings = mini.settings.model_copy(update={"keep_releases": 1})
    for title in ("A", "B", "C", "D"):
        mini.build(row(1, title=title), row(2))
    assert not mini.releases.path(first).exists()
    assert feeds.Pages(mini.settings.home / "feed").packed("ee-mini", first, 1) == page
    assert len(log(mini).batches) == 5
    assert replica(mini) == dumped(mini)


def test_a_rollback_is_made_good_by_the_next_build(mini: Mini) -> None:
    mini.build(row(1), row(2))
    first = mini.live().id
    mini.build(row(1, title="Never meant"), row(3))
    second = mini.live().id
    mini.releases.rollback()
    assert mini.live().id == first
    assert [batch.release for batch in log(mini).batches] == [first]
    mini.build(row(1), row(2), row(4))
    assert [batch.release for batch in log(mini).batches] == [first, second, mini.live().id]
    # Who had read the release that was taken back hears what differs from it, too.
    assert kinds(mini)[2] == (1, 1, 1, 1)
    assert replica(mini) - dumped(mini) == set()
    assert {kind for kind, said in replay(mini).values() if not said} <= {"Delete"}
    assert replica(mini) == dumped(mini)


def test_an_unchanged_register_shares_its_index(mini: Mini) -> None:
    mini.build(row(1))
    first = mini.releases.path(mini.live().id) / "feed" / "ee-mini.sqlite"
    told = mini.settings.model_copy(update={"title": "Another title"})
    mini.settings = told
    assert mini.build().release is not None
    second = mini.releases.path(mini.live().id) / "feed" / "ee-mini.sqlite"
    assert second.samefile(first)
    assert len(log(mini).batches) == 1


def test_pages_lead_back_to_the_first_one(mini: Mini, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qcp_graph.feeds.writing.MEMBERS", 2)
    mini.build(*(row(n) for n in range(5)))
    mini.build(*(row(n) for n in range(7)))
    last = log(mini).batches[-1]
    node = ox.NamedNode("https://w3id.org/tree#node")
    seen = []
    page = f"http://localhost:8000/feed/ldes/ee-mini/{last.release}-1"
    while page:
        seen.append(page)
        release, _, number = page.rpartition("/")[2].rpartition("-")
        found = [q.object.value for q in quads(mini, release, int(number)) if q.predicate == node]  # type: ignore[union-attr]
        page = found[0] if found else ""
    assert len(seen) == 4
    assert replica(mini) == dumped(mini)


def test_what_a_killed_build_left_is_removed(mini: Mini) -> None:
    mini.build(row(1))
    left = mini.settings.home / "feed" / "ee-mini" / "20200101T000000Z.nqz"
    left.write_bytes(b"left")
    mini.build(row(2))
    assert not left.exists()
    assert len(list(left.parent.iterdir())) == 4


def test_a_damaged_index_stops_a_build_and_full_is_the_way_out(mini: Mini) -> None:
    mini.build(row(1), row(2))
    index = mini.releases.path(mini.live().id) / "feed" / "ee-mini.sqlite"
    index.write_bytes(b"nothing")
    with pytest.raises(DataError, match="QCP-FED-DAMAGED"):
        mini.build(row(1), row(3))
    assert mini.build(row(1), row(3), full=True).release is not None
    assert replica(mini) >= dumped(mini)


def test_moments_never_go_back(make_mini: Callable[..., Mini]) -> None:
    mini = make_mini()
    mini.build(row(1))
    from datetime import timedelta

    mini.moment -= timedelta(days=1)
    mini.build(row(2))
    moments = [batch.created for batch in log(mini).batches]
    assert moments == sorted(moments)
    assert all(batch.published for batch in log(mini).batches[:-1])


def test_a_large_record_has_a_page_of_its_own(mini: Mini) -> None:
    long = "word " * 150_000
    mini.build(row(1, title=long), row(2), row(3, title=long))
    assert log(mini).batches[0].registers["ee-mini"].pages == 2
    assert replica(mini) == dumped(mini)


def test_the_checksum_of_the_pages_is_recorded(mini: Mini) -> None:
    from hashlib import sha256

    mini.build(row(1))
    batch = log(mini).batches[0]
    path = feeds.Pages(mini.settings.home / "feed").path("ee-mini", batch.release)
    assert sha256(path.read_bytes()).hexdigest() == batch.registers["ee-mini"].sha256
    assert json.loads(path.with_suffix(".json").read_bytes())["starts"][-1] == path.stat().st_size
    assert isinstance(path, Path)
