"""Patterns against the standards' own examples, and against another translator (elementpath).

What elementpath does otherwise, each time against the letter of the standard, is kept out of the
random comparison: ``\\s`` and ``\\w`` are Python's there, ``\\i`` and ``\\c`` end with the first
plane, ``[^a\\P{Lu}]`` finds what is no capital letter, and the flag ``i`` makes ``\\p{Lu}`` find
small letters, and with the flag ``m`` a line may end behind the last line end. Classes are
compared with sets of characters, too.
"""

import re
from collections.abc import Callable
from unicodedata import category

import pytest
from elementpath.regex import RegexError, translate_pattern
from hypothesis import given, settings
from hypothesis import strategies as st

from qcp_graph.validation.matching import searcher
from qcp_graph.validation.patterns import Translation, compile_pattern

POEM = (
    "Kaum hat dies der Hahn gesehen,\nFängt er auch schon an zu krähen:\n"
    "«Kikeriki! Kikikerikih!!»\nTak, tak, tak! - da kommen sie."
)


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "found"),
    [
        # XPath and XQuery Functions and Operators 3.1, §5.6.3, fn:matches
        ("abracadabra", "bra", "", True),
        ("abracadabra", "^a.*a$", "", True),
        ("abracadabra", "^bra", "", False),
        (POEM, "Kaum.*krähen", "", False),
        (POEM, "Kaum.*krähen", "s", True),
        (POEM, "^Kaum.*gesehen,$", "m", True),
        (POEM, "^Kaum.*gesehen,$", "", False),
        (POEM, "kiki", "i", True),
        # §5.6.2: flags
        ("helloworld", "hello world", "x", True),
        ("helloworld", "hello[ ]world", "x", False),
        ("hello world", "hello\\ sworld", "x", True),
        ("a\n", "^$", "m", False),  # behind a line end that is the last character …
        ("a\n", "\\n$", "m", False),  # … no line begins, and none ends
        ("a\n", "a$", "m", True),
        ("a\n\nb", "^$", "m", True),
        ("\n", "^$", "m", True),
        ("a\nb", "a.b", "", False),
        ("a\rb", "a.b", "", False),
        ("12.3.5.6", "12.3", "q", True),
        ("12x3", "12.3", "q", False),
        ("a\\b", "a\\b", "q", True),
        ("ABC", "b", "iq", True),
        # §5.6.1: references back, reluctant quantifiers, groups without a number
        ("abcd-abcd", "(abcd)-\\1", "", True),
        ("'x'", "('|\").*\\1", "", True),
        ("'x\"", "('|\").*\\1", "", False),
        ("aaa", "^a{2,3}?$", "", True),
        ("abab", "^(?:ab)+$", "", True),
        # XML Schema part 2, appendix G: classes and escapes
        ("5", r"^[\d-[4]]$", "", True),
        ("4", r"^[\d-[4]]$", "", False),
        ("z", "^[a-z-[aeiou-[u]]]$", "", True),
        ("u", "^[a-z-[aeiou-[u]]]$", "", True),
        ("e", "^[a-z-[aeiou-[u]]]$", "", False),
        ("^", r"^[a^]$", "", True),
        ("-", "^[a-]$", "", True),
        ("-", "^[-a]$", "", True),
        ("xml:lang", r"^\i\c*$", "", True),
        ("-lang", r"^\i\c*$", "", False),
        ("৪", r"^\d$", "", True),
        ("+", r"^\w$", "", True),  # a symbol (Sm), neither punctuation, separator nor other
        ("_", r"^\w$", "", False),  # punctuation (Pc)
        ("\x0b", r"^\s$", "", False),
        ("\xa0", r"^\s$", "", False),
        ("ǅ", r"^\p{Lt}$", "", True),
        ("\U00010330", r"^\i$", "", True),
        ("", "^$", "", True),
        ("\n", "^$", "", False),
        ("", "^(a|)$", "", True),
        ("a{", r"^a\{$", "", True),
    ],
)  # fmt: skip
def test_examples_of_the_standards(text: str, pattern: str, flags: str, found: bool) -> None:
    assert bool(compile_pattern(pattern, flags).search(text)) is found
    assert searcher(pattern, flags)(text) is found


@pytest.mark.parametrize(
    "pattern",
    ["a{,3}", "a{1}{2}", "(?<n>a)", "(?=a)", "a*+", "\\a", "\\b", "\\Z", "[]", "[a", "a)", "\\p{}",
     "\\p{Xx}", "[b-a]", "+a", "\\0", "(ab\\1)"],
)  # fmt: skip
def test_what_the_grammar_does_not_have(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        compile_pattern(pattern)


ATOMS = st.one_of(
    st.sampled_from([*"abcABCé09 :_", "٣", "\n", "\\.", "\\-", "\\n", "\\\\", "\\[", "."]),
    st.sampled_from(["\\d", "\\D", "\\i", "\\I", "\\c", "\\C"]),
    st.sampled_from(["\\p{L}", "\\P{L}", "\\p{Lu}", "\\P{Lu}", "\\p{Nd}", "\\p{P}", "\\p{Z}"]),
)
MEMBERS = st.one_of(
    st.sampled_from([*"abcxyzABCé09:_", "\\-", "\\]", "\\n", "\\^"]),
    st.sampled_from(["a-c", "A-Z", "0-9", "\\d", "\\i", "\\c", "\\p{L}", "\\p{Lu}"]),
)


@st.composite
def classes(draw: st.DrawFn, depth: int = 2) -> str:
    negated = "^" * draw(st.booleans())
    members = "".join(draw(st.lists(MEMBERS, min_size=1, max_size=4)))
    without = ""
    if depth and draw(st.booleans()):
        without = "-" + draw(classes(depth=depth - 1))
    return f"[{negated}{members}{without}]"


def _repeated(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    counts = st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,2}", "{0,}", "*?", "+?", "??"])
    return st.tuples(inner, counts).map("".join)


def _branches(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    branch = st.lists(_repeated(inner), max_size=4).map("".join)
    group = st.lists(branch, min_size=1, max_size=3).map("|".join)
    return st.tuples(st.sampled_from(["(", "(?:"]), group).map(lambda pair: f"{''.join(pair)})")


PIECES = st.recursive(st.one_of(ATOMS, classes()), _branches, max_leaves=8)
PATTERNS = st.tuples(
    st.sampled_from(["", "^"]),
    st.lists(_repeated(PIECES), max_size=5).map("".join),
    st.sampled_from(["", "$"]),
).map("".join)
TEXTS = st.lists(st.text("abcABCé09 :_-.٣\n\r\\[]^xyz", max_size=12), min_size=1, max_size=6)


def short(pattern: str, texts: list[str]) -> list[str]:
    """Return the texts, cut where Python could try a pattern for ever."""
    made = Translation(pattern, "")
    made.translate()
    return [text[:2] for text in texts] if made.dangerous or made.repeats > 2 else texts


@settings(max_examples=150, deadline=None, derandomize=True)
@given(PATTERNS, TEXTS, st.sampled_from(["", "s", "m"]))
def test_another_translator_finds_the_same(pattern: str, texts: list[str], flags: str) -> None:
    options = {"": 0, "s": re.DOTALL, "m": re.MULTILINE}[flags]
    try:
        theirs = re.compile(translate_pattern(pattern, options), options)
    except (RegexError, re.error):
        theirs = None
    try:
        ours = compile_pattern(pattern, flags)
    except ValueError:
        assert theirs is None, pattern
        return
    texts = [text.rstrip("\n" if flags == "m" else "") for text in short(pattern, texts)]
    if theirs is not None:
        assert [bool(ours.search(t)) for t in texts] == [bool(theirs.search(t)) for t in texts]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(PATTERNS, TEXTS, st.sampled_from(["", "s", "m", "i"]))
def test_both_our_engines_find_the_same(pattern: str, texts: list[str], flags: str) -> None:
    """Python's, and the linear one for patterns that Python could try for ever."""
    try:
        quick = compile_pattern(pattern, flags)
        find = searcher(pattern, flags)
    except ValueError:
        return
    texts = short(pattern, texts)
    assert [find(text) for text in texts] == [bool(quick.search(text)) for text in texts]


SETS: dict[str, Callable[[str], bool]] = {
    **{c: c.__eq__ for c in "abzABZ09:_é"},
    "\\-": "-".__eq__, "\\]": "]".__eq__, "\\n": "\n".__eq__,
    "b-y": lambda c: "b" <= c <= "y",
    "\\d": lambda c: category(c) == "Nd", "\\D": lambda c: category(c) != "Nd",
    "\\p{Lu}": lambda c: category(c) == "Lu", "\\P{Lu}": lambda c: category(c) != "Lu",
    "\\P{L}": lambda c: category(c)[0] != "L", "\\w": lambda c: category(c)[0] not in "PZC",
    "\\W": lambda c: category(c)[0] in "PZC", "\\s": lambda c: c in " \t\n\r",
    "\\S": lambda c: c not in " \t\n\r",
}  # fmt: skip
Set = tuple[str, Callable[[str], bool]]


@st.composite
def sets(draw: st.DrawFn, depth: int = 2) -> Set:
    """A class with the set of characters that it stands for."""
    members = draw(st.lists(st.sampled_from(sorted(SETS)), min_size=1, max_size=4))
    negated = draw(st.booleans())
    text = "^" * negated + "".join(members)
    without: Set = ("", lambda _: False)
    if depth and draw(st.booleans()):
        without = draw(sets(depth=depth - 1))
        text += "-" + without[0]

    def holds(c: str) -> bool:
        return any(SETS[one](c) for one in members) is not negated and not without[1](c)

    return f"[{text}]", holds


@settings(max_examples=100, deadline=None, derandomize=True)
@given(sets(), st.sampled_from(["", "i"]))
def test_a_class_is_a_set(made: Set, flags: str) -> None:
    """With the flag ``i`` only where case cannot matter: among what has none."""
    pattern, holds = made
    characters = "09:_-]\n \t٣–+" if flags else "abcyzABCYZ09:_-]\n \téÉ٣–+"
    found = compile_pattern(f"^{pattern}$", flags)
    assert [bool(found.search(c)) for c in characters] == [holds(c) for c in characters]
