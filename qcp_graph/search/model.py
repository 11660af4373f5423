"""What the index answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

FACETS: Final = (
    *("country", "register", "eqf", "level", "field", "status", "type", "micro", "partial"),
    *("body", "credits", "language", "mode", "group", "quality", "year", "has", "lacks"),
)
"""Fields whose values are counted beside a list of results, in this order."""
FIELDS: Final = (*FACETS, "isced", "framework", "skill", "occupation")
"""Fields a list of qualifications can be filtered by."""
SORTS: Final = ("relevance", "title", "country", "eqf", "newest")
SHOWN: Final = ("register", "eqf", "level", "field", "status", "type", "partial", "body")
"""Fields that a result carries with it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One qualification in a list; ``titles`` by language, ``facts`` values of :data:`SHOWN`."""

    iri: str
    title: str
    language: str
    country: str
    register: str
    outcomes: int
    linked: int
    skills: int
    titles: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """One page of a search and how many qualifications match in all.

    ``read`` is the text that was searched instead of the one that was typed, if another one;
    ``ignored`` are words of it that no qualification has.
    """

    total: int
    hits: tuple[Hit, ...]
    read: str = ""
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet; ``iri`` names the concept, where there is one."""

    value: str
    iri: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field with their counts, the most frequent first (levels in order)."""

    field: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A register with the fate of its records and what its qualifications carry.

    ``qualifications`` counts what is published now; ``outcomes``, ``eqf``, ``field`` and
    ``links`` how many of them have outcomes, an EQF level, an ISCED-F field, linked ESCO skills.
    """

    iri: str
    identifier: str
    country: str
    specimen: int
    frequency: str
    snapshot: str
    retrieved: str
    owner: str
    licence: str
    licence_label: str
    read: int
    published: int
    quarantined: int
    rejected: int
    withdrawn: int
    qualifications: int
    outcomes: int
    eqf: int
    field: int
    links: int


@dataclass(frozen=True, slots=True)
class OrganisationEntry:
    """An organisation and how many qualifications it awards."""

    iri: str
    name: str
    language: str
    country: str
    qualifications: int


@dataclass(frozen=True, slots=True)
class Framework:
    """A qualifications framework; ``country`` is the IRI of a country, or empty."""

    iri: str
    country: str
    notation: str
    levels: int
    qualifications: int


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a framework; with several EQF levels, one entry each; ``eqf`` may be empty."""

    framework: str
    rank: float
    iri: str
    notation: str
    eqf: str
    match: str
    date: str
    source: str
    basis: str
    qualifications: int
