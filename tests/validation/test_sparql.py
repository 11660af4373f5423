"""SPARQL in shapes: other people's queries, which must not escape, run on or reach the network."""

import time
from pathlib import Path

import pytest

from qcp_graph.errors import DataError, InternalError, UsageError
from qcp_graph.terms import Triple
from qcp_graph.validation import ReferenceGraph, compile_shapes, judge_graph
from qcp_graph.validation.result import Result
from qcp_graph.validation.sparql_text import prepare
from qcp_graph.validation.sparql_worker import SparqlWorker, triples_source
from tests.validation.test_plan import EMPTY, HEAD, TARGET, short, t

DATA = [t("c", "a", "C"), t("c", "p", "d"), t("c", "p", "e"), t("d", "p", '"x"'), t("e", "a", "C")]


def judged(folder: Path, shapes: str, triples: list[Triple], timeout: float = 30) -> list[Result]:
    path = folder / "shapes.ttl"
    path.write_text(HEAD + shapes)
    return judge_graph(compile_shapes([path], sparql=True), triples, EMPTY, timeout=timeout)


def test_messages_values_and_paths(tmp_path: Path) -> None:
    shapes = (
        TARGET
        + """sh:sparql [ sh:message "{$this} has {?n} values"@en, "trop"@fr ;
      sh:select '''SELECT $this (COUNT(?v) AS ?n) (1 AS ?value) { $this <http://x/p> ?v }
                 GROUP BY $this HAVING (COUNT(?v) > 1)''' ] ."""
    )
    (result,) = judged(tmp_path, shapes, DATA)
    assert result.message == "http://x/c has 2 values"
    assert dict(result.rule.messages)["fr"] == "trop"
    assert result.value.startswith('"1"')
    assert result.component.endswith("#SPARQLConstraintComponent>")


def test_a_property_shape_without_values_and_with_a_path(tmp_path: Path) -> None:
    shapes = (
        TARGET
        + """sh:property [ sh:path ( :p :p ) ; sh:severity sh:Warning ; sh:sparql [
      sh:select "SELECT $this ?value { $this $PATH ?value }" ] ] ,
      [ sh:path :q ; sh:sparql [ sh:select
        "SELECT $this { FILTER NOT EXISTS { $this $PATH ?v } }" ] ] ."""
    )
    results = judged(tmp_path, shapes, DATA)
    assert [(r.path, r.value) for r in results if r.severity == "warning"] == [
        ("(<http://x/p>/<http://x/p>)", '"x"')
    ]
    assert [r.focus for r in results if r.path == "<http://x/q>"] == [
        "<http://x/c>",
        "<http://x/e>",
    ]


def test_asked_once_for_all_focus_nodes(tmp_path: Path) -> None:
    query = "SELECT $this ?value { $this <http://x/p> ?value . ?value <http://x/p> ?any }"
    for flag in ("", "qcp:allAtOnce true ;"):
        shapes = TARGET + f'sh:sparql [ {flag} sh:select "{query}" ] .'
        assert [(r.focus, r.value) for r in judged(tmp_path, shapes, DATA)] == [
            ("<http://x/c>", "<http://x/d>")
        ]


def test_reference_nodes_are_asked_but_not_judged(tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    query = "SELECT $this { $this <http://x/p>/a <http://x/D> }"
    path.write_text(HEAD + TARGET + f'sh:sparql [ sh:select "{query}" ] .')
    known = ReferenceGraph.from_triples([t("d", "a", "D"), t("z", "a", "C"), t("z", "p", "d")])
    results = judge_graph(compile_shapes([path], sparql=True), DATA, known)
    assert short(results) == [("c", "SPARQL", "violation")]


def test_nodes_with_odd_names_are_bound_not_written(tmp_path: Path) -> None:
    """What looks like SPARQL in a literal or an IRI stays a value."""
    shapes = """:S a sh:NodeShape ; sh:targetObjectsOf :p ;
      sh:sparql [ sh:select "SELECT $this { ?s <http://x/p> $this FILTER(bound($this)) }" ] ."""
    odd = ['"} UNION { ?s ?p ?o"', '"a\\"b\\n"@en', "<http://x/a%7D;--'>", "_:b0"]
    results = judged(tmp_path, shapes, [t("c", "p", value) for value in odd])
    assert sorted(r.focus for r in results) == sorted(odd)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT $this { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }", "SERVICE"),
        ("SELECT $this { service silent <http://127.0.0.1:1/> { ?a ?b ?c } }", "SERVICE"),
        ("SELECT $this {{}#\n}#'\nSERVICE ?s { ?a ?b ?c } }", "SERVICE"),
        ("SELECT $this { FILTER EXISTS { SERVICE ?s {} } }", "SERVICE"),
        ("SELECT $this { ?a ?b ?c MINUS { ?a ?b 1 } }", "MINUS"),
        ("SELECT $this { VALUES $this { <http://x/c> } }", "VALUES"),
        ("SELECT $this FROM <http://x/> { ?a ?b ?c }", "FROM"),
        ("BASE <http://x/> SELECT $this { ?a ?b ?c }", "BASE"),
        ("CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }", "CONSTRUCT"),
        ("DELETE WHERE { ?a ?b ?c }", "SELECT"),
        ("ASK { $this ?b ?c }", "SELECT"),
        ("SELECT ?a { ?a ?b ?c }", r"\$this"),
        ("SELECT $this { BIND(1 AS $this) }", "assign"),
        ("SELECT $this (1 AS ?currentShape) { ?a ?b ?c }", "assign"),
        ("SELECT $this { { SELECT * { $this ?b ?c } } }", "nested"),
        ("SELECT $this { { SELECT ?b { $this ?b ?c } } }", "project"),
        ("SELECT $this { $this $PATH ?x }", "PATH"),
        ("SELECT $this { " + "$this ?b ?c . " * 9000 + "}", "longer"),
    ],
)
def test_refused_when_compiled(tmp_path: Path, query: str, words: str) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(HEAD + TARGET + f'sh:sparql [ sh:select """{query}""" ] .')
    with pytest.raises(UsageError, match=words):
        compile_shapes([path], sparql=True)


def test_words_inside_texts_names_and_remarks_are_no_keywords() -> None:
    query = """SELECT $this { $this <http://x/SERVICE> "SERVICE {" ; ex:MINUS ?values,
      '''VALUES''' .
      # SERVICE <http://x> {}
      FILTER (?service != "it\\"s MINUS" && COALESCE(?x, 1.5e3) >= .5 || ?y = ex:a.b) }"""
    prepared = prepare(query, "", prebound=["this"], path="", ask=False)
    assert "SERVICE {" in prepared.text
    assert "COALESCE(?x, 1.5e3)" in prepared.text


@pytest.mark.parametrize("escape", ["\\u0053ERVICE", "SERV\\u0049CE"])
def test_escaped_keywords_are_none(tmp_path: Path, escape: str) -> None:
    shapes = (
        TARGET
        + f"""sh:sparql [ sh:select '''SELECT $this {{ {escape.replace(chr(92), chr(92) * 2)}
      <http://127.0.0.1:1/> {{ ?a ?b ?c }} }}''' ] ."""
    )
    with pytest.raises(DataError, match="QCP-VAL-SPARQL"):
        judged(tmp_path, shapes, DATA)


def test_a_query_that_runs_on_is_stopped(tmp_path: Path) -> None:
    shapes = (
        TARGET
        + """sh:sparql [ sh:select '''SELECT $this (COUNT(*) AS ?n) {
      ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r . ?s ?t ?u } GROUP BY $this
      ''' ] ."""
    )
    data = [*DATA, *(t(f"n{i}", "q", f'"{i}"') for i in range(300))]
    start = time.monotonic()
    with pytest.raises(DataError, match="stopped after 1 second"):
        judged(tmp_path, shapes, data, timeout=1)
    assert time.monotonic() - start < 8


def test_a_query_that_needs_all_memory_is_stopped(tmp_path: Path) -> None:
    doubled = "BIND('0123456789' AS ?x0)" + "".join(
        f" BIND(CONCAT(?x{i}, ?x{i}, ?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(20)
    )
    shapes = TARGET + f'sh:sparql [ sh:select "SELECT $this ?x20 {{ {doubled} }}" ] .'
    with pytest.raises(DataError, match=r"memory|stopped"):
        judged(tmp_path, shapes, DATA)


def test_too_many_answers(tmp_path: Path) -> None:
    shapes = TARGET + 'sh:sparql [ sh:select "SELECT $this ?a ?d { ?a ?b ?c . ?d ?e ?f }" ] .'
    with pytest.raises(DataError, match="answers"):
        judged(tmp_path, shapes, [*DATA, *(t(f"n{i}", "q", f'"{i}"') for i in range(400))])


def test_a_worker_goes_on_after_a_bad_query() -> None:
    with triples_source(DATA, []) as source, SparqlWorker(source, timeout=20) as worker:
        with pytest.raises(DataError, match="expected"):
            worker.ask("SELECT nonsense", {})
        assert len(worker.ask("SELECT ?s { ?s a <http://x/C> }", {})) == 2
        worker.stop()
        assert len(worker.ask("SELECT ?s { ?s a <http://x/C> }", {})) == 2


def test_a_failure_that_a_query_reports_is_no_verdict(tmp_path: Path) -> None:
    shapes = TARGET + 'sh:sparql [ sh:select "SELECT $this ?failure { BIND(true AS ?failure) }" ] .'
    with pytest.raises(DataError, match="failure"):
        judged(tmp_path, shapes, DATA)


def test_without_a_graph_to_ask(tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(HEAD + TARGET + 'sh:sparql [ sh:select "SELECT $this { $this a ?x }" ] .')
    with pytest.raises(InternalError, match="QCP-VAL-NO-ASKER"):
        compile_shapes([path], sparql=True).validate(DATA, EMPTY)


def test_a_component_known_by_a_subclass_is_not_overlooked(tmp_path: Path) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(
        HEAD + ":Kind rdfs:subClassOf sh:ConstraintComponent . :K a :Kind . " + TARGET
        + "sh:nodeKind sh:IRI ."
    )  # fmt: skip
    with pytest.raises(UsageError, match="FEATURE"):
        compile_shapes([path])


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ('sh:prefix "ex" ; sh:namespace "http://x/> { } SELECT"', "declaration"),
        ('sh:prefix "e x" ; sh:namespace "http://x/"', "declaration"),
        ('sh:namespace "http://x/"', "declaration"),
    ],
)
def test_prefixes_that_are_none(tmp_path: Path, declared: str, words: str) -> None:
    path = tmp_path / "shapes.ttl"
    path.write_text(
        HEAD + f":O sh:declare [ {declared} ] . " + TARGET
        + 'sh:sparql [ sh:prefixes :O ; sh:select "SELECT $this { $this a ?x }" ] .'
    )  # fmt: skip
    with pytest.raises(UsageError, match=words):
        compile_shapes([path], sparql=True)
