"""How the meaning of a label lies to that of a text: the same, close, narrower or broader."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from qcp_graph.linking import text as texts
from qcp_graph.linking.assertions import Match
from qcp_graph.linking.rank.analysis import Stems, without_brackets, words

_ROOT: Final = 5  # letters by which two words are forms of one
_ENDING: Final = 4
_SHORT: Final = 4  # letters of words that have no other form
Equality = Literal["literal", "normalised", "stems", "none"]


@dataclass(frozen=True, slots=True)
class Grade:
    """The SKOS property from text to label, and how literally they agree."""

    match: Match
    equality: Equality


def grade(clause: str, label: str, language: str) -> Grade:
    """Compare a clause with the label of a skill by their words.

    A label that adds words to the text means something narrower, one that leaves some out something
    broader; any other difference is closeness.

    >>> grade("weld the pipes", "weld pipes", "en")
    Grade(match='exactMatch', equality='normalised')
    >>> grade("weld pipes", "weld steel pipes", "en").match
    'narrowMatch'
    >>> grade("weld steel pipes under water", "weld pipes", "en").match
    'broadMatch'
    """
    mine, its = _forms(clause, language), _forms(label, language, label=True)
    if mine.exact == its.exact:
        return Grade("exactMatch", "literal")
    if mine.normalised == its.normalised:
        return Grade("exactMatch", "normalised")
    if mine.stems == its.stems:
        return Grade("closeMatch", "stems")
    return Grade(_by_words(mine.distinct, its.distinct), "none")


def adds(clause: str, label: str, language: str, verbs: Collection[str]) -> bool:
    """Return whether a label names a thing that a clause does not: it means something narrower.

    ``verbs`` (folded) add no thing. Words that begin alike are one; so is a part of a compound
    of the text, but a compound of the label says more than its part.

    >>> adds("interpret results", "interpret medical results", "en", {"interpret"})
    True
    >>> adds("human resources", "manage human resources", "en", {"manage"})
    False
    """
    stems = Stems.of(language)
    said, known = words(clause), set(stems(clause))
    others = [word for word in words(without_brackets(label)) if word not in verbs]
    return any(
        not known.issuperset(stems.each([word])) and not any(_alike(word, one) for one in said)
        for word in others
    )


def _alike(word: str, other: str) -> bool:
    """Return whether a word of a label is a form of a word of a text, or a part of it."""
    if len(other) < _SHORT:
        return word == other
    if len(word) >= _ROOT and word in other:
        return True
    same = min(len(word), len(other), _ROOT)
    return word[:same] == other[:same] and abs(len(word) - len(other)) <= _ENDING


class _Forms(NamedTuple):
    """A text as it is compared: its stems are sorted, those of labels without brackets."""

    exact: str
    normalised: str
    stems: list[str]
    distinct: frozenset[str]


@lru_cache(maxsize=8192)
def _forms(text: str, language: str, *, label: bool = False) -> _Forms:
    """Return the forms of a text or a label, which are asked for again and again."""
    stems = sorted(Stems.of(language)(without_brackets(text) if label else text))
    return _Forms(texts.exact(text), texts.normalised(text, language), stems, frozenset(stems))


def _by_words(mine: frozenset[str], its: frozenset[str]) -> Match:
    if mine and mine < its:
        return "narrowMatch"
    if its and its < mine:
        return "broadMatch"
    return "closeMatch"


def of_part(match: Match) -> Match:
    """Return what a match of one clause says of the whole text, which states more than it.

    >>> of_part("exactMatch"), of_part("broadMatch")
    ('narrowMatch', 'closeMatch')
    """
    return "narrowMatch" if match in {"exactMatch", "narrowMatch"} else "closeMatch"
