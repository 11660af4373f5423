"""XPath regular expressions: what they mean, and what is refused."""

import re
import sys
import time
import unicodedata

import pytest

from qcp_graph.errors import DataError
from qcp_graph.validation.characters import category
from qcp_graph.validation.matching import searcher
from qcp_graph.validation.patterns import compile_pattern


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        ("^ab$", "", "ab\n", False),  # Python's $ would match before the line end
        ("^b$", "m", "a\nb\nc", True),
        ("a.b", "", "a\rb", False),
        ("a.b", "s", "a\nb", True),
        ("^(?i)http:", "", "HTTP://x", True),
        ("x(?i)a|b", "", "B", True),  # the flag goes on after the bar, as in Java
        ("x(?i)a|b", "", "XA", False),
        ("(x(?i)a)b", "", "xAB", False),
        (r"^\p{L}+$", "", "Überprüfung", True),
        (r"^\p{Lu}", "", "é", False),
        (r"^\P{L}+$", "", "12-3", True),
        (r"^[^\p{L}]+$", "", "12x", False),
        (r"^\w+$", "", "a_b", False),  # an underscore is punctuation (XML Schema part 2, F.1.1)
        (r"^\w\W$", "", "é-", True),
        (r"^[\W]$", "", "a", False),
        (r"^\i\c*$", "", "9a", False),
        (r"^[a-z-[aeiou]]+$", "", "bcd", True),
        (r"^[a-z-[aeiou]]+$", "", "bad", False),
        (r"^[[a-c]x]+$", "", "abx", True),
        (r"^[a\-c]+$", "", "-", True),
        (r"^[a-]$", "", "-", True),
        (r"^[\^]$", "", "^", True),
        (r"\s", "", "a\xa0b", False),  # only four characters are space in XPath
        ("a b", "x", "ab", True),
        ("[a b]c", "x", " c", True),  # spaces in a class stay
        (r"hello\ sworld", "x", "hello world", True),  # those behind a backslash do not
        (r"^\p{Lu}$", "i", "a", False),  # categories know their case all the same
        (r"^[\p{Lu}x]$", "i", "X", True),
        (r"^[\p{Lu}x]$", "i", "a", False),
        (r"^[^\p{Lu}x]$", "i", "X", False),
        (r"^[^\p{Lu}x]$", "i", "a", True),
        (r"^[a-z-[aeiou]]+$", "i", "BCD", True),
        (r"^[a-z-[aeiou]]+$", "i", "BAD", False),
        (r"^[k]$", "i", "\u212a", True),  # the Kelvin sign is a capital K
        (r"^(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\10$", "", "abcdefghijj", True),
        (r"^(a)\10$", "", "aa0", True),  # there is no tenth group
        ("a.b*", "q", "a.b*", True),
        ("a.b", "q", "axb", False),
        ("A", "iq", "a", True),
        ("^a{2,3}?$", "", "aaa", True),
        ("^(?:a|b)+$", "", "abab", True),
        (r"^(a)\1$", "", "aa", True),
        (r"^\d+$", "", "٣", True),
        ("", "", "", True),
    ],
)
def test_meaning(pattern: str, flags: str, text: str, found: bool) -> None:
    assert bool(compile_pattern(pattern, flags).search(text)) is found


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        ("(a", ""),
        ("a)", ""),
        ("[a", ""),
        ("[]", ""),
        ("a]", ""),
        ("*a", ""),
        ("(*a)", ""),
        ("a|+", ""),
        ("a**", ""),
        ("a*+", ""),
        ("a{9,1}", ""),
        ("a{", ""),
        ("(?=a)", ""),
        ("(?P<x>a)", ""),
        (r"\p{Greek}", ""),
        (r"\p", ""),
        (r"\y", ""),
        ("[z-a]", ""),
        ("[a[^b]]", ""),
        ("[a-[b]c]", ""),
        ("a\\", ""),
        (r"\1", ""),
        (r"(a\1)", ""),
        (r"\1(a)", ""),
        ("a", "g"),
        ("a" * 10_001, ""),
        ("(" * 5000 + ")" * 5000, ""),
    ],
)
def test_refused(pattern: str, flags: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        compile_pattern(pattern, flags)


def test_categories_cover_all_planes() -> None:
    """Runs of unassigned and private characters are not looked at one by one."""
    for point in (*range(0, sys.maxunicode + 1, 4093), 0xE01F0, 0xEFFFE, 0xFFFFD, 0xFFFFE):
        inside = re.compile(f"[{category(unicodedata.category(chr(point)))}]")
        assert inside.match(chr(point)), hex(point)


BOMBS = [
    "^(a+)+$",
    "^(a|a)*$",
    "^(a|aa)+$",
    "^(a*)*$",
    "(a?){30}b",
    "^" + "a?" * 40 + "b",
    "(a|b|ab)*c",
]


@pytest.mark.parametrize("pattern", BOMBS)
def test_bombs_are_searched_in_linear_time(pattern: str) -> None:
    start = time.process_time()
    assert not searcher(pattern)("a" * 200 + "!")
    assert time.process_time() - start < 2


@pytest.mark.parametrize("pattern", [r"^(a+)+(b)\2$", r"^(a)\1(b|bb)*$"])
def test_bombs_that_no_linear_engine_knows_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="for ever"):
        searcher(pattern)


@pytest.mark.parametrize(
    ("pattern", "flags", "texts"),
    [
        ("^[a-z-[aeiou]]+$", "", ["bcd", "bad", ""]),
        ("^\\i\\c*$", "", ["a-b", "a b", "1"]),
        ("^é+ .*[\\p{Lu}-[A-C]]+$", "i", ["ÉÉ xD", "é \n"]),
        ("^a.*b$", "m", ["x\nacb\ny", "a\nb"]),
        ("[^\\-&~#]+x*y*", "", ["--", "&a"]),
    ],
)
def test_long_texts_are_judged_as_short_ones(
    pattern: str, flags: str, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = searcher(pattern, flags)
    monkeypatch.setattr("qcp_graph.validation.matching._LONGEST", {1: 0, 2: 0})
    monkeypatch.setattr("qcp_graph.validation.matching._LONGEST_OF_MANY", 1)
    slow = searcher(pattern, flags)
    assert [quick(text) for text in texts] == [slow(text) for text in texts]


def test_long_texts_do_not_take_long() -> None:
    start = time.process_time()
    assert not searcher("a+b+c+$")("a" * 20_000 + "b" * 20_000)
    assert time.process_time() - start < 5


def test_lines_of_long_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qcp_graph.validation.matching._LONGEST", {1: 5})
    find = searcher("^a+$", "m")
    assert (find("b\n"), find("bbbbb\naa")) == (False, True)
    with pytest.raises(DataError, match="line end"):
        find("bbbbb\naa\n")
    with pytest.raises(ValueError, match="flag m"):
        searcher("^(a+)+$", "m")
