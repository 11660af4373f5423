"""The W3C SHACL Core suite: conforms, and the multiset of results with their source shapes."""

from collections import Counter
from functools import partial
from pathlib import Path

from qcp_graph.validation import ReferenceGraph, compile_shapes
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
        "The W3C test suite for SHACL Core, run with the compiled validator; conformance and the "
        "results (focus node, path, value, component, severity, shape) must be the expected ones. "
        "[Validation](validation.md)"
    )
    return suite.Suite("SHACL", about, [suite.Group("SHACL Core", cases, 1.0, {})])


def _check(case: w3c.Case) -> str:
    plan = compile_shapes([case.shapes])
    triples, _ = read_turtle(case.data)
    results = plan.validate(triples, ReferenceGraph({}), complete=True)
    shapes = frozenset(s for s, _, _ in read_turtle(case.shapes)[0] if s.startswith("<"))
    rows = Counter(w3c.row(result, shapes) for result in results)
    if rows == case.rows and (not results) == case.conforms:
        return ""
    return f"missing {case.rows - rows}; extra {rows - case.rows}"
