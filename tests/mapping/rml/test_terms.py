"""What term maps make of records, beyond the official cases."""

import json
from pathlib import Path

import pytest

from qcp_graph.mapping.rml import load
from tests.mapping.rml.support import one, run, source, write

NAME = 'rml:reference "name"'


def _json(folder: Path, record: dict[str, object], object_map: str) -> list[str]:
    text = json.dumps([{"id": 1, **record}])
    return run(folder, one("JSONPath", object_map, "$[*]"), {"a.json": text}).objects


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, '"3"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (30.5, '"3.05E1"^^<http://www.w3.org/2001/XMLSchema#double>'),
        (-0.001, '"-1.0E-3"^^<http://www.w3.org/2001/XMLSchema#double>'),
        (1e21, '"1.0E21"^^<http://www.w3.org/2001/XMLSchema#double>'),
        (0.0, '"0.0E0"^^<http://www.w3.org/2001/XMLSchema#double>'),
        (True, '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("", '""'),
        (' a\n"b\\', '" a\\n\\"b\\\\"'),
    ],
)
def test_json_keeps_its_types(tmp_path: Path, value: object, expected: str) -> None:
    assert _json(tmp_path, {"name": value}, NAME) == [expected]


def test_null_gives_nothing(tmp_path: Path) -> None:
    assert _json(tmp_path, {"name": None}, NAME) == []


def test_the_original_rml_has_no_natural_types(tmp_path: Path) -> None:
    mapping = (
        '<#A> rmlo:logicalSource [ rmlo:source "a.json"; rmlo:referenceFormulation ql:JSONPath; '
        'rmlo:iterator "$[*]" ]; rr:subjectMap [ rr:template "s/{id}" ]; '
        'rr:predicateObjectMap [ rr:predicate ex:p; rr:objectMap [ rmlo:reference "id" ] ] .'
    )
    assert run(tmp_path, mapping, {"a.json": '[{"id": 1}]'}).lines == [
        '<http://base.org/s/1> <http://ex.org/p> "1" .'
    ]


def test_a_list_is_not_a_value_but_its_items_are(tmp_path: Path) -> None:
    assert _json(tmp_path, {"name": ["a", "b"]}, 'rml:reference "$.name[*]"') == ['"a"', '"b"']
    mapping = one("JSONPath", NAME, "$[*]")
    made = run(tmp_path, mapping, {"a.json": '[{"id": 1, "name": ["a"]}]'})
    assert made.lines == []
    assert "QCP-MAP-VALUE" in made.codes
    assert made.report.violations == 1


def test_a_wrong_value_of_a_datatype_is_told_and_left_out(tmp_path: Path) -> None:
    mapping = one("CSV", f"{NAME}; rml:datatype xsd:date")
    made = run(tmp_path, mapping, {"a.csv": "id,name\n1,2024-02-30\n2,2024-02-29\n"})
    assert made.lines == [
        "<http://base.org/s/2> <http://ex.org/p> "
        '"2024-02-29"^^<http://www.w3.org/2001/XMLSchema#date> .'
    ]
    (issue,) = made.issues
    assert (issue.code, issue.severity, issue.locator) == (
        "QCP-MAP-VALUE", "violation", "a.csv row 2",
    )  # fmt: skip


def test_a_language_of_the_data_is_checked(tmp_path: Path) -> None:
    mapping = one("CSV", f'{NAME}; rml:languageMap [ rml:reference "lang" ]')
    made = run(tmp_path, mapping, {"a.csv": "id,name,lang\n1,un,FR\n2,two,english\n"})
    assert made.objects == ['"un"@fr']
    assert made.codes == ["QCP-MAP-LANGUAGE"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("IRI", "<http://base.org/s/1/Zoë%20%2F>"),
        ("URI", "<http://base.org/s/1/Zo%C3%AB%20%2F>"),
        ("UnsafeIRI", None),
    ],
)
def test_term_types_of_iris(tmp_path: Path, kind: str, expected: str | None) -> None:
    mapping = one("CSV", f'rml:template "s/{{id}}/{{name}}"; rml:termType rml:{kind}')
    made = run(tmp_path, mapping, {"a.csv": "id,name\n1,Zoë /\n"})
    assert made.objects == ([expected] if expected else [])
    assert made.codes == ([] if expected else ["QCP-MAP-IRI"])


def test_blank_nodes_of_different_values_never_meet(tmp_path: Path) -> None:
    mapping = one("CSV", 'rml:template "{name}"; rml:termType rml:BlankNode')
    made = run(tmp_path, mapping, {"a.csv": "id,name\n1,a b\n2,a_b\n3,a20b\n4,a b\n5,é\n"})
    assert len(set(made.objects)) == 4
    assert all(term.startswith("_:b") and term.isascii() for term in made.objects)


def test_new_blank_nodes_are_the_same_in_every_run(tmp_path: Path) -> None:
    mapping = (
        f"<#A> {source('a.csv', 'CSV')}; rml:subjectMap [ rml:termType rml:BlankNode ]; "
        f"rml:predicateObjectMap [ rml:predicate ex:p; rml:objectMap [ {NAME} ] ] ."
    )
    files = {"a.csv": "id,name\n1,a\n2,a\n"}
    first = run(tmp_path, mapping, files).lines
    assert first == run(tmp_path, mapping, files).lines
    assert len(first) == 2


def test_every_text_gives_valid_lines(tmp_path: Path) -> None:
    """Control characters are taken out and told, halves of characters never come through."""
    mapping = one("JSONPath", NAME, "$[*]")
    made = run(tmp_path, mapping, {"a.json": '[{"id": 1, "name": "a\\u0000b\\u0007"}]'})
    assert made.objects == ['"ab"']
    assert made.codes == ["QCP-MAP-CONTROL"]


def test_xml_climbs_and_finds_anywhere(tmp_path: Path) -> None:
    xml = '<r><g n="x"><c i="1"><t>a</t><t>b</t></c><c i="2"><t>c</t></c></g><g n="y"/></r>'
    mapping = one("XPath", 'rml:reference "../@n"', "//g/c", "s/{@i}/{t[2]}")
    assert run(tmp_path, mapping, {"a.xml": xml}).lines == [
        '<http://base.org/s/1/b> <http://ex.org/p> "x" .'
    ]


def test_xml_namespaces_are_those_the_mapping_declares(tmp_path: Path) -> None:
    mapping = """
    <#A> rml:logicalSource [ rml:source [ rml:root rml:MappingDirectory; rml:path "a.xml" ];
        rml:referenceFormulation [ a rml:XPathReferenceFormulation; rml:namespace
          [ rml:namespacePrefix "q"; rml:namespaceURL "urn:q" ] ]; rml:iterator "/r/q:c" ];
      rml:subject ex:s;
      rml:predicateObjectMap [ rml:predicate ex:p; rml:objectMap [ rml:reference "q:t" ] ] .
    """
    xml = '<r xmlns:o="urn:q" xmlns:p="urn:p"><o:c><o:t>right</o:t></o:c><p:c/></r>'
    assert run(tmp_path, mapping, {"a.xml": xml}).objects == ['"right"']


def test_bare_values_of_a_list_are_iterated(tmp_path: Path) -> None:
    mapping = one("JSONPath", 'rml:reference "$"', "$.a[*].tags[*]", "s/{$}")
    made = run(tmp_path, mapping, {"a.json": '{"a": [{"tags": ["x", "y"]}, {"tags": ["z"]}]}'})
    assert made.objects == ['"x"', '"y"', '"z"']


def test_csvw_tells_how_a_table_is_written(tmp_path: Path) -> None:
    mapping = """
    <#A> rml:logicalSource [ rml:referenceFormulation rml:CSV; rml:source [ a csvw:Table;
        csvw:url "a.txt"; csvw:dialect [ csvw:delimiter ";"; csvw:encoding "windows-1252" ] ] ];
      rml:subject ex:s;
      rml:predicateObjectMap [ rml:predicate ex:p; rml:objectMap [ rml:reference "name" ] ] .
    """
    made = run(tmp_path, mapping, {"a.txt": "id;name\n1;é, à\n".encode("cp1252")})
    assert made.objects == ['"é, à"']


def test_several_join_conditions_must_all_hold(tmp_path: Path) -> None:
    mapping = f"""
    <#A> {source("a.csv", "CSV")}; rml:subjectMap [ rml:template "a/{{id}}" ];
      rml:predicateObjectMap [ rml:predicate ex:p; rml:objectMap [ rml:parentTriplesMap <#B>;
        rml:joinCondition [ rml:child "x"; rml:parent "u" ], [ rml:child "y"; rml:parent "v" ] ] ] .
    <#B> {source("b.csv", "CSV")}; rml:subjectMap [ rml:template "b/{{key}}" ] .
    """
    files = {"a.csv": "id,x,y\n1,k,m\n2,k,n\n3,,\n", "b.csv": "key,u,v\n7,k,m\n8,k,m\n9,k,o\n"}
    assert run(tmp_path, mapping, files).lines == [
        "<http://base.org/a/1> <http://ex.org/p> <http://base.org/b/7> .",
        "<http://base.org/a/1> <http://ex.org/p> <http://base.org/b/8> .",
    ]


def test_graphs_of_the_data_and_the_default_graph(tmp_path: Path) -> None:
    mapping = f"""
    <#A> {source("a.csv", "CSV")}; rml:subjectMap [ rml:template "a/{{id}}"; rml:class ex:C;
        rml:graphMap [ rml:template "g/{{name}}" ] ];
      rml:predicateObjectMap [ rml:predicate ex:p; rml:object 1; rml:graph rml:defaultGraph ] .
    """
    one_ = '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://ex.org/C>"
    assert run(tmp_path, mapping, {"a.csv": "id,name\n1,x\n"}).lines == [
        f"<http://base.org/a/1> <http://ex.org/p> {one_} .",
        f"<http://base.org/a/1> <http://ex.org/p> {one_} <http://base.org/g/x> .",
        f"<http://base.org/a/1> {kind} <http://base.org/g/x> .",
    ]


def test_a_reference_that_nothing_matches_is_told(tmp_path: Path) -> None:
    made = run(tmp_path, one("JSONPath", NAME, "$[*]"), {"a.json": '[{"id": 1}, {"id": 2}]'})
    (issue,) = made.issues
    assert (issue.code, issue.severity, issue.field) == ("QCP-MAP-UNUSED", "warning", "name")
    assert "2 records" in issue.message
    without = one("JSONPath", NAME, "$[*]", "s/{number}")
    made = run(tmp_path, without, {"a.json": '[{"id": 1, "name": "a"}]'})
    assert [(i.severity, i.field) for i in made.issues] == [("violation", "number")]


def test_a_file_is_read_once_for_all_its_maps(tmp_path: Path) -> None:
    mapping = one("CSV", NAME) + one("CSV", 'rml:reference "id"').replace("<#A>", "<#B>")
    made = run(tmp_path, mapping, {"a.csv": "id,name\n1,a\n"})
    assert made.objects == ['"1"', '"a"']
    assert made.report.records == 1


def test_iterators_inside_each_other_take_one_pass(tmp_path: Path) -> None:
    """Items of records come from the records; their places and faults are their own."""
    mapping = one("JSONPath", NAME, "$.a[*]") + one(
        "JSONPath", 'rml:reference "v"', "$.a[*].parts[*]", "p/{k}"
    ).replace("<#A>", "<#B>")
    content = {
        "a": [
            {"id": 1, "name": "x", "parts": [{"k": 1, "v": "y"}, None, {"k": 2, "v": ["z"]}]},
            {"id": 2, "name": "w"},
        ]
    }
    path = write(tmp_path, mapping, {"a.json": json.dumps(content)})
    assert [len(together) for together in load(path).passes] == [2]
    made = run(tmp_path, mapping, {"a.json": json.dumps(content)})
    assert made.objects == ['"y"', '"x"', '"w"']
    assert made.report.records == 2
    assert [(issue.code, issue.locator) for issue in made.issues] == [
        ("QCP-MAP-VALUE", "a.json /a/0/parts/1"),
        ("QCP-MAP-VALUE", "a.json /a/0/parts/2"),
    ]


def test_an_inner_iterator_without_items_is_told(tmp_path: Path) -> None:
    mapping = one("XPath", 'rml:reference "t"', "/r/c", "s/{@i}") + one(
        "XPath", 'rml:reference "t"', "/r/c/d/e", "e/{t}"
    ).replace("<#A>", "<#B>")
    made = run(tmp_path, mapping, {"a.xml": '<r><c i="1"><t>a</t></c></r>'})
    assert made.objects == ['"a"']
    assert [(issue.code, issue.field) for issue in made.issues] == [("QCP-MAP-UNUSED", "/r/c/d/e")]
