"""Everything the folders ``ontology/`` of workspace and project say, ready for the other stages."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from qcp_graph import assets
from qcp_graph.errors import UsageError
from qcp_graph.terms import Triple, curie, iri_of, parts
from qcp_graph.vocabulary import levels, turtle
from qcp_graph.vocabulary.graph import IN_SCHEME, NOTATION, TYPE, Index

_DATA_FOLDERS: Final = ("frameworks", "vocabularies")
_FRAMEWORK: Final = curie("qcp:QualificationsFramework")
_CODES: Final = frozenset({NOTATION, curie("dcterms:identifier")})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The reference data of the graph.

    ``triples`` go to the graph ``vocabulary`` (frameworks and concept schemes), ``ontology`` to the
    graph ``ontology`` (our own terms); both are sorted. ``levels`` is framework id → notation →
    level. ``concepts`` is scheme IRI → code → concept IRI, where a code is a notation or another
    identifier (``FRA`` and ``FR``). ``fingerprint`` changes when a file, the base IRI or the EQF
    level of a level changes.
    """

    triples: Sequence[Triple]
    ontology: Sequence[Triple]
    fingerprint: str
    levels: levels.Levels
    concepts: Mapping[str, Mapping[str, str]]


def load(base_iri: str, workspace: Path | None = None, *, today: date | None = None) -> Vocabulary:
    """Read ``ontology/**/*.ttl`` of workspace and project.

    ``today`` decides which referencing statements are valid (default: the current day in UTC).

    :raises UsageError: for broken Turtle, blank nodes, incomplete levels and duplicate frameworks.
    """
    data: set[Triple] = set()
    ontology: set[Triple] = set()
    digest = hashlib.sha256(base_iri.encode())
    defined: dict[str, Path] = {}
    for name, path in _files(workspace):
        triples = list(turtle.read(path, base_iri))
        _check_frameworks(triples, path, defined)
        target = data if name.split("/", 1)[0] in _DATA_FOLDERS else ontology
        target.update(triples)
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    ordered = sorted(data)
    table = levels.table(Index.of(ordered), today or datetime.now(UTC).date())
    digest.update(repr(table).encode())
    return Vocabulary(ordered, sorted(ontology), digest.hexdigest(), table, _concepts(ordered))


def _files(workspace: Path | None) -> Iterator[tuple[str, Path]]:
    for root in assets.roots(workspace):
        folder = root / "ontology"
        for path in sorted(folder.rglob("*.ttl")):
            yield path.relative_to(folder).as_posix(), path


def _check_frameworks(triples: Iterable[Triple], path: Path, defined: dict[str, Path]) -> None:
    """Refuse a framework that two files define: their levels would mix without a trace."""
    for subject, predicate, value in triples:
        if predicate == TYPE and value == _FRAMEWORK:
            if subject in defined:
                raise UsageError(
                    "QCP-VOC-DUPLICATE",
                    f"Two files define the framework {iri_of(subject)}.",
                    where=f"{defined[subject]}, {path}",
                    remedy="Keep one of the files, or give one framework another id.",
                )
            defined[subject] = path


def _concepts(triples: Iterable[Triple]) -> Mapping[str, Mapping[str, str]]:
    codes: dict[str, list[str]] = defaultdict(list)
    schemes: dict[str, list[str]] = defaultdict(list)
    for subject, predicate, value in triples:
        if predicate in _CODES:
            codes[subject].append(parts(value)[0])
        elif predicate == IN_SCHEME:
            schemes[iri_of(value)].append(subject)
    return {
        scheme: {code: iri_of(concept) for concept in sorted(members) for code in codes[concept]}
        for scheme, members in sorted(schemes.items())
    }
