"""What every register of a build shares: vocabularies, shapes, the ESCO index, the IRIs."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qcp_graph import __version__, assets, linking, validation, vocabulary
from qcp_graph.errors import UsageError
from qcp_graph.iris import Iris
from qcp_graph.linking.fields.opening import Fields
from qcp_graph.linking.occupations import Occupations
from qcp_graph.settings import Settings
from qcp_graph.terms import Triple

# Raised when the meaning of ledgers or provenance changes, so that every record is made anew.
FORMAT = "1"
BLOCKING = ("publication", "lifecycle", "links")


@dataclass(frozen=True)
class Context:
    """The shared inputs of a build; ``fingerprint`` changes when any of them does.

    ``language`` is that of problems found by shapes; releases have them in English. ``quality`` are
    the profiles by which every record is judged.
    """

    settings: Settings
    iris: Iris
    vocabulary: vocabulary.Vocabulary
    vocabulary_triples: Sequence[Triple]
    ontology_triples: Sequence[Triple]
    shapes: validation.ShapePlan
    reference: validation.ReferenceGraph
    esco: linking.EscoIndex
    fields: Fields
    occupations: Occupations
    fingerprint: str
    profiles: tuple[str, ...] = BLOCKING
    language: str = "en"
    quality: tuple[str, ...] = ()

    @property
    def software(self) -> str:
        """The program and its version, as the release names it."""
        return f"qcp-graph {__version__}"


def load(
    settings: Settings,
    profiles: Iterable[str] = BLOCKING,
    language: str = "en",
    quality: tuple[str, ...] = (),
) -> Context:
    """Read vocabularies, shapes and the ESCO extract of the workspace and the project.

    ``profiles`` are names of files in ``shapes/``, or paths of shapes graphs.
    """
    names = tuple(profiles)
    iris = Iris(settings.base_iri)
    known = vocabulary.load(settings.base_iri, settings.workspace)
    esco_triples, version = linking.load_extract(settings.workspace)
    triples = sorted({*known.triples, *esco_triples})
    ontology = sorted(set(known.ontology))
    shapes = validation.compile_shapes(shape_paths(settings.workspace, names))
    esco = linking.EscoIndex.from_triples(esco_triples, version)
    fields = Fields(settings.home, settings.workspace)
    occupations = Occupations(settings.home)
    made_of = (known, shapes, esco, fields, occupations)
    parts = (FORMAT, *(one.fingerprint for one in made_of), settings.base_iri)
    return Context(
        settings=settings,
        iris=iris,
        vocabulary=known,
        vocabulary_triples=triples,
        ontology_triples=ontology,
        shapes=shapes,
        reference=validation.ReferenceGraph.from_triples([*triples, *ontology]),
        esco=esco,
        fields=fields,
        occupations=occupations,
        fingerprint=digest(parts),
        profiles=names,
        language=language,
        quality=quality,
    )


def shape_paths(workspace: Path | None, names: Iterable[str]) -> list[Path]:
    """Return the shape files of profiles; with the blocking ones come the workspace's own.

    :raises UsageError: for a name that is neither a profile nor a file.
    """
    wanted = tuple(names)
    known = {path.stem: path for path in sorted((assets.root() / "shapes").glob("*.ttl"))}
    own = sorted((workspace / "shapes").glob("*.ttl")) if workspace is not None else []
    known.update({path.stem: path for path in own})
    found = [_shapes(name, known) for name in wanted]
    return found + (own if wanted == BLOCKING else [])


def _shapes(name: str, known: Mapping[str, Path]) -> Path:
    path = known.get(name, Path(name))
    if not path.is_file():
        raise UsageError(
            "QCP-VAL-PROFILE",
            f"There is no profile and no file {name!r}.",
            remedy=f"Profiles: {', '.join(sorted(known))}.",
        )
    return path


def digest(parts: Iterable[str]) -> str:
    """Return one sha256 over several strings, unambiguously joined."""
    total = hashlib.sha256()
    for part in parts:
        total.update(f"{len(part.encode())}:{part}".encode())
    return total.hexdigest()
