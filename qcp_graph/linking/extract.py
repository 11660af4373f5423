"""The extract of ESCO that comes with the project: ``data/esco/*.ttl``."""

from pathlib import Path
from typing import Final

import pyoxigraph as ox

from qcp_graph import assets
from qcp_graph.errors import UsageError
from qcp_graph.terms import Triple, curie, parts, term_of

_VERSION: Final = curie("owl:versionInfo")


def load_extract(workspace: Path | None) -> tuple[list[Triple], str]:
    """Return the triples of the extract and the version of ESCO it states (``owl:versionInfo``).

    A file in ``data/esco/`` of the workspace replaces the project's file of the same name.

    :raises UsageError: when a file is not Turtle, holds a blank node, or no version is stated.
    """
    found: list[Triple] = []
    for path in _files(workspace):
        found.extend(_read(path))
    versions = sorted({parts(o)[0] for _, p, o in found if p == _VERSION})
    if found and not versions:
        raise UsageError(
            "QCP-LNK-VERSION",
            "The extract of ESCO does not say which version it is.",
            where="data/esco/",
            remedy="State owl:versionInfo of the concept scheme in one of the files.",
        )
    return found, versions[-1] if versions else ""


def _files(workspace: Path | None) -> list[Path]:
    by_name: dict[str, Path] = {}
    for root in assets.roots(workspace):
        for path in sorted((root / "data" / "esco").glob("*.ttl")):
            by_name.setdefault(path.name, path)
    return [by_name[name] for name in sorted(by_name)]


def _read(path: Path) -> list[Triple]:
    try:
        with path.open("rb") as file:
            return [_triple(one) for one in ox.parse(file, ox.RdfFormat.TURTLE)]
    except (SyntaxError, ValueError) as error:
        raise UsageError(
            "QCP-LNK-EXTRACT",
            f"The extract of ESCO cannot be read: {error}",
            where=str(path),
            remedy="Correct the file; it must be Turtle without blank nodes.",
        ) from error


def _triple(one: ox.Quad) -> Triple:
    if isinstance(one.subject, ox.BlankNode) or isinstance(one.object, ox.BlankNode):
        raise ValueError("a blank node")
    return term_of(one.subject), term_of(one.predicate), term_of(one.object)
