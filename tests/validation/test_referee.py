"""pyshacl as oracle: the same results on damaged records, for our shapes and the official ones."""

from collections import Counter
from pathlib import Path

import pytest

from qcp_graph.errors import DataError, UsageError
from qcp_graph.namespaces import expand
from qcp_graph.terms import Triple, literal
from qcp_graph.validation import ReferenceGraph, Result, compile_shapes, referee
from qcp_graph.validation.shapes_graph import read_turtle
from tests.validation.records import core_profiles, mutate, record, reference_triples
from tests.validation.test_plan import HEAD, A, t
from tests.validation.w3c import blank

EMPTY = ReferenceGraph({})
SEEDS = range(20)
RECORDS = 8
WHOLE = frozenset({"elm-loq", "lifecycle", "links", "plausibility", "publication"})


def rows(results: list[Result]) -> Counter[tuple[str, ...]]:
    return Counter(
        (blank(r.focus), r.path, blank(r.value), r.component, r.rule.severity) for r in results
    )


def compare(paths: list[Path], records: list[list[Triple]]) -> int:
    """Judge record by record, and all at once with pyshacl; return how many results there were."""
    reference = ReferenceGraph.from_triples(reference_triples())
    plan = compile_shapes(paths)
    found = [result for triples in records for result in plan.validate(triples, reference)]
    together = [triple for triples in records for triple in triples]
    assert rows(found) == rows(referee(paths, together, reference))
    return len(found)


def damaged(seed: int) -> list[list[Triple]]:
    return [mutate(record(n), seed * 1000 + n) for n in range(RECORDS)]


@pytest.mark.parametrize("seed", SEEDS)
def test_our_shapes_on_damaged_records(repository: Path, seed: int) -> None:
    assert compare(core_profiles(repository), damaged(seed)) > 10


def test_whole_records_conform(repository: Path) -> None:
    """To all profiles but those of completeness, of which they lack some fields."""
    paths = [path for path in core_profiles(repository) if path.stem in WHOLE]
    assert compare(paths, [record(n) for n in range(3)]) == 0


@pytest.mark.shared
@pytest.mark.parametrize("seed", SEEDS)
def test_official_shapes_on_damaged_records(shared: Path, seed: int) -> None:
    assert compare(_official(shared), damaged(seed)) > 10


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("loq-sample", 15),
        ("loq-las-sample", 11),
        ("loq-sample-conformant", 0),
        ("loq-las-sample-conformant", 0),
        ("Sample-CertOfPart-unsigned", 0),
        ("Sample-MC-Annex1-unsigned", 0),
        ("minimal-qualification", 0),
    ],
)
def test_official_samples(shared: Path, name: str, count: int) -> None:
    triples, _ = read_turtle(shared / f"reference/elm/examples/{name}.ttl")
    plain, both = _official(shared)[:1], _official(shared)
    assert len(compile_shapes(plain).validate(triples, EMPTY, complete=True)) == count
    found = compile_shapes(both).validate(triples, EMPTY, complete=True)
    assert rows(found) == rows(referee(both, triples, EMPTY))


def _official(shared: Path) -> list[Path]:
    folder = shared / "reference/elm/ap/loq"
    return [folder / "LOQ-constraints.ttl", folder / "LOQ-constraints-mdr.ttl"]


def test_what_pyshacl_cannot_run_is_no_verdict(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        HEAD + ':S a sh:NodeShape ; sh:targetClass :C ; sh:sparql [ sh:select "no query" ] .'
    )
    with pytest.raises(DataError, match="QCP-VAL-REFEREE"):
        referee([shapes], [t("c", "a", "C")], EMPTY)


def test_values_as_in_the_source(tmp_path: Path) -> None:
    """rdflib would rewrite PT60H to P2DT12H and 007 to 7."""
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        HEAD + ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; sh:class :D ] ."
    )
    kinds = {"PT60H": "duration", "007": "integer", "x": "boolean"}
    values = [literal(text, datatype=expand(f"xsd:{kind}")) for text, kind in kinds.items()]
    data = [("<http://x/c>", A, "<http://x/C>"), *(t("c", "p", value) for value in values)]
    results = referee([shapes], data, EMPTY)
    assert sorted(result.value for result in results) == sorted(values)
    assert rows(results) == rows(compile_shapes([shapes]).validate(data, EMPTY))


NOT_OLD = "a sh:NodeShape ; sh:not [ sh:property [ sh:path :old ; sh:minCount 1 ] ]"
SCOPED = f"""
:S a sh:NodeShape ; sh:targetClass :C ; qcp:appliesWhen :New ;
   sh:property :P , [ sh:path :q ; sh:minCount 1 ] .
:P sh:path :p ; sh:maxCount 1 ;
   qcp:appliesWhen [ a sh:NodeShape ; sh:property [ sh:path :scale ; sh:minCount 1 ] ] .
:T a sh:NodeShape ; sh:targetNode :a , :b , :c ; qcp:appliesWhen :New ; sh:property :U .
:U sh:path :u ; sh:minCount 1 .
:New {NOT_OLD} .
"""


def test_what_a_shape_does_not_apply_to_is_no_focus_node(tmp_path: Path) -> None:
    (tmp_path / "s.ttl").write_text(HEAD + SCOPED)
    data = [
        t("a", A, "C"), t("a", "p", "x"), t("a", "p", "y"),
        t("b", A, "C"), t("b", "old", "x"),
        t("c", A, "C"), t("c", "scale", "x"), t("c", "p", "x"), t("c", "p", "y"),
    ]  # fmt: skip
    plan = compile_shapes([tmp_path / "s.ttl"])
    found = plan.validate(data, EMPTY)
    assert sorted((r.focus[-2], r.path[-2]) for r in found) == [
        ("a", "q"), ("a", "u"), ("c", "p"), ("c", "q"), ("c", "u"),
    ]  # fmt: skip
    assert rows(found) == rows(referee([tmp_path / "s.ttl"], data, EMPTY))
    assert plan.focus_counts == {"<http://x/S>": 2, "<http://x/T>": 2}


def test_a_scope_that_pyshacl_cannot_be_told_is_refused(tmp_path: Path) -> None:
    inner = f"[ qcp:appliesWhen [ {NOT_OLD} ] ; sh:property [ sh:path :q ; sh:minCount 1 ] ]"
    (tmp_path / "s.ttl").write_text(
        f"{HEAD}:S a sh:NodeShape ; sh:targetClass :C ; sh:node {inner} ."
    )
    with pytest.raises(UsageError, match="appliesWhen at this place"):
        referee([tmp_path / "s.ttl"], [t("a", A, "C")], EMPTY)
