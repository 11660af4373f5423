"""Each triple of a shape that constrains something is needed: without it an example changes."""

import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from qcp_graph.errors import QcpError
from qcp_graph.terms import Triple, curie
from qcp_graph.validation import ReferenceGraph, compile_shapes, judge_graph
from qcp_graph.validation.profiles_catalogue import rule_name
from qcp_graph.validation.shapes_graph import read_turtle
from tests.conftest import REPOSITORY
from tests.validation import tabled

EXAMPLES = Path(__file__).parent / "examples"
FILES = sorted((REPOSITORY / "shapes").glob("*.ttl"))
EVERY = bool(os.environ.get("QCP_MUTATE_ALL"))
SAMPLE = 7
# What only words a result, or describes the profile; and the parts of lists and paths.
SILENT = {
    curie(name)
    for name in (
        "sh:message", "qcp:remedy", "qcp:code", "qcp:lacks", "rdf:type", "sh:severity",
        "qcp:ifAbsent", "sh:prefixes", "sh:declare", "sh:prefix",
        "sh:namespace", "qcp:allAtOnce", "rdf:rest",
    )
}  # fmt: skip
OTHERS = {curie("rdf:first"), curie("qcp:appliesWhen")}
SH = curie("sh:path").removesuffix("path>")


@cache
def reference() -> ReferenceGraph:
    return ReferenceGraph.from_triples(read_turtle(EXAMPLES / "reference.ttl")[0])


@cache
def examples(name: str) -> tuple[tuple[str, list[Triple]], ...]:
    found = [(p.stem, read_turtle(p)[0]) for p in sorted((EXAMPLES / name).glob("*.ttl"))]
    if name in tabled.TABLES:
        found.append(("broken", list(tabled.data(name))))
    return tuple(found)


def constraints(triples: Sequence[Triple]) -> Iterator[int]:
    """Yield the places of the triples that make a constraint, with the members of its lists."""
    about = {s for s, _, o in triples if o == curie("qcp:Profile")}
    for place, (subject, predicate, _) in enumerate(triples):
        constrains = predicate.startswith(SH) or predicate in OTHERS
        if constrains and subject not in about and predicate not in SILENT:
            yield place


def turtle(triples: Sequence[Triple]) -> str:
    return "".join(f"{s} {p} {o} .\n" for s, p, o in triples)


def verdicts(path: Path, name: str, sparql: bool) -> list[tuple[str, list[str]]]:
    plan = compile_shapes([path], sparql=sparql)
    return [
        (stem, sorted(f"{rule_name(r.shape)} {r.focus} {r.value}" for r in found))
        for stem, data in examples(name)
        for found in [judge_graph(plan, data, reference())]
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_constraint_can_go_unnoticed(path: Path, tmp_path: Path) -> None:
    triples = read_turtle(path)[0]
    sparql = any(p == curie("sh:sparql") for _, p, _ in triples)
    mutant = tmp_path / path.name
    mutant.write_text(turtle(triples))
    before = verdicts(mutant, path.stem, sparql)
    places = list(constraints(triples))
    chosen = places if EVERY else places[:: max(1, len(places) // SAMPLE)]
    assert chosen
    survivors = []
    for place in chosen:
        mutant.write_text(turtle(triples[:place] + triples[place + 1 :]))
        try:
            changed = verdicts(mutant, path.stem, sparql) != before
        except QcpError:
            changed = True
        if not changed:
            survivors.append(triples[place])
    assert survivors == [], "\n".join(map(str, survivors))
