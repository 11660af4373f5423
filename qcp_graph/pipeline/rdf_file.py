"""An RDF file of somebody's, checked against shapes."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from qcp_graph import validation
from qcp_graph.errors import DataError, UsageError
from qcp_graph.pipeline import context
from qcp_graph.settings import Settings
from qcp_graph.terms import Triple, curie, iri_of, term_of

FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_MAX_BYTES: Final = 512 * 1024**2  # the whole graph is held in memory


def validate(
    settings: Settings, path: Path, profiles: Sequence[str], engine: str
) -> list[validation.Result]:
    """Return the results of an RDF file, judged beside the project's vocabularies.

    ``engine`` is ``compiled`` (ours) or ``pyshacl`` (the referee).

    :raises DataError: for a file that is not RDF, or in which no shape finds anything to judge.
    """
    shapes = context.shape_paths(settings.workspace, profiles)
    triples = list(read(path))
    reference = context.load(settings).reference
    if engine == "pyshacl":
        return validation.referee(shapes, triples, reference)
    plan = validation.compile_shapes(shapes)
    results = plan.validate(triples, reference, complete=True)
    if not any(plan.focus_counts.values()):
        raise DataError(
            "QCP-VAL-NO-FOCUS",
            "No shape found anything to judge in the file: that is no sign of conformity.",
            where=str(path),
            remedy="Check the namespace (ELM 3.1 and 3.3 differ) and the choice of shapes.",
        )
    return results


def read(path: Path) -> Iterator[Triple]:
    """Yield the triples of an RDF file.

    :raises UsageError: for an unknown file extension.
    :raises DataError: for a file that is too large or not well-formed, with line and column.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise UsageError(
            "QCP-VAL-FORMAT",
            f"The extension {path.suffix!r} is not one of {', '.join(FORMATS)}.",
            where=str(path),
        )
    if path.stat().st_size > _MAX_BYTES:
        raise DataError(
            "QCP-VAL-SIZE",
            f"The file is larger than {_MAX_BYTES // 1024**2} MiB.",
            where=str(path),
            remedy="Split it, or validate the register with qcp source check.",
        )
    try:
        with path.open("rb") as file:
            for quad in ox.parse(file, form, base_iri=path.resolve().as_uri()):
                yield term_of(quad.subject), term_of(quad.predicate), term_of(quad.object)
    except (SyntaxError, ValueError) as error:
        raise DataError(
            "QCP-VAL-SYNTAX",
            f"The file is not well-formed: {error}",
            where=str(path),
            remedy="Correct it at the place named.",
        ) from error


def report(results: Sequence[validation.Result]) -> str:
    """Return the standard validation report as Turtle."""
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in validation.report(results))
    parsed = ox.parse(lines.encode(), ox.RdfFormat.N_TRIPLES)
    prefixes = {name: iri_of(curie(f"{name}:")) for name in ("sh", "elm")}
    turtle = ox.serialize(parsed, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    return (turtle or b"").decode()
