"""An RDF file of somebody's, checked against shapes."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from qcp_graph import assets, validation
from qcp_graph.errors import DataError, UsageError
from qcp_graph.model.issue import Issue
from qcp_graph.pipeline import context
from qcp_graph.settings import Settings
from qcp_graph.terms import RDF_TYPE, Triple, term_of

FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_LOOKED_AT: Final = 100_000  # triples
_MAX_BYTES: Final = 512 * 1024**2  # the whole graph is held in memory


@dataclass
class FileCheck:
    """The check of an RDF file beside the project's vocabularies, or ``alone``.

    ``engine`` is ``compiled`` (ours) or ``pyshacl`` (the referee); ``timeout`` the seconds that a
    SPARQL query of the shapes may take. After the results, ``silent`` tells which shapes found
    nothing to judge, and ``unread`` which files they import, in ``language``.
    """

    settings: Settings
    path: Path
    profiles: Sequence[str]
    patches: Sequence[str] = ()
    engine: str = "compiled"
    timeout: float = 30
    alone: bool = False
    language: str = "en"
    silent: Sequence[Issue] = ()
    unread: Sequence[Issue] = ()

    def results(self) -> Iterator[validation.Result]:
        """Yield the results; files of lines are judged piece by piece, others in memory.

        :raises UsageError: for shapes that cannot be used.
        :raises DataError: for a file that is not RDF, or in which no shape finds anything to judge.
        """
        if not self.path.is_file():
            raise UsageError(
                "QCP-VAL-FILE",
                "There is no such file.",
                where=str(self.path),
                remedy="Check its name and the folder that you are in.",
            )
        shapes = context.shape_paths(self.settings.workspace, self.profiles)
        patches = [patch_file(self.settings.workspace, name) for name in self.patches]
        reference = validation.ReferenceGraph({})
        if not self.alone:
            reference = context.load(self.settings).reference
        if self.engine == "pyshacl":
            yield from self._refereed(shapes, patches, reference)
            return
        plan = validation.compile_shapes(shapes, patches, sparql=True)
        if _is_lines(self.path) and plan.streamable:
            jobs = self.settings.jobs or os.cpu_count() or 1
            lines = validation.LineFile(self.path)
            yield from validation.Judge(plan, lines, reference, jobs).results()
        else:
            triples = list(read(self.path))
            yield from validation.judge_graph(plan, triples, reference, timeout=self.timeout)
        self._look_for_silence(plan)

    def _refereed(
        self, shapes: Sequence[Path], patches: Sequence[Path], reference: validation.ReferenceGraph
    ) -> Iterator[validation.Result]:
        """Yield what pyshacl finds, in our words where our engine knows the shapes too."""
        triples = list(read(self.path))
        results = validation.referee(shapes, triples, reference, patches)
        try:
            plan = validation.compile_shapes(shapes, patches, sparql=True)
        except UsageError:
            yield from results
            return
        yield from validation.explained(results, plan, triples, reference)
        self._look_for_silence(plan)

    def _look_for_silence(self, plan: validation.ShapePlan) -> None:
        self.silent = tuple(validation.untested(plan, self.language))
        self.unread = tuple(validation.unread(plan, self.language))
        if not any(plan.focus_counts.values()):
            raise DataError(
                "QCP-VAL-NO-FOCUS",
                "No shape found anything to judge in the file: that is no sign of conformity. "
                f"It describes: {_described(self.path) or 'nothing with a class'}.",
                where=str(self.path),
                remedy="Check the namespace (ELM 3.1 and 3.3 differ) and the choice of shapes.",
            )


def _described(path: Path) -> str:
    """Return the most frequent classes of what a file describes, or of its beginning."""
    kinds = Counter(o for _, p, o in islice(read(path), _LOOKED_AT) if p == RDF_TYPE)
    return ", ".join(f"{count} {kind}" for kind, count in kinds.most_common(5))


def _is_lines(path: Path) -> bool:
    return path.name.lower().endswith((".nt", ".nq", ".nt.gz", ".nq.gz"))


def patch_file(workspace: Path | None, name: str) -> Path:
    """Return the file of a patch: a name in ``shapes/patches/``, or a path.

    :raises UsageError: when there is neither.
    """
    folders = [assets.root(), *([workspace] if workspace is not None else [])]
    known = {p.stem: p for f in folders for p in sorted((f / "shapes/patches").glob("*.ttl"))}
    path = known.get(name, Path(name))
    if not path.is_file():
        raise UsageError(
            "QCP-VAL-PROFILE",
            f"There is no patch and no file {name!r}.",
            remedy=f"Patches: {', '.join(sorted(known))}.",
        )
    return path


def read(path: Path) -> Iterator[Triple]:
    """Yield the triples of an RDF file.

    :raises UsageError: for an unknown file extension.
    :raises DataError: for a file that is too large or not well-formed, with line and column.
    """
    if path.suffix.lower() == ".gz" and _is_lines(path):
        lines = validation.LineFile(path)
        yield from (triple for piece in lines.pieces() for triple in lines.triples(piece))
        return
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise UsageError(
            "QCP-VAL-FORMAT",
            f"The extension {path.suffix!r} is not one of {', '.join(FORMATS)}.",
            where=str(path),
            remedy="Name an RDF file by its form. What a register delivers is judged once mapped: "
            "qcp validate REGISTER --input FILE.",
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
