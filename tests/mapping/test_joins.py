"""Joins: keys of several kinds, conditions, joins of joins, rows inside loops, and their store."""

import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from qcp_graph.errors import InternalError, UsageError
from qcp_graph.mapping import Plan, Tables
from qcp_graph.mapping import joins as joining
from qcp_graph.model.record import JsonValue, Locator, SourceRecord
from tests.mapping.support import HEAD, codes, load, prepare, record, run, short

Rows = Mapping[str, Sequence[Mapping[str, JsonValue]]]
BODY = """
mappings:
  q: {subjects: qualification:$(id), predicateobjects: [[elm:x, "$(join:k/v)"]]}
"""


def plan_of(folder: Path, joins: str, body: str = BODY, form: str = "json") -> Plan:
    return load(folder, f"{HEAD[form]}joins:\n{joins}\n{body}")


def filled(plan: Plan, folder: Path, rows: Rows, memory: int = 10**6) -> Tables:
    tables = Tables(plan, folder / "scratch", memory)
    for name, items in rows.items():
        tables.fill(name, map(record, items))
    return tables


def objects(plan: Plan, folder: Path, rows: Rows, data: Mapping[str, JsonValue]) -> list[str]:
    with filled(plan, folder, rows) as tables:
        return [line.split('"')[1] for line in short(run(plan, data, tables)) if '"' in line]


def test_any_of_several_keys_on_both_sides(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        "  k: {access: k.csv, referenceFormulation: jsonlines, key: $(codes), on: $(codes)}",
    )
    rows = {
        "k": [
            {"codes": ["a", "b"], "v": "1"},
            {"codes": ["c"], "v": "2"},
            {"codes": ["b", "b"], "v": "3"},
        ]
    }
    assert objects(plan, tmp_path, rows, {"id": "1", "codes": ["b"]}) == ["1", "3"]
    assert objects(plan, tmp_path, rows, {"id": "1", "codes": ["c", " b ", "c"]}) == ["2", "1", "3"]
    assert objects(plan, tmp_path, rows, {"id": "1", "codes": []}) == []


def test_keys_are_transformed_so_that_they_meet(tmp_path: Path) -> None:
    joins = """
  k:
    access: k.csv
    referenceFormulation: csv
    key: {value: $(no), transform: [{pad: "8"}]}
    on: {value: $(no), transform: [{split: "|"}, {pad: "8"}]}"""
    plan = plan_of(tmp_path, joins)
    rows = {"k": [{"no": "1022001", "v": "a"}, {"no": "01022002", "v": "b"}]}
    data = {"id": "1", "no": "01022001|1022002"}
    assert objects(plan, tmp_path, rows, data) == ["a", "b"]


def test_rows_are_chosen_by_condition_and_not_audited_otherwise(tmp_path: Path) -> None:
    joins = (
        "  k: {access: k.csv, referenceFormulation: csv, key: $(no), on: $(id), "
        "where: {value: $(state), not: closed}}"
    )
    plan = plan_of(tmp_path, joins)
    rows = {
        "k": [
            {"no": "1", "v": "a", "state": "open"},
            {"no": "1", "v": "b", "state": "closed", "new": "x"},
        ]
    }
    assert objects(plan, tmp_path, rows, {"id": "1"}) == ["a"]
    assert plan.audit() == []


def test_a_join_of_joins_in_any_order(tmp_path: Path) -> None:
    joins = """
  k: {access: k.csv, referenceFormulation: csv, key: $(diploma), on: $(join:kit/diploma)}
  kit: {access: kit.csv, referenceFormulation: csv, key: $(rncp), on: $(id)}"""
    plan = plan_of(tmp_path, joins)
    rows = {
        "kit": [{"rncp": "1", "diploma": "d1"}, {"rncp": "1", "diploma": "d2"}],
        "k": [{"diploma": "d2", "v": "0613"}, {"diploma": "d3", "v": "0111"}],
    }
    assert objects(plan, tmp_path, rows, {"id": "1"}) == ["0613"]
    assert plan.audit() == []


def test_several_fields_may_name_the_row_of_the_same_file(tmp_path: Path) -> None:
    joins = """
  k:
    access: a.csv
    referenceFormulation: csv
    key: $(@file) $(no)
    on: [$(@file) $(publisher), $(@file) $(bodies.id)]"""
    plan = plan_of(tmp_path, joins)
    rows = [{"no": "1", "v": "a"}, {"no": "2", "v": "b"}, {"no": "3", "v": "c"}]
    data: dict[str, JsonValue] = {"id": "1", "publisher": "3", "bodies": [{"id": "1"}, {"id": "3"}]}
    with Tables(plan) as tables:
        tables.fill("k", map(record, rows))
        other = [SourceRecord(row, Locator("b.csv", "row 2")) for row in rows]
        tables.fill("k", other)
        found = [line.split('"')[1] for line in short(run(plan, data, tables))]
    assert found == ["c", "a"]


def test_a_table_joined_to_its_own_rows(tmp_path: Path) -> None:
    body = """
mappings:
  q: {subjects: qualification:$(id)}
  unit:
    foreach: join:k
    subjects: outcome:$(no)
    predicateobjects: [{p: elm:hasPart, o: {mapping: below}}]
  below:
    within: unit
    foreach: {join: k, on: $(child)}
    subjects: outcome:$(no)
"""
    joins = "  k: {access: k.csv, referenceFormulation: csv, key: $(no), on: $(units)}"
    plan = plan_of(tmp_path, joins, body)
    rows = {"k": [{"no": "1", "child": "2"}, {"no": "2", "child": ""}]}
    with filled(plan, tmp_path, rows) as tables:
        mapped = run(plan, {"id": "1", "units": ["1", "2"]}, tables)
    assert short(mapped) == ["outcome:1 elm:hasPart outcome:2"]


def test_joins_in_a_circle_are_refused(tmp_path: Path) -> None:
    joins = """
  a: {access: a.csv, referenceFormulation: csv, key: $(x), on: $(join:k/y)}
  k: {access: k.csv, referenceFormulation: csv, key: $(y), on: $(join:a/x)}"""
    with pytest.raises(UsageError, match=r"circle: a → k → a") as caught:
        plan_of(tmp_path, joins)
    assert caught.value.code == "QCP-MAP-CYCLE"


@pytest.mark.parametrize(
    ("on", "code"),
    [
        ("constant", "QCP-MAP-TEMPLATE"),
        ("$(join:nope/x)", "QCP-MAP-TEMPLATE"),
        ("$(let:x)", "QCP-MAP-NAME"),
        ("$(^id)", "QCP-MAP-TEMPLATE"),
    ],
)
def test_keys_that_cannot_work(tmp_path: Path, on: str, code: str) -> None:
    joins = f'  k: {{access: k.csv, referenceFormulation: csv, key: $(x), on: "{on}"}}'
    with pytest.raises(UsageError) as caught:
        plan_of(tmp_path, joins)
    assert caught.value.code == code


def test_columns_of_one_template_are_those_of_one_row(tmp_path: Path) -> None:
    body = """
mappings:
  q:
    subjects: qualification:$(id)
    predicateobjects:
      - [elm:x, "$(n): $(join:k/a) ($(join:k/b))"]
      - {p: elm:y, o: {value: "http://x.org/$(join:k/a)/$(join:k/b)", type: iri}}
"""
    joins = "  k: {access: k.csv, referenceFormulation: csv, key: $(no), on: $(id)}"
    plan = plan_of(tmp_path, joins, body)
    rows = {
        "k": [
            {"no": "1", "a": "A 1", "b": "B1"},
            {"no": "1", "a": "A2", "b": ""},
            {"no": "1", "a": "A3", "b": "B/3"},
        ]
    }
    with filled(plan, tmp_path, rows) as tables:
        assert short(run(plan, {"id": "1", "n": ["x", "y"]}, tables)) == [
            'qualification:1 elm:x "x: A 1 (B1)"',
            'qualification:1 elm:x "y: A 1 (B1)"',
            'qualification:1 elm:x "x: A3 (B/3)"',
            'qualification:1 elm:x "y: A3 (B/3)"',
            "qualification:1 elm:y http://x.org/A%201/B1",
            "qualification:1 elm:y http://x.org/A3/B%2F3",
        ]
    many = {"k": [{"no": "1", "a": "a", "b": "b"}] * 300}
    with filled(plan, tmp_path, many) as tables:
        found = run(plan, {"id": "1", "n": [str(n) for n in range(40)]}, tables)
    assert codes(found) == ["QCP-MAP-VALUE"]


def test_rows_inside_a_loop_are_those_of_its_item(tmp_path: Path) -> None:
    body = """
mappings:
  q:
    subjects: qualification:$(id)
    predicateobjects: [{p: elm:hasPart, o: {mapping: block}}]
  block:
    foreach: blocks
    subjects: qualification:$(^id)/$(code)
    predicateobjects: [{p: elm:learningOutcome, o: {mapping: outcome}}]
  outcome:
    within: block
    foreach: {join: k, on: $(code)}
    subjects: outcome:$(^^id)/$(^code)/$(@index)
    predicateobjects: [[dcterms:title, $(v)]]
"""
    joins = "  k: {access: k.csv, referenceFormulation: csv, key: $(block), on: $(blocks.code)}"
    plan = plan_of(tmp_path, joins, body)
    rows = {
        "k": [
            {"block": "b1", "v": "one"},
            {"block": "b2", "v": "two"},
            {"block": "b1", "v": "three"},
            {"block": "b9", "v": "of another record"},
        ]
    }
    data: dict[str, JsonValue] = {"id": "1", "blocks": [{"code": "b1"}, {"code": "b2"}]}
    with filled(plan, tmp_path, rows) as tables:
        assert short(run(plan, data, tables)) == [
            "qualification:1 elm:hasPart qualification:1/b1",
            "qualification:1 elm:hasPart qualification:1/b2",
            "qualification:1/b1 elm:learningOutcome outcome:1/b1/1",
            "qualification:1/b1 elm:learningOutcome outcome:1/b1/2",
            "qualification:1/b2 elm:learningOutcome outcome:1/b2/1",
            'outcome:1/b1/1 dcterms:title "one"',
            'outcome:1/b1/2 dcterms:title "three"',
            'outcome:1/b2/1 dcterms:title "two"',
        ]
    assert plan.audit() == []


def test_a_loop_over_an_unknown_join_names_the_nearest(tmp_path: Path) -> None:
    body = BODY + "  r: {foreach: {join: kk, on: $(id)}, subjects: outcome:$(v)}\n"
    joins = "  k: {access: k.csv, referenceFormulation: csv, key: $(no), on: $(id)}"
    with pytest.raises(UsageError, match="'k'"):
        plan_of(tmp_path, joins, body)


def test_keys_that_never_meet_are_reported_once(tmp_path: Path) -> None:
    joins = "  k: {access: k.csv, referenceFormulation: csv, key: $(no), on: $(id)}"
    plan = plan_of(tmp_path, joins)
    with filled(plan, tmp_path, {"k": [{"no": "01", "v": "a"}]}) as tables:
        prepare(plan, {"id": "1"}, tables)
        prepare(plan, {"id": "2"}, tables)
    (issue,) = plan.audit()
    assert (issue.code, issue.field) == ("QCP-MAP-JOIN", "join:k")
    assert "None of 2 records" in issue.message


def test_a_key_that_fits_everything_costs_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "MAX_ROWS", 3)
    joins = "  k: {access: k.csv, referenceFormulation: csv, key: $(no), on: $(ids)}"
    plan = plan_of(tmp_path, joins)
    rows = {"k": [{"no": str(n % 2), "v": str(n)} for n in range(6)]}
    with filled(plan, tmp_path, rows) as tables:
        assert len(short(run(plan, {"id": "1", "ids": ["1"]}, tables))) == 3
        mapped = run(plan, {"id": "1", "ids": ["0", "1"]}, tables)
    assert mapped.rejected
    assert codes(mapped) == ["QCP-MAP-JOIN"]


def test_only_columns_that_are_mapped_count(tmp_path: Path) -> None:
    joins = "  k: {access: k.csv, referenceFormulation: csv, key: $(no), on: $(id)}"
    plan = plan_of(tmp_path, joins)
    with filled(plan, tmp_path, {"k": [{"no": "1", "v": "a", "other": "x"}]}) as tables:
        assert prepare(plan, {"id": "1"}, tables).joined == {"k": [{"no": "1", "v": "a"}]}


def some(count: int) -> Iterator[SourceRecord]:
    for number in range(count):
        yield record({"no": str(number % 700), "v": f"value {number}"})


def test_memory_and_disk_give_the_same_rows(tmp_path: Path) -> None:
    joins = """
  k: {access: k.csv, referenceFormulation: csv, key: $(no), on: $(id)}
  l: {access: l.csv, referenceFormulation: csv, key: $(no), on: $(id)}"""
    plan = plan_of(tmp_path, joins, BODY.replace("$(join:k/v)", "$(join:k/v)$(join:l/v)"))
    scratch = tmp_path / "scratch"
    with Tables(plan, scratch) as small, Tables(plan, scratch, memory=100_000) as large:
        for tables in (small, large):
            assert tables.fill("l", some(1)) == 1
            assert tables.rows("k", "0") == []
            assert tables.fill("k", some(9000)) == 9000
            assert tables.fill("k", some(10)) == 10
        assert (small.spilled, large.spilled) == (False, True)
        assert len(list(scratch.iterdir())) == 1
        for key in ("0", "5", "699", "700", ""):
            assert small.rows("k", key) == large.rows("k", key)
            assert small.rows("k", key, 2) == large.rows("k", key, 2) == small.rows("k", key)[:2]
        assert small.rows("l", "0") == large.rows("l", "0")
        assert len(small.rows("k", "5")) == 14
        assert large.fill("l", some(3)) == 3  # the index is made anew
        assert len(large.rows("l", "0")) == 2
    assert list(scratch.iterdir()) == []


def test_a_full_disk_is_a_named_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qcp_graph.mapping.tables.MAX_FILE_BYTES", 20 * 4096)
    joins = "  k: {access: k.csv, referenceFormulation: csv, key: $(no), on: $(id)}"
    plan = plan_of(tmp_path, joins)
    with Tables(plan, tmp_path / "scratch", memory=0) as tables:
        with pytest.raises(InternalError) as caught:
            tables.fill("k", some(20_000))
        assert caught.value.code == "QCP-MAP-TABLES"
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_long_table_does_not_fill_memory(tmp_path: Path) -> None:
    joins = "  k: {access: k.csv, referenceFormulation: csv, key: $(no), on: $(id)}"
    plan = plan_of(tmp_path, joins)
    rows = (record({"no": str(n), "v": "x" * 200, "other": "y" * 500}) for n in range(30_000))
    with Tables(plan, tmp_path / "scratch", memory=500_000) as tables:
        tracemalloc.start()
        try:
            tables.fill("k", rows)
            assert len(tables.rows("k", "29999")) == 1
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert tables.spilled
    assert peak < 4 * 2**20  # the rows themselves are 7 MiB
