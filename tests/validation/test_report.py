"""The standard report: what rdflib reads from it is what was found."""

from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, SH

from qcp_graph.validation import ReferenceGraph, compile_shapes, report
from qcp_graph.validation.compiler import read_path
from qcp_graph.validation.shapes_graph import ShapesGraph
from tests.validation.records import core_profiles, mutate, record, reference_triples
from tests.validation.test_plan import HEAD, A


def test_of_nothing() -> None:
    graph = _read(report([]))
    assert list(graph.objects(None, SH.conforms)) == [rdflib.Literal(True)]


def test_results_come_back(repository: Path) -> None:
    plan = compile_shapes(core_profiles(repository))
    reference = ReferenceGraph.from_triples(reference_triples())
    results = [r for n in range(5) for r in plan.validate(mutate(record(n), n, 0.3), reference)]
    triples = list(report(results, "http://example.org/report"))
    assert triples == list(report(results, "http://example.org/report"))
    graph = ShapesGraph(triples)
    nodes = graph.values("<http://example.org/report>", "<http://www.w3.org/ns/shacl#result>")
    found = sorted(
        (
            graph.one(n, "<http://www.w3.org/ns/shacl#focusNode>"),
            str(read_path(graph, path, n)) if path else "",
            graph.one(n, "<http://www.w3.org/ns/shacl#value>"),
        )
        for n in nodes
        for path in [graph.one(n, "<http://www.w3.org/ns/shacl#resultPath>")]
    )
    assert found == sorted((r.focus, r.path, r.value) for r in results)
    assert len(_read(triples)) == len(set(triples))


@pytest.mark.parametrize(
    "path", ["( :p :q )", "[ sh:alternativePath ( :p [ sh:oneOrMorePath :q ] ) ]"]
)
def test_paths_are_described(tmp_path: Path, path: str) -> None:
    shapes = tmp_path / "s.ttl"
    shapes.write_text(
        f"{HEAD}:S a sh:NodeShape ; sh:targetClass :C ;"
        f" sh:property [ sh:path {path} ; sh:minCount 1 ] ."
    )
    results = compile_shapes([shapes]).validate(
        [("<http://x/c>", A, "<http://x/C>")], ReferenceGraph({})
    )
    graph = _read(report(results))
    (node,) = graph.subjects(RDF.type, SH.ValidationResult)
    wanted = rdflib.Graph().parse(data=f"{HEAD}:r sh:resultPath {path} .", format="turtle")
    described = rdflib.Graph()
    described.add((rdflib.URIRef("http://x/r"), SH.resultPath, graph.value(node, SH.resultPath)))
    _copy(graph, graph.value(node, SH.resultPath), described)
    assert len(described) == len(wanted)


def _copy(source: rdflib.Graph, node: object, target: rdflib.Graph) -> None:
    for _, predicate, value in source.triples((node, None, None)):
        target.add((node, predicate, value))
        _copy(source, value, target)


def _read(triples: object) -> rdflib.Graph:
    return rdflib.Graph().parse(
        data="".join(f"{s} {p} {o} .\n" for s, p, o in triples), format="nt"
    )
