"""Explanations are complete: nothing a register publishes is without one."""

import tempfile
from pathlib import Path

import pytest

from qcp_graph import sources
from qcp_graph.model.record import PreparedRecord, SourceRecord
from qcp_graph.pipeline import context, explain, job, reading
from qcp_graph.pipeline.progress import Silent
from qcp_graph.settings import Settings
from tests.pipeline.conftest import Mini, row

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
REGISTERS = sorted(path.parent.name for path in GOLDEN.glob("*/input"))


@pytest.mark.parametrize("source_id", REGISTERS)
def test_every_triple_of_a_register_is_explained(source_id: str, tmp_path: Path) -> None:
    shared = context.load(Settings(home=tmp_path))
    source = sources.get(source_id, None)
    order = job.Order((source_id,), inputs={source_id: str(GOLDEN / source_id / "input")})
    (one,) = job.prepare(shared, [source], order, Silent())
    seen = 0
    with (
        tempfile.TemporaryDirectory() as scratch,
        reading.tables(one.plan, one.snapshot, Path(scratch), 1 << 25, []) as tables,
    ):
        for name, item in reading.records(one.plan, one.snapshot, 1 << 25):
            prepared = one.plan.prepare(item, name, tables) if _is(item) else None
            if not isinstance(prepared, PreparedRecord):
                continue
            made = one.plan.map(prepared, name)
            told = one.plan.explain(prepared, name)
            quads = {quad for rule in told for quad in rule.quads}
            if not made.rejected:
                assert quads == {*made.quads, *made.shared}, prepared.key
                assert all(r.quads or r.why for r in told if r.predicates), prepared.key
            seen += 1
    assert seen


def _is(item: object) -> bool:
    return isinstance(item, SourceRecord)


def test_the_account_holds_every_published_statement(mini: Mini) -> None:
    mini.write(row(1, other="y"), row(2, extra="x"))
    found = explain.explain(mini.settings, "ee-mini", str(mini.file), "Q2", Silent())
    told = found.as_dict()
    statements = [s for rule in told["rules"] for s in rule["statements"]]
    statements += [one["statement"] for one in told["program"]]
    assert sorted(set(statements)) == sorted(
        {explain.statement(quad) for quad in (*found.row.quads, *found.row.shared)}
    )
    assert told["unread"] == [{"field": "extra", "value": "x"}]
    assert told["ignored"] == []
    texts = {place["text"] for rule in told["rules"] for place in rule["places"]}
    assert "o: {value: $(title), language: en}" in texts
    assert not (mini.settings.home / "snapshots").exists()


def test_ignored_fields_are_named_with_the_reason_of_the_mapping(mini: Mini) -> None:
    text = mini.mapping.read_text(encoding="utf-8")
    ignore = "ignore:\n  internal*: numbers of the office\n  other: never there\n"
    mini.mapping.write_text(ignore + text, encoding="utf-8")
    mini.write(row(1, internal_id="7", internal={"a": "x"}), row(2))
    found = explain.explain(mini.settings, "ee-mini", str(mini.file), "Q1", Silent())
    reason = {"place": "mapping.yaml line 2", "text": "internal*: numbers of the office"}
    assert found.as_dict()["ignored"] == [
        {"field": "internal_id", **reason},
        {"field": "internal", **reason},
    ]
    assert not found.unread
