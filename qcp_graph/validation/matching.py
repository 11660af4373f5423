"""Searching with other people's regular expressions: fast where that is safe, else linear.

Python's engine tries one way after the other, and a pattern such as ``(a+)+$`` has more ways than
there is time. Such patterns, and long texts, go to the engine of the store, which has no such
patterns: it reads each character once.
"""

from collections.abc import Callable
from typing import Final

import pyoxigraph as ox

from qcp_graph.errors import DataError
from qcp_graph.validation.patterns import Translation, compile_pattern

# How long a text Python may search, by the number of parts that repeat without end.
_LONGEST: Final = {0: 1_000_000, 1: 10_000, 2: 1_000}
_LONGEST_OF_MANY: Final = 500
_QUERY: Final = """SELECT ?text ?pattern ?flags (REGEX(?text, ?pattern, ?flags) AS ?found) {
VALUES (?text ?pattern ?flags) { (UNDEF UNDEF UNDEF) (0 0 0) } }"""


def searcher(pattern: str, flags: str = "") -> Callable[[str], bool]:
    """Return a test that an XPath pattern is found in a text.

    >>> searcher("^(a+)+$")("a" * 40 + "!")
    False

    :raises ValueError: for what is no XPath pattern, or one that could take for ever.
    """
    python = compile_pattern(pattern, flags)
    if "q" in flags:
        return lambda text: python.search(text) is not None
    made = Translation(pattern, flags)
    made.translate()
    longest = _LONGEST.get(made.repeats, _LONGEST_OF_MANY)
    if made.dangerous:
        longest = 0
    elif made.repeats == 0:
        return lambda text: python.search(text) is not None
    if made.by_lines and made.dangerous:
        raise ValueError("with the flag m it could take for ever: simplify what repeats")
    slowly = _linear(pattern, flags, needed=longest == 0)
    if slowly is None:
        return lambda text: python.search(text) is not None
    linear = _by_lines(slowly) if made.by_lines else slowly
    return lambda text: python.search(text) is not None if len(text) < longest else linear(text)


def _by_lines(find: Callable[[str], bool]) -> Callable[[str], bool]:
    """Refuse the one kind of text in which the linear engine sees other lines than XPath does."""

    def found(text: str) -> bool:
        if text.endswith("\n"):
            raise DataError(
                "QCP-VAL-LIMIT",
                "A long text that ends with a line end cannot be searched line by line.",
                where=text[:100],
                remedy="Take the line end away, or the flag m from the pattern.",
            )
        return find(text)

    return found


def _linear(pattern: str, flags: str, *, needed: bool) -> Callable[[str], bool] | None:
    """Return the test of the store's engine; None where it does not know the pattern.

    :raises ValueError: if it does not know one that must not be given to Python.
    """
    translated = ox.Literal(Translation(pattern, flags, linear=True).translate())
    options = ox.Literal("".join(flag for flag in "im" if flag in flags))
    store = ox.Store()

    def find(text: str) -> bool:
        given: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
            ox.Variable("text"): ox.Literal(text),
            ox.Variable("pattern"): translated,
            ox.Variable("flags"): options,
        }
        answer = store.query(_QUERY, substitutions=given)
        assert isinstance(answer, ox.QuerySolutions)
        for solution in answer:
            found = solution["found"]
            if found is None:
                raise ValueError("no linear engine knows the pattern")
            assert isinstance(found, ox.Literal)
            return found.value == "true"
        raise ValueError("no linear engine knows the pattern")

    try:
        find("")
    except ValueError:
        if needed:
            raise ValueError(
                "it could take for ever: parts that repeat lie in one that does"
            ) from None
        return None
    return find
