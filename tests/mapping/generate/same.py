"""What the comparisons of generated functions and closures share."""

from qcp_graph.mapping import Plan
from qcp_graph.mapping.frames import Frame, Run
from qcp_graph.model.record import JsonValue, PreparedRecord
from qcp_graph.terms import nquad
from tests.mapping.test_any_record import HOSTILE

ODD: list[JsonValue] = [
    *HOSTILE, "", " ", "\n", "a\x00b", "é \u00a0", 'He said "no"', "back\\slash", "two\nlines",
    None, True, 0, 7, 2.5, 10**30, [], {}, ["a", "b"], ["a"], [["a", "a"], None], {"#text": "t"},
    {"#text": " ", "@id": "1"}, {"fr": "un", "en": "one"}, [{"a": "1"}, {"a": "2"}, "x"],
    "x" * 400, "2024-12-31", "31/12/2024", "www.example.org", "https://example.org/a#b",
]  # fmt: skip


GRAPHS = {"data": "http://g.org/data", "provenance": "http://g.org/provenance"}


def same(plan: Plan, name: str, prepared: PreparedRecord) -> None:
    """Compare quads, lines and issues of a record, made by both."""
    fast, slow = plan.map(prepared, name), plan.interpret(prepared, name)
    assert list(fast.quads) == list(slow.quads)
    assert list(fast.shared) == list(slow.shared)
    assert list(fast.issues) == list(slow.issues)
    assert fast == slow
    run = Run(plan.source_id, prepared.key, prepared.record.locator, prepared.joined)
    frame = Frame(prepared.record.data, None, 1, run)
    lines = plan._inputs[name].mapper.lines(frame, GRAPHS)
    if lines is not None and not plan._inputs[name].straight:
        quads = [*slow.quads, *slow.shared]
        expected = [f"{nquad(quad, GRAPHS[quad[3]])}\n" for quad in quads]
        assert list(lines) == list(dict.fromkeys(expected))
        assert tuple(dict.fromkeys(run.issues)) == slow.issues
