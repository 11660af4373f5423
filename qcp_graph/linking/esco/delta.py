"""What changed between two versions of ESCO, as far as links can notice it."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
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
    removed, added = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    successors = _recoded({uri: before[uri] for uri in removed}, {uri: after[uri] for uri in added})
    for uri, successor in new.relations("replaced-by"):
        if uri in before and uri not in after:
            successors[uri] = (*successors.get(uri, ()), successor)
    languages = sorted(set(old.languages()) & set(new.languages()))
    renamed: list[Renamed] = []
    relabelled: set[str] = set()
    for language in languages:
        _labels(old, new, language, before.keys() & after.keys(), renamed, relabelled)
    return Delta(
        old.version, new.version, tuple(added), tuple(removed), successors,
        tuple(sorted(renamed, key=lambda one: (one.uri, one.language))), frozenset(relabelled),
        tuple(languages),
    )  # fmt: skip


def _living(catalogue: Catalogue) -> dict[str, str]:
    """Return the concepts that may be linked to, with their codes.

    Obsolete ones stay in the files of a release, but nothing should be linked to them any more.
    """
    return {
        concept.uri: f"{kind} {concept.code}" if concept.code else ""
        for kind in _KINDS
        for concept in catalogue.concepts(kind)
        if concept.status != "obsolete"
    }


def _recoded(removed: dict[str, str], added: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the successors of groups that kept their code and got another IRI (1.1.0 to 1.1.1)."""
    by_code = {code: uri for uri, code in added.items() if code}
    return {uri: (by_code[code],) for uri, code in removed.items() if code in by_code}


def _labels(
    old: Catalogue, new: Catalogue, language: str, both: AbstractSet[str],
    renamed: list[Renamed], relabelled: set[str],
) -> None:  # fmt: skip
    before, after = _by_concept(old, language), _by_concept(new, language)
    for uri in both & (before.keys() | after.keys()):
        mine, theirs = before.get(uri, ("", frozenset())), after.get(uri, ("", frozenset()))
        if mine != theirs:
            relabelled.add(uri)
        if mine[0] != theirs[0]:
            renamed.append(Renamed(uri, language, mine[0], theirs[0]))


def _by_concept(catalogue: Catalogue, language: str) -> dict[str, tuple[str, frozenset[str]]]:
    found: dict[str, tuple[str, set[str]]] = {}
    kinds = (catalogue.labels(kind, language) for kind in _KINDS)  # a kind may change, too
    for label in chain.from_iterable(kinds):
        _, others = found.setdefault(label.uri, ("", set()))
        if label.preferred:
            found[label.uri] = label.value, others
        else:
            others.add(label.value)
    return {uri: (preferred, frozenset(others)) for uri, (preferred, others) in found.items()}
