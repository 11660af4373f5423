"""What else is like a qualification: by the index's postings, never by comparing all with all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from qcp_graph.search import sets
from qcp_graph.search.index import Index

MOST_LOOKED_AT: Final = 20_000
"""Entries of postings that are read at most, those of rare skills first."""
_POOL: Final = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the qualification has: ESCO skills, detailed ISCED-F codes, EQF levels, its country."""

    iri: str
    skills: Sequence[str]
    isced: Sequence[str]
    eqf: Sequence[str]
    country: str


@dataclass(frozen=True, slots=True)
class Similar:
    """A qualification that is alike, with the reasons."""

    iri: str
    country: str
    shared: int
    same_field: bool
    same_eqf: bool
    abroad: bool


def similar(index: Index, wanted: Wanted, most: int = 8) -> tuple[Similar, ...]:
    """Return the qualifications that are most alike, those of other countries first.

    Shared skills count by their rarity, then the same detailed field, then the same EQF level.
    Without a shared skill both field and level must be the same.
    """
    field = index.union("isced", wanted.isced)
    level = index.union("eqf", wanted.eqf)
    scores, shared = _by_skills(index, wanted.skills)
    for number in sets.page(field & level, 0, _POOL):
        scores.setdefault(number, 0.0)
    ranked = sorted(
        scores,
        key=lambda n: (-(scores[n] + (field >> n & 1) * 2 + (level >> n & 1)), n),
    )
    hits = index.hits(ranked[:_POOL])
    numbers = dict(zip(ranked, hits, strict=False))
    found = [
        Similar(
            hit.iri, hit.country, shared[n], bool(field >> n & 1), bool(level >> n & 1),
            bool(wanted.country and hit.country != wanted.country),
        )
        for n, hit in numbers.items()
        if hit.iri != wanted.iri
    ]  # fmt: skip
    abroad = [one for one in found if one.abroad]
    home = [one for one in found if not one.abroad]
    kept = most - min(len(home), most // 4)  # a few places for the nearest at home
    return (*abroad[:kept], *home[: most - min(len(abroad), kept)])


def _by_skills(index: Index, skills: Sequence[str]) -> tuple[dict[int, float], Counter[int]]:
    members = {skill: index.union("skill", [skill]) for skill in sorted(set(skills))}
    total = max(index.total, 1)
    scores: dict[int, float] = {}
    shared: Counter[int] = Counter()
    looked_at = 0
    for _, held in sorted(members.items(), key=lambda pair: (pair[1].bit_count(), pair[0])):
        count = held.bit_count()
        if not count:
            continue
        room = MOST_LOOKED_AT - looked_at
        if room <= 0:
            break
        weight = log(1 + total / count)
        for number in sets.page(held, 0, room):
            scores[number] = scores.get(number, 0.0) + weight
            shared[number] += 1
        looked_at += min(count, room)
    return scores, shared
