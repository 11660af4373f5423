"""How far one qualification covers the skills that another asks for, graded through ESCO."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from qcp_graph.compare.facts import Facts
from qcp_graph.compare.groups import grouped
from qcp_graph.compare.judging import wording
from qcp_graph.compare.model import Coverage, Grade, Match

FEWEST: Final = 3
"""Linked outcomes from which shares are worth reading, if they are half of all, too."""
Hierarchy = Mapping[str, frozenset[str]]


def linked(facts: Facts) -> int:
    """Return how many outcomes have at least one ESCO skill."""
    return sum(bool(outcome.skills) for outcome in facts.outcomes)


def firm(facts: Facts) -> bool:
    """Tell whether enough outcomes are linked to read shares of them."""
    found = linked(facts)
    return found >= FEWEST and 2 * found >= len(facts.outcomes)


def skills(facts: Facts) -> dict[str, tuple[str, ...]]:
    """Return the ESCO skills with the outcomes that link to each, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for outcome in facts.outcomes:
        for link in outcome.skills:
            found[link.skill].append(outcome.iri)
    return {skill: tuple(found[skill]) for skill in sorted(found)}


def transversal(facts: Facts) -> frozenset[str]:
    """Return those skills that ESCO calls transversal."""
    return frozenset(k.skill for o in facts.outcomes for k in o.skills if k.transversal)


def versions(*sides: Facts) -> tuple[str, ...]:
    """Return the versions of ESCO that links were made with."""
    found = {k.version for f in sides for o in f.outcomes for k in o.skills if k.version}
    return tuple(sorted(found))


def above(concept: str, broader: Hierarchy) -> dict[str, tuple[str, ...]]:
    """Return every broader concept with the shortest way up to it; cycles end.

    >>> above("c", {"c": frozenset("b"), "b": frozenset("a"), "a": frozenset("c")})["a"]
    ('c', 'b', 'a')
    """
    ways: dict[str, tuple[str, ...]] = {}
    level: list[tuple[str, ...]] = [(concept,)]
    while level:
        following = []
        for way in level:
            for parent in sorted(broader.get(way[-1], ())):
                if parent not in ways and parent != concept:
                    ways[parent] = (*way, parent)
                    following.append(ways[parent])
        level = following
    return ways


def cover(
    required: Facts, offered: Facts, places: tuple[int, int], *, with_texts: bool = False
) -> Coverage:
    """Return how far ``offered`` covers what ``required`` asks for.

    Each skill gets its best grade only; a sibling is shown and gives no credit. Equal wording of
    outcomes counts as nothing either; it is told where ``with_texts`` asks for it.
    """
    asked, there = skills(required), skills(offered)
    common = transversal(required) | transversal(offered)
    broader = {**offered.broader, **required.broader}
    finder = _Finder(there, broader)
    matches = []
    for skill, outcomes in asked.items():
        grade, met_by, path = finder.best(skill)
        met = there.get(met_by, ())
        matches.append(Match(skill, grade, met_by, path, outcomes, met, skill in common))
    if with_texts:
        matches += _same_words(required, offered)
    return Coverage(
        required=places[0],
        offered=places[1],
        matches=tuple(matches),
        outcomes=len(required.outcomes),
        linked=linked(required),
        offered_outcomes=len(offered.outcomes),
        offered_linked=linked(offered),
        versions=versions(required, offered),
        firm=firm(required) and firm(offered),
        groups=grouped(matches, broader),
    )


class _Finder:
    """Finds the skill that meets another one best, each in time that does not grow with all."""

    def __init__(self, there: Iterable[str], broader: Hierarchy) -> None:
        self._there = frozenset(there)
        self._broader = broader
        self._under: dict[str, list[tuple[int, str, tuple[str, ...]]]] = defaultdict(list)
        self._children: dict[str, list[str]] = defaultdict(list)
        for skill in sorted(self._there):
            for concept, way in above(skill, broader).items():
                self._under[concept].append((len(way), skill, way))
            for parent in broader.get(skill, ()):
                self._children[parent].append(skill)

    def best(self, skill: str) -> tuple[Grade, str, tuple[str, ...]]:
        """Return the best grade, the skill that earns it, and the way from one to the other."""
        if skill in self._there:
            return Grade.EXACT, skill, (skill,)
        if below := self._under.get(skill):
            _, found, way = min(below)
            return Grade.NARROWER, found, tuple(reversed(way))
        ways = above(skill, self._broader)
        if over := sorted((len(way), c) for c, way in ways.items() if c in self._there):
            return Grade.BROADER, over[0][1], ways[over[0][1]]
        for parent in sorted(self._broader.get(skill, ())):
            if near := self._children.get(parent):
                return Grade.SIBLING, min(near), (skill, parent, min(near))
        return Grade.NONE, "", ()


def _same_words(required: Facts, offered: Facts) -> list[Match]:
    words: dict[tuple[str, str], str] = {}
    for outcome in offered.outcomes:
        for language, text in outcome.texts:
            words.setdefault((language, wording(text)), outcome.iri)
    found = []
    for outcome in required.outcomes:
        if outcome.skills:
            continue
        keys = [(language, wording(text)) for language, text in outcome.texts]
        met = next((words[key] for key in keys if key[1] and key in words), "")
        if met:
            found.append(Match("", Grade.TEXT, "", (), (outcome.iri,), (met,)))
    return found
