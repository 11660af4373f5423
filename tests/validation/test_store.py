"""The plan over a store: the same report as over triples, for all nodes or for those touched."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from qcp_graph.terms import Triple, curie, literal
from qcp_graph.validation import (
    ReferenceGraph,
    Result,
    compile_shapes,
    judge_graph,
    judge_store,
)
from qcp_graph.validation.sparql_worker import node_of
from tests.validation.records import core_profiles, record, reference_triples
from tests.validation.test_plan import compiled, t
from tests.validation.test_stream import DEEP, graph

DATA, VOCABULARY = "http://g/data", "http://g/vocabulary"


def stored(folder: Path, triples: Sequence[Triple], reference: Sequence[Triple] = ()) -> str:
    store = ox.Store(str(folder / "store"))
    for name, content in ((DATA, triples), (VOCABULARY, reference)):
        nodes = (tuple(node_of(term) for term in triple) for triple in content)
        store.extend(ox.Quad(s, p, o, ox.NamedNode(name)) for s, p, o in nodes)
    store.flush()
    del store
    return str(folder / "store")


def keys(results: Sequence[Result]) -> Counter[tuple[str, ...]]:
    return Counter(result.key for result in results)


@pytest.mark.parametrize("seed", range(12))
def test_a_tangle(tmp_path: Path, seed: int) -> None:
    plan, triples = compiled(tmp_path, DEEP), graph(seed)
    reference = graph(seed + 1000)[:20] if seed % 2 else []
    known = ReferenceGraph.from_triples(x for x in reference if x not in triples)
    whole = plan.validate(triples, known, complete=True)
    counts = Counter(plan.focus_counts)
    plan.focus_counts.clear()
    found = list(judge_store(plan, stored(tmp_path, triples, reference), graphs=[DATA]))
    assert keys(found) == keys(whole)
    assert plan.focus_counts == +counts


def test_paths_of_any_length_and_objects(tmp_path: Path) -> None:
    """What cannot be judged record by record can be judged here."""
    shapes = """:S a sh:NodeShape ; sh:targetObjectsOf :p ; sh:property
      [ sh:path [ sh:oneOrMorePath [ sh:inversePath :p ] ] ; sh:maxCount 2 ] ."""
    plan, triples = compiled(tmp_path, shapes), graph(5)
    whole = plan.validate(triples, ReferenceGraph({}), complete=True)
    assert keys(list(judge_store(plan, stored(tmp_path, triples)))) == keys(whole)
    assert whole


def test_our_profiles_over_records(tmp_path: Path, repository: Path) -> None:
    plan = compile_shapes(core_profiles(repository))
    # The store writes durations its own way, so it answers for them in its own words.
    left_out = {curie("dcterms:title"), curie("elm:volumeOfLearning")}
    triples = [x for n in range(5) for x in record(n) if x[1] not in left_out]
    whole = plan.validate(triples, ReferenceGraph.from_triples(reference_triples()))
    folder = stored(tmp_path, triples, reference_triples())
    assert keys(list(judge_store(plan, folder, graphs=[DATA]))) == keys(whole)
    assert len(whole) > 5


def test_only_what_an_increment_touched(tmp_path: Path) -> None:
    plan = compiled(
        tmp_path,
        ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:class :D ] .",
    )
    triples = [
        *(t(f"c{i}", "a", "C") for i in range(5)),
        *(t(f"c{i}", "p", f"d{i}") for i in range(5)),
        t("d0", "a", "D"),
    ]
    folder = stored(tmp_path, triples)
    assert len(list(judge_store(plan, folder))) == 4
    one = list(judge_store(plan, folder, nodes=["<http://x/c1>"]))
    assert [r.focus for r in one] == ["<http://x/c1>"]
    pointing = list(judge_store(plan, folder, nodes=["<http://x/d2>"]))
    assert [r.focus for r in pointing] == ["<http://x/c2>"]
    assert list(judge_store(plan, folder, nodes=["<http://x/c0>"])) == []


def test_what_crosses_records(tmp_path: Path, repository: Path) -> None:
    """The release profile: in memory and over a store."""
    plan = compile_shapes([repository / "shapes" / "release.ttl"], sparql=True)
    one, two = record(1), record(2)
    title = (two[0][0], curie("dcterms:title"), literal("Baker 1", language="en"))
    level = (two[0][0], curie("elm:EQFLevel"), "<http://data.europa.eu/snb/eqf/2>")
    triples = [*one, *two, title, level, (one[0][0], curie("dcterms:replaces"), "<http://x/gone>")]
    results = judge_graph(plan, triples, ReferenceGraph({}))
    codes = Counter(result.rule.code.rpartition("-")[2] for result in results)
    assert codes == {"IDENTIFIER": 2, "DANGLING": 1, "TITLE": 2}
    (dangling,) = (r for r in results if r.rule.code.endswith("DANGLING"))
    assert "http://x/gone" in dangling.message
    assert dangling.path == curie("dcterms:replaces")
    assert keys(list(judge_store(plan, stored(tmp_path, triples)))) == keys(results)
