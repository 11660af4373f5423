"""Each triple of a record is explained from its cells on; each rule without one says why."""

from pathlib import Path

from qcp_graph.mapping import Explanation, Plan
from qcp_graph.mapping.tracing import Cell
from qcp_graph.model.record import JsonValue
from tests.mapping.support import load, one, prepare

DATA: dict[str, JsonValue] = {
    "id": "1", "v": " a ", "w": "b", "status": "live", "odd": "?",
    "items": [{"n": "x", "t": "one"}, {"n": "y"}],
}  # fmt: skip
LOOP = """
  part:
    foreach: items
    subjects: outcome:$(^id)/$(n)
    predicateobjects:
      - [elm:t, $(t)]
  body:
    shared: true
    subjects: organisation:$(w)
    predicateobjects:
      - [a, elm:Organisation]
  none:
    foreach: nothing.there
    subjects: outcome:$(n)
    predicateobjects:
      - [elm:z, $(t)]
"""
LISTS = "codelists:\n  status: {file: status.csv}\n"


def _plan(folder: Path, rules: str, more: str = "", maps: str = "") -> Plan:
    (folder / "status.csv").write_text("source,target\nold,qcp:Old\nlive,qcp:Live\n")
    return load(folder, one(rules, more=more) + maps)


def _told(plan: Plan, data: dict[str, JsonValue] | None = None) -> list[Explanation]:
    prepared = prepare(plan, data or DATA)
    told = plan.explain(prepared, "s")
    made = plan.map(prepared, "s")
    assert {quad for rule in told for quad in rule.quads} == {*made.quads, *made.shared}
    return told


def _of(told: list[Explanation], predicate: str) -> Explanation:
    (found,) = [rule for rule in told if any(p.endswith(predicate) for p in rule.predicates)]
    return found


def test_cells_steps_and_triples(tmp_path: Path) -> None:
    rules = """- [a, elm:Q]
- [elm:x, $(v)-$(w)]
- {p: elm:y, o: {value: $(v), transform: [trim, {prefix: "a:"}]}}
- {p: elm:s, o: {value: $(status), lookup: status, type: iri}}"""
    told = _told(_plan(tmp_path, rules, LISTS))
    joined = _of(told, "/x")
    assert [(cell.field, cell.value) for cell in joined.cells] == [("v", " a "), ("w", "b")]
    assert joined.moves[-1].what == "template $(v)-$(w)"
    assert joined.moves[-1].after == (" a -b",)
    moves = [(move.what, move.before, move.after) for move in _of(told, "/y").moves]
    assert moves[0] == ("trim", (" a ",), ("a",))
    (looked,) = _of(told, "/s").moves
    assert looked.what == "code list status.csv line 3"
    assert looked.before == ("live",)
    assert looked.after[0].endswith("Live")
    assert all("mapping.yaml line" in rule.places[0] for rule in told)
    assert _of(told, "#type").cells == ()
    subject = next(rule for rule in told if not rule.predicates)
    assert [cell.value for cell in subject.cells] == ["1"]


def test_named_values_and_defaults_are_followed(tmp_path: Path) -> None:
    more = "let: {clean: {value: $(v), transform: trim}}\n"
    rules = '- [elm:x, "$(let:clean)!"]\n- {p: elm:y, o: {value: $(none), default: $(w)}}'
    told = _told(_plan(tmp_path, rules, more))
    assert [move.what for move in _of(told, "/x").moves] == ["trim", "template $(let:clean)!"]
    default = _of(told, "/y")
    assert default.cells == (Cell("none", "none", ""), Cell("w", "w", "b"))
    assert default.moves[-1].what == "default"


def test_loops_and_shared_nodes_say_where_they_are(tmp_path: Path) -> None:
    told = _told(_plan(tmp_path, "- [elm:x, $(v)]", maps=LOOP))
    parts = [rule for rule in told if rule.mapping == "part" and rule.predicates]
    assert [(rule.item, rule.why) for rule in parts] == [
        ("items[1]", ""),
        ("items[2]", "the source has no value: t"),
    ]
    assert parts[0].cells == (Cell("t", "items[1].t", "one"),)
    assert all(rule.shared for rule in told if rule.mapping == "body")
    (nothing,) = [rule for rule in told if rule.mapping == "none"]
    assert nothing.why == "there is no item to run over"


def test_what_gives_nothing_says_why(tmp_path: Path) -> None:
    rules = """- {p: elm:a, o: {value: $(odd), lookup: status, type: iri}}
- {p: elm:b, o: $(v), when: {value: $(w), equals: c}}
- [elm:c, $(missing)]
- {p: elm:d, o: {value: $(odd), transform: date_dmy, datatype: xsd:date}}
- {p: elm:e, o: {value: $(v), datatype: xsd:integer}}
- {p: elm:f, o: {value: $(v), transform: {extract: "z(.)"}}}"""
    told = _told(_plan(tmp_path, rules, LISTS))
    why = {name: _of(told, f"/{name}").why for name in "abcdef"}
    assert "no entry for this value" in why["a"]
    assert "lacks '?'" in _of(told, "/a").moves[0].what
    assert why["b"].startswith("condition not met: $(w) in c (it is 'b')")
    assert why["c"] == "the source has no value: missing"
    assert "function date_dmy" in why["d"]
    assert "is not" in why["e"]
    assert why["f"] == "extract(z(.)) gives nothing for ' a '"
    assert all(rule.quads or rule.why for rule in told if rule.predicates)


def test_a_rejected_record_is_explained_as_far_as_it_goes(tmp_path: Path) -> None:
    rules = "- [elm:x, $(w)]\n- {p: elm:y, o: {value: $(missing), required: true}}"
    plan = _plan(tmp_path, rules)
    told = plan.explain(prepare(plan, DATA), "s")
    assert _of(told, "/x").quads
    assert _of(told, "/y").why.startswith("the record is rejected: ")
