"""Gates: a delivery that is cut short or full of faults does not go live, unless accepted."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from qcp_graph.errors import DataError, UsageError
from qcp_graph.pipeline.build import build
from qcp_graph.pipeline.job import Order
from qcp_graph.pipeline.preview import check
from qcp_graph.pipeline.progress import Silent
from tests.pipeline.conftest import MAPPING, SOURCE, Mini, row


def _limit(mini: Mini, text: str) -> None:
    mini.mapping.with_name("source.yaml").write_text(f"{SOURCE}{text}\n", encoding="utf-8")


def test_too_many_lost_records_stop_a_register(mini: Mini) -> None:
    _limit(mini, "thresholds: {lost: 0.2}")
    mini.build(*(row(number) for number in range(10)))
    live = mini.live().id
    with pytest.raises(DataError) as caught:
        mini.build(*(row(number) for number in range(7)))
    assert caught.value.code == "QCP-REL-LOST"
    assert mini.live().id == live
    mini.build(*(row(number) for number in range(8)))  # a fifth exactly is allowed
    assert mini.live().registers["ee-mini"].counts.published == 8


def test_too_many_withheld_records_stop_a_register(mini: Mini) -> None:
    _limit(mini, "thresholds: {withheld: 0.25}")
    with pytest.raises(DataError) as caught:
        mini.build(row(1), row(2), row(3, title=None))
    assert caught.value.code == "QCP-REL-WITHHELD"
    assert mini.releases.current() is None
    mini.build(row(1), row(2), row(4), row(3, title=None))
    assert mini.live().registers["ee-mini"].counts.quarantined == 1


def test_what_was_accepted_goes_live_and_is_recorded(mini: Mini) -> None:
    _limit(mini, "thresholds: {lost: 0.2}")
    mini.build(*(row(number) for number in range(10)))
    assert mini.live().registers["ee-mini"].accepted == ""
    mini.build(row(1), accept=("ee-mini",))
    entry = mini.live().registers["ee-mini"]
    assert entry.counts.published == 1
    assert "10 were before" in entry.accepted


def test_one_register_stopped_does_not_stop_the_others(mini: Mini) -> None:
    _limit(mini, "thresholds: {lost: 0.2}")
    other = mini.mapping.parent.with_name("ee-other")
    other.mkdir()
    (other / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (other / "source.yaml").write_text(SOURCE.replace("ee-mini", "ee-other"), encoding="utf-8")
    file = mini.file.with_name("other.json")
    order = Order(
        ("ee-mini", "ee-other"), inputs={"ee-mini": str(mini.file), "ee-other": str(file)}
    )
    moment = datetime(2026, 2, 1, tzinfo=UTC)
    mini.write(*(row(number) for number in range(10)))
    file.write_text(json.dumps([row(1)]), encoding="utf-8")
    build(mini.settings, order, Silent(), clock=lambda: moment)
    mini.write(row(1))
    file.write_text(json.dumps([row(1), row(2)]), encoding="utf-8")
    later = moment + timedelta(minutes=1)
    result = build(mini.settings, order, Silent(), clock=lambda: later)
    counts = {name: entry.counts.published for name, entry in mini.live().registers.items()}
    assert counts == {"ee-mini": 10, "ee-other": 2}
    stopped = {report.source_id: report.stopped for report in result.reports}
    assert stopped["ee-mini"] is not None
    assert stopped["ee-other"] is None
    assert mini.ask("SELECT (COUNT(?q) AS ?n) WHERE { ?q a elm:Qualification }") == [("12",)]


def test_a_mistyped_threshold_is_told_with_the_right_one(mini: Mini) -> None:
    _limit(mini, "thresholds: {withold: 0.2}")
    with pytest.raises(UsageError, match="withheld"):
        mini.build(row(1))


def test_a_check_asks_for_the_minimum_and_a_sample_does_not(mini: Mini) -> None:
    _limit(mini, "thresholds: {withheld: 0.1}")
    mini.write(row(1), row(2, title=None))
    with pytest.raises(DataError) as caught:
        check(mini.settings, "ee-mini", str(mini.file))
    assert caught.value.code == "QCP-REL-WITHHELD"
    report = check(mini.settings, "ee-mini", str(mini.file), sample=True)
    assert report.counts.quarantined == 1
