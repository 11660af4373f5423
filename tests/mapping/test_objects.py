"""What a triple pattern makes of a record."""

from pathlib import Path

import pytest

from tests.mapping.support import HEAD, codes, load, one, run, short

Q = "qualification:1"


@pytest.mark.parametrize(
    ("rule", "data", "expected"),
    [
        ("- [a, elm:Qualification]", {}, [f"{Q} rdf:type elm:Qualification"]),
        ("- [dcterms:title, $(t), fr~lang]", {"t": "Été"}, [f'{Q} dcterms:title "Été"@fr']),
        ("- [dcterms:title, $(t), fr~lang]", {"t": "  "}, []),
        ("- [dcterms:title, $(t), fr~lang]", {"t": None}, []),
        ("- [dcterms:title, $(t)]", {"t": ["a", ["b", None], ""]}, ["a", "b"]),
        ("- [elm:point, $(t)]", {"t": 1.0}, ["1"]),
        ("- [elm:point, $(t)]", {"t": 1.5}, ["1.5"]),
        ("- [elm:point, $(t)]", {"t": True}, ["true"]),
        ("- [elm:point, $(t), xsd:integer]", {"t": 3}, [f'{Q} elm:point "3"^^xsd:integer']),
        ("- [elm:point, $(a)-$(b)]", {"a": "x", "b": ["y", "z"]}, ["x-y", "x-z"]),
        ("- [elm:point, $(a)-$(b)]", {"a": "x"}, []),
        (r"- [elm:point, 'price \$(a)']", {"a": "x"}, ["price $(a)"]),
        ("- [qcp:status, qcp:Registered]", {}, [f"{Q} qcp:status qcp:Registered"]),
        ("- [foaf:page, $(u)~iri]", {"u": " https://a.org/x "}, [f"{Q} foaf:page https://a.org/x"]),
        ("- [org:x, organisation:$(u)]", {"u": "U/S 1é"}, [f"{Q} org:x organisation:U%2FS%201é"]),
        ("- [org:x, organisation:$(u)]", {"u": ".."}, [f"{Q} org:x organisation:%2E%2E"]),
        ("- {p: org:x, o: {value: 'organisation:$(u)', raw: true}}", {"u": "a/b"},
         [f"{Q} org:x organisation:a/b"]),
        ("- {p: elm:x, o: {constant: '$(u)'}}", {"u": "a"}, ["$(u)"]),
        ("- {p: elm:x, o: {value: 'qcp:y', type: literal}}", {}, ["qcp:y"]),
        ("- {p: elm:x, o: {value: $(u), language: $(l)}}", {"u": "a", "l": "en-GB"},
         [f'{Q} elm:x "a"@en-gb']),
        ("- {p: [elm:x, elm:y], o: [[$(u), fr~lang], qcp:z]}", {"u": "a"},
         [f"{Q} elm:x qcp:z", f"{Q} elm:y qcp:z", f'{Q} elm:x "a"@fr', f'{Q} elm:y "a"@fr']),
        ("- {p: elm:x, o: {languageMap: $(n)}}",
         {"n": {"fr": "a", "en-GB": ["b", "c"], "_id": "9", "id": "7", "sv": "d", "en": 5}},
         [f'{Q} elm:x "a"@fr', f'{Q} elm:x "b"@en-gb', f'{Q} elm:x "c"@en-gb']),
        ("- {p: elm:x, o: {languageMap: $(n), transform: [html_items]}}",
         {"n": {"fr": "<li>a</li><li>b"}}, [f'{Q} elm:x "a"@fr', f'{Q} elm:x "b"@fr']),
        ("- {p: elm:x, o: {value: $(a), default: $(b)}}", {"b": "two"}, ["two"]),
        ("- {p: elm:x, o: {value: $(a), default: $(b)}}", {"a": "one", "b": "two"}, ["one"]),
        ("- {p: elm:x, o: $(a), graph: provenance}", {"a": "one"},
         [f'{Q} elm:x "one" [provenance]']),
        ("- {p: elm:x, o: $(a), when: {value: $(b), equals: No}}", {"a": "one", "b": "No"},
         ["one"]),
        ("- {p: elm:x, o: {value: $(a), when: {value: $(b), equals: No}}}", {"a": "x"}, []),
        ("- {p: elm:x, o: qcp:z, when: {value: $(b), exists: true}}", {}, []),
        ("- [elm:x, $(a.b)]", {"a": [{"b": "1"}, {"b": ["2"]}, "3"]}, ["1", "2"]),
        ("- [elm:x, '$(a[*].b)']", {"a": [{"b": "1"}]}, ["1"]),
        ("- [elm:x, '$(a[1].b)']", {"a": [{"b": "1"}, {"b": "2"}]}, ["2"]),
        (r"- [elm:x, '$(a\.b)']", {"a.b": "1"}, ["1"]),
    ],
)  # fmt: skip
def test_pattern(tmp_path: Path, rule: str, data: dict[str, object], expected: list[str]) -> None:
    mapped = run(load(tmp_path, one(rule)), {"id": "1", **data})  # type: ignore[dict-item]
    found = short(mapped)
    if expected and not expected[0].startswith(Q):
        found = [line.split(" ", 2)[2].strip('"') for line in found]
    assert found == expected
    assert mapped.issues == ()


@pytest.mark.parametrize(
    ("rule", "value", "code"),
    [
        ("- [elm:x, $(v), xsd:date]", "2023-02-29", "QCP-MAP-VALUE"),
        ("- [elm:x, $(v), xsd:date]", "soon", "QCP-MAP-VALUE"),
        ("- [elm:x, $(v), xsd:gYear]", "24", "QCP-MAP-VALUE"),
        ("- [elm:x, $(v), xsd:dateTime]", "2024-01-01", "QCP-MAP-VALUE"),
        ("- [elm:x, $(v), xsd:integer]", "1.0", "QCP-MAP-VALUE"),
        ("- [elm:x, $(v), xsd:integer]", "٣", "QCP-MAP-VALUE"),
        ("- [elm:x, $(v), xsd:decimal]", "1,5", "QCP-MAP-VALUE"),
        ("- [elm:x, $(v), xsd:boolean]", "oui", "QCP-MAP-VALUE"),
        ("- [elm:x, $(v), xsd:duration]", "PT", "QCP-MAP-VALUE"),
        ("- [elm:x, $(v), xsd:duration]", "P1H", "QCP-MAP-VALUE"),
        ("- [elm:x, $(v), xsd:language]", "français", "QCP-MAP-VALUE"),
        ("- [elm:x, $(v), xsd:anyURI]", "javascript:alert(1)", "QCP-MAP-VALUE"),
        ("- [elm:x, $(v)~iri]", "JavaScript:alert(1)", "QCP-MAP-IRI"),
        ("- [elm:x, $(v)~iri]", "www.example.org", "QCP-MAP-IRI"),
        ("- [elm:x, $(v)~iri]", "https://a.org/<x>", "QCP-MAP-IRI"),
        ("- [elm:x, $(v)~iri]", "https://a.org/> <b> <c> .\n", "QCP-MAP-IRI"),
        ("- {p: elm:x, o: {value: $(v), language: $(l)}}", "text", "QCP-MAP-LANGUAGE"),
        ("- {p: elm:x, o: {value: $(v), transform: [date_dmy]}}", "32/01/2024", "QCP-MAP-VALUE"),
        (
            "- {p: elm:x, o: {value: $(v), transform: [date_dmy], default: none}}",
            "x",
            "QCP-MAP-VALUE",
        ),
    ],
)
def test_bad_value_costs_the_value_only(tmp_path: Path, rule: str, value: str, code: str) -> None:
    mapped = run(load(tmp_path, one(f"- [a, elm:Q]\n{rule}")), {"id": "1", "v": value, "l": "?"})
    assert short(mapped) == [f"{Q} rdf:type elm:Q"]
    assert codes(mapped) == [code]
    issue = mapped.issues[0]
    assert (issue.source, issue.record, issue.locator) == ("fr-x", "1", "a.csv row 2")
    assert issue.rule == "mapping.yaml line 8"
    assert issue.field == "v"
    assert issue.message
    assert issue.remedy
    assert not mapped.rejected


def test_good_lexical_forms(tmp_path: Path) -> None:
    good = {
        "date": ["2024-02-29", "2024-01-01Z", "2024-01-01+02:00"],
        "gYear": ["2024"],
        "dateTime": ["2024-01-01T10:00:00.5Z"],
        "integer": ["-7", "+7"],
        "decimal": ["1.", ".5", "-1.50"],
        "double": ["1e3", "INF", "NaN"],
        "boolean": ["true", "0"],
        "duration": ["PT120H", "P1Y2M3DT4H5M6.7S", "-P1D"],
        "anyURI": ["https://example.org/a?b=c#d"],
        "language": ["pt-BR"],
    }
    rules = "\n".join(f"- [elm:x, $({kind}), xsd:{kind}]" for kind in good)
    mapped = run(load(tmp_path, one(rules)), {"id": "1", **good})
    assert mapped.issues == ()
    assert len(mapped.quads) == sum(map(len, good.values()))


def test_control_characters_are_removed_and_told(tmp_path: Path) -> None:
    mapped = run(load(tmp_path, one("- [elm:x, $(v), fr~lang]")), {"id": "1", "v": 'a\x00\x1b"b\n'})
    assert short(mapped) == [rf'{Q} elm:x "a\"b\n"@fr']
    assert codes(mapped) == ["QCP-MAP-CONTROL"]
    assert mapped.issues[0].severity == "info"


def test_required_rejects(tmp_path: Path) -> None:
    plan = load(tmp_path, one("- {p: elm:x, o: {value: $(v), required: true}}"))
    mapped = run(plan, {"id": "1"})
    assert mapped.rejected
    assert mapped.quads == ()
    assert codes(mapped) == ["QCP-MAP-REQUIRED"]
    assert run(plan, {"id": "1", "v": "a"}).rejected is False


def test_each_triple_once_in_stable_order(tmp_path: Path) -> None:
    plan = load(tmp_path, one("- [elm:b, $(v)]\n- [elm:a, $(v)]\n- [elm:b, $(v)]"))
    assert short(run(plan, {"id": "1", "v": ["y", "x", "y"]})) == [
        f'{Q} elm:b "y"', f'{Q} elm:b "x"', f'{Q} elm:a "y"', f'{Q} elm:a "x"',
    ]  # fmt: skip


def test_too_many_combinations(tmp_path: Path) -> None:
    plan = load(tmp_path, one("- [elm:x, $(a)$(b)$(c)]"))
    many = [str(n) for n in range(100)]
    mapped = run(plan, {"id": "1", "a": many, "b": many, "c": many})
    assert mapped.quads == ()
    assert codes(mapped) == ["QCP-MAP-VALUE"]


@pytest.mark.parametrize(
    ("condition", "data", "holds"),
    [
        ("{value: $(a), equals: Oui}", {"a": " Oui "}, True),
        ("{value: $(a), equals: Oui}", {"a": ["Non", "Oui"]}, True),
        ("{value: $(a), equals: 007}", {"a": "007"}, True),
        ("{value: $(a), equals: 'true'}", {"a": True}, True),
        ("{value: $(a), not: RS}", {}, True),
        ("{value: $(a), not: [RS, X]}", {"a": "X"}, False),
        ("{value: $(a), in: [x, y]}", {"a": "y"}, True),
        ('{value: $(a), matches: "^RNCP\\\\d+$"}', {"a": "RNCP12"}, True),
        ('{value: $(a), matches: "^RNCP\\\\d+$"}', {"a": "RS12"}, False),
        ("{value: $(a), exists: true}", {"a": " "}, False),
        ("{value: $(a), exists: false}", {"a": "x"}, False),
        ("{value: $(a), empty: true}", {}, True),
        ("{value: $(a), transform: [lower], equals: oui}", {"a": "OUI"}, True),
        ("[{value: $(a), equals: x}, {value: $(b), equals: y}]", {"a": "x"}, False),
        ("{any: [{value: $(a), equals: x}, {value: $(b), equals: y}]}", {"a": "x"}, True),
        ("{all: [{value: $(a), equals: x}, {value: $(b), equals: y}]}", {"a": "x", "b": "y"}, True),
        ("{not: {value: $(a), exists: true}}", {"a": "x"}, False),
    ],
)
def test_condition(tmp_path: Path, condition: str, data: dict[str, object], holds: bool) -> None:
    plan = load(tmp_path, one(f"- {{p: elm:x, o: qcp:y, when: {condition}}}"))
    assert bool(run(plan, {"id": "1", **data}).quads) is holds  # type: ignore[dict-item]


def test_a_wrong_named_value_gives_way_to_no_default_however_often_it_is_asked(
    tmp_path: Path,
) -> None:
    plan = load(
        tmp_path,
        HEAD["json"]
        + """
let: {day: {value: $(a), transform: [date_dmy]}}
mappings:
  q:
    subjects: qualification:$(id)
    predicateobjects:
      - {p: elm:x, o: {value: $(let:day), default: {value: never}}}
      - {p: elm:y, o: {value: $(let:day), default: {value: never}}}
""",
    )
    mapped = run(plan, {"id": "1", "a": "31.2.2024"})
    assert short(mapped) == []
    assert codes(mapped) == ["QCP-MAP-VALUE"]


@pytest.mark.parametrize(("kind", "expected"), [("a", ["one"]), ("b", ["two"]), ("c", [])])
def test_a_subject_has_conditions_of_its_own(
    tmp_path: Path, kind: str, expected: list[str]
) -> None:
    text = HEAD["json"] + (
        "mappings:\n  q:\n    subjects: qualification:$(id)\n"
        "    predicateobjects: [[a, elm:Qualification]]\n"
        "  o:\n    subjects:\n"
        "      - {value: 'organisation:one', when: {value: $(k), equals: a}}\n"
        "      - {value: 'organisation:two', when: {value: $(k), equals: b}}\n"
        "    predicateobjects: [[rov:legalName, $(k)]]\n"
    )
    found = run(load(tmp_path, text), {"id": "1", "k": kind})
    named = [s.rpartition("/")[2][:-1] for s, p, _, _ in found.quads if "legalName" in p]
    assert named == expected
