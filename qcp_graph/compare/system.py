"""System and type: country, kind of qualification, full or partial, field of education."""

from collections.abc import Sequence
from datetime import date

from qcp_graph.compare.facts import Facts
from qcp_graph.compare.judging import (
    Reading,
    different,
    incomparable,
    iris,
    row,
    same,
    sets,
    texts,
    wording,
)
from qcp_graph.compare.model import Judgement, Row, Statement, because


def rows(sides: Sequence[Facts], _on: date) -> list[Row]:
    """Return country, type, extent and field."""
    return [
        row("system", "country", [_country(f) for f in sides], sets),
        row("system", "type", [_types(f) for f in sides], _judge_types),
        row("system", "extent", [_extent(f) for f in sides], _judge_extent),
        row("system", "field", [_field(f) for f in sides], judge_fields),
    ]


def _country(facts: Facts) -> Reading[frozenset[str]]:
    """Read the country; a unit without one has that of the qualification it belongs to."""
    stated = iris(facts, ["qcp:country"])
    if stated.statements or not facts.side.country:
        return stated
    said = Statement("", facts.side.country, facts.record(), is_iri=True)
    return Reading((said,), frozenset({said.text}))


Types = tuple[frozenset[str], frozenset[tuple[str, str]]]


def _types(facts: Facts) -> Reading[Types]:
    typed, named = facts.all("dcterms:type"), facts.all("elm:category")
    value = frozenset(s.text for s in typed), texts(named) or frozenset()
    return Reading(typed + named, value if any(value) else None)


def _judge_types(a: Types, b: Types) -> Judgement:
    """Judge by the common list of types first; national names only where they are equal."""
    if a[0] and b[0]:
        return sets(a[0], b[0])
    if a[1] and a[1] == b[1]:
        return same("equal-texts")
    return incomparable("national-types")


def _extent(facts: Facts) -> Reading[str]:
    statements = facts.all("elm:isPartialQualification")
    values = {s.text for s in statements}
    if len(values) > 1:
        return Reading(statements, None, because("extent-both"))
    return Reading(statements, next(iter(values), None))


def _judge_extent(a: str, b: str) -> Judgement:
    return same("equal-values") if a == b else different("extent-differs")


def _field(facts: Facts) -> Reading[frozenset[str]]:
    statements = facts.all("elm:ISCEDFCode")
    codes = frozenset(wording(s.text.rsplit("/", 1)[-1]) for s in statements)
    return Reading(statements, codes or None)


def judge_fields(a: frozenset[str], b: frozenset[str]) -> Judgement:
    """Judge ISCED-F codes; a shared code is the same field, a shared beginning is said.

    >>> judge_fields(frozenset({"0716"}), frozenset({"0715"})).reason
    Reason(code='field-narrow', values=(('field', '071'),))
    """
    if shared := a & b:
        return (
            same("field-same", field=min(shared))
            if a == b
            else different("shared", shared=len(shared), first=len(a), second=len(b))
        )
    for length, code in ((3, "field-narrow"), (2, "field-broad")):
        near = {x[:length] for x in a if len(x) >= length} & {
            x[:length] for x in b if len(x) >= length
        }
        if near:
            return different(code, field=min(near))
    return different("field-other")
