"""Rows out of the release's graph, streamed: one query of ``sparql/index/`` after the other."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import pyoxigraph as ox

from qcp_graph import assets
from qcp_graph.errors import InternalError

_BROAD: Final = re.compile(r"(\d\d)\d{0,2}\Z")
_YEAR: Final = re.compile(r"[12]\d{3}-")
_LONGEST: Final = 20_000  # characters of one text that are indexed; the graph keeps all of it
Row = tuple[str, ...]
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def query(store: ox.Store, name: str) -> Iterator[tuple[Term | None, ...]]:
    """Yield the solutions of ``sparql/index/<name>.rq`` over the union of all graphs."""
    path = assets.root() / "sparql" / "index" / f"{name}.rq"
    text = path.read_text(encoding="utf-8")
    solutions = store.query(text, use_default_graph_as_union=True)
    if not isinstance(solutions, ox.QuerySolutions):
        raise InternalError(
            "QCP-REL-INDEX",
            "A query of the search index is not a SELECT query.",
            where=str(path),
            remedy="Restore the file from the installation.",
        )
    for solution in solutions:
        yield tuple(solution)


def text(term: Term | None) -> str:
    """Return the IRI or the lexical form of a term; an unbound variable is empty."""
    if isinstance(term, ox.NamedNode | ox.Literal):
        return term.value
    return ""


def language(term: Term | None) -> str:
    """Return the language of a literal, empty for every other term."""
    return (term.language or "") if isinstance(term, ox.Literal) else ""


def rows(store: ox.Store, name: str) -> Iterator[Row]:
    """Yield rows of plain strings."""
    for solution in query(store, name):
        yield tuple(text(term) for term in solution)


def texts(store: ox.Store, name: str, place: int) -> Iterator[tuple[str, int, str]]:
    """Yield (qualification, place, text) with markup-free, bounded text."""
    for iri, found in rows(store, name):
        yield iri, place, found[:_LONGEST]


def tagged(store: ox.Store, name: str) -> Iterator[tuple[str, str, str]]:
    """Yield (IRI, language, text) of a query for names."""
    for iri, label in query(store, name):
        yield text(iri), language(label), text(label)


def organisations(store: ox.Store) -> Iterator[Row]:
    """Yield (organisation, language, name, country)."""
    for iri, name, country in query(store, "organisations"):
        yield text(iri), language(name), text(name), text(country)


def values(store: ox.Store) -> Iterator[Row]:
    """Yield (qualification, field, short value, IRI) for every field but skills."""
    for iri, field, value in rows(store, "values"):
        yield iri, field, "true" if field == "micro" else short(field, value), value
        if field == "isced" and (broad := _BROAD.match(short(field, value))):
            yield iri, "field", broad[1], value.removesuffix(short(field, value)) + broad[1]
    yield from credits(store)
    yield from years(store)


def credits(store: ox.Store) -> Iterator[Row]:
    """Yield (qualification, field, band within a credit system, system)."""
    for iri, system, points in rows(store, "credits"):
        yield iri, "credits", f"{short('system', system)}.{band(float(points or 0))}", system


def band(points: float) -> str:
    """Return the band that points fall into.

    >>> band(3), band(60), band(60.5), band(1168)
    ('0-5', '31-60', '61-120', '241-')
    """
    edges = (0, 5, 15, 30, 60, 120, 180, 240)
    for low, high in pairwise(edges):
        if points <= high:
            return f"{low + 1 if low else 0}-{high}"
    return f"{edges[-1] + 1}-"


def years(store: ox.Store) -> Iterator[Row]:
    """Yield (qualification, field, year, nothing): of when a record is."""
    for iri, date in rows(store, "dates"):
        if _YEAR.match(date):
            yield iri, "year", date[:4], ""


def short(field: str, value: str) -> str:
    """Return how a value is written in an address: the code where the field has one.

    >>> short("eqf", "http://data.europa.eu/snb/eqf/4"), short("body", "http://x.org/b")
    ('4', 'http://x.org/b')
    """
    if field in {"body", "skill", "level", "framework", "quality", "group", "occupation"}:
        return value
    return re.split(r"[/#]", value)[-1] if value.startswith("http") else value


def register_id(iri: str) -> str:
    """Return the source id of a register: ``…/id/register/fr/rncp`` is ``fr-rncp``."""
    return "-".join(iri.split("/id/register/")[-1].split("/", 1))
