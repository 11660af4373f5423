"""Read Turtle files into terms; relative IRIs are resolved against the base IRI."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from qcp_graph import terms
from qcp_graph.errors import UsageError

MAX_BYTES: Final = 64 * 1024**2
"""Largest vocabulary file: ten times the largest authority table of the EU."""


def read(path: Path, base_iri: str) -> Iterator[terms.Triple]:
    """Yield the triples of a Turtle file.

    :raises UsageError: for a file that is unreadable, too large, no Turtle, or has blank nodes.
    """
    try:
        data = _bytes(path)
        for quad in parse(data, format=RdfFormat.TURTLE, base_iri=base_iri):
            yield (
                _term(quad.subject, path),
                f"<{quad.predicate.value}>",
                _term(quad.object, path),
            )
    except (OSError, SyntaxError, ValueError) as error:
        raise UsageError(
            "QCP-VOC-SYNTAX",
            f"The vocabulary file cannot be read: {error}",
            where=str(path),
            remedy="Correct the file; it must be Turtle in UTF-8.",
        ) from error


def _bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES // 1024**2} MiB")
    return data


def _term(node: NamedNode | BlankNode | Literal | Triple, path: Path) -> str:
    if isinstance(node, BlankNode):
        raise UsageError(
            "QCP-VOC-BLANK",
            "The vocabulary file has a node without a name (a blank node).",
            where=str(path),
            remedy="Give it an IRI, for example a fragment of the level it describes; "
            "unnamed nodes cannot be addressed, compared or updated.",
        )
    return terms.term_of(node)
