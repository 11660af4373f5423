"""The validation report as Turtle, written while results are found."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final

from qcp_graph.namespaces import expand
from qcp_graph.terms import RDF_TYPE
from qcp_graph.validation.report import report
from qcp_graph.validation.result import Result

_SH: Final = "<" + expand("sh:")
_XSD: Final = "^^<" + expand("xsd:")


def turtle(results: Iterable[Result], iri: str = "urn:qcp:report") -> Iterator[str]:
    """Yield a ``sh:ValidationReport`` as Turtle, a block at a time, in bounded memory."""
    yield f"@prefix sh: {_SH}> .\n@prefix xsd: <{expand('xsd:')}> .\n"
    for subject, triples in groupby(report(results, iri), key=itemgetter(0)):
        said = (f"{_short(predicate)} {_short(value)}" for _, predicate, value in triples)
        yield f"\n{subject} " + " ;\n    ".join(said) + " .\n"


def _short(term: str) -> str:
    """Return a term with the prefixes of the report; others stay as they are."""
    if term == RDF_TYPE:
        return "a"
    if term.startswith(_SH) and term[len(_SH) : -1].isalpha():
        return f"sh:{term[len(_SH) : -1]}"
    head, mark, name = term.rpartition(_XSD)
    if mark and term.startswith('"') and name[:-1].isalpha() and '"' not in name:
        return f"{head}^^xsd:{name[:-1]}"
    return term
