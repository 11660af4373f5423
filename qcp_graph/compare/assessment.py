"""Assessment, of units too: its kinds by the common list, its words where these are not given."""

from collections.abc import Sequence
from datetime import date

from qcp_graph.compare.facts import Facts
from qcp_graph.compare.judging import Reading, incomparable, prose, row, sets, texts
from qcp_graph.compare.model import Judgement, Row, Statement

Assessed = tuple[frozenset[str], frozenset[tuple[str, str]]]


def rows(sides: Sequence[Facts], _on: date) -> list[Row]:
    """Return the assessment."""
    return [row("assessment", "assessment", [_assessment(f) for f in sides], _judge)]


def _assessment(facts: Facts) -> Reading[Assessed]:
    types: list[Statement] = []
    words: list[Statement] = []
    for node in facts.nodes("elm:provenBy"):
        types += facts.all("dcterms:type", "assessment-type", node)
        words += facts.all("dcterms:title", subject=node)
        words += facts.all("dcterms:description", subject=node)
    types += [s for s in facts.proofs if s.is_iri]
    words += [s for s in facts.proofs if not s.is_iri]
    words += facts.words("assessment")
    value = frozenset(s.text for s in types), texts(words) or frozenset()
    return Reading((*types, *words), value if any(value) else None)


def _judge(a: Assessed, b: Assessed) -> Judgement:
    if a[0] and b[0]:
        return sets(a[0], b[0])
    if not (a[1] and b[1]):
        return incomparable("national-types")  # one by the common list, the other in words only
    return prose(a[1], b[1])
