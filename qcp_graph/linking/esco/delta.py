"""What changed between two versions of ESCO, as far as links can notice it."""

from dataclasses import dataclass
from typing import Final

from qcp_graph.linking.esco.catalogue import Catalogue
from qcp_graph.linking.esco.rows import Kind

_KINDS: Final[tuple[Kind, ...]] = ("skill", "occupation", "skill-group", "isco-group")


@dataclass(frozen=True)
class Renamed:
    """A concept whose preferred label in a language is another one."""

    uri: str
    language: str
    old: str
    new: str


@dataclass(frozen=True)
class Delta:
    """Added and removed concepts, with the successors that are known, and changed labels.

    ``relabelled`` are concepts whose labels differ in any way, renamed ones included; only
    languages that both versions have are compared.
    """

    old: str
    new: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    successors: dict[str, tuple[str, ...]]
    renamed: tuple[Renamed, ...]
    relabelled: frozenset[str]
    languages: tuple[str, ...]

    @property
    def touched(self) -> frozenset[str]:
        """Every concept whose links must be looked at again."""
        return self.relabelled | frozenset(self.added) | frozenset(self.removed)


def delta(old: Catalogue, new: Catalogue) -> Delta:
    """Compare two versions: concepts that came and went, and their labels in shared languages."""
    before, after = _living(old), _living(new)
    removed = sorted(before - after)
    successors: dict[str, tuple[str, ...]] = {}
    gone = set(removed)
    for uri, successor in new.relations("replaced-by"):
        if uri in gone:
            successors[uri] = (*successors.get(uri, ()), successor)
    languages = sorted(set(old.languages()) & set(new.languages()))
    renamed: list[Renamed] = []
    relabelled: set[str] = set()
    for language in languages:
        for kind in _KINDS:
            _labels(old, new, kind, language, before & after, renamed, relabelled)
    return Delta(
        old.version, new.version, tuple(sorted(after - before)), tuple(removed), successors,
        tuple(sorted(renamed, key=lambda one: (one.uri, one.language))), frozenset(relabelled),
        tuple(languages),
    )  # fmt: skip


def _living(catalogue: Catalogue) -> set[str]:
    """Return the concepts that may be linked to: obsolete ones stay in the files of a release."""
    return {
        concept.uri
        for kind in _KINDS
        for concept in catalogue.concepts(kind)
        if concept.status != "obsolete"
    }


def _labels(
    old: Catalogue, new: Catalogue, kind: Kind, language: str, both: set[str],
    renamed: list[Renamed], relabelled: set[str],
) -> None:  # fmt: skip
    before, after = _by_concept(old, kind, language), _by_concept(new, kind, language)
    for uri in both & (before.keys() | after.keys()):
        mine, theirs = before.get(uri, ("", frozenset())), after.get(uri, ("", frozenset()))
        if mine != theirs:
            relabelled.add(uri)
        if mine[0] != theirs[0]:
            renamed.append(Renamed(uri, language, mine[0], theirs[0]))


def _by_concept(
    catalogue: Catalogue, kind: Kind, language: str
) -> dict[str, tuple[str, frozenset[str]]]:
    found: dict[str, tuple[str, set[str]]] = {}
    for label in catalogue.labels(kind, language):
        _, others = found.setdefault(label.uri, ("", set()))
        if label.preferred:
            found[label.uri] = label.value, others
        else:
            others.add(label.value)
    return {uri: (preferred, frozenset(others)) for uri, (preferred, others) in found.items()}
