"""Iterations, named values, references between mappings, joins, inputs."""

from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.mapping import Tables
from qcp_graph.model.record import JsonValue, MappedRecord
from tests.mapping.support import HEAD, codes, load, one, prepare, record, run, short

NESTED = (
    HEAD["xml"]
    + """
mappings:
  outcome:
    within: block
    foreach: {value: $(T), transform: [split_lines]}
    subjects: outcome:$(^^id)/$(^C)/$(@index)
    predicateobjects:
      - [dcterms:title, $(.), fr~lang]
      - {p: elm:isPartOf, o: {mapping: block}}
      - {p: elm:note, o: {mapping: block-note}}
  block-note:
    within: block
    subjects: qualification:$(^id)/$(C)#note
    predicateobjects: [[elm:noteLiteral, $(L), fr~lang]]
  block:
    foreach: BS/B
    subjects: qualification:$(^id)/$(C)
    predicateobjects: [{p: elm:learningOutcome, o: {mapping: outcome}}]
  q:
    subjects: qualification:$(id)
    predicateobjects:
      - {p: elm:hasPart, o: {mapping: block}}
      - {p: elm:learningOutcome, o: {mapping: outcome}}
"""
)


def test_nested_iterations_meet_where_they_should(tmp_path: Path) -> None:
    data: dict[str, JsonValue] = {
        "id": "1",
        "BS": {"B": [{"C": "A", "L": "la", "T": "x\ny"}, {"C": "B", "L": "lb", "T": "z"}]},
    }
    lines = short(run(load(tmp_path, NESTED), data))
    assert "qualification:1 elm:hasPart qualification:1/B" in lines
    assert [x for x in lines if x.startswith("qualification:1 elm:learningOutcome")] == [
        "qualification:1 elm:learningOutcome outcome:1/A/1",
        "qualification:1 elm:learningOutcome outcome:1/A/2",
        "qualification:1 elm:learningOutcome outcome:1/B/1",
    ]
    assert [x for x in lines if x.startswith("qualification:1/A elm:learningOutcome")] == [
        "qualification:1/A elm:learningOutcome outcome:1/A/1",
        "qualification:1/A elm:learningOutcome outcome:1/A/2",
    ]
    assert [x for x in lines if "isPartOf" in x] == [
        "outcome:1/A/1 elm:isPartOf qualification:1/A",
        "outcome:1/A/2 elm:isPartOf qualification:1/A",
        "outcome:1/B/1 elm:isPartOf qualification:1/B",
    ]
    assert "outcome:1/B/1 elm:note qualification:1/B#note" in lines
    assert 'outcome:1/A/2 dcterms:title "y"@fr' in lines


def test_single_and_repeated_children_read_alike(tmp_path: Path) -> None:
    plan = load(tmp_path, NESTED)
    block: JsonValue = {"C": "A", "L": {"@lang": "fr", "#text": "la"}, "T": "x"}
    alone = run(plan, {"id": "1", "BS": {"B": block}})
    listed = run(plan, {"id": "1", "BS": [{"B": [block]}]})
    assert alone.quads == listed.quads
    assert 'qualification:1/A#note elm:noteLiteral "la"@fr' in short(alone)


def test_item_without_identifier_is_told(tmp_path: Path) -> None:
    mapped = run(load(tmp_path, NESTED), {"id": "1", "BS": {"B": [{"L": "x"}, {"C": "B"}]}})
    assert codes(mapped)[0] == "QCP-MAP-SUBJECT"
    assert "Item 1 of 'block'" in mapped.issues[0].message
    assert "qualification:1 elm:hasPart qualification:1/B" in short(mapped)


def test_shared_nodes_lie_apart_and_let_falls_back(tmp_path: Path) -> None:
    text = (
        HEAD["json"]
        + """
let: {name: {value: $(x), transform: [upper]}}
mappings:
  q: {subjects: qualification:$(id), predicateobjects: [[elm:x, $(let:name)]]}
  body:
    foreach: bodies
    shared: true
    let:
      id: {value: $(siret), transform: [trim], default: {value: $(name), transform: [slug]}}
      label: "$(name) ($(let:id), $(let:name))"
    subjects: organisation:$(let:id)
    predicateobjects: [[rov:legalName, $(let:label), fr~lang]]
"""
    )
    plan = load(tmp_path, text)
    mapped = run(
        plan, {"id": "1", "x": "n", "bodies": [{"siret": "\t12", "name": "A"}, {"name": "É b"}]}
    )
    assert short(mapped) == ['qualification:1 elm:x "N"']
    assert short(mapped, shared=True) == [
        'organisation:12 rov:legalName "A (12, N)"@fr',
        'organisation:e-b rov:legalName "É b (e-b, N)"@fr',
    ]


def test_optional_part_of_a_template(tmp_path: Path) -> None:
    more = "let: {note: {value: ' ($(n))', transform: [{default: {value: ''}}]}}\n"
    plan = load(tmp_path, one("- [elm:x, $(v)$(let:note)]\n- [elm:y, $(let:note)]", more=more))
    assert short(run(plan, {"id": "1", "v": "a"})) == ['qualification:1 elm:x "a"']
    assert short(run(plan, {"id": "1", "v": "a", "n": "b"}))[0] == 'qualification:1 elm:x "a (b)"'


def test_when_of_a_mapping_silences_it_everywhere(tmp_path: Path) -> None:
    text = (
        HEAD["json"]
        + """
mappings:
  q: {subjects: qualification:$(id), predicateobjects: [{p: elm:x, o: {mapping: i}}]}
  i:
    foreach: items
    when: {value: $(ok), equals: 'true'}
    subjects: outcome:$(n)
    predicateobjects: [[a, elm:LearningOutcome]]
"""
    )
    mapped = run(
        load(tmp_path, text), {"id": "1", "items": [{"n": 1, "ok": False}, {"n": 2, "ok": True}]}
    )
    assert short(mapped) == [
        "qualification:1 elm:x outcome:2", "outcome:2 rdf:type elm:LearningOutcome",
    ]  # fmt: skip
    assert mapped.issues == ()


JOINED = (
    HEAD["csv"]
    + """
joins:
  k: {access: k.csv, referenceFormulation: csv, key: $(no), on: $(a)$(b)}
mappings:
  q:
    subjects: qualification:$(id)
    predicateobjects:
      - [elm:x, $(join:k/Level (x))]
      - {p: elm:y, o: {mapping: row}}
  row:
    foreach: join:k
    subjects: qualification:$(^id)#k-$(@index)
    predicateobjects: [[elm:from, $(from)]]
"""
)


def test_joined_rows(tmp_path: Path) -> None:
    plan = load(tmp_path, JOINED)
    assert [table.name for table in plan.side_tables] == ["k"]
    rows = [
        {"no": "12", "Level (x)": "4", "from": "2010"},
        {"no": "12 ", "Level (x)": "5", "from": "2020"},
        {"no": "9", "Level (x)": "6", "from": ""},
        {"no": "", "Level (x)": "6", "from": ""},
    ]
    scratch = tmp_path / "scratch"
    with Tables(plan, scratch) as tables:
        assert tables.fill("k", map(record, rows)) == 3
        mapped = run(plan, {"id": "1", "a": "1", "b": "2"}, tables)
        lonely = run(plan, {"id": "1", "a": "7", "b": "2"}, tables)
        digests = {prepare(plan, {"id": "1", "a": a, "b": "2"}, tables).digest for a in "17"}
        with pytest.raises(KeyError):
            tables.fill("unknown", [])
    assert not scratch.exists()  # so few rows stay in memory
    assert short(mapped) == [
        'qualification:1 elm:x "4"', 'qualification:1 elm:x "5"',
        "qualification:1 elm:y qualification:1#k-1", "qualification:1 elm:y qualification:1#k-2",
        'qualification:1#k-1 elm:from "2010"', 'qualification:1#k-2 elm:from "2020"',
    ]  # fmt: skip
    assert lonely.quads == ()
    assert len(digests) == 2


def test_a_changed_row_changes_the_digest(tmp_path: Path) -> None:
    plan = load(tmp_path, JOINED)
    data: dict[str, JsonValue] = {"id": "1", "a": "1", "b": "2"}
    found = set()
    for level in "45":
        with Tables(plan, tmp_path / "t") as tables:
            tables.fill("k", [record({"no": "12", "Level (x)": level})])
            found.add(prepare(plan, data, tables).digest)
    assert len(found) == 2


def test_key_scope_and_subject(tmp_path: Path) -> None:
    text = one("- [elm:x, $(v)]").replace(
        "key: $(id)", "key: $(a)-$(b), where: {value: $(v), in: [x, y]}"
    )
    plan = load(tmp_path, text)
    good: dict[str, JsonValue] = {"id": "1", "a": 1, "b": " 2 ", "v": "x"}
    assert prepare(plan, good).key == "1- 2"
    assert codes(run(plan, {**good, "a": ""})) == ["QCP-MAP-KEY"]
    assert codes(run(plan, {**good, "a": "", "v": "z"})) == ["QCP-MAP-SCOPE"]  # none of ours
    out = run(plan, {**good, "v": "z"})
    assert (out.key, out.rejected, out.issues[0].code) == ("1- 2", True, "QCP-MAP-SCOPE")
    assert out.issues[0].severity == "violation"
    assert codes(run(plan, {**good, "id": None})) == ["QCP-MAP-SUBJECT"]
    assert codes(run(plan, {**good, "id": ["1", "2"]})) == ["QCP-MAP-SUBJECT"]
    skipping = load(tmp_path, text.replace("[x, y]}", "[x, y]}, otherwise: skip"))
    assert run(skipping, {**good, "v": "z"}).issues[0].severity == "info"


def test_several_inputs(tmp_path: Path) -> None:
    text = """
sources:
  units: {access: u.csv, referenceFormulation: csv, key: $(u)}
  s: {access: q.csv, referenceFormulation: csv, key: $(id)}
mappings:
  unit: {sources: units, subjects: "qualification:u-$(u)", predicateobjects: [[a, elm:U]]}
  q: {sources: [s], subjects: "qualification:$(id)", predicateobjects: [[a, elm:Q]]}
"""
    plan = load(tmp_path, text)
    assert [(i.name, i.pattern, i.format) for i in plan.inputs] == [
        ("units", "u.csv", "csv"), ("s", "q.csv", "csv"),
    ]  # fmt: skip
    assert run(plan, {"id": "1"}).iri == "https://x.org/id/qualification/fr/x/1"
    prepared = plan.prepare(record({"u": "7"}), "units")
    assert not isinstance(prepared, MappedRecord)
    assert plan.map(prepared, "units").iri == "https://x.org/id/qualification/fr/x/u-7"


def test_main_can_be_stated(tmp_path: Path) -> None:
    maps = "  o: {subjects: outcome:$(id)}\n  q: {subjects: qualification:$(id), main: true}\n"
    text = f"{HEAD['csv']}mappings:\n{maps}"
    assert run(load(tmp_path, text), {"id": "1"}).iri.endswith("/qualification/fr/x/1")
    with pytest.raises(UsageError, match="main"):
        load(tmp_path, text.replace("outcome:$(id)", "outcome:$(id), main: true"))


def test_a_crash_costs_the_record_only(tmp_path: Path) -> None:
    plan = load(tmp_path, one("- [elm:x, $(v)]"))
    deep: JsonValue = "x"
    for _ in range(20_000):
        deep = [deep]
    mapped = run(plan, {"id": "1", "v": deep})
    assert mapped.rejected
    assert codes(mapped) == ["QCP-MAP-CRASH"]
