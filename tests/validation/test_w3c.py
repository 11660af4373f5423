"""The W3C SHACL Core suite: conforms, and the multiset of results with their source shapes."""

import os
from collections import Counter
from pathlib import Path

import pytest

from qcp_graph.validation import ReferenceGraph, compile_shapes
from qcp_graph.validation.shapes_graph import read_turtle
from tests.conftest import REPOSITORY
from tests.validation.w3c import Case, cases, manifests, row

SHARED = Path(os.environ.get("QCP_SHARED", REPOSITORY.parent / "shared"))
SUITE = SHARED / "conformance/shacl/data-shapes-test-suite/tests/core/manifest.ttl"
CASES = [case for path in manifests(SUITE) for case in cases(path)] if SUITE.is_file() else []
DIFFERENT: dict[str, str] = {}


def _parameters() -> list[object]:
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(strict=True, reason=DIFFERENT[case.name])]
            if case.name in DIFFERENT
            else [],
        )
        for case in CASES
    ]


@pytest.mark.shared
def test_the_whole_suite_is_here(shared: Path) -> None:
    assert len(CASES) == 98


@pytest.mark.shared
@pytest.mark.parametrize("case", _parameters())
def test_core(case: Case) -> None:
    plan = compile_shapes([case.shapes])
    triples, _ = read_turtle(case.data)
    results = plan.validate(triples, ReferenceGraph({}), complete=True)
    shapes = frozenset(s for s, _, _ in read_turtle(case.shapes)[0] if s.startswith("<"))
    assert Counter(row(result, shapes) for result in results) == case.rows
    assert (not results) == case.conforms
