"""JSON: what stands around a list belongs to its records when the mapping says so (`inherit`)."""

import json

from tests.readers.conftest import Make, Run


def test_a_record_gets_what_stands_around_it(make: Make, run: Run) -> None:
    document = {
        "index": 10,
        "note": ["no", "scalar"],
        "groups": [
            {"name": "a", "list": [{"id": 1}, {"id": 2, "name": "own"}]},
            {"list": [{"id": 3}]},
        ],
        "late": True,
    }
    found = run(
        make(json.dumps(document), "f.json"),
        "json",
        "$.groups[*].list[*]",
        inherit=["index", "name", "note", "late", "absent"],
    )
    assert found.data == [
        {"index": 10, "note": None, "name": "a", "id": 1},
        {"index": 10, "note": None, "name": "own", "id": 2},
        {"index": 10, "note": None, "id": 3},
    ]
    assert not found.issues


def test_values_of_any_size_and_kind_do_no_harm(make: Make, run: Run) -> None:
    text = f'{{"a": "{"x" * 5000}", "b": {" " * 90000}1, "c": -1.5, "d": null, "l": [{{"id": 1}}]}}'
    found = run(make(text), "json", "$.l[*]", inherit=["a", "b", "c", "d"])
    assert found.data == [{"a": None, "b": 1, "c": -1.5, "d": None, "id": 1}]
    broken = run(make('{"a": 1x, "l": [{"id": 1}]}'), "json", "$.l[*]", inherit=["a"])
    assert broken.failed == "QCP-SRC-JSON"


def test_the_option_is_a_list_of_names(make: Make, run: Run) -> None:
    found = run(make('{"l": [{"id": 1}]}'), "json", "$.l[*]", inherit="a")
    assert found.failed == "QCP-SRC-OPTION"
