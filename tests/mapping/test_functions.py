"""The function library: its examples run, its documentation is complete, bad values are named."""

import doctest
import inspect
import re
import time
from pathlib import Path

import pytest

from qcp_graph.mapping import functions
from qcp_graph.mapping.functions import (
    Function,
    dates,
    html,
    identifiers,
    library,
    lists,
    numbers,
    text,
)

MODULES = (text, lists, html, dates, numbers, identifiers)


def _documentation() -> str:
    """Write docs/functions.md from the registry."""
    parts = [
        "# Functions for `transform`\n\nGenerated from the function library; a test holds the two "
        "together (`pytest tests/mapping --update-golden` writes it anew). How to call them: "
        "[mapping language](mapping.md#transform). Examples show the function in Python: the first "
        "argument is the value, the others are the arguments of the mapping.\n"
    ]
    known = library()
    for module in MODULES:
        title = (inspect.getdoc(module) or "").splitlines()[0]
        parts.append(f"\n## {title.rstrip('.')}\n")
        parts.extend(_entry(f) for f in known.values() if f.call.__module__ == module.__name__)
    return "".join(parts)


def _entry(function: Function) -> str:
    head, _, example = function.doc.partition(">>>")
    arguments = ", ".join(_argument(p) for p in function.parameters.values())
    kind = "All values together. " if function.whole else ""
    call = f"`{function.name}`" + (f" ({arguments})" if arguments else "")
    return f"\n### {call}\n\n{kind}{head.strip()}\n\n```python\n>>>{example}\n```\n"


def _argument(parameter: inspect.Parameter) -> str:
    kind = parameter.annotation
    names = {"str": "text", "int": "number", "bool": "true/false", "ZoneInfo": "time zone"}
    label = names.get(getattr(kind, "__name__", ""), "")
    if not label:
        written = str(kind)
        label = "pattern" if "Pattern" in written else "texts" if "tuple" in written else "word"
        if "Literal" in written:
            label = "/".join(re.findall(r"'(\w+)'", written))
    if parameter.default is inspect.Parameter.empty:
        return f"{parameter.name}: {label}"
    return f"{parameter.name}: {label} = {str(parameter.default)!r}"


def test_documentation_is_that_of_the_library(repository: Path, update_golden: bool) -> None:
    path = repository / "docs" / "functions.md"
    expected = _documentation()
    if update_golden:
        path.write_text(expected, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__.rpartition(".")[2])
def test_examples_run(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize("function", library().values(), ids=lambda f: f.name)
def test_each_function_has_an_example(function: Function) -> None:
    assert ">>>" in function.doc
    assert "\n\n" in function.doc


@pytest.mark.parametrize(
    ("name", "value", "arguments"),
    [
        ("date_dmy", "12/31/2024", {}),
        ("date_dmy", "31/12/24", {}),
        ("date_mdy", "31/12/2024", {}),
        ("date_iso", "2024-13-01", {}),
        ("date_epoch_ms", "9" * 30, {}),
        ("year", "2014-2016", {}),
        ("year_start", "14", {}),
        ("duration_hours", "many", {}),
        ("duration", "1.5", {"unit": "weeks"}),
        ("decimal", "1,2,3.4.5", {}),
        ("decimal", "9" * 100, {}),
        ("integer", "1.5", {}),
        ("level_number", "Level 1/2", {}),
        ("level_number", "none", {}),
        ("boolean", "perhaps", {"true": ("yes",), "false": ("no",)}),
        ("qan", "1234567", {}),
        ("slug", "—", {}),
        ("url_fix", "javascript:alert(1)", {}),
        ("url_fix", "data:text/html,x", {}),
        ("url_fix", "not an address", {}),
        ("url_fix", "https://", {}),
        ("language_tag", "French", {}),
    ],
)
def test_bad_value_is_refused_in_words(
    name: str, value: str, arguments: dict[str, str | tuple[str, ...]]
) -> None:
    function = library()[name]
    with pytest.raises(ValueError, match=r"^(is|names|holds|cannot) "):
        function.call(value, **function.bind(arguments))


def test_html_is_text_only() -> None:
    hostile = "<script>alert(1)</script><p onclick=x>a &lt;b&gt;<!-- c --><style>p{}</style></p>"
    assert html.html_text(hostile) == "a <b>"
    assert html.html_text("1 < 2 &amp;lt; <b>3") == "1 < 2 &lt; 3"
    assert html.html_items("no tags, no items") == ["no tags, no items"]
    assert html.html_list("<ul><li>a<ul><li>b</li></ul></li></ul>") == ["a", "b"]
    assert html.html_list("<ul><li>a<li>b</ul>after <li>c") == ["a", "b", "c"]


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "<a ", "<a b='", "</", "&", "<li>", "<ul>", "<script>", "<![C"]
)
def test_html_takes_linear_time(piece: str) -> None:
    start = time.process_time()
    html.html_text("x<p>" + piece * 100_000)
    html.html_list(piece * 100_000)
    assert time.process_time() - start < 5  # quadratic time would be minutes


@pytest.mark.parametrize(
    ("given", "items"),
    [
        ("1. one\n2. two", ["one", "two"]),
        ("1) one\n2) two", ["one", "two"]),
        ("a) one\nb) two", ["one", "two"]),
        ("– one\n– two\nmore", ["one", "two more"]),
        ("Able to:\n- one\n- two", ["Able to:", "one", "two"]),
        ("C1 : one\nC2 : two", ["one", "two"]),
        ("BC01.1 one\nBC01.2 two", ["one", "two"]),
        ("plain\nlines", ["plain", "lines"]),
        ("2024 was good", ["2024 was good"]),
        ("A5 paper is used", ["A5 paper is used"]),
        ("well-known", ["well-known"]),
        ("\n\n", []),
    ],
)
def test_bullets(given: str, items: list[str]) -> None:
    assert text.bullets(given) == items


def test_patterns_that_run_away_are_refused() -> None:
    for bad in ("(a*)*", "(a+b?)+", "((ab)*c)*", r"(\d+,?)+", "(x{1,}){2,}", "(a|a)*b"):
        with pytest.raises(ValueError, match="repeats a repetition"):
            functions.pattern(bad)
    for good in ("a+b*", r"(\d+)-(\d+)", "(ab)+", "(Oui|Non)$", "[(*)]+x+", r"\(a+\)+"):
        functions.pattern(good)
