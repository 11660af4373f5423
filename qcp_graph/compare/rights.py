"""Rights: what a qualification entitles to, its occupations, and the rules that govern them."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from qcp_graph.compare.facts import Facts
from qcp_graph.compare.judging import Reading, different, prose, row, sets, texts
from qcp_graph.compare.model import Judgement, Row, Statement

_ISCO: Final = "http://data.europa.eu/esco/isco/C"


def rows(sides: Sequence[Facts], _on: date) -> list[Row]:
    """Return rights (further study and others), occupations, and laws where a source tells any."""
    rules = [_rules(f) for f in sides]
    told = any(reading.statements for reading in rules)
    return [
        row("rights", "rights", [_rights(f) for f in sides], prose),
        row("rights", "occupations", [_occupations(f) for f in sides], judge_occupations),
        *([row("rights", "rules", rules, prose)] if told else []),
    ]


def _rules(facts: Facts) -> Reading[frozenset[tuple[str, str]]]:
    """Read laws and rules: whether the activity is regulated decides for a profession."""
    said = tuple(s._replace(label="") for s in facts.words("regulations-and-certificates"))
    return Reading(said, texts(said))


def _rights(facts: Facts) -> Reading[frozenset[tuple[str, str]]]:
    statements: list[Statement] = []
    for node in facts.nodes("elm:entitlesTo"):
        if not facts.all("elm:limitOccupation", subject=node):
            for name in ("dcterms:title", "dcterms:description"):
                statements += facts.all(name, subject=node)
    return Reading(tuple(statements), texts(statements))


def _occupations(facts: Facts) -> Reading[frozenset[str]]:
    statements = [
        s
        for node in facts.nodes("elm:entitlesTo")
        for s in facts.all("elm:limitOccupation", "occupation", node)
    ]
    statements += facts.all("qcp:relatedOccupation", "occupation-linked")
    return Reading(tuple(statements), frozenset(s.text for s in statements) or None)


def judge_occupations(a: frozenset[str], b: frozenset[str]) -> Judgement:
    """Judge occupations; where none is shared, a shared minor group of ISCO-08 is said.

    >>> judge_occupations(frozenset({_ISCO + "7231"}), frozenset({_ISCO + "7232"})).reason.code
    'occupation-near'
    """
    if not a & b:
        near = _groups(a) & _groups(b)
        if near:
            return different("occupation-near", group=min(near))
    return sets(a, b)


def _groups(iris: frozenset[str]) -> set[str]:
    codes = (iri.removeprefix(_ISCO) for iri in iris if iri.startswith(_ISCO))
    return {code[:3] for code in codes if len(code) >= 3}
