"""Property paths: their text form, and what they reach."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcp_graph.validation.graph import ReferenceGraph, View
from qcp_graph.validation.paths import Path, follow, parse

PREDICATES = st.sampled_from(["p", "q", "r"]).map(lambda n: Path("", predicate=f"<http://x/{n}>"))


def _grow(inner: st.SearchStrategy[Path]) -> st.SearchStrategy[Path]:
    one = st.tuples(st.sampled_from("^*+?"), inner).map(lambda t: Path(t[0], operands=(t[1],)))
    several = st.tuples(st.sampled_from("/|"), st.lists(inner, min_size=2, max_size=3))
    return one | several.map(lambda t: Path(t[0], operands=tuple(t[1])))


PATHS = st.recursive(PREDICATES, _grow, max_leaves=6)
EDGES = st.lists(
    st.tuples(
        st.sampled_from(["<http://x/a>", "<http://x/b>", "<http://x/c>"]),
        st.sampled_from(["<http://x/p>", "<http://x/q>", "<http://x/r>"]),
        st.sampled_from(["<http://x/a>", "<http://x/b>", "<http://x/c>"]),
    )
)


@given(PATHS)
def test_text_and_back(path: Path) -> None:
    assert parse(str(path)) == path


@pytest.mark.parametrize("text", ["", "(", "<a", "<http://a/b>>", "(<a>/<b>", "<a>**", "()", "^"])
def test_no_path(text: str) -> None:
    with pytest.raises(ValueError, match="path"):
        parse(text)


def _reach(path: Path, edges: set[tuple[str, str, str]]) -> set[tuple[str, str]]:
    """The definition of SPARQL 1.1 §18, as relations over three nodes."""
    same = {(n, n) for n in ("<http://x/a>", "<http://x/b>", "<http://x/c>")}
    parts = [_reach(operand, edges) for operand in path.operands]
    match path.operator:
        case "":
            return {(s, o) for s, p, o in edges if p == path.predicate}
        case "^":
            return {(o, s) for s, o in parts[0]}
        case "|":
            return set().union(*parts)
        case "?":
            return parts[0] | same
        case "/":
            found = same
            for part in parts:
                found = {(a, d) for a, b in found for c, d in part if b == c}
            return found
    found = parts[0]
    for _ in range(4):
        found = found | {(a, d) for a, b in found for c, d in parts[0] if b == c}
    return found | same if path.operator == "*" else found


@given(PATHS, EDGES, st.integers(min_value=0))
def test_reach(path: Path, edges: list[tuple[str, str, str]], cut: int) -> None:
    split = cut % (len(edges) + 1)
    view = View(edges[:split], ReferenceGraph.from_triples(edges[split:]))
    for node in ("<http://x/a>", "<http://x/b>", "<http://x/c>"):
        found = list(follow(path)(view, node))
        assert len(found) == len(set(found))
        assert {(node, value) for value in found} == {
            pair for pair in _reach(path, set(edges)) if pair[0] == node
        }
