"""Lexical forms and the order of literals."""

import pytest

from qcp_graph.namespaces import expand
from qcp_graph.terms import literal
from qcp_graph.validation.datatypes import lexical_test
from qcp_graph.validation.ordering import compare


@pytest.mark.parametrize(
    ("datatype", "good", "bad"),
    [
        ("boolean", ["true", "0"], ["TRUE", "yes", ""]),
        ("integer", ["-0", "+007", "9" * 10_000], ["1.0", "", "1e3", "١", "1_0", " 1"]),
        ("byte", ["-128", "0127"], ["128", "9" * 400_000]),
        ("positiveInteger", ["1"], ["0", "-1"]),
        ("nonPositiveInteger", ["-0"], ["1"]),
        ("decimal", ["1.50", ".5", "5."], ["1e1", "NaN", "."]),
        ("double", ["1e-3", "-INF", "NaN", "+INF"], ["inf", "1e", "e1"]),
        ("date", ["2024-02-29", "2024-02-29Z", "-0001-01-01", "12024-01-01+14:00"],
         ["2023-02-29", "2024-2-1", "24-02-01", "02024-01-01", "2024-01-01+15:00", "2024-01-01\n"]),
        ("dateTime", ["2024-12-31T24:00:00", "2024-01-01T00:00:00.123456789-05:00"],
         ["2024-12-31T24:00:01", "2024-01-01", "2024-02-30T00:00:00Z", "2024-01-01T00:00"]),
        ("dateTimeStamp", ["2024-01-01T00:00:00Z"], ["2024-01-01T00:00:00"]),
        ("duration", ["P1Y2M3DT4H5M6.7S", "-PT0S", "P0Y"], ["P", "PT", "P1YT", "1Y", "P1S"]),
        ("dayTimeDuration", ["P1DT1H"], ["P1Y", "P"]),
        ("yearMonthDuration", ["P1Y"], ["P1D", "P"]),
        ("gYear", ["2024", "2024Z"], ["24", "2024-01"]),
        ("gMonthDay", ["--02-29"], ["--02-30", "--13-01"]),
        ("language", ["en-GB"], ["english language", "toolonglanguage"]),
        ("token", ["a b"], [" a", "a  b", "a\n"]),
        ("NCName", ["a-b"], ["a:b", "1a", ""]),
        ("hexBinary", ["0aFF"], ["0"]),
        ("base64Binary", ["YQ=="], ["YQ="]),
    ],
)  # fmt: skip
def test_forms(datatype: str, good: list[str], bad: list[str]) -> None:
    test = lexical_test(expand(f"xsd:{datatype}"))
    assert test is not None
    assert [text for text in good if not test(text)] == []
    assert [text for text in bad if test(text)] == []


def test_json_and_unknown() -> None:
    json = lexical_test(expand("rdf:JSON"))
    assert json is not None
    assert json('{"a": 1}')
    assert not json("[" * 100_000)
    assert lexical_test("http://example.org/own") is None
    assert lexical_test(expand("xsd:anyURI")) is None


def _typed(text: str, kind: str) -> str:
    return literal(text, datatype=expand(f"xsd:{kind}"))


@pytest.mark.parametrize(
    ("first", "second", "order"),
    [
        (_typed("2", "integer"), _typed("10.0", "decimal"), -1),
        (_typed("1.0", "double"), _typed("1", "byte"), 0),
        (_typed("0.1", "decimal"), _typed("0.1", "decimal"), 0),
        (_typed("NaN", "double"), _typed("1", "integer"), None),
        (_typed("-INF", "double"), _typed("1e-9", "double"), -1),
        (_typed("x", "integer"), _typed("1", "integer"), None),
        (literal("b"), literal("a"), 1),
        (literal("a", language="en"), literal("b", language="en"), None),
        (literal("1"), _typed("2", "integer"), None),
        ("<http://a>", literal("a"), None),
        (_typed("false", "boolean"), _typed("1", "boolean"), -1),
        (_typed("2024-02-29", "date"), _typed("2024-03-01", "date"), -1),
        (_typed("2023-12-31T24:00:00Z", "dateTime"), _typed("2024-01-01T00:00:00Z", "dateTime"), 0),
        (_typed("2024-01-01T12:00:00+02:00", "dateTime"),
         _typed("2024-01-01T11:00:00Z", "dateTime"), -1),
        (_typed("2024-01-01T12:00:00", "dateTime"), _typed("2024-01-01T13:00:00Z", "dateTime"),
         None),
        (_typed("2024-01-01T12:00:00", "dateTime"), _typed("2024-01-03T13:00:00Z", "dateTime"), -1),
        (_typed("-0044-03-15", "date"), _typed("0001-01-01", "date"), -1),
        (_typed("2024", "gYear"), _typed("2023", "gYear"), 1),
        (_typed("2024", "gYear"), _typed("2024-01-01", "date"), None),
        (_typed("23:00:00", "time"), _typed("22:59:59.9", "time"), 1),
        (_typed("PT36H", "dayTimeDuration"), _typed("P1DT12H", "dayTimeDuration"), 0),
        (_typed("P1M", "duration"), _typed("P30D", "duration"), None),
    ],
)  # fmt: skip
def test_order(first: str, second: str, order: int | None) -> None:
    assert compare(first, second) == order
    assert compare(second, first) == (None if order is None else -order)
