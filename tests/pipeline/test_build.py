"""Builds: every record accounted for, the same input the same bytes, small changes small work."""

import gzip
from collections.abc import Callable

import pytest

from qcp_graph.errors import DataError
from tests.pipeline.conftest import MAPPING, Mini, row

TITLES = "SELECT ?q ?t WHERE { ?q a elm:Qualification ; dcterms:title ?t }"


def test_every_record_is_accounted_for(mini: Mini) -> None:
    bad = [row(3, title=None), row(1, title="The same key again"), {"title": "No key"}]
    (report,) = mini.build(row(1), row(2), *bad).reports
    counts = report.counts
    assert (counts.read, counts.published, counts.quarantined, counts.rejected) == (5, 2, 1, 2)
    assert counts.balanced()
    with mini.releases.ledger(mini.live().id, "ee-mini") as ledger:
        assert ledger.counts() == {"published": 2, "quarantined": 1, "rejected": 2}
        codes = {found.issue.code for found in ledger.issues("rejected")}
        assert codes == {"QCP-MAP-DUPLICATE", "QCP-MAP-KEY"}
        assert all(found.issue.locator for found in ledger.issues())


def test_the_same_input_gives_the_same_bytes(make_mini: Callable[..., Mini]) -> None:
    one, other = make_mini("one"), make_mini("other")
    one.build(row(1), row(2), row(3))
    other.moment = one.moment.replace(year=2030)
    other.build(row(1), row(2), row(3))
    assert one.dump() == other.dump()
    assert one.dump("vocabulary") == other.dump("vocabulary")
    lines = gzip.decompress(one.dump()).splitlines()
    assert lines == sorted(set(lines))


def test_the_order_of_records_does_not_change_what_is_said(make_mini: Callable[..., Mini]) -> None:
    one, other = make_mini("one"), make_mini("other")
    one.build(row(1), row(2), row(3))
    other.build(row(3), row(1), row(2))
    said = "SELECT ?s ?p ?o WHERE { GRAPH <http://localhost:8000/graph/ee/mini/data> { ?s ?p ?o } }"
    assert one.ask(said) == other.ask(said)


def test_an_unchanged_register_makes_no_release(mini: Mini) -> None:
    first = mini.build(row(1), row(2)).release
    again = mini.build(row(1), row(2))
    assert again.release is None
    assert again.reports[0].kept
    assert mini.live() == first


def test_one_changed_record_changes_that_record_only(mini: Mini) -> None:
    first = mini.build(*(row(n) for n in range(20))).release
    changed = [row(n) for n in range(20)]
    changed[7]["title"] = "A new title"
    result = mini.build(*changed)
    assert first is not None
    assert result.release is not None
    assert result.mode == "incremental"
    assert result.reports[0].counts.unchanged == 19
    changes = list(mini.releases.diff(first.id, result.release.id))
    assert [(c.kind, c.key) for c in changes] == [("changed", "Q7")]
    old = set(gzip.decompress(mini.dump(release=first.id)).splitlines())
    new = set(gzip.decompress(mini.dump()).splitlines())
    assert all(b"/Q7" in line for line in old ^ new)
    assert ("http://localhost:8000/id/qualification/ee/mini/Q7", "A new title") in mini.ask(TITLES)


def test_incremental_builds_equal_a_build_from_scratch(make_mini: Callable[..., Mini]) -> None:
    steps = [
        [row(1), row(2), row(3), row(4)],
        [row(1), row(2, title="Second"), row(4), row(5, body="b1")],
        [row(1, outcomes=["do 1"]), row(2), row(4, title=None), row(5)],
        [row(1), row(2), row(3), row(4), row(5)],
    ]
    mini = make_mini("home")
    for rows in steps:
        mini.settings = mini.settings.model_copy(update={"small_change": 1.0})
        mini.build(*rows)
        store = mini.releases.open_store(mini.live().id)
        folder = mini.releases.path(mini.live().id) / "dumps"
        lines = sum(len(gzip.decompress(p.read_bytes()).splitlines()) for p in folder.glob("*.gz"))
        assert len(store) == lines == mini.live().quads
        del store


def test_a_changed_mapping_works_on_every_record_again(mini: Mini) -> None:
    mini.build(row(1), row(2))
    mini.mapping.write_text(MAPPING.replace("$(title)", '"New: $(title)"'), encoding="utf-8")
    result = mini.build()
    assert result.reports[0].counts.unchanged == 0
    assert {title for _, title in mini.ask(TITLES)} == {
        "New: Qualification 1",
        "New: Qualification 2",
    }


def test_too_few_records_leave_the_old_release(mini: Mini) -> None:
    first = mini.build(row(1), row(2)).release
    with pytest.raises(DataError, match="QCP-REL-MINIMUM"):
        mini.build(row(1, title=None), row(2, title=""))
    assert mini.live() == first
    assert not list(mini.releases.folder.glob(".building-*"))


def test_a_broken_delivery_leaves_the_old_release(mini: Mini) -> None:
    first = mini.build(row(1)).release
    mini.file.write_text('[{"id": "Q1"', encoding="utf-8")
    with pytest.raises(DataError):
        mini.build()
    assert mini.live() == first


def test_provenance_leads_from_the_record_to_the_snapshot(mini: Mini) -> None:
    mini.build(row(1))
    found = mini.ask(
        """SELECT ?sha ?key ?locator ?register WHERE {
             ?record qcp:describes <http://localhost:8000/id/qualification/ee/mini/Q1> ;
               qcp:sourceKey ?key ; qcp:locator ?locator ; prov:wasDerivedFrom ?snapshot ;
               prov:hadPrimarySource ?register .
             ?snapshot qcp:sha256 ?sha . ?register qcp:latestSnapshot ?snapshot .
             ?run prov:used ?snapshot . ?release prov:wasGeneratedBy ?run }"""
    )
    sha = mini.live().registers["ee-mini"].snapshot_sha256
    assert found == [(sha, "Q1", "rows.json /0", "http://localhost:8000/id/register/ee/mini")]


def test_what_a_record_lacks_is_said(mini: Mini) -> None:
    mini.build(row(1))
    lacks = {o for (o,) in mini.ask("SELECT ?o WHERE { ?q a elm:Qualification ; qcp:lacks ?o }")}
    assert {"http://data.europa.eu/snb/model/elm/EQFLevel"} <= lacks
    assert "http://data.europa.eu/snb/model/elm/learningOutcome" not in lacks


def test_a_field_that_the_mapping_ignores_changes_nothing(mini: Mini) -> None:
    mapping = MAPPING.replace("sources:", "ignore: {stamp: the day of the delivery}\nsources:", 1)
    mini.mapping.write_text(mapping, encoding="utf-8")
    mini.build(row(1, stamp="Monday"), row(2, stamp="Monday"))
    counts = mini.build(row(1, stamp="Tuesday"), row(2, stamp="Tuesday")).reports[0].counts
    assert (counts.published, counts.unchanged) == (2, 2)
