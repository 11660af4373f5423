"""Learning outcomes and ESCO skills as rows; the coverage beside them goes into the detail."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from qcp_graph.compare import coverage
from qcp_graph.compare.facts import Facts, Outcome
from qcp_graph.compare.judging import Reading, different, incomparable, row, same, wording
from qcp_graph.compare.model import Judgement, Origin, Row, Said, Statement, because


class Taught(NamedTuple):
    """What is taught: wordings of the outcomes, skills, and how many outcomes are linked."""

    words: frozenset[tuple[str, str]]
    skills: frozenset[str]
    outcomes: int
    linked: int
    firm: bool


def outcome_rows(sides: Sequence[Facts], _on: date) -> list[Row]:
    """Return the row of learning outcomes."""
    return [row("outcomes", "outcomes", [_outcomes(f) for f in sides], _judge_outcomes)]


def skill_rows(sides: Sequence[Facts], _on: date) -> list[Row]:
    """Return the rows of occupational and of transversal skills."""
    return [
        row("skills", "skills", [_skills(f, False) for f in sides], _judge_skills),
        row("skills", "transversal", [_skills(f, True) for f in sides], _judge_skills),
    ]


def _outcomes(facts: Facts) -> Reading[Taught]:
    taught = _taught(facts, frozenset(coverage.skills(facts)))
    statements = tuple(_statement(facts, outcome) for outcome in facts.outcomes)
    return Reading(statements, taught if facts.outcomes else None)


def _taught(facts: Facts, skills: frozenset[str]) -> Taught:
    words = frozenset(
        (language, wording(text)) for outcome in facts.outcomes for language, text in outcome.texts
    )
    return Taught(words, skills, len(facts.outcomes), coverage.linked(facts), coverage.firm(facts))


def _statement(facts: Facts, outcome: Outcome) -> Statement:
    language, text = next(iter(outcome.texts), ("", ""))
    return Statement("outcome", text, facts.record(), language, detail=outcome.iri)


def _judge_outcomes(a: Taught, b: Taught) -> Judgement:
    if a.words == b.words:
        return same("equal-texts")
    if not (a.firm and b.firm):
        return incomparable(
            "few-linked",
            first=a.linked, first_of=a.outcomes, second=b.linked, second_of=b.outcomes,
        )  # fmt: skip
    shared = a.skills & b.skills
    everything = a.linked == a.outcomes and b.linked == b.outcomes
    if a.skills == b.skills and everything:
        return same("outcomes-same-skills", shared=len(shared))
    return different("skills-shared", shared=len(shared), first=len(a.skills), second=len(b.skills))


def _skills(facts: Facts, transversal: bool) -> Reading[Taught]:
    common = coverage.transversal(facts)
    statements = tuple(
        sorted(
            {
                Statement("skill", k.skill, _how(facts, k.link, k.method), is_iri=True)
                for o in facts.outcomes
                for k in o.skills
                if (k.skill in common) is transversal
            }
        )
    )
    skills = frozenset(s.text for s in statements)
    if not facts.outcomes:
        return Reading()
    if not coverage.linked(facts):
        reason = because("nothing-linked", outcomes=len(facts.outcomes))
        return Reading(statements, None, None, reason)
    if not skills:
        return Reading(statements, None, None, because("no-skills-of-kind"))
    return Reading(statements, _taught(facts, skills))


def _how(facts: Facts, link: str, method: str) -> Said:
    if link:
        return Said(Origin.LINK, "", facts.side.seen, link, method)
    return facts.record()


def _judge_skills(a: Taught, b: Taught) -> Judgement:
    if not (a.firm and b.firm):
        return incomparable(
            "few-linked",
            first=a.linked, first_of=a.outcomes, second=b.linked, second_of=b.outcomes,
        )  # fmt: skip
    if a.skills == b.skills:
        return same("skills-same", shared=len(a.skills))
    shared = len(a.skills & b.skills)
    return different("skills-shared", shared=shared, first=len(a.skills), second=len(b.skills))
