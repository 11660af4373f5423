"""Comparison of qualifications: deterministic, explained, every cell with its sources.

An aid for people who decide about recognition, not a decision: no score over all rows, what a
source does not give is never counted as a difference, and every verdict names its reason. The
specification is ``docs/comparing.md``.
"""

from qcp_graph.compare.answers import Answer, Term
from qcp_graph.compare.engine import DIMENSIONS, MOST, PURPOSES, compare, coverages, order
from qcp_graph.compare.facts import QUERIES, Facts, of
from qcp_graph.compare.model import (
    Cell,
    Comparison,
    Coverage,
    Grade,
    Group,
    Judgement,
    Match,
    Origin,
    Reason,
    Review,
    Row,
    Said,
    Side,
    Statement,
    Verdict,
)
from qcp_graph.compare.stack import Rule, Stack, check

__all__ = [
    "DIMENSIONS",
    "MOST",
    "PURPOSES",
    "QUERIES",
    "Answer",
    "Cell",
    "Comparison",
    "Coverage",
    "Facts",
    "Grade",
    "Group",
    "Judgement",
    "Match",
    "Origin",
    "Reason",
    "Review",
    "Row",
    "Rule",
    "Said",
    "Side",
    "Stack",
    "Statement",
    "Term",
    "Verdict",
    "check",
    "compare",
    "coverages",
    "of",
    "order",
]
