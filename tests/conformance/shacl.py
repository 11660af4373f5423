"""The W3C SHACL Core suite: conforms, and the multiset of results with their source shapes."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from qcp_graph.errors import QcpError
from qcp_graph.validation import ReferenceGraph, Result, compile_shapes, judge_graph
from qcp_graph.validation.shapes_graph import read_turtle
from tests.conformance import suite
from tests.validation import w3c

MANIFEST = "conformance/shacl/data-shapes-test-suite/tests/core/manifest.ttl"


def all_cases(shared: Path) -> suite.Suite:
    """Return the suite's section."""
    found = [case for path in w3c.manifests(shared / MANIFEST) for case in w3c.cases(path)]
    cases = [
        suite.Case(f"{case.data.parent.name}/{case.name}", partial(_check, case)) for case in found
    ]
    about = (
        "The W3C test suite, run with the compiled validator; conformance and the "
        "results (focus node, path, value, component, severity, shape) must be the expected ones. "
        "[Validation](validation.md)"
    )
    groups = [
        suite.Group("SHACL Core", cases, 1.0, {}),
        suite.Group("SHACL-SPARQL", _sparql(shared), 21 / 23, {}),
    ]
    return suite.Suite("SHACL", about, groups)


def _sparql(shared: Path) -> list[suite.Case]:
    # By folder: the manifest leaves one case out (nodeValidator-001, a proposed one).
    files = sorted((shared / MANIFEST).parent.parent.joinpath("sparql").rglob("*.ttl"))
    found = [c for path in files if path.name != "manifest.ttl" for c in w3c.cases(path)]
    return [
        suite.Case(f"{case.data.parent.name}/{case.name}", partial(_check_sparql, case))
        for case in found
    ]


def _check_sparql(case: w3c.Case) -> str:
    try:
        plan = compile_shapes([case.shapes], sparql=True)
        results = judge_graph(plan, read_turtle(case.data)[0], ReferenceGraph({}))
    except QcpError as error:
        return "" if case.failure else str(error)
    return "a failure was expected" if case.failure else _difference(case, results)


def _check(case: w3c.Case) -> str:
    plan = compile_shapes([case.shapes])
    triples, _ = read_turtle(case.data)
    return _difference(case, plan.validate(triples, ReferenceGraph({}), complete=True))


def _difference(case: w3c.Case, results: Sequence[Result]) -> str:
    shapes = frozenset(s for s, _, _ in read_turtle(case.shapes)[0] if s.startswith("<"))
    rows = Counter(w3c.row(result, shapes) for result in results)
    if rows == case.rows and (not results) == case.conforms:
        return ""
    return f"missing {case.rows - rows}; extra {rows - case.rows}"
