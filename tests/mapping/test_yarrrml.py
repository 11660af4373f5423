"""What YARRRML says and others write: calls of functions, conditions, keys that are not ours."""

from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from tests.mapping.support import HEAD, load, one, run, short

DATA = {"id": "1", "v": " a;b ", "w": "x"}


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("{function: grel:toUpperCase, parameters: [[grel:valueParameter, $(w)]]}", ["X"]),
        ("{function: trim, parameters: [{parameter: p, value: $(v)}]}", ["a;b"]),
        ('{function: "ex:pad(input = $(w), length = 3, fill = \\".\\")"}', ["..x"]),
        ("{function: grel:string_split, parameters: [[v, $(v)], [sep, ;]]}", ["a", "b"]),
        (
            "{function: upper, parameters: [[p, {function: suffix, parameters: "
            "[[p, $(w)], [by, y]]}]]}",
            ["XY"],
        ),
        ("{function: trim, parameters: [[p, $(v)]], transform: [upper]}", ["A;B"]),
        ("{function: trim, parameters: [[p, $(no)]], default: none}", ["none"]),
    ],
)
def test_calls_of_functions(tmp_path: Path, rule: str, found: list[str]) -> None:
    mapped = run(load(tmp_path, one(f"- {{p: elm:x, o: {rule}}}")), DATA)
    assert short(mapped) == [f'qualification:1 elm:x "{text}"' for text in found]


@pytest.mark.parametrize(
    ("test", "holds"),
    [
        ("{function: idlab-fn:equal, parameters: [[a, $(w)], [b, x]]}", True),
        ("{function: idlab-fn:equal, parameters: [[a, $(w)], [b, y]]}", False),
        ("{function: idlab-fn:notEqual, parameters: [[a, $(w)], [b, y]]}", True),
        ("{function: isNotNull, parameters: [[a, $(no)]]}", False),
        ("{function: isNull, parameters: [[a, $(no)]]}", True),
        ("{function: grel:string_contains, parameters: [[a, $(v)], [b, ;]]}", True),
        ("{function: upper, parameters: [[a, $(w)]], equals: X}", True),
    ],
)
def test_conditions(tmp_path: Path, test: str, holds: bool) -> None:
    mapped = run(load(tmp_path, one(f"- {{p: elm:x, o: $(w), condition: {test}}}")), DATA)
    assert bool(mapped.quads) is holds
    rule = f"- {{p: elm:x, o: {{value: $(w), condition: {test}}}}}"
    assert bool(run(load(tmp_path, one(rule)), DATA).quads) is holds


def test_authors_are_let_pass(tmp_path: Path) -> None:
    authors = "authors:\n  - name: A\n    email: a@example.org\n"
    assert run(load(tmp_path, authors + one("- [elm:x, $(w)]")), DATA).quads


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("- {p: elm:x, o: {function: trimm, parameters: [[a, $(w)]]}}", "Did you mean 'trim'"),
        ("- {p: elm:x, o: {function: trim}}", "has no parameters"),
        ("- {p: elm:x, o: {function: pad, parameters: [[a, $(w)], [b, $(v)]]}}", "Only one"),
        ("- {p: elm:x, o: {function: trim, parameters: [a]}}", r"A parameter is \[name"),
        ('- {p: elm:x, o: {function: "trim(a)"}}', "Write name = value"),
        ("- {p: elm:x, o: {function: trim, value: a, parameters: [[a, b]]}}", "exactly one"),
        ("- {p: elm:x, o: a, condition: {function: f, parameters: [[a, b]]}}", "isNotNull"),
        ("- {p: elm:x, o: a, targets: t}", "decide where results go"),
        ("- {inversepredicates: elm:x, p: elm:y, o: a}", "mapping of its subject"),
        ('- {p: "elm:$(w)", o: a}', "a rule for each predicate"),
        ("- {p: elm:x, o: a, graphs: ex:g}", "data, provenance"),
    ],
)
def test_what_is_refused_names_a_way_out(tmp_path: Path, rule: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        load(tmp_path, one(rule))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("base: http://x.org/\n" + HEAD["json"] + "mappings: {}", "Set base_iri"),
        ("external: {a: b}\n" + HEAD["json"] + "mappings: {}", "under `let`"),
        ("targets: {a: b}\n" + HEAD["json"] + "mappings: {}", "Leave it out"),
        ("sources: {s: ['a.csv~csv']}\nmappings: {}", "access, referenceFormulation"),
        ("sources: {s: {access: a, delimiter: ';'}}\nmappings: {}", "reader option"),
    ],
)
def test_standard_keys_of_the_file(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        load(tmp_path, text)
