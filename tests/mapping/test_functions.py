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
    checks,
    dates,
    html,
    identifiers,
    library,
    lists,
    measures,
    names,
    numbers,
    text,
)

MODULES = (text, lists, html, names, dates, numbers, measures, identifiers, checks)


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
        ("siret", "73282932000075", {}),
        ("siret", "732", {}),
        ("siren", "732829321", {}),
        ("y_tunnus", "0112038-8", {}),
        ("orcid", "0000-0002-1825-0098", {}),
        ("orcid", "x", {}),
        ("uuid", "6ba7b810", {}),
        ("credits", "from 60 to 90", {}),
        ("multiply", "many", {"by": "2"}),
        ("multiply", "1" * 50, {"by": "9999999999"}),
        ("duration_words", "long", {}),
        ("duration_words", "0 days", {}),
        ("duration_words", "2 years 3 years", {}),
        ("duration_words", "1.3 days", {}),
        ("pair", "a;b|c", {"between": "|", "split": ";"}),
        ("part", "a", {"on": "", "number": "1"}),
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


def test_paragraphs_lose_nothing_of_a_long_text() -> None:
    words = [f"w{number}" for number in range(40_000)]
    found = html.paragraphs(" ".join(words), 500)
    assert [word for item in found for word in item.split()] == words
    assert max(map(len, found)) <= 500
    assert html.paragraphs("x" * 2500, 1000) == ["x" * 1000, "x" * 1000, "x" * 500]
    start = time.process_time()
    html.paragraphs("<p>" * 100_000 + "y" * 3_000_000, 100)
    assert time.process_time() - start < 5


def test_values_must_agree() -> None:
    with pytest.raises(ValueError, match="differ"):
        lists.agree(["a", "b"])


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("MINISTÈRE DE L'ÉDUCATION", "Ministère de L'Éducation"),
        ("city & guilds", "city & guilds"),
        ("THE OPEN UNIVERSITY", "The Open University"),
        ("DE MONTFORT LTD", "De Montfort Ltd"),
    ],
)
def test_names_of_organisations(given: str, name: str) -> None:
    assert names.organisation_name(given) == name


@pytest.mark.parametrize(
    ("given", "duration"),
    [
        ("3 Jahre", "P3Y"), ("18 mois", "P18M"), ("1 jour", "P1D"), ("2 ans et 3 mois", "P2Y3M"),
        ("1h30", "PT1H30M"), ("2 3 h", None), ("7,5 h", "PT7H30M"), ("10 Tage", "P10D"),
        ("1.000 hours", None), ("2 años", "P2Y"), ("1 hour 15 minutes", "PT1H15M"),
    ],
)  # fmt: skip
def test_durations_in_words(given: str, duration: str | None) -> None:
    if duration is None:
        with pytest.raises(ValueError, match="length of time"):
            measures.duration_words(given)
    else:
        assert measures.duration_words(given) == duration
