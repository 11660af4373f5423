"""Named corrections of somebody else's shapes, made on top of their untouched files.

A patch is a Turtle node of type ``qcp:ShapesPatch`` (``shapes/patches/``): it names a shape, or the
property shapes of one by their path, and the triples that go and come. A patch that no longer
fits stops the run: what it was made for has changed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qcp_graph.errors import UsageError
from qcp_graph.namespaces import QCP
from qcp_graph.terms import RDF_TYPE, Triple, curie, parts
from qcp_graph.validation.graph import Properties, index

_PATCH: Final = f"<{QCP}ShapesPatch>"
_TARGET: Final = f"<{QCP}patches>"
_PATH: Final = f"<{QCP}patchPath>"
_REMOVES: Final = f"<{QCP}removes>"
_ADDS: Final = f"<{QCP}adds>"
Subjects = dict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class Patch:
    """One correction: ``removes`` and ``adds`` are pairs of predicate and value.

    A blank node among the removed values stands for any value. ``nodes`` are the triples that
    describe blank nodes among the added ones.
    """

    name: str
    reason: str
    shape: str
    path: str
    removes: tuple[tuple[str, str], ...]
    adds: tuple[tuple[str, str], ...]
    nodes: tuple[Triple, ...]


def read_patches(triples: Iterable[Triple], path: Path) -> list[Patch]:
    """Read the patches of a file, sorted by name.

    :raises UsageError: for a file without patches, or a patch without name, reason or target.
    """
    subjects = index(triples)
    named = sorted(
        s for s, properties in subjects.items() if _PATCH in properties.get(RDF_TYPE, ())
    )
    if not named:
        raise _error(path, "The file holds no patch (qcp:ShapesPatch).")
    return [_read(subjects, node, path) for node in named]


def _read(subjects: Subjects, node: str, path: Path) -> Patch:
    properties = subjects[node]
    reasons = [parts(v) for v in properties.get(curie("rdfs:comment"), ()) if v[0] == '"']
    shapes = properties.get(_TARGET, [])
    if node.startswith("_:") or not reasons or len(shapes) != 1:
        raise _error(path, f"The patch {node} needs an IRI, an rdfs:comment and one qcp:patches.")
    added = _pairs(subjects, properties.get(_ADDS, ()))
    return Patch(
        name=node,
        reason=next((text for text, tag, _ in reasons if tag == "en"), reasons[0][0]),
        shape=shapes[0],
        path=next(iter(properties.get(_PATH, ())), ""),
        removes=tuple(_pairs(subjects, properties.get(_REMOVES, ()))),
        adds=tuple(added),
        nodes=tuple(_described(subjects, [value for _, value in added])),
    )


def _pairs(subjects: Subjects, nodes: Sequence[str]) -> list[tuple[str, str]]:
    return [
        (predicate, value)
        for node in nodes
        for predicate, values in subjects.get(node, {}).items()
        for value in values
    ]


def _described(subjects: Subjects, nodes: Sequence[str]) -> Iterator[Triple]:
    """Yield the triples of blank nodes and of the blank nodes below them."""
    seen: set[str] = set()
    queue = [node for node in nodes if node.startswith("_:")]
    while queue:
        node = queue.pop()
        if node in seen:
            continue
        seen.add(node)
        for predicate, value in _pairs(subjects, [node]):
            yield node, predicate, value
            if value.startswith("_:"):
                queue.append(value)


def apply(triples: Sequence[Triple], patches: Sequence[Patch], where: str) -> list[Triple]:
    """Return the triples of a shapes graph with all patches made.

    :raises UsageError: for a patch that finds no shape, or not what it removes.
    """
    subjects = index(triples)
    gone: set[Triple] = set()
    come: list[Triple] = []
    for patch in patches:
        nodes = list(_nodes(subjects, patch))
        if not nodes:
            raise _unfit(patch, where, "it finds no shape")
        for node in nodes:
            gone.update(_removed(subjects[node], node, patch, where))
            come.extend((node, predicate, value) for predicate, value in patch.adds)
        come.extend(patch.nodes)
    return [*(triple for triple in triples if triple not in gone), *come]


def _nodes(subjects: Subjects, patch: Patch) -> Iterator[str]:
    if not patch.path:
        yield from (node for node in (patch.shape,) if node in subjects)
        return
    for child in subjects.get(patch.shape, {}).get(curie("sh:property"), ()):
        if patch.path in subjects.get(child, {}).get(curie("sh:path"), ()):
            yield child


def _removed(own: Properties, node: str, patch: Patch, where: str) -> Iterator[Triple]:
    for predicate, value in patch.removes:
        values = [v for v in own.get(predicate, ()) if v == value or value.startswith("_:")]
        if not values:
            raise _unfit(patch, where, f"there is no {predicate} {value} to remove")
        yield from ((node, predicate, v) for v in values)


def _unfit(patch: Patch, where: str, problem: str) -> UsageError:
    return UsageError(
        "QCP-VAL-PATCH",
        f"The patch {patch.name} does not fit these shapes: {problem}.",
        where=where,
        remedy="It was written for another version of the file: leave it out, or write it anew.",
    )


def _error(path: Path, problem: str) -> UsageError:
    return UsageError(
        "QCP-VAL-PATCH",
        problem,
        where=str(path),
        remedy="shapes/patches/ of the project shows how a patch is written.",
    )
