"""Releases that wait for a second person: nothing of them is public until somebody approves."""

import csv

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.feeds import history
from qcp_graph.server import releases as served
from tests.pipeline.conftest import Mini, row

TITLES = "SELECT ?t WHERE { ?iri a elm:Qualification ; dcterms:title ?t }"


def _told(mini: Mini) -> list[str]:
    """Return the releases of which the log of changes tells."""
    found = history.load(mini.releases.path(mini.live().id) / "feed" / history.NAME)
    assert found is not None
    return [batch.release for batch in found.batches]


def test_a_release_that_waits_is_not_public(mini: Mini) -> None:
    first = mini.build(row(1)).release
    held = mini.build(row(1, title="Secret"), row(2), hold=True).release
    assert first is not None
    assert held is not None
    assert mini.live().id == first.id
    assert mini.ask(TITLES) == [("Qualification 1",)]
    assert list(served.kept(mini.settings.home)) == [first.id]
    assert held.id in {one.id for one in mini.releases.list()}


def test_somebody_approves_it_by_name(mini: Mini) -> None:
    mini.build(row(1))
    held = mini.build(row(1), row(2), hold=True).release
    assert held is not None
    with pytest.raises(UsageError, match="waits for approval") as error:
        mini.releases.publish(held.id)
    assert error.value.code == "QCP-REL-HELD"
    mini.releases.publish(held.id, "A. Martin\n,=1")
    assert mini.live().id == held.id
    assert len(mini.ask(TITLES)) == 2
    assert not mini.releases.waits(held.id)
    with (mini.releases.folder / "approvals.csv").open(encoding="utf-8", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["release"], line["by"]) == (held.id, "A. Martin ,=1")


def test_what_went_live_since_is_not_taken_back(mini: Mini) -> None:
    mini.build(row(1))
    held = mini.build(row(1), row(2), hold=True).release
    later = mini.build(row(1), row(3)).release
    assert held is not None
    assert later is not None
    with pytest.raises(UsageError) as error:
        mini.releases.publish(held.id, "A. Martin")
    assert error.value.code == "QCP-REL-OUTDATED"
    assert mini.live().id == later.id


def test_the_log_of_changes_says_nothing_of_it(mini: Mini) -> None:
    mini.build(row(1))
    held = mini.build(row(1), row(2), hold=True).release
    mini.build(row(1), row(3))
    assert held is not None
    assert _told(mini) == [mini.live().previous, mini.live().id]
    again = mini.build(row(1), row(3), row(4), hold=True).release
    assert again is not None
    mini.releases.publish(again.id, "B")
    assert _told(mini)[2:] == [again.id]


def test_the_first_release_may_wait_and_the_setting_makes_all_wait(mini: Mini) -> None:
    mini.settings = mini.settings.model_copy(update={"hold_releases": True})
    held = mini.build(row(1)).release
    assert held is not None
    assert mini.releases.current_id() is None
    mini.releases.publish(held.id, "A")
    assert mini.live().id == held.id


def test_markers_go_with_their_releases(mini: Mini) -> None:
    mini.build(row(1))
    for number in range(2, 6):
        mini.build(row(1), row(number), hold=True)
    mini.settings = mini.settings.model_copy(update={"keep_releases": 1})
    mini.build(row(1), row(9))
    kept = {one.id for one in mini.releases.list()}
    assert {path.stem for path in mini.releases.folder.glob("*.held")} <= kept
