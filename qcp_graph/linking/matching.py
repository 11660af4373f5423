"""Which skills a learning outcome names, and how sure that is."""

from collections.abc import Iterable, Iterator
from typing import Final

from qcp_graph.linking import text
from qcp_graph.linking.assertions import Assertion, text_key
from qcp_graph.linking.index import EscoIndex, Label

# Scores order the methods; they are no probabilities (those come with fitted weights).
_PREFERRED: Final = 1.0
_ALTERNATIVE: Final = 0.95
_NORMALISED: Final = 0.9
_AMBIGUOUS: Final = 0.6
_CLAUSE: Final = 0.5
_CLAUSE_WORDS: Final = 2  # one word alone says too little about a clause


def link(index: EscoIndex, outcomes: Iterable[tuple[str, str, str]]) -> list[Assertion]:
    """Return the links of learning outcomes, given as (IRI, title, language).

    Accepted is what equals a label of exactly one skill in the text's own language; a normalised
    or ambiguous match, or one of a clause, is a suggestion. Several titles of one outcome that
    name the same skill give one link, the best. No match is an answer: no link.
    """
    best: dict[tuple[str, str], Assertion] = {}
    for iri, title, language in outcomes:
        for found in _links(index, iri, title, language):
            key = (found.subject, found.object)
            if key not in best or _rank(found) > _rank(best[key]):
                best[key] = found
    return [best[key] for key in sorted(best)]


def _rank(found: Assertion) -> tuple[bool, float, str]:
    return found.status == "accepted", found.score, found.language


def _links(index: EscoIndex, iri: str, title: str, language: str) -> Iterator[Assertion]:
    main = language.partition("-")[0]
    for labels, method, score in (
        (index.exact(title, main), "exact-label", None),
        (index.normalised(title, main), "normalised-label", _NORMALISED),
    ):
        if labels:
            key = text_key(title, main, "skill")
            yield from _whole(index, (iri, main, key), labels, method, score)
            return
    for clause in text.clauses(title, main):
        if len(clause.split()) < _CLAUSE_WORDS:
            continue
        for label in index.exact(clause, main) or index.normalised(clause, main):
            yield Assertion(
                "skill", iri, label.skill, "narrowMatch", "suggested", "clause-label",
                index.version, _CLAUSE, _CLAUSE, label.label, main,
                key=text_key(title, main, "skill"),
            )  # fmt: skip


def _whole(
    index: EscoIndex, said: tuple[str, str, str], labels: Iterable[Label], method: str,
    score: float | None,
) -> Iterator[Assertion]:  # fmt: skip
    iri, language, key = said
    by_skill: dict[str, Label] = {}
    for label in labels:
        by_skill.setdefault(label.skill, label)
    unique = len(by_skill) == 1
    literal = method == "exact-label" and unique
    for label in by_skill.values():
        reached = score or (_PREFERRED if label.preferred else _ALTERNATIVE)
        reached = reached if unique else _AMBIGUOUS
        yield Assertion(
            "skill", iri, label.skill, "exactMatch" if literal else "closeMatch",
            "accepted" if literal else "suggested", method, index.version,
            reached, reached, label.label, language, key=key,
        )  # fmt: skip
