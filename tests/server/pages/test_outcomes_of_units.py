"""What only the units of a qualification state is no gap of the qualification."""

import pyoxigraph as ox
import pytest

from qcp_graph.namespaces import PREFIXES
from qcp_graph.server.pages import outcomes

ELM = PREFIXES["elm"]


@pytest.mark.parametrize(
    ("parts", "count"),
    [
        ("", 0),
        ("<urn:q> elm:hasPart <urn:u1>, <urn:u2> .", 3),
        ("<urn:q> elm:hasPart <urn:m> . <urn:m> elm:hasPart <urn:u1> .", 2),
        ("<urn:q> elm:hasPart <urn:u1> . <urn:u1> elm:hasPart <urn:u1>, <urn:q>, <urn:u2> .", 3),
    ],
    ids=["no units", "units", "units of a module", "units that go round in circles"],
)
def test_outcomes_of_units_are_counted_once(parts: str, count: int) -> None:
    store = ox.Store()
    text = f"""@prefix elm: <{ELM}> . {parts}
        <urn:u1> elm:learningOutcome <urn:o1>, <urn:o2> .
        <urn:u2> elm:learningOutcome <urn:o2>, <urn:o3> ."""
    store.load(text.encode(), ox.RdfFormat.TURTLE)
    assert outcomes._in_units(store, "urn:q") == count
