"""Answers of a query as plain values, so that nothing here knows a store."""

from collections.abc import Sequence
from typing import NamedTuple


class Term(NamedTuple):
    """An RDF term as a query answers it."""

    value: str
    language: str = ""
    is_iri: bool = False


Answer = Sequence[Sequence[Term | None]]


def value(term: Term | None) -> str:
    """Return the text of a term, empty for none."""
    return term.value if term is not None else ""


def number(term: Term | None) -> float | None:
    """Return a term as a number, None where it is none."""
    try:
        return float(value(term))
    except ValueError:
        return None
