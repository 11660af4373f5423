"""Each field is mapped, ignored by name, or reported once."""

from collections.abc import Mapping
from pathlib import Path

from qcp_graph.mapping import Plan, Tables
from qcp_graph.model.record import JsonValue
from tests.mapping.support import HEAD, load, one, record, run


def _found(plan: Plan, *data: Mapping[str, JsonValue]) -> dict[tuple[str, str], str]:
    for number, item in enumerate(data, start=1):
        plan.prepare(record(item, f"row {number}"), "s")
    return {(issue.code, issue.field): issue.locator for issue in plan.audit()}


def test_unmapped_fields_are_reported_once_with_count_and_place(tmp_path: Path) -> None:
    plan = load(tmp_path, one("- [elm:x, $(a.b)]"))
    found = _found(
        plan,
        {"id": "1", "a": {"b": "x", "c": ""}, "e": None},
        {"id": "2", "a": [{"b": "x"}, {"c": 0}], "d": {"f": [{"g": 1}, {"g": 2}]}},
        {"id": "3", "a": "text"},
    )
    assert found == {
        ("QCP-MAP-UNMAPPED", "a"): "a.csv row 3",
        ("QCP-MAP-UNMAPPED", "a.c"): "a.csv row 2",
        ("QCP-MAP-UNMAPPED", "d.f.g"): "a.csv row 2",
    }
    counts = {issue.field: issue.message for issue in plan.audit()}
    assert "2 time(s)" in counts["d.f.g"]


def test_ignored_by_name_pattern_and_subtree(tmp_path: Path) -> None:
    more = 'ignore: {"*_End": no, X: tree, a.c: no, "P*": no, gone: no}\n'
    plan = load(tmp_path, one("- [elm:x, $(a.b)]", more=more))
    found = _found(
        plan,
        {"id": "1", "a": {"b": "x", "c": {"d": "1"}}, "F_End": "1", "X": {"y": [{"z": "1"}]}},
        {"id": "1", "P1": "1", "P2": {"q": "2"}, "other": "1"},
    )
    assert found == {
        ("QCP-MAP-UNMAPPED", "other"): "a.csv row 2",
        ("QCP-MAP-IGNORED", "gone"): "",
    }


def test_fields_that_never_come(tmp_path: Path) -> None:
    text = one("- [elm:x, $(a.b)]\n- [elm:y, $(c)]") + (
        "  i: {foreach: items.item, subjects: outcome:$(n), predicateobjects: [[elm:z, $(t.u)]]}\n"
    )
    plan = load(tmp_path, text)
    assert plan.audit() == []
    assert set(_found(plan, {"id": "1", "a": {"B": "x"}})) == {
        ("QCP-MAP-UNMAPPED", "a.B"),
        ("QCP-MAP-UNUSED", "a.b"),
        ("QCP-MAP-UNUSED", "c"),
        ("QCP-MAP-UNUSED", "items.item"),
    }
    assert ("QCP-MAP-UNUSED", "t.u") in _found(plan, {"id": "1", "items": {"item": {"n": "1"}}})


def test_a_language_map_is_used_as_a_whole(tmp_path: Path) -> None:
    plan = load(tmp_path, one("- {p: elm:x, o: {languageMap: $(n)}}"))
    assert _found(plan, {"id": "1", "n": {"fr": "a", "_id": 3, "zz": {"x": "y"}}}) == {}


def test_an_attribute_beside_a_used_text_is_reported(tmp_path: Path) -> None:
    plan = load(tmp_path, one("- [elm:x, $(A/B)]", "xml"))
    found = _found(plan, {"id": "1", "A": {"B": {"#text": "t", "@lang": "fr"}}})
    assert found == {("QCP-MAP-UNMAPPED", "A/B/@lang"): "a.csv row 1"}


def test_columns_of_side_tables(tmp_path: Path) -> None:
    text = (
        HEAD["csv"]
        + """
joins: {k: {access: k.csv, referenceFormulation: csv, key: $(no), on: $(id)}}
ignore: {"join:k/skip": no}
mappings:
  q: {subjects: qualification:$(id), predicateobjects: [[elm:x, $(join:k/level)]]}
"""
    )
    plan = load(tmp_path, text)
    with Tables(plan, tmp_path / "t") as tables:
        tables.fill("k", [record({"no": "1", "level": "2", "skip": "x", "new": "y"})])
        run(plan, {"id": "1"}, tables)
    assert [(issue.code, issue.field) for issue in plan.audit()] == [
        ("QCP-MAP-UNMAPPED", "join:k/new")
    ]


def test_endless_field_names_are_bounded(tmp_path: Path) -> None:
    plan = load(tmp_path, one("- [elm:x, $(a)]"))
    _found(plan, {"id": "1", "a": "x", **{f"k{n}": "v" for n in range(30_000)}})
    issues = plan.audit()
    assert len(issues) == 501
    assert "29500 further" in issues[-1].message


def test_a_field_read_inside_a_language_map_is_not_called_unused(tmp_path: Path) -> None:
    body = "- {p: elm:x, o: {languageMap: $(t)}, when: {value: $(t.fr), exists: true}}"
    plan = load(tmp_path, one(body))
    assert _found(plan, {"id": "1", "t": {"fr": "a", "_id": "9"}}) == {}


def test_records_out_of_scope_are_not_audited(tmp_path: Path) -> None:
    head = HEAD["json"].replace("key: $(id)", "key: $(id), where: {value: $(k), equals: a}")
    plan = load(tmp_path, one("- [elm:x, $(b)]").replace(HEAD["json"], head))
    assert (
        _found(plan, {"id": "1", "k": "z", "strange": "1"}, {"id": "2", "k": "a", "b": "1"}) == {}
    )


def test_a_field_that_another_input_has_is_not_called_unused(tmp_path: Path) -> None:
    text = """
sources:
  one: {access: a.json, referenceFormulation: jsonlines, key: $(id)}
  two: {access: b.json, referenceFormulation: jsonlines, key: $(id)}
mappings:
  q:
    subjects: qualification:$(id)
    predicateobjects: [[elm:x, $(a.b)], [elm:y, $(c)], [elm:z, $(a.d)]]
"""
    plan = load(tmp_path, text)
    plan.prepare(record({"id": "1", "a": {"b": "x"}}), "one")
    assert {issue.field for issue in plan.audit()} == {"c", "a.d"}
    plan.prepare(record({"id": "2", "c": "y"}), "two")
    assert {issue.field for issue in plan.audit()} == {"a.d"}
