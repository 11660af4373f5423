"""How a row is made: each qualification is read, the first is judged against each other one."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from qcp_graph.compare.facts import Facts
from qcp_graph.compare.model import Cell, Judgement, Reason, Row, Statement, Verdict, because

V = TypeVar("V")
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Reading(Generic[V]):
    """What one qualification says in a row; ``value`` is what is compared, None for nothing.

    ``unclear`` tells why there are statements and still nothing that can be compared;
    ``concluded`` says in words what ``value`` is where no statement does.
    """

    statements: tuple[Statement, ...] = ()
    value: V | None = None
    conflict: Reason | None = None
    unclear: Reason | None = None
    concluded: Reason | None = None

    def cell(self) -> Cell:
        """Return the reading as a cell."""
        return Cell(self.statements, self.conflict, self.unclear, self.concluded)


def row(
    dimension: str,
    key: str,
    readings: Sequence[Reading[V]],
    judge: Callable[[V, V], Judgement],
    about: str = "",
) -> Row:
    """Return a row; a contradiction outweighs a gap, and a gap is never a difference."""
    first = readings[0]
    return Row(
        dimension,
        key,
        tuple(reading.cell() for reading in readings),
        tuple(_judged(first, other, judge) for other in readings[1:]),
        about,
    )


def _judged(a: Reading[V], b: Reading[V], judge: Callable[[V, V], Judgement]) -> Judgement:
    for reading in (a, b):
        if reading.conflict is not None:
            return Judgement(Verdict.CONFLICTING, reading.conflict)
    if a.value is not None and b.value is not None:
        return judge(a.value, b.value)
    sides = [n for n, r in enumerate((a, b), 1) if r.value is None and r.unclear is None]
    if sides:
        which = "both" if len(sides) == 2 else ("first" if sides == [1] else "second")
        return Judgement(Verdict.NOT_PROVIDED, because(f"missing-{which}"))
    unclear = a.unclear if a.value is None else b.unclear
    assert unclear is not None
    return Judgement(Verdict.NOT_COMPARABLE, unclear)


def same(code: str, **values: object) -> Judgement:
    """Return the verdict "same"."""
    return Judgement(Verdict.SAME, because(code, **values))


def different(code: str, **values: object) -> Judgement:
    """Return the verdict "different"."""
    return Judgement(Verdict.DIFFERENT, because(code, **values))


def incomparable(code: str, **values: object) -> Judgement:
    """Return the verdict "not comparable"."""
    return Judgement(Verdict.NOT_COMPARABLE, because(code, **values))


def sets(a: frozenset[str], b: frozenset[str]) -> Judgement:
    """Judge two sets of values: the same, some shared, or none.

    >>> sets(frozenset("a"), frozenset("ab")).reason.code
    'shared'
    """
    if a == b:
        return same("equal-values")
    shared = len(a & b)
    if shared:
        return different("shared", shared=shared, first=len(a), second=len(b))
    return different("other-values")


def iris(facts: Facts, names: Iterable[str], label: str = "") -> Reading[frozenset[str]]:
    """Read the IRIs of properties of the qualification as a set."""
    statements = tuple(s for name in names for s in facts.all(name, label) if s.is_iri)
    return Reading(statements, frozenset(s.text for s in statements) or None)


def wording(text: str) -> str:
    """Return a text as wordings are compared: folded, without signs around and between words.

    >>> wording(" Reads, and  writes. ") == wording("reads and writes")
    True
    """
    return " ".join(_WORD.findall(text.casefold()))


def prose(a: frozenset[tuple[str, str]], b: frozenset[tuple[str, str]]) -> Judgement:
    """Judge free texts (language, wording): the same only where all texts of a language are.

    >>> prose(frozenset({("fr", "emplois"), ("fr", "x")}), frozenset({("fr", "emplois")})).verdict
    <Verdict.NOT_COMPARABLE: 'not-comparable'>
    """
    shared = {language for language, _ in a} & {language for language, _ in b}
    if not shared:
        return incomparable("other-languages")
    if {t for t in a if t[0] in shared} == {t for t in b if t[0] in shared}:
        return same("equal-texts")
    return incomparable("texts-differ")


def texts(statements: Iterable[Statement]) -> frozenset[tuple[str, str]] | None:
    """Return the wordings of statements with their main language, None without any."""
    found = {
        (s.language.split("-")[0], wording(s.text))
        for s in statements
        if not s.is_iri and wording(s.text)
    }
    return frozenset(found) or None
