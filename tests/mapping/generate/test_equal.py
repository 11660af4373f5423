"""A generated function gives what the closures give: the same quads in order, the same issues."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from qcp_graph.errors import UsageError
from qcp_graph.mapping import Plan
from qcp_graph.model.record import JsonValue, SourceRecord
from tests.mapping.generate.same import ODD, same
from tests.mapping.support import HEAD, load, prepare
from tests.mapping.test_any_record import MAPPING, VALUES


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return load(tmp_path_factory.mktemp("hard"), MAPPING)


LEAVES = st.one_of(st.sampled_from(["a", "x", "7", "two words", "1"]), st.sampled_from(ODD), VALUES)
ITEMS = st.lists(
    st.one_of(
        st.fixed_dictionaries({}, optional={"a": LEAVES, "fr": LEAVES, "#text": LEAVES}), LEAVES
    ),
    max_size=3,
)
RECORDS = st.fixed_dictionaries(
    {"id": st.one_of(*[st.just("1")] * 9, VALUES)},
    optional={"a": LEAVES, "b": st.one_of(ITEMS, LEAVES), "c": LEAVES, "d": ITEMS},
)


def check(plan: Plan, data: dict[str, JsonValue]) -> None:
    prepared = prepare(plan, {"id": "1"})
    same(plan, "s", replace(prepared, record=SourceRecord(data, prepared.record.locator)))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=RECORDS)
def test_on_any_record(hard: Plan, data: dict[str, JsonValue]) -> None:
    check(hard, data)


OBJECTS = [
    "$(a)", "$(b.a)", "$(b.a.fr)", "$(a[0])", "$(let:l)", "$(let:m)", "x", "$(a) and $(b)",
    "$(a)-$(let:n)", "$(let:l)/$(a)", "$(let:n)", "$(b.#text)",
]  # fmt: skip
EXTRAS = [
    "language: fr", "language: $(b)", "datatype: xsd:date", "datatype: xsd:integer", "type: iri",
    "datatype: elm:own", "transform: [trim]", "transform: [date_dmy], datatype: xsd:date",
    "transform: [html_items]", "transform: [{split: ' '}], language: en", "default: $(c)",
    "default: {value: $(c), transform: [upper], default: none}", "required: true",
    "lookup: {levels: fr-cncp}", "transform: [{default: {value: ''}}]", "type: iri, raw: true",
    "when: {value: $(c), in: [a, '2024-12-31', x]}", "when: {value: $(c), exists: true}",
    "when: {value: $(c), matches: '^[a-z0-9]'}", "when: {not: {value: $(a), equals: x}}",
    "when: [{any: [{value: $(a), equals: a}, {value: $(b), exists: true}]}, {value: $(c), not: x}]",
    "transform: [url_fix], type: iri", "transform: [unique, {join: '; '}]", "lookup: codes",
    "lookup: codes, type: iri", "lookup: keep",
]  # fmt: skip
IRIS = [
    "outcome:$(^id)/$(.)", "outcome:$(^id)/$(@index)", "qualification:$(^id)#n-$(a)",
    "outcome:$(a)", "http://e.org/?q=$(a)", "outcome:$(let:k)", "outcome:$(^let:n)-$(let:k)",
]  # fmt: skip
RULE = st.builds(
    lambda p, o, extra: f'      - {{p: {p}, o: {{value: "{o}"{", " + extra if extra else ""}}}}}',
    st.sampled_from(["elm:p", "elm:q", "[elm:p, elm:r]"]),
    st.sampled_from(OBJECTS),
    st.sampled_from(["", *EXTRAS]),
)
LOOP = st.builds(
    lambda path, subject, when, rules, shared: "\n".join(
        [
            f"    foreach: {path}", f"    subjects: {subject}", "    let: {k: $(a)}",
            *([f"    when: {{value: $(a), {when}}}"] if when else []),
            f"    shared: {shared}", "    predicateobjects:", "      - [a, elm:LearningOutcome]",
            "      - {p: elm:up, o: {mapping: q}}", *rules,
        ]
    ),
    st.sampled_from(["b", "b.a", "d", "{value: $(c), transform: [{split: ' '}]}"]),
    st.sampled_from(IRIS),
    st.sampled_from(["", "", "exists: true", "not: [a, '1']"]),
    st.lists(
        st.sampled_from(
            [
                "      - [elm:p, $(.), fr~lang]", "      - [elm:p, $(a)]", "      - [elm:p, $(^a)]",
                "      - [elm:i, $(a)~iri]", "      - {p: elm:p, o: {languageMap: $(.)}}",
                "      - {p: elm:n, o: {value: $(let:k), datatype: xsd:integer}}",
                "      - {p: elm:d, o: {mapping: deep}}",
            ]
        ),
        max_size=4,
    ),
    st.sampled_from(["true", "false"]),
)  # fmt: skip
DEEP = """
  deep:
    within: i
    foreach: a
    subjects: outcome:$(^^id)/$(^@index)/$(@index)
    predicateobjects: [[elm:p, $(.), fr~lang], [elm:up, $(^a)], {p: elm:o, o: {mapping: i}}]
  note:
    within: i
    subjects: outcome:$(^id)/$(@index)#note
    predicateobjects: [[elm:p, $(a)], {p: elm:o, o: {mapping: i}}]
"""


def small(rules: list[str], loop: str, main: str) -> str:
    """Return a mapping made of drawn parts; texts as items have no fields, hence no inner loop."""
    computed = "{value:" in loop.split("\n", 1)[0]
    if computed:
        loop = loop.replace("$(a)", "$(.)")
        loop = "\n".join(line for line in loop.split("\n") if "languageMap" not in line)
    deep = "" if computed else DEEP
    if computed:
        loop = "\n".join(line for line in loop.split("\n") if "mapping: deep" not in line)
    return (
        HEAD["json"]
        + "let: {l: {value: $(a), transform: [trim]}, m: {value: $(b), transform: [html_items]}, "
        + 'n: {value: " ($(a))", transform: [{default: {value: ""}}]}}\n'
        + "codelists: {codes: {file: c.csv, missing: drop}, keep: {file: c.csv, missing: keep}}\n"
        + f"mappings:\n  q:\n    main: true\n    subjects: {main}\n    predicateobjects:\n"
        + "\n".join(["      - {p: elm:has, o: {mapping: i}}", *rules])
        + f"\n  i:\n{loop}\n{deep}"
    )


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    rules=st.lists(RULE, max_size=6),
    loop=LOOP,
    main=st.sampled_from(["qualification:$(id)", "qualification:$(id)", "qualification:$(let:l)"]),
    data=st.lists(RECORDS, min_size=1, max_size=6),
)
def test_on_any_mapping(
    rules: list[str], loop: str, main: str, data: list[dict[str, JsonValue]], tmp_path: Path
) -> None:
    codes = "source,target,reason\na,qcp:Registered,\n7,qcp:Expired,\nx,,nothing\n"
    try:
        plan = load(tmp_path, small(rules, loop, main), {"c.csv": codes})
    except UsageError:  # such as the constant IRI "x"
        assume(False)
    for record in data:
        check(plan, {"id": "1", **record})
