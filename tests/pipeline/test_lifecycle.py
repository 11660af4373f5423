"""No published IRI disappears: tombstones, held records, removed registers, the way back."""

from collections.abc import Callable

from tests.pipeline.conftest import Mini, row

BASE = "http://localhost:8000/id"
GONE = "SELECT ?iri WHERE { ?iri a qcp:WithdrawnRecord }"
LIVING = "SELECT ?iri WHERE { ?iri a elm:Qualification }"


def test_a_withdrawn_record_leaves_a_tombstone_with_its_successor(mini: Mini) -> None:
    mini.build(row(1, successor="Q2"), row(2))
    counts = mini.build(row(2)).reports[0].counts
    assert (counts.read, counts.published, counts.withdrawn) == (1, 1, 1)
    assert {iri for (iri,) in mini.ask(GONE)} == {
        f"{BASE}/qualification/ee/mini/Q1",
        f"{BASE}/outcome/ee/mini/Q1/1",
        f"{BASE}/outcome/ee/mini/Q1/2",
    }
    told = mini.ask(
        f"""SELECT ?title ?next WHERE {{ <{BASE}/qualification/ee/mini/Q1>
            dcterms:title ?title ; dcterms:isReplacedBy ?next ; qcp:withdrawnIn ?s }}"""
    )
    assert told == [("Qualification 1", f"{BASE}/qualification/ee/mini/Q2")]
    assert mini.ask(LIVING) == [(f"{BASE}/qualification/ee/mini/Q2",)]


def test_a_tombstone_stays_and_a_returning_record_lives_again(mini: Mini) -> None:
    mini.build(row(1), row(2))
    mini.build(row(2))
    mini.build(row(2, title="Other"))
    assert (f"{BASE}/qualification/ee/mini/Q1",) in mini.ask(GONE)
    mini.build(row(1), row(2))
    assert mini.ask(GONE) == []
    assert len(mini.ask(LIVING)) == 2


def test_a_part_that_is_gone_leaves_a_tombstone(mini: Mini) -> None:
    mini.build(row(1))
    mini.build(row(1, outcomes=["do 1"]))
    outcome = f"{BASE}/outcome/ee/mini/Q1/2"
    assert mini.ask(GONE) == [(outcome,)]
    mini.build(row(1, outcomes=["do 1"], title="Changed again"))
    assert mini.ask(GONE) == [(outcome,)]
    mini.build(row(1))
    assert mini.ask(GONE) == []


def test_a_published_record_that_fails_now_keeps_its_last_good_form(mini: Mini) -> None:
    mini.build(row(1), row(2))
    counts = mini.build(row(1, title=None), row(2)).reports[0].counts
    assert (counts.published, counts.quarantined) == (1, 1)
    assert len(mini.ask(LIVING)) == 2
    with mini.releases.ledger(mini.live().id, "ee-mini") as ledger:
        held = ledger.get("Q1")
    assert held is not None
    assert (held.status, held.public) == ("quarantined", True)
    assert held.issues


def test_a_record_that_was_never_good_is_not_public(mini: Mini) -> None:
    mini.build(row(1, title=None), row(2))
    assert mini.ask(LIVING) == [(f"{BASE}/qualification/ee/mini/Q2",)]


def test_a_removed_register_leaves_tombstones(mini: Mini) -> None:
    from qcp_graph.pipeline.build import build
    from qcp_graph.pipeline.job import Order
    from qcp_graph.pipeline.progress import Silent

    mini.build(row(1))
    build(mini.settings, Order(remove=("ee-mini",)), Silent())
    assert mini.ask(LIVING) == []
    assert (f"{BASE}/qualification/ee/mini/Q1",) in mini.ask(GONE)
    counts = mini.live().registers["ee-mini"].counts
    assert (counts.published, counts.withdrawn) == (0, 1)


def test_rollback_brings_the_former_release_back(mini: Mini) -> None:
    first = mini.build(row(1)).release
    mini.build(row(1), row(2))
    assert mini.releases.rollback() == first
    assert len(mini.ask(LIVING)) == 1


def test_a_build_after_a_rollback_starts_from_what_is_live(mini: Mini) -> None:
    mini.build(row(1))
    mini.build(row(1), row(2))
    mini.releases.rollback()
    mini.build(row(1), row(3))
    assert len(mini.ask(LIVING)) == 2
    assert mini.ask(GONE) == []


def test_full_works_on_everything_again_and_keeps_tombstones(mini: Mini) -> None:
    mini.build(row(1), row(2))
    result = mini.build(row(2), full=True)
    assert result.mode == "full"
    assert (f"{BASE}/qualification/ee/mini/Q1",) in mini.ask(GONE)


def test_old_releases_are_removed(make_mini: Callable[..., Mini]) -> None:
    mini = make_mini()
    mini.settings = mini.settings.model_copy(update={"keep_releases": 2})
    for number in range(4):
        mini.build(row(1, title=f"Title {number}"))
    assert len(mini.releases.list()) == 2
