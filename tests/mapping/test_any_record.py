"""Whatever a record holds: valid N-Quads and issues, never an exception."""

import json
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qcp_graph.mapping import Plan
from qcp_graph.model.record import JsonValue, MappedRecord
from qcp_graph.terms import nquad
from tests.mapping.support import HEAD, load, run

MAPPING = (
    HEAD["json"]
    + """
let: {l: {value: $(a), transform: [html_items, {join: "; "}]}}
ignore: {c: fun}
mappings:
  q:
    subjects: qualification:$(id)
    predicateobjects:
      - [a, elm:Qualification]
      - [elm:t, $(a), fr~lang]
      - [elm:t, $(b.a), fr~lang]
      - {p: elm:t, o: {value: $(a), language: $(b)}}
      - [elm:d, $(a), xsd:date]
      - [elm:d, $(b), xsd:decimal]
      - [elm:d, $(b), xsd:anyURI]
      - [elm:d, $(let:l)]
      - [elm:i, $(a)~iri]
      - {p: elm:i, o: {value: "http://$(a)/x?$(b)", type: iri, raw: true}}
      - [elm:i, "http://$(a)/$(b)~iri"]
      - {p: elm:m, o: {languageMap: $(b)}}
      - {p: elm:c, o: {value: $(b), lookup: {levels: fr-cncp}}}
      - {p: elm:f, o: {value: $(a), transform: [bullets, slug, hash8]}}
      - {p: elm:f, o: {value: $(a), transform: [decimal]}}
      - {p: elm:f, o: {value: $(a), transform: [date_epoch_ms]}}
      - {p: elm:f, o: {value: $(a), transform: [duration_hours]}}
      - {p: elm:u, o: {value: $(a), transform: [url_fix], type: iri}}
      - {p: elm:h, o: {mapping: i}}
  i:
    foreach: b
    subjects: ["outcome:$(^id)/$(.)-$(@index)", "outcome:$(a)"]
    predicateobjects: [[elm:t, $(.)], [elm:t, $(a.b)]]
  s:
    foreach: {value: $(b), transform: [html_text, split_lines]}
    shared: true
    subjects: organisation:$(.)
"""
)
HOSTILE = [
    "x",
    "5",
    "..",
    ".",
    "a/b",
    '"',
    "\\",
    ">",
    "<",
    "fr",
    "en",
    "%",
    "1,5",
    "http://a",
    "http://[",
    "javascript:x",
    "2024-02-30",
    "<p>a<li>b",
    "a:b@c:99999",
    "1e400",
    "\ufffe",
    "\u202e",
    "\x1b",
]
TEXTS = st.one_of(
    st.text(max_size=12),
    st.text(st.characters(), max_size=12),
    st.sampled_from(HOSTILE),
    st.sampled_from(["", " ", "\n", "\x00", "\ud800", "• a\n• b", "é" * 20, "9" * 400, "A" * 3000]),
)
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.sampled_from(["a", "b", "fr", "#text"]), TEXTS), inner, max_size=3
        ),
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder: Path = tmp_path_factory.mktemp("any")
    return load(folder, MAPPING)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.fixed_dictionaries({"id": VALUES, "a": VALUES, "b": VALUES}, optional={"c": VALUES}))
def test_any_record(plan: Plan, data: dict[str, JsonValue]) -> None:
    mapped = run(plan, data)
    _check(mapped)
    assert "QCP-MAP-CRASH" not in {issue.code for issue in mapped.issues}


def _check(mapped: MappedRecord) -> None:
    assert mapped.rejected == (not mapped.iri)
    assert mapped.issues or not mapped.rejected
    quads = [*mapped.quads, *mapped.shared]
    text = "\n".join(nquad(quad, "http://g.org/" + quad[3]) for quad in quads)
    parsed = list(pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.N_QUADS))
    assert len(parsed) == len(quads)
    json.dumps([issue.as_dict() for issue in mapped.issues]).encode()
    for issue in mapped.issues:
        assert issue.code.startswith("QCP-MAP-")
        "".join(issue.as_dict().values()).encode()  # every part can be written to a file


def test_written_terms_are_read_back_as_they_are(tmp_path: Path) -> None:
    text = HEAD["json"] + (
        "mappings: {q: {subjects: qualification:$(id), predicateobjects: [[elm:t, $(v), fr~lang]]}}"
    )
    value = 'a "quoted" \\ back\tslash\r\nline — ünïcödé 😀 \u2028'
    quad = run(load(tmp_path, text), {"id": "1", "v": value}).quads[0]
    line = nquad(quad, "http://g.org/").encode()
    (parsed,) = pyoxigraph.parse(line, format=pyoxigraph.RdfFormat.N_QUADS)
    assert isinstance(parsed.object, pyoxigraph.Literal)
    assert parsed.object.value == value
