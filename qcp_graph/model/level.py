"""A level of a qualifications framework, as mappings and pages look it up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LevelEntry:
    """One level and the EQF levels that a dated source gives it today.

    ``iri`` is the official concept where there is one, else ours; ``label`` the English name;
    ``eqf`` the numbers of the EQF levels (``("2", "3")`` for a level that spans two), empty where
    no source references the level: an equal number proves nothing.
    """

    iri: str
    label: str
    eqf: tuple[str, ...] = ()
