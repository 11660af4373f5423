"""Do several micro-credentials make up (a part of) a qualification? Rules, each with its result.

Rules are those found in practice: a cap of a fifth of a credential for stacked micro-credentials,
a residency of a third at the body that awards it, the Common Microcredential Framework (100 to
150 hours, EQF 6 or 7, summative assessment, credit). A rule that the records cannot answer is
unknown, never broken.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from qcp_graph.compare import awarding, coverage, level, volume
from qcp_graph.compare.facts import Facts
from qcp_graph.compare.model import Grade, Match
from qcp_graph.compare.volume import Hours

CAP: Final = 1 / 5
RESIDENCY: Final = 1 / 3
FRAMEWORK_HOURS: Final = Hours(100, 150)
FRAMEWORK_LEVELS: Final = frozenset({6.0, 7.0})
_ORDER: Final = (Grade.EXACT, Grade.NARROWER, Grade.BROADER, Grade.SIBLING, Grade.NONE)


class Outcome(StrEnum):
    """What a rule comes to."""

    MET = "met"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its outcome; ``piece`` counts from 0 where it is about one piece (else -1)."""

    name: str
    outcome: Outcome
    values: tuple[tuple[str, str], ...] = ()
    piece: int = -1


@dataclass(frozen=True, slots=True)
class Stack:
    """A whole, its pieces, the rules, and the skills of the whole that the pieces cover."""

    whole: str
    pieces: tuple[str, ...]
    rules: tuple[Rule, ...]
    matches: tuple[Match, ...]
    duplicates: tuple[tuple[str, int], ...]


def check(whole: Facts, pieces: Sequence[Facts], on: date) -> Stack:
    """Return how pieces stack towards a whole on a date.

    ``duplicates`` are the skills that several pieces teach, with how many do.
    """
    matches = _union(whole, pieces)
    taught = Counter(skill for piece in pieces for skill in coverage.skills(piece))
    repeated = tuple(sorted((skill, n) for skill, n in taught.items() if n > 1))
    return Stack(
        whole.iri,
        tuple(piece.iri for piece in pieces),
        (*_volumes(whole, pieces, on), *_levels(whole, pieces, on), _covered(whole, matches),
         Rule("no-duplicates", _single(pieces, len(repeated)), (("skills", str(len(repeated))),)),
         *(rule for at, piece in enumerate(pieces) for rule in _framework(piece, at, on))),
        matches,
        repeated,
    )  # fmt: skip


def _single(pieces: Sequence[Facts], repeated: int) -> Outcome:
    """Tell whether pieces repeat each other; what is not linked may do so unseen."""
    if repeated:
        return Outcome.BROKEN
    told = len(pieces) == 1 or all(p.outcomes and all(o.skills for o in p.outcomes) for p in pieces)
    return Outcome.MET if told else Outcome.UNKNOWN


def hours(facts: Facts) -> Hours | None:
    """Return the workload of a qualification as one interval, None where it is not known."""
    stated, made = volume.workload(facts)
    chosen = stated or made
    return Hours(min(h.least for h in chosen), max(h.most for h in chosen)) if chosen else None


def _sum(parts: Iterable[Hours | None]) -> Hours | None:
    total = Hours(0, 0)
    for part in parts:
        if part is None:
            return None
        total = Hours(total.least + part.least, total.most + part.most)
    return total


def _volumes(whole: Facts, pieces: Sequence[Facts], on: date) -> list[Rule]:
    size, total = hours(whole), _sum(hours(piece) for piece in pieces)
    home = _bodies(whole, on)
    known = bool(home) and all(_bodies(piece, on) for piece in pieces)
    outside = _sum(hours(piece) for piece in pieces if not _bodies(piece, on) & home)
    return [
        _at_least("volume", total, size),
        _at_most("cap", total, size, CAP),
        _at_most("residency", outside if known else None, size, 1 - RESIDENCY),
    ]


def _shown(total: Hours | None, size: Hours | None) -> tuple[tuple[str, str], ...]:
    return tuple((n, str(h)) for n, h in (("pieces", total), ("whole", size)) if h is not None)


def _at_least(name: str, total: Hours | None, size: Hours | None) -> Rule:
    if total is None or size is None:
        return Rule(name, Outcome.UNKNOWN, _shown(total, size))
    met, broken = total.least >= size.most, total.most < size.least
    return Rule(name, _outcome(met, broken), _shown(total, size))


def _at_most(name: str, total: Hours | None, size: Hours | None, share: float) -> Rule:
    if total is None or size is None:
        return Rule(name, Outcome.UNKNOWN, _shown(total, size))
    met, broken = total.most <= share * size.least, total.least > share * size.most
    return Rule(name, _outcome(met, broken), _shown(total, size))


def _outcome(met: bool, broken: bool) -> Outcome:
    """Return the outcome; intervals that leave it open give ``unknown``."""
    if met:
        return Outcome.MET
    return Outcome.BROKEN if broken else Outcome.UNKNOWN


def _bodies(facts: Facts, on: date) -> frozenset[str]:
    return awarding.bodies(facts, on)


def _levels(whole: Facts, pieces: Sequence[Facts], on: date) -> list[Rule]:
    """Return, piece by piece, whether it stands at least at the EQF level of the whole."""
    wanted = level.eqf(whole, on)
    found = []
    for at, piece in enumerate(pieces):
        rank = level.eqf(piece, on)
        values = tuple((n, f"{r:g}") for n, r in (("piece", rank), ("whole", wanted)) if r)
        known = rank is not None and wanted is not None
        met = rank is not None and wanted is not None and rank >= wanted
        outcome = _outcome(met, not met) if known else Outcome.UNKNOWN
        found.append(Rule("level", outcome, values, at))
    return found


def _covered(whole: Facts, matches: Sequence[Match]) -> Rule:
    credit = sum(m.grade in {Grade.EXACT, Grade.NARROWER} for m in matches)
    values = (
        ("covered", str(credit)),
        ("skills", str(len(matches))),
        ("linked", str(coverage.linked(whole))),
        ("outcomes", str(len(whole.outcomes))),
    )
    if not coverage.firm(whole):
        return Rule("outcomes", Outcome.UNKNOWN, values)
    return Rule("outcomes", Outcome.MET if credit == len(matches) else Outcome.BROKEN, values)


def _union(whole: Facts, pieces: Sequence[Facts]) -> tuple[Match, ...]:
    """Return, for each skill of the whole, the best that any piece has."""
    best: dict[str, Match] = {}
    for at, piece in enumerate(pieces, 1):
        for match in coverage.cover(whole, piece, (0, at)).matches:
            before = best.get(match.skill)
            if before is None or _ORDER.index(match.grade) < _ORDER.index(before.grade):
                best[match.skill] = match
    return tuple(best[skill] for skill in sorted(best))


def _framework(piece: Facts, at: int, on: date) -> list[Rule]:
    """Return the rules of the Common Microcredential Framework for one piece."""
    size, rank = hours(piece), level.eqf(piece, on)
    meets = size is not None and size.meets(FRAMEWORK_HOURS)
    of_size = Outcome.UNKNOWN if size is None else _outcome(meets, not meets)
    stands = rank in FRAMEWORK_LEVELS
    of_level = Outcome.UNKNOWN if rank is None else _outcome(stands, not stands)
    return [
        Rule("cmf-hours", of_size, _shown(size, None), at),
        Rule("cmf-level", of_level, (("piece", f"{rank:g}"),) if rank else (), at),
        Rule("cmf-assessment", _told(bool(piece.nodes("elm:provenBy"))), (), at),
        Rule("cmf-credit", _told(bool(piece.credits)), (), at),
    ]


def _told(given: bool) -> Outcome:
    return Outcome.MET if given else Outcome.UNKNOWN
