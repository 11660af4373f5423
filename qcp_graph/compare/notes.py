"""What records say in words only, and what people decided about links."""

from collections import defaultdict
from typing import Final

from qcp_graph.compare.answers import Answer, Term, value
from qcp_graph.compare.model import Origin, Review, Said, Side, Statement
from qcp_graph.namespaces import QCP

REJECTED: Final = QCP + "Rejected"


def _words(side: Side, term: Term, label: str) -> Statement:
    said = Said(Origin.RECORD, side.register, side.seen, side.record)
    return Statement(label, term.value, said, term.language, term.is_iri)


def proofs(side: Side, rows: Answer) -> tuple[Statement, ...]:
    """Read how units are assessed."""
    return tuple(
        _words(side, term, "unit")._replace(detail=value(proof))
        for proof, term in rows
        if term is not None
    )


def notes(side: Side, rows: Answer) -> dict[str, tuple[Statement, ...]]:
    """Read the notes by the code of their topic."""
    found: dict[str, list[Statement]] = defaultdict(list)
    for topic, _note, text in rows:
        if text is not None:
            found[value(topic).rsplit("#", 1)[-1]].append(_words(side, text, "in-words"))
    return {topic: tuple(dict.fromkeys(said)) for topic, said in found.items()}


def reviews(rows: Answer) -> tuple[Review, ...]:
    """Read the decisions of people; a link that nobody looked at has no reviewer."""
    found = set()
    for row in rows:
        outcome, skill, link, match, _, _, _, status, reviewer, day, comment = map(value, row)
        if reviewer:
            accepted = status != REJECTED
            found.add(Review(outcome, skill, accepted, reviewer, day, match, comment, link))
    return tuple(sorted(found))
