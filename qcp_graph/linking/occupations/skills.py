"""The skills an occupation asks for, by ESCO, and how far a qualification's skills meet them."""

from collections.abc import Iterable
from dataclasses import dataclass

from qcp_graph.linking.esco.catalogue import Catalogue
from qcp_graph.linking.esco.rows import RelationKind


@dataclass(frozen=True, slots=True)
class Requirements:
    """Essential and optional skills of an occupation (IRIs)."""

    essential: frozenset[str]
    optional: frozenset[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Skills that a qualification and an occupation share, and the essential ones that are missing.

    ``coverage`` is the share of the essential skills that the qualification has; 0 where ESCO names
    no essential skill.
    """

    essential: tuple[str, ...]
    optional: tuple[str, ...]
    missing: tuple[str, ...]
    beyond: tuple[str, ...]
    coverage: float


def requirements(catalogue: Catalogue, occupations: Iterable[str]) -> dict[str, Requirements]:
    """Return what occupations ask for; those that the version does not know are left out."""
    wanted = set(occupations)
    found: dict[str, dict[str, set[str]]] = {}
    kinds: tuple[RelationKind, ...] = ("essential", "optional")
    for kind in kinds:
        for occupation, skill in catalogue.relations(kind):
            if occupation in wanted:
                found.setdefault(occupation, {}).setdefault(kind, set()).add(skill)
    return {
        iri: Requirements(frozenset(some.get("essential", ())), frozenset(some.get("optional", ())))
        for iri, some in sorted(found.items())
    }


def compare(skills: Iterable[str], wanted: Requirements) -> Comparison:
    """Compare the skills of a qualification with those an occupation asks for.

    >>> asked = Requirements(frozenset({"a", "b"}), frozenset({"c"}))
    >>> compare(["a", "c", "d"], asked)
    Comparison(essential=('a',), optional=('c',), missing=('b',), beyond=('d',), coverage=0.5)
    """
    own = set(skills)
    met = own & wanted.essential
    return Comparison(
        tuple(sorted(met)),
        tuple(sorted(own & wanted.optional)),
        tuple(sorted(wanted.essential - own)),
        tuple(sorted(own - wanted.essential - wanted.optional)),
        len(met) / len(wanted.essential) if wanted.essential else 0.0,
    )
