"""How far two annotators agree, and what of their decisions becomes the gold set."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from qcp_graph.errors import UsageError

GRADES: Final = ("exact", "close", "narrower", "broader")  # the strongest first
RIGHT: Final = frozenset({"exact", "close"})
NONE: Final = "none"
Decisions = Mapping[str, Mapping[str, str]]
"""What an annotator said: outcome → skill → grade; an outcome without skill fits none."""


class Settled(NamedTuple):
    """A row of the gold set; without ``iri`` no skill fits."""

    id: str
    iri: str
    grade: str
    by: str


@dataclass(frozen=True)
class Agreement:
    """Figures over the outcomes that both decided.

    ``fits`` is Cohen's kappa of "does any skill fit"; ``pairs`` the positive specific agreement
    (twice the common pairs by all pairs given), ``pairs_kappa`` Cohen's kappa over all pairs that
    were shown or given; ``grades`` the share of common pairs with the same grade. ``pairs`` stands
    once for all grades and once for the right ones (exact, close).
    """

    outcomes: int
    fits: float
    pairs: float
    pairs_right: float
    pairs_kappa: float
    same_set: float
    common: int
    only_first: int
    only_second: int
    grades: float


def read_decisions(path: Path, keys: Mapping[str, str]) -> Decisions:
    """Read ``id, iri, grade, note``; an IRI may be shortened to the eight digits it begins with.

    :raises UsageError: naming the line of an unknown skill or grade, or when columns are missing.
    """
    found: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        if not {"id", "iri", "grade"} <= set(rows.fieldnames or ()):
            raise _unusable(path, "it lacks one of the columns id, iri, grade")
        for number, row in enumerate(rows, 2):
            skills = found.setdefault((row["id"] or "").strip(), {})
            given, grade = (row["iri"] or "").strip(), (row["grade"] or "").strip()
            if grade == NONE and not given:
                continue
            iri = keys.get(given.rsplit("/", 1)[-1][:8], "")
            if grade not in GRADES or not iri:
                raise _unusable(path, f"line {number} says {given!r}, {grade!r}")
            skills[iri] = min(grade, skills.get(iri, grade), key=GRADES.index)
    return found


def _unusable(path: Path, why: str) -> UsageError:
    return UsageError(
        "QCP-LNK-DATA", f"The decisions cannot be used: {why}.", where=str(path),
        remedy=f"Grades are {', '.join(GRADES)}, or {NONE} without a skill; see docs/gold-set.md.",
    )  # fmt: skip


def short_keys(iris: Iterable[str]) -> dict[str, str]:
    """Return IRIs by the first eight characters of their last part; ambiguous ones are left out.

    >>> short_keys(["http://x/skill/0123456789", "http://x/skill/abcdefghij"])["01234567"]
    'http://x/skill/0123456789'
    """
    all_iris = list(iris)
    often = Counter(iri.rsplit("/", 1)[-1][:8] for iri in all_iris)
    return {key: iri for iri in all_iris if often[key := iri.rsplit("/", 1)[-1][:8]] == 1}


def agree(first: Decisions, second: Decisions, shown: Mapping[str, Sequence[str]]) -> Agreement:
    """Compare two annotators; ``shown`` are the candidates of each outcome."""
    outcomes = sorted(first.keys() & second.keys())
    mine = {(one, iri) for one in outcomes for iri in first[one]}
    yours = {(one, iri) for one in outcomes for iri in second[one]}
    every = mine | yours | {(one, iri) for one in outcomes for iri in shown.get(one, ())}
    both = mine & yours
    same = sum(first[one][iri] == second[one][iri] for one, iri in both)
    right = [
        {(one, iri) for one in outcomes for iri, grade in who[one].items() if grade in RIGHT}
        for who in (first, second)
    ]
    return Agreement(
        len(outcomes),
        kappa([(bool(first[one]), bool(second[one])) for one in outcomes]),
        _positive(mine, yours),
        _positive(*right),
        kappa([(pair in mine, pair in yours) for pair in every]),
        sum(first[one].keys() == second[one].keys() for one in outcomes) / max(len(outcomes), 1),
        len(both), len(mine - yours), len(yours - mine),
        same / max(len(both), 1),
    )  # fmt: skip


def _positive(mine: set[tuple[str, str]], yours: set[tuple[str, str]]) -> float:
    return 2 * len(mine & yours) / max(len(mine) + len(yours), 1)


def kappa(judged: Sequence[tuple[bool, bool]]) -> float:
    """Return Cohen's kappa of two judges' yes and no; 1.0 when both always say the same.

    >>> kappa([(True, True), (True, False), (False, False), (False, False)])
    0.5
    """
    size = max(len(judged), 1)
    observed = sum(a == b for a, b in judged) / size
    yes = sum(a for a, _ in judged) / size, sum(b for _, b in judged) / size
    chance = yes[0] * yes[1] + (1 - yes[0]) * (1 - yes[1])
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)


def settle(first: Decisions, second: Decisions, rulings: Decisions) -> list[Settled]:
    """Return the gold set: common pairs with the weaker grade, and what adjudication kept.

    ``rulings`` holds, for each outcome on which the annotators differ, the pairs of one annotator
    alone that stay; those it does not hold are dropped.
    """
    found: list[Settled] = []
    for one in sorted(first.keys() & second.keys()):
        rows = [
            Settled(one, iri, max(grade, second[one][iri], key=GRADES.index), "AB")
            for iri, grade in sorted(first[one].items())
            if iri in second[one]
        ]
        known = {row.iri for row in rows}
        rows += [
            Settled(one, iri, grade, "adjudicated")
            for iri, grade in sorted(rulings.get(one, {}).items())
            if iri not in known
        ]
        empty = "adjudicated" if first[one] or second[one] else "AB"
        found += rows or [Settled(one, "", NONE, empty)]
    return found
