"""JSON: records of nested lists know the objects around them, wherever their members stand."""

import json

import pytest

from tests.readers.conftest import Make, Run

DOCUMENT = {
    "issued": "2026-01-01",
    "countries": [
        {
            "code": "FI",
            "quals": [{"id": 1}, {"id": 2, "^": "own"}],
            "name": {"en": "Finland"},
            "many": ["x" * 3000, "y" * 3000],
        },
        {"quals": [{"id": 3}], "code": "EE"},
    ],
    "licence": "CC0",
}


def test_records_know_the_objects_around_them(make: Make, run: Run) -> None:
    found = run(make(json.dumps(DOCUMENT)), "json", "$.countries[*].quals[*]", parents=True)
    assert found.issues == []
    above = {"issued": "2026-01-01", "licence": "CC0"}
    finland = {"code": "FI", "name": {"en": "Finland"}, "^": above}
    assert found.data == [
        {"id": 1, "^": finland},
        {"id": 2, "^": finland},
        {"id": 3, "^": {"code": "EE", "^": above}},
    ]
    assert found.places[2] == "in.dat /countries/1/quals/0"


def test_without_the_option_nothing_is_added(make: Make, run: Run) -> None:
    found = run(make(json.dumps(DOCUMENT)), "json", "$.countries[*].quals[*]")
    assert found.data[0] == {"id": 1}


def test_a_larger_object_is_streamed_and_the_loss_is_told(make: Make, run: Run) -> None:
    quals = [{"id": n, "pad": "x" * 100} for n in range(100)]
    document = {"a": 1, "groups": [{"before": 1, "quals": quals, "after": 2}], "z": 26}
    found = run(
        make(json.dumps(document)), "json", "$.groups[*].quals[*]", limit=2000, parents=True
    )
    assert found.codes == ["QCP-SRC-PARENT"]
    assert len(found.data) == 100
    assert found.data[99]["^"] == {"before": 1, "^": {"a": 1, "z": 26}}


def test_faults_are_told_where_they_are_and_cost_what_they_cost_without(
    make: Make, run: Run
) -> None:
    text = json.dumps(DOCUMENT).replace('{"id": 1}', '{"id": tru}')
    found = run(make(text), "json", "$.countries[*].quals[*]", parents=True)
    assert found.codes == ["QCP-SRC-PARENT", "QCP-SRC-RECORD"]
    assert [row["id"] for row in found.data] == [2, 3]
    cut = run(make(json.dumps(DOCUMENT)[:-40]), "json", "$.countries[*].quals[*]", parents=True)
    assert [row["id"] for row in cut.data] == [1, 2]
    assert cut.failed == "QCP-SRC-TRUNCATED"


def test_bare_values_and_repeated_names_inside_an_object_in_memory(make: Make, run: Run) -> None:
    text = '{"g": [{"n": 1, "n": 2, "q": [{"id": 1}, 5, {"id": "\\ud800"}]}]}'
    found = run(make(text), "json", "$.g[*].q[*]", parents=True)
    assert found.codes == ["QCP-SRC-KEY-REPEATED", "QCP-SRC-RECORD", "QCP-SRC-CHARACTERS"]
    assert found.data == [{"id": 1, "^": {"n": 2, "^": {}}}] or found.data == [
        {"id": 1, "^": {"n": 2}}
    ]


@pytest.mark.parametrize("iterator", ["$.*", "$.by.*"])
def test_the_members_of_an_object_are_records_with_their_name(
    iterator: str, make: Make, run: Run
) -> None:
    members = {"Q/1": {"title": "a"}, "Q2": {"title": "b", "@key": "own"}}
    document = members if iterator == "$.*" else {"by": members, "n": 1}
    found = run(make(json.dumps(document), "m.json"), "json", iterator)
    assert found.data == [{"@key": "Q/1", "title": "a"}, {"@key": "own", "title": "b"}]
    assert found.places[0].endswith("/Q~11")


def test_keys_of_enclosing_objects_are_known(make: Make, run: Run) -> None:
    document = {"FI": {"quals": [{"id": 1}]}, "EE": {"quals": [{"id": 2}]}}
    found = run(make(json.dumps(document)), "json", "$.*.quals[*]", parents=True)
    assert [row["^"]["@key"] for row in found.data] == ["FI", "EE"]  # type: ignore[index, call-overload]


def test_one_item_of_a_list_can_be_chosen(make: Make, run: Run) -> None:
    found = run(make('{"a": [[{"id": 0}], [{"id": 1}, {"id": 2}]]}'), "json", "$.a[1][*]")
    assert found.data == [{"id": 1}, {"id": 2}]
    assert found.places == ["in.dat /a/1/0", "in.dat /a/1/1"]


@pytest.mark.parametrize(
    "text", ['{"id": 1}{"id": 2}\n\n{"id": 3}', '\x1e{"id": 1}\n\x1e{"id": 2}\n\x1e{"id": 3}\n']
)
def test_documents_one_after_the_other(text: str, make: Make, run: Run) -> None:
    file = make(text)
    found = run(file, "json", "$", concatenated=True)
    assert found.data == [{"id": 1}, {"id": 2}, {"id": 3}]
    assert found.places[1:] == ["in.dat (document 2)", "in.dat (document 3)"]
    assert run(file, "json", "$").failed == "QCP-SRC-JSON"


def test_lists_one_after_the_other(make: Make, run: Run) -> None:
    found = run(make('[{"id": 1}][{"id": 2}]'), "json", "$[*]", concatenated=True)
    assert found.places == ["in.dat /0", "in.dat (document 2) /0"]
