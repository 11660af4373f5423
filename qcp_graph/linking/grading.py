"""How the meaning of a label lies to that of a text: the same, close, narrower or broader."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from qcp_graph.linking import text as texts
from qcp_graph.linking.assertions import Match
from qcp_graph.linking.rank.analysis import Stems, without_brackets

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
    if texts.exact(clause) == texts.exact(label):
        return Grade("exactMatch", "literal")
    if texts.normalised(clause, language) == texts.normalised(label, language):
        return Grade("exactMatch", "normalised")
    stems = Stems.of(language)
    mine, its = stems(clause), stems(without_brackets(label))
    if sorted(mine) == sorted(its):
        return Grade("closeMatch", "stems")
    return Grade(_by_words(set(mine), set(its)), "none")


def _by_words(mine: Collection[str], its: Collection[str]) -> Match:
    own, other = set(mine), set(its)
    if own and own < other:
        return "narrowMatch"
    if other and other < own:
        return "broadMatch"
    return "closeMatch"


def of_part(match: Match) -> Match:
    """Return what a match of one clause says of the whole text, which states more than it.

    >>> of_part("exactMatch"), of_part("broadMatch")
    ('narrowMatch', 'closeMatch')
    """
    return "narrowMatch" if match in {"exactMatch", "narrowMatch"} else "closeMatch"
