"""Compiling and executing: targets, reference nodes, refusals, hostile shapes."""

import pickle
from pathlib import Path

import pytest

from qcp_graph.errors import DataError, UsageError
from qcp_graph.terms import Triple, curie
from qcp_graph.validation import ReferenceGraph, Result, ShapePlan, compile_shapes, issue_of

HEAD = """@prefix : <http://x/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix qcp: <https://w3id.org/qcp-graph/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
EMPTY = ReferenceGraph({})
A = curie("rdf:type")


def compiled(folder: Path, shapes: str) -> ShapePlan:
    path = folder / "shapes.ttl"
    path.write_text(HEAD + shapes)
    return compile_shapes([path])


def t(subject: str, predicate: str, value: str) -> Triple:
    def node(name: str) -> str:
        return name if name[0] in '<"_' else f"<http://x/{name}>"

    return node(subject), A if predicate == "a" else node(predicate), node(value)


def short(results: list[Result]) -> list[tuple[str, str, str]]:
    return [
        (r.focus.rpartition("/")[2][:-1], r.component.rpartition("#")[2][:-20], r.severity)
        for r in results
    ]


def test_reference_nodes_are_looked_up_but_not_judged(tmp_path: Path) -> None:
    plan = compiled(
        tmp_path,
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:targetObjectsOf :p ;"
        " sh:property [ sh:path :p ; sh:class :D ], [ sh:path :name ; sh:minCount 1 ].",
    )
    reference = ReferenceGraph.from_triples(
        [t("d", "a", "E"), t("E", str(curie("rdfs:subClassOf")), "D"), t("d2", "a", "C")]
    )
    record = [t("c", "a", "C"), t("c", "p", "d"), t("c", "name", '"c"')]
    assert plan.validate(record, reference) == []
    assert short(plan.validate([*record, t("d", "q", '"x"')], reference)) == [
        ("d", "MinCount", "violation")  # the record itself speaks of it now
    ]


def test_subclasses_of_reference_and_record(tmp_path: Path) -> None:
    plan = compiled(
        tmp_path,
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ].",
    )
    below = t("B", curie("rdfs:subClassOf"), "C")
    assert short(plan.validate([t("b", "a", "B")], EMPTY)) == []
    assert len(plan.validate([t("b", "a", "B")], ReferenceGraph.from_triples([below]))) == 1
    assert len(plan.validate([t("b", "a", "B"), t("b", "a", "C"), below], EMPTY)) == 1


def test_a_focus_node_is_judged_once(tmp_path: Path) -> None:
    plan = compiled(
        tmp_path,
        ":S a sh:NodeShape ; sh:targetClass :C, :D ; sh:targetSubjectsOf :p, :q ;"
        " sh:targetNode :c ; sh:property [ sh:path :r ; sh:minCount 1 ].",
    )
    record = [t("c", "a", "C"), t("c", "a", "D"), t("c", "p", "x"), t("c", "q", "x")]
    assert len(plan.validate(record, EMPTY)) == 1


def test_target_node_outside_of_the_record(tmp_path: Path) -> None:
    plan = compiled(
        tmp_path,
        ":S a sh:NodeShape ; sh:targetNode :c ; sh:property [ sh:path :p ; sh:minCount 1 ].",
    )
    assert plan.validate([t("other", "p", "x")], EMPTY) == []
    assert plan.silent == ["<http://x/S>"]
    assert len(plan.validate([t("other", "p", "x")], EMPTY, complete=True)) == 1
    assert len(plan.validate([t("other", "p", "c")], EMPTY)) == 1
    assert plan.silent == []
    assert plan.focus_counts == {"<http://x/S>": 2}


def test_repeated_triples_count_once(tmp_path: Path) -> None:
    plan = compiled(
        tmp_path,
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:maxCount 1 ].",
    )
    record = [t("c", "a", "C"), t("c", "p", "x"), t("c", "p", "x")]
    assert plan.validate(record, EMPTY) == []
    assert plan.validate(record, ReferenceGraph.from_triples(record)) == []


def test_annotations_and_severities(tmp_path: Path) -> None:
    plan = compiled(
        tmp_path,
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:property :P, :Q, :R . :P sh:path :p ;"
        ' sh:minCount 1 ; sh:severity sh:Info ; sh:message "None"@en, "Rien"@fr ; qcp:lacks :p ;'
        ' qcp:code "QCP-X" ; qcp:remedy "Do"@en, "Faire"@fr .'
        " :Q sh:path :q ; sh:minCount 2 ; sh:severity :Mine . :R sh:path :r ; sh:minCount 1 ;"
        " sh:deactivated true .",
    )
    first, second = plan.validate([t("c", "a", "C")], EMPTY)
    assert (first.lacks, first.severity, first.message) == ("<http://x/p>", "info", "None")
    issue = issue_of(first, language="fr")
    assert (issue.code, issue.message, issue.remedy, issue.field) == (
        "QCP-X", "Rien", "Faire", "http://x/p",
    )  # fmt: skip
    assert issue.value == "http://x/c"
    assert (second.severity, second.rule.severity) == ("violation", "<http://x/Mine>")
    assert issue_of(second).message == "At least 2 value(s) are needed."
    assert issue_of(second).code == "QCP-VAL-MISSING"


def test_stable_names_for_anonymous_shapes(tmp_path: Path) -> None:
    shapes = (
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ],"
        " [ sh:path :p ; sh:minCount 2 ] , [ sh:path ( :p :q ) ; sh:minCount 1 ]."
    )
    names = [
        {r.shape for r in compiled(tmp_path, shapes).validate([t("c", "a", "C")], EMPTY)}
        for _ in range(2)
    ]
    assert names[0] == names[1] == {"<http://x/S--p>", "<http://x/S--p-2>", "<http://x/S--path>"}


def test_pickled_plans_are_compiled_again(tmp_path: Path) -> None:
    plan = compiled(tmp_path, ":S a sh:NodeShape ; sh:targetClass :C ; sh:nodeKind sh:IRI .")
    again = pickle.loads(pickle.dumps(plan))
    assert again.fingerprint == plan.fingerprint
    result = Result("<http://x/c>", "", "", again.by_class["<http://x/C>"][0].checks[0].rule)
    assert pickle.loads(pickle.dumps(result)) == result


def test_fingerprint_follows_the_files(tmp_path: Path) -> None:
    one = compiled(tmp_path, ":S a sh:NodeShape ; sh:targetClass :C ; sh:nodeKind sh:IRI .")
    two = compiled(tmp_path, ":S a sh:NodeShape ; sh:targetClass :C ; sh:nodeKind sh:Literal .")
    assert one.fingerprint != two.fingerprint


TARGET = ":S a sh:NodeShape ; sh:targetClass :C ; "


@pytest.mark.parametrize(
    ("shapes", "code", "words"),
    [
        (TARGET + 'sh:sparql [ sh:select "x" ] .', "FEATURE", "sh:sparql"),
        (TARGET + "sh:js [ ] .", "FEATURE", "sh:js"),
        (TARGET + "sh:maxcount 1 .", "FEATURE", "sh:maxcount"),
        (TARGET + "sh:rule [ ] .", "FEATURE", "sh:rule"),
        (TARGET + "sh:property [ sh:path :p ; sh:expression [ ] ] .", "FEATURE", "S--p"),
        (":K a sh:ConstraintComponent . " + TARGET + "sh:class :D .", "FEATURE", "/K"),
        (":S a sh:NodeShape ; sh:target [ ] ; sh:class :D .", "FEATURE", "sh:target"),
        ("<> sh:entailment :E . " + TARGET + "sh:class :D .", "FEATURE", "sh:entailment"),
        (TARGET + "sh:node :S .", "RECURSIVE", "/S"),
        (TARGET + "sh:node :T . :T sh:not [ sh:node :S ] .", "RECURSIVE", "/S"),
        (TARGET + "sh:property [ sh:minCount 1 ] .", "SYNTAX", "no sh:path"),
        (TARGET + "sh:minCount 1 .", "SYNTAX", "needs sh:path"),
        (TARGET + 'sh:property [ sh:path :p ; sh:minCount "1" ] .', "SYNTAX", "count"),
        (TARGET + "sh:property [ sh:path :p ; sh:minCount -1 ] .", "SYNTAX", "count"),
        (TARGET + "sh:property [ sh:path :p ; sh:minCount 1, 2 ] .", "SYNTAX", "once"),
        (TARGET + "sh:property [ sh:path :p, :q ] .", "SYNTAX", "once"),
        (TARGET + 'sh:property [ sh:path "p" ] .', "SYNTAX", "sh:path"),
        (TARGET + "sh:property [ sh:path [ :p :q ] ] .", "SYNTAX", "sh:path"),
        (TARGET + "sh:property [ sh:path _:a ] . _:a sh:inversePath _:a .", "SYNTAX", "circular"),
        (TARGET + "sh:in _:l . _:l rdf:first 1 ; rdf:rest _:l .", "SYNTAX", "list"),
        (TARGET + "sh:in 5 .", "SYNTAX", "list"),
        (TARGET + 'sh:class "C" .', "SYNTAX", "IRI"),
        (TARGET + "sh:nodeKind :IRI .", "SYNTAX", "node kind"),
        (TARGET + 'sh:pattern "(a" .', "SYNTAX", "parenthesis"),
        (TARGET + "sh:minInclusive :x .", "SYNTAX", "bound"),
        (TARGET + "sh:languageIn ( :en ) .", "SYNTAX", "texts"),
        (TARGET + "sh:message :text ; sh:class :D .", "SYNTAX", "text"),
        (TARGET + 'sh:node "T" .', "SYNTAX", "shape"),
        ("this is no Turtle", "FILE", "line"),
    ],
)
def test_refused_at_compile_time(tmp_path: Path, shapes: str, code: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        compiled(tmp_path, shapes)
    assert caught.value.code == f"QCP-VAL-SHAPES-{code}"
    assert words in caught.value.message
    assert "shapes.ttl" in caught.value.where


def test_hostile_shapes(tmp_path: Path) -> None:
    deep = TARGET + "sh:property " + "[ sh:path :p ; sh:property " * 3000 + ":X" + " ]" * 3000 + "."
    with pytest.raises(UsageError, match="RECURSIVE"):
        compiled(tmp_path, deep)
    path = "[ sh:inversePath " * 3000 + ":p" + " ]" * 3000
    with pytest.raises(UsageError, match="SYNTAX"):
        compiled(tmp_path, TARGET + f"sh:property [ sh:path {path} ] .")
    (tmp_path / "bytes.ttl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="FILE"):
        compile_shapes([tmp_path / "bytes.ttl"])
    with pytest.raises(UsageError, match="FILE"):
        compile_shapes([tmp_path])


def _chain(links: int, link: str) -> str:
    """Return shapes each of which asks the next one twice: 2 to the power of links in all."""
    every = "".join(link.format(a=i, b=i + 1) + "\n" for i in range(links))
    return every + f":N{links} sh:path :p ; sh:minCount 1 ."


@pytest.mark.parametrize(
    ("shapes", "code", "words"),
    [
        (":N{a} sh:and ( :N{b} [ sh:node :N{b} ] ) .", "LIMIT", "200000 checks"),
        (":N{a} sh:path :p ; sh:property :N{b}, :M{a} . :M{a} sh:path :p ; sh:property :N{b} .",
         "LIMIT", "200000 checks"),
    ],
)  # fmt: skip
def test_shapes_that_multiply(tmp_path: Path, shapes: str, code: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        compiled(tmp_path, TARGET + "sh:node :N0 . " + _chain(40, shapes))
    assert caught.value.code == f"QCP-VAL-SHAPES-{code}"


def test_shapes_and_data_that_multiply(tmp_path: Path) -> None:
    """Each of ten nodes leads to all ten, twelve times: 10 to the power of 12 ways."""
    shapes = ":N{a} sh:path :p ; sh:property :N{b} ."
    plan = compiled(tmp_path, TARGET + "sh:property :N0 . " + _chain(12, shapes))
    record = [t(f"c{i}", "p", f"c{j}") for i in range(10) for j in range(10)]
    with pytest.raises(DataError, match="QCP-VAL-LIMIT"):
        plan.validate([*record, t("c1", "a", "C")], EMPTY)


def test_paths_without_end_over_many_nodes(tmp_path: Path) -> None:
    shapes = TARGET + "sh:property [ sh:path ( [ sh:zeroOrMorePath :p ] [ sh:zeroOrMorePath :p ] ) ; sh:class :C ] ."  # fmt: skip # noqa: E501
    plan = compiled(tmp_path, shapes)
    nodes = range(3000)
    chain = [t(f"c{i}", "p", f"c{i + 1}") for i in nodes] + [t(f"c{i}", "a", "C") for i in nodes]
    with pytest.raises(DataError, match="QCP-VAL-LIMIT"):
        plan.validate(chain, EMPTY)


def test_long_lists_and_many_shapes(tmp_path: Path) -> None:
    members = " ".join(f":v{i}" for i in range(100_001))
    with pytest.raises(UsageError, match="more than 100000 members"):
        compiled(tmp_path, TARGET + f"sh:in ( {members} ) .")
    many = "".join(
        f":S{i} a sh:NodeShape ; sh:targetClass :C ; sh:closed true ; sh:property :P .\n"
        for i in range(5_000)
    )
    plan = compiled(tmp_path, many + ":P sh:path :p ; sh:minCount 1 .")
    assert len(plan.validate([t("c", "a", "C"), t("c", "p", "d")], EMPTY)) == 5_000


def test_unused_shapes_may_be_odd(tmp_path: Path) -> None:
    plan = compiled(tmp_path, TARGET + "sh:nodeKind sh:IRI . :T a sh:NodeShape ; sh:sparql [ ] .")
    assert plan.validate([t("c", "a", "C")], EMPTY) == []


def test_many_values_are_not_quadratic(tmp_path: Path) -> None:
    plan = compiled(
        tmp_path,
        TARGET + "sh:property [ sh:path :p ; sh:uniqueLang true ; sh:maxCount 5 ;"
        " sh:disjoint :q ; sh:equals :p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape :T ] ."
        " :T sh:nodeKind sh:Literal .",
    )
    record = [t("c", "a", "C"), *(t("c", "p", f'"{i}"@en') for i in range(100_000))]
    assert short(plan.validate(record, EMPTY)) == [
        ("c", "MaxCount", "violation"),
        ("c", "UniqueLang", "violation"),
    ]


def test_two_files_whose_shapes_have_no_names_do_not_share_verdicts(tmp_path: Path) -> None:
    reference = ReferenceGraph.from_triples([t("k", A, "K"), t("k", "q", "x")])
    asks = "[] a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:node [ {} ] ] ."
    one = compiled(tmp_path, asks.format("sh:property [ sh:path :q ; sh:minCount 1 ]"))
    two = compiled(tmp_path, asks.format("sh:property [ sh:path :q ; sh:nodeKind sh:Literal ]"))
    record = [t("c", A, "C"), t("c", "p", "k")]
    assert [len(plan.validate(record, reference)) for plan in (one, two, one)] == [0, 1, 0]
