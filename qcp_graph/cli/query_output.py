"""Answers of ``qcp query``: a table for people, the standard formats for programs."""

import sys

import pyoxigraph as ox

from qcp_graph.cli.output import rows
from qcp_graph.errors import UsageError
from qcp_graph.namespaces import PREFIXES
from qcp_graph.pipeline.releases import folder, named
from qcp_graph.settings import Settings

_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
}


def run(settings: Settings, query: str, form: str, release_id: str | None) -> None:
    """Run a query on a release and print the answer in a form.

    :raises UsageError: when the query has a mistake, or the form does not fit the kind of query.
    """
    releases = folder(settings)
    store = releases.open_store(named(releases, release_id).id)
    try:
        answer = store.query(query, use_default_graph_as_union=True, prefixes=PREFIXES)
    except SyntaxError as error:
        raise UsageError(
            "QCP-QRY-SYNTAX", f"The query has a mistake: {error}", remedy="Correct the query."
        ) from error
    _print(answer, form)


def _print(answer: object, form: str) -> None:
    if isinstance(answer, ox.QueryTriples):
        chosen = _GRAPHS.get(form, ox.RdfFormat.TURTLE if form == "table" else None)
        if chosen is None:
            raise UsageError(
                "QCP-QRY-FORM", f"A graph cannot be written as {form}; use ttl, nt or rdf."
            )
        ox.serialize(answer, sys.stdout.buffer, chosen, prefixes=PREFIXES)
    elif isinstance(answer, ox.QuerySolutions | ox.QueryBoolean):
        if form == "table":
            _table(answer)
            return
        if form not in _RESULTS:
            raise UsageError(
                "QCP-QRY-FORM", f"A table cannot be written as {form}; use json, xml, csv or tsv."
            )
        answer.serialize(sys.stdout.buffer, _RESULTS[form])
    sys.stdout.buffer.flush()


def _table(answer: "ox.QuerySolutions | ox.QueryBoolean") -> None:
    if isinstance(answer, ox.QueryBoolean):
        print("yes" if answer else "no")
        return
    names = [variable.value for variable in answer.variables]
    found = [{name: _text(solution[name]) for name in names} for solution in answer]
    rows("text", found, [(name, name.upper()) for name in names], "No solutions.")


def _text(term: object) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.Literal):
        return f"{term.value}@{term.language}" if term.language else term.value
    if isinstance(term, ox.NamedNode):
        for prefix, namespace in PREFIXES.items():
            if term.value.startswith(namespace) and "/" not in term.value[len(namespace) :]:
                return f"{prefix}:{term.value[len(namespace) :]}"
        return term.value
    return str(term)
