"""Contract of shapes/: every file has examples, every constraint is broken by one of them."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.terms import curie
from qcp_graph.validation import (
    ReferenceGraph,
    Result,
    ShapePlan,
    compile_shapes,
    issue_of,
    judge_graph,
)
from qcp_graph.validation.profiles_catalogue import rule_name
from qcp_graph.validation.shape import Shape
from qcp_graph.validation.shapes_graph import ShapesGraph, read_turtle
from tests.conftest import REPOSITORY
from tests.validation import tabled

SHAPES = sorted((REPOSITORY / "shapes").glob("*.ttl"))
EXAMPLES = Path(__file__).parent / "examples"
VALID = sorted(EXAMPLES.glob("*/valid-*.ttl"))
INVALID = sorted(EXAMPLES.glob("*/invalid-*.ttl"))
DOCUMENTED = set(
    re.findall(
        r"^## (QCP-VAL-[A-Z-]+)$", (REPOSITORY / "docs/errors/validation.md").read_text(), re.M
    )
)
TABLED = "elm-loq"


@cache
def plan(name: str) -> ShapePlan:
    path = REPOSITORY / "shapes" / f"{name}.ttl"
    return compile_shapes([path], sparql="sh:sparql" in path.read_text())


@cache
def reference() -> ReferenceGraph:
    return ReferenceGraph.from_triples(read_turtle(EXAMPLES / "reference.ttl")[0])


def judge(example: Path) -> list[Result]:
    return judge_graph(plan(example.parent.name), read_turtle(example)[0], reference())


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_has_examples_and_header(path: Path) -> None:
    folder = EXAMPLES / path.stem
    assert list(folder.glob("valid-*.ttl"))
    assert list(folder.glob("invalid-*.ttl"))
    header = path.read_text().split("@prefix")[0]
    assert "Source" in header
    assert len(header) > 100


@pytest.mark.parametrize("example", VALID, ids=_name)
def test_valid(example: Path) -> None:
    assert [issue_of(result) for result in judge(example)] == []


@pytest.mark.parametrize("example", INVALID, ids=_name)
def test_invalid_for_its_own_reason_only(example: Path) -> None:
    reason = example.stem.removeprefix("invalid-").partition("--")[0]
    assert {issue_of(result).code for result in judge(example)} == {f"QCP-VAL-{reason.upper()}"}


@cache
def broken(name: str) -> list[Result]:
    return judge_graph(plan(name), tabled.data(name), reference())


@pytest.mark.parametrize("name", tabled.TABLES)
def test_each_row_of_a_table_fails_for_its_own_reason_only(name: str) -> None:
    found: dict[str, list[tuple[str, str]]] = {}
    for result in broken(name):
        found.setdefault(result.focus, []).append((rule_name(result.shape), result.component))
    assert found == {row.node: [row.expected] for row in tabled.rows(name)}


@pytest.mark.parametrize("path", SHAPES, ids=lambda p: p.stem)
def test_every_constraint_is_broken_by_an_example(path: Path) -> None:
    """Removing a constraint would leave one of the invalid examples without its result."""
    results = [
        result
        for example in (EXAMPLES / path.stem).glob("invalid-*.ttl")
        for result in judge(example)
    ]
    results += broken(path.stem) if path.stem in tabled.TABLES else []
    seen = {(result.shape, result.component) for result in results}
    assert {(rule.shape, rule.component) for rule in rules(plan(path.stem))} <= seen


def rules(compiled: ShapePlan) -> Iterator[object]:
    queue: list[Shape] = [s for shapes in compiled.by_class.values() for s in shapes]
    while queue:
        shape = queue.pop()
        yield from (check.rule for check in shape.checks)
        queue.extend(shape.children)


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_words(path: Path) -> None:
    """Codes are documented; messages and remedies are there in English and French."""
    graph = ShapesGraph.read([path])
    coded = [node for node, properties in graph.subjects.items() if curie("qcp:code") in properties]
    assert coded
    for node in coded:
        assert graph.one(node, curie("qcp:code")).strip('"') in DOCUMENTED
        for words in ("sh:message", "qcp:remedy"):
            texts = graph.values(node, curie(words))
            if texts or words == "sh:message":
                assert sorted(text[-3:] for text in texts) == ["@en", "@fr"], (node, words)
    for properties in graph.subjects.values():
        if curie("sh:path") in properties and any(
            p in properties for p in (curie("sh:severity"), curie("qcp:lacks"))
        ):
            assert curie("qcp:code") in properties


def test_what_a_record_lacks_is_machine_readable() -> None:
    results = judge(EXAMPLES / "publication" / "invalid-lacks-eqf.ttl")
    assert [result.lacks for result in results] == [curie("elm:EQFLevel")]
    assert [result.severity for result in results] == ["warning"]


def test_loq_says_what_the_profile_table_says() -> None:
    """shapes/elm-loq.ttl and ontology/profile/elm.csv state the same cardinalities."""
    graph = ShapesGraph.read([REPOSITORY / "shapes" / f"{TABLED}.ttl"])
    said = {}
    for properties in graph.subjects.values():
        for kind in properties.get(curie("sh:targetClass"), ())[:1]:
            for child in properties[curie("sh:property")]:
                counts = (graph.one(child, curie(f"sh:{c}Count")) for c in ("min", "max"))
                low, high = (count.strip('"').partition('"')[0] for count in counts)
                said[kind, graph.one(child, curie("sh:path"))] = (low or "0", high or "*")
    table = {}
    with (REPOSITORY / "ontology/profile/elm.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["property"]:
                key = curie(row["class"]), f"<{row['property_iri']}>"
                table[key] = row["min"], row["max"]
    assert said
    assert {key: table.get(key) for key in said} == said


def test_both_names_of_elm_have_the_same_constraints() -> None:
    """shapes/elm-loq-3.3.ttl is shapes/elm-loq.ttl in the other namespace, but for its words."""
    old, new = curie("elm:x")[1:-2], "http://data.europa.eu/snb/model/ontology/"
    described = {TABLED: set[str](), "elm-loq-3.3": set[str]()}
    for name, found in described.items():
        for node, properties in ShapesGraph.read(
            [REPOSITORY / "shapes" / f"{name}.ttl"]
        ).subjects.items():
            if curie("sh:path") in properties and node.startswith("<"):
                said = f"{node} {sorted((p, v) for p, vs in properties.items() for v in vs)}"
                found.add(said.replace("elm-loq-3.3", TABLED).replace(new, old))
    alike = [{re.sub(r"_:\w+", "_", line) for line in lines} for lines in described.values()]
    assert alike[0]
    assert alike[0] == alike[1]


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nothing\.ttl"):
        compile_shapes([tmp_path / "nothing.ttl"])
