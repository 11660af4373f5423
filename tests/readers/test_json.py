"""JSON and JSON Lines: iterators, pointers, numbers, and documents that attack or break off."""

import json

import pytest

from qcp_graph.errors import UsageError
from qcp_graph.readers.json_documents import steps
from tests.readers.conftest import Make, Run


@pytest.mark.parametrize(
    ("iterator", "places"),
    [
        ("$.list[*]", ["f.json /list/0", "f.json /list/1"]),
        ("$.a~b['c/d'][*]", ["f.json /a~0b/c~1d/0"]),
        ("$.deep[*].inner[*]", ["f.json /deep/0/inner/0", "f.json /deep/1/inner/0"]),
        ("$.one", ["f.json /one"]),
        ("$", ["f.json"]),
    ],
)
def test_iterators_and_their_pointers(
    iterator: str, places: list[str], make: Make, run: Run
) -> None:
    document = {
        "skip": [[{"list": [{}]}], "x"],
        "list": [{"id": 1}, {"id": 2}],
        "a~b": {"c/d": [{"id": 3}]},
        "deep": [{"inner": [{"id": 4}], "list": [{}]}, {"x": 1, "inner": [{"id": 5}]}],
        "one": {"id": 6},
    }
    found = run(make(json.dumps(document), "f.json"), "json", iterator)
    assert found.places == places
    assert not found.issues
    assert found.error is None


@pytest.mark.parametrize(
    "wrong", ["", "a.b", "$..a", "$.a[-1]", "$.a[1:2]", "$.a[?(@.b)]", "$.", "$x"]
)
def test_iterators_that_one_pass_cannot_follow(wrong: str) -> None:
    with pytest.raises(UsageError):
        steps(wrong)


@pytest.mark.parametrize("iterator", ["$", "$[*]"])
def test_values_are_kept_true(iterator: str, make: Make, run: Run) -> None:
    text = """{"big": 123456789012345678901234567890, "half": 1.50, "large": 1e400,
      "fine": 0.1234567890123456789, "none": null, "yes": true, "empty": {}, "list": [[], 1],
      "text": "\\u00e9\\ud83d\\ude00", "minus": -0.5}"""
    found = run(make(text if iterator == "$" else f"[{text}]"), "json", iterator)
    assert found.data == [
        {
            "big": 123456789012345678901234567890,
            "half": 1.5,
            "large": "1e400",
            "fine": "0.1234567890123456789",
            "none": None,
            "yes": True,
            "empty": {},
            "list": [[], 1],
            "text": "é😀",
            "minus": -0.5,
        }
    ]


@pytest.mark.parametrize("iterator", ["$", "$[*]"])
def test_repeated_keys_are_told(iterator: str, make: Make, run: Run) -> None:
    text = '{"a": 1, "b": {"c": 1, "c": 2}, "a": 3}'
    found = run(make(text if iterator == "$" else f"[{text}]"), "json", iterator)
    assert found.data == [{"a": 3, "b": {"c": 2}}]
    assert sorted(issue.field for issue in found.issues) == ["a", "c"]
    assert {issue.severity for issue in found.issues} == {"warning"}


@pytest.mark.parametrize("cut", [1, 9, 20, 30, 38])
def test_a_truncated_file_gives_what_it_holds_and_fails(cut: int, make: Make, run: Run) -> None:
    text = '[{"id": 1}, {"id": 2}, {"id": "three"}]'
    found = run(make(text[:cut]), "json", "$[*]")
    assert found.failed == "QCP-SRC-TRUNCATED"
    whole = [{"id": 1}, {"id": 2}, {"id": "three"}]
    assert found.data == whole[: (cut > 10) + (cut > 21) + (cut > 37)]


@pytest.mark.parametrize("text", ['{"a": 1', '{"a": "x', '{"a": [1, 2', '{"a": tru', "{"])
def test_a_truncated_whole_document(text: str, make: Make, run: Run) -> None:
    assert run(make(text), "json", "$").failed == "QCP-SRC-TRUNCATED"


@pytest.mark.parametrize("iterator", ["$", "$[*]"])
@pytest.mark.parametrize("text", ["[{}] x", "id;title\n1;2", "[{} {}]"])
def test_malformed_files(text: str, iterator: str, make: Make, run: Run) -> None:
    found = run(make(text), "json", iterator)
    assert found.failed == "QCP-SRC-JSON" or (iterator, found.codes) == ("$", ["QCP-SRC-RECORD"])


@pytest.mark.parametrize(
    "broken",
    [
        "{'a': 1}",
        '{"a": NaN}',
        '{"a": 1,}',
        '{"a": "\t"}',
        '{"a": "\\x"}',
        '{"a" 1}',
        "tru",
        "{a]",
        '{"a": ' + "9" * 1_000_000 + "}",
        '{"a": "}" "]"}',
    ],
    ids=lambda text: text[:12],
)
def test_a_malformed_record_costs_itself_only(broken: str, make: Make, run: Run) -> None:
    found = run(make(f'[{{"id": 1}}, {broken}, {{"id": 2}}]'), "json", "$[*]", limit=10**7)
    assert found.data == [{"id": 1}, {"id": 2}]
    assert found.codes == ["QCP-SRC-RECORD"]
    assert found.issues[0].locator == "in.dat /1"
    assert run(make(broken), "json", "$", limit=10**7).codes == ["QCP-SRC-RECORD"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
@pytest.mark.parametrize("iterator", ["$.b[*]", "$.b", "$.none[*]"])
def test_where_pieces_of_the_file_end_makes_no_difference(
    size: int, iterator: str, make: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        '{"skip \\"[": ["\\\\", "\\u005d]", {"x": [1.5, true, null]}], "s": "a\\"}", "n": -12.5e3,'
        ' "b": [{"id": "é😀 \\u00e9", "n": 12345678901234567890}, {"id": [[], {}, "]"]}, 12, "x"]}'
    )
    whole = run(make(text), "json", iterator)
    monkeypatch.setattr("qcp_graph.readers.raw.CHUNK", size)
    monkeypatch.setattr("qcp_graph.readers.encoding.CHUNK", size)
    pieces = run(make(text), "json", iterator)
    assert (pieces.records, pieces.issues) == (whole.records, whole.issues)
    assert pieces.failed == whole.failed
    if iterator == "$.b[*]":
        assert [row["id"] for row in whole.data] == ["é😀 é", [[], {}, "]"]]


@pytest.mark.parametrize("depth", [102, 5_000, 200_000])
def test_deep_nesting_costs_one_record(depth: int, make: Make, run: Run) -> None:
    deep = '{"a":' * depth + "1" + "}" * depth
    found = run(make(f'[{{"id": 1}}, {deep}, {{"id": 2}}]'), "json", "$[*]", limit=10**8)
    assert found.data == [{"id": 1}, {"id": 2}]
    assert found.codes == ["QCP-SRC-DEPTH"]
    assert run(make(deep), "json", "$", limit=10**8).codes == ["QCP-SRC-DEPTH"]
    lines = run(make(f'{{"id": 1}}\n{deep}\n{{"id": 2}}\n'), "jsonl", limit=10**8)
    assert len(lines.data) == 2
    assert lines.codes == ["QCP-SRC-DEPTH"]


def test_nesting_up_to_the_limit_is_read(make: Make, run: Run) -> None:
    deep = '{"a":' * 100 + "1" + "}" * 100
    assert len(run(make(f"[{deep}]"), "json", "$[*]").data) == 1
    assert len(run(make(deep), "json", "$").data) == 1


def test_a_huge_record_costs_itself_only(make: Make, run: Run) -> None:
    text = json.dumps([{"id": 1}, {"id": 2, "x": ["y"] * 5000}, {"id": 3}])
    found = run(make(text), "json", "$[*]", limit=2000)
    assert found.data == [{"id": 1}, {"id": 3}]
    assert found.codes == ["QCP-SRC-RECORD-SIZE"]
    assert found.issues[0].locator == "in.dat /1"
    assert run(make(text), "json", "$", limit=2000).codes == ["QCP-SRC-RECORD-SIZE"]


def test_a_text_that_never_ends_is_passed_over(make: Make, run: Run) -> None:
    file = make('[{"a": 1}, {"a": "' + "x" * 3_000_000)
    found = run(file, "json", "$[*]", limit=1_000_000)
    assert found.data == [{"a": 1}]
    assert found.failed == "QCP-SRC-TRUNCATED"


def test_values_that_are_no_records(make: Make, run: Run) -> None:
    found = run(make('[1, "x", null, [2, [3]], {"id": 1}]'), "json", "$[*]")
    assert found.data == [{"id": 1}]
    assert found.codes == ["QCP-SRC-RECORD"] * 4
    assert run(make("[1]"), "json", "$").codes == ["QCP-SRC-RECORD"]


@pytest.mark.parametrize("iterator", ["$[*]", "$.other[*]", "$.data.items[*]"])
def test_an_iterator_without_a_place_is_an_error(iterator: str, make: Make, run: Run) -> None:
    assert run(make('{"data": [{"id": 1}]}'), "json", iterator).failed == "QCP-SRC-ITERATOR"


def test_an_empty_list_is_only_reported(make: Make, run: Run) -> None:
    assert run(make('{"data": []}'), "json", "$.data[*]").codes == ["QCP-SRC-NO-RECORDS"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("iterator", ["$", "$.a[*]"])
def test_encodings(encoding: str, iterator: str, make: Make, run: Run) -> None:
    found = run(make('{"a": [{"b": "Pâtissière"}]}'.encode(encoding)), "json", iterator)
    assert "Pâtissière" in str(found.data)
    assert not found.issues


@pytest.mark.parametrize("iterator", ["$", "$[*]"])
def test_a_wrong_encoding_is_named(iterator: str, make: Make, run: Run) -> None:
    file = make('[{"b": "Pâtissière"}]'.encode("cp1252"))
    assert run(file, "json", iterator).failed == "QCP-SRC-ENCODING"
    assert run(file, "json", "$[*]", encoding="cp1252").data == [{"b": "Pâtissière"}]


def test_half_characters_never_leave_the_reader(make: Make, run: Run) -> None:
    """A lone surrogate cannot be written anywhere; it must not crash a later stage."""
    text = '{"a": "x\\ud800y"}'
    assert run(make(text), "json", "$").codes == ["QCP-SRC-CHARACTERS"]
    assert run(make(text), "jsonl").codes == ["QCP-SRC-CHARACTERS"]
    for record in run(make(f"[{text}]"), "json", "$[*]").data:
        str(record["a"]).encode("utf-8")


def test_lines_stand_alone(make: Make, run: Run) -> None:
    text = '\ufeff{"id": 1}\n\n{"id": 2\n[3]\n{"id": 4, "x": NaN}\r\n{"id": "é"}'
    found = run(make(text, "a.jsonl"), "jsonl")
    assert found.data == [{"id": 1}, {"id": "é"}]
    assert found.places == ["a.jsonl line 1", "a.jsonl line 6"]
    assert found.codes == ["QCP-SRC-RECORD"] * 3
    assert [issue.locator for issue in found.issues] == [f"a.jsonl line {n}" for n in (3, 4, 5)]


def test_a_huge_or_undecodable_line_costs_itself_only(make: Make, run: Run) -> None:
    huge = b'{"id": "' + b"x" * 700_000 + b'"}'
    content = b'{"id": 1}\n' + huge + b'\n{"id": "\xff"}\n{"id": 2}\n'
    found = run(make(content), "jsonl", limit=1000)
    assert found.data == [{"id": 1}, {"id": 2}]
    assert found.codes == ["QCP-SRC-RECORD-SIZE", "QCP-SRC-CHARACTERS"]
    assert run(make(huge), "jsonl", limit=1000).codes == ["QCP-SRC-RECORD-SIZE"]


def test_files_of_two_forms(make: Make, run: Run) -> None:
    document = make(json.dumps({"id": 1}), "f.json")
    assert run(document, "json", "$.@graph[*]").error is not None
    found = run(document, "json", "$.@graph[*]", absent="skip")
    assert (found.places, found.issues, found.error) == ([], [], None)
    empty = run(make(json.dumps({"@graph": []}), "g.json"), "json", "$.@graph[*]", absent="skip")
    assert (empty.places, empty.issues, empty.error) == ([], [], None)
