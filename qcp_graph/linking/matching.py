"""Which skills a learning outcome names, and how sure that is."""

from collections.abc import Iterable, Iterator
from typing import Final

from qcp_graph.linking import text
from qcp_graph.linking.index import EscoIndex, Label
from qcp_graph.linking.link import Link

# Scores order the methods; they are no probabilities (those come with fitted weights).
_PREFERRED: Final = 1.0
_ALTERNATIVE: Final = 0.95
_NORMALISED: Final = 0.9
_AMBIGUOUS: Final = 0.6
_CLAUSE: Final = 0.5
_CLAUSE_WORDS: Final = 2  # one word alone says too little about a clause


def link(index: EscoIndex, outcomes: Iterable[tuple[str, str, str]]) -> list[Link]:
    """Return the links of learning outcomes, given as (IRI, title, language).

    Accepted is what equals a label of exactly one skill in the text's own language; a normalised
    or ambiguous match, or one of a clause, is a suggestion. Several titles of one outcome that
    name the same skill give one link, the best. No match is an answer: no link.
    """
    best: dict[tuple[str, str], Link] = {}
    for iri, title, language in outcomes:
        for found in _links(index, iri, title, language):
            key = (found.outcome, found.skill)
            if key not in best or _rank(found) > _rank(best[key]):
                best[key] = found
    return [best[key] for key in sorted(best)]


def _rank(found: Link) -> tuple[bool, float, str]:
    return found.status == "accepted", found.score, found.language


def _links(index: EscoIndex, iri: str, title: str, language: str) -> Iterator[Link]:
    main = language.partition("-")[0]
    for labels, method, score in (
        (index.exact(title, main), "exact-label", None),
        (index.normalised(title, main), "normalised-label", _NORMALISED),
    ):
        if labels:
            yield from _whole(index, iri, main, labels, method, score)
            return
    for clause in text.clauses(title, main):
        if len(clause.split()) < _CLAUSE_WORDS:
            continue
        for label in index.exact(clause, main) or index.normalised(clause, main):
            yield Link(
                iri, label.skill, "narrowMatch", "clause-label", label.label, main,
                _CLAUSE, "suggested", index.version,
            )  # fmt: skip


def _whole(
    index: EscoIndex, iri: str, language: str, labels: Iterable[Label], method: str,
    score: float | None,
) -> Iterator[Link]:  # fmt: skip
    by_skill: dict[str, Label] = {}
    for label in labels:
        by_skill.setdefault(label.skill, label)
    unique = len(by_skill) == 1
    for label in by_skill.values():
        reached = score or (_PREFERRED if label.preferred else _ALTERNATIVE)
        literal = method == "exact-label"
        yield Link(
            iri,
            label.skill,
            "exactMatch" if literal and unique else "closeMatch",
            method,
            label.label,
            language,
            reached if unique else _AMBIGUOUS,
            "accepted" if literal and unique else "suggested",
            index.version,
        )
