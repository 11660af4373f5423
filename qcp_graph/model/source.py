"""A register as its ``source.yaml`` describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Owner:
    """The body that keeps the register."""

    name: str
    homepage: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Licence:
    """The licence of the source data."""

    label: str
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Linking:
    """How the learning outcomes of a register are linked to ESCO (docs/linking.md).

    ``tier`` is ``labels`` (equal labels of the project's extract alone), ``core``, ``semantic`` or
    ``none``; ``esco`` a version (empty: the newest that is imported); ``languages`` those whose
    texts are linked (empty: all). Links at least as probable as ``accept`` are asserted, those at
    least as probable as ``suggest`` wait for a reviewer, ``most`` of them per text; with
    ``four_eyes`` two reviewers must agree.
    """

    tier: Literal["labels", "core", "semantic", "none"] = "core"
    esco: str = ""
    languages: tuple[str, ...] = ()
    accept: float = 0.85
    suggest: float = 0.3
    most: int = 5
    four_eyes: bool = False


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares from 0 to 1 above which the new state of a register does not go live.

    ``withheld``: of the records read, those quarantined or rejected; ``lost``: of the records
    published before, by how many fewer there would be. 1 allows everything.
    """

    withheld: float = 1.0
    lost: float = 1.0


Gate = Literal["block", "warn", "inform"]
"""What a failed profile does: keep the record out, name the problem, or only show in quality."""


@dataclass(frozen=True, slots=True)
class Source:
    """One national register.

    ``id`` is ``<cc>-<register>``; ``country`` an ISO 3166-1 alpha-3 code as the EU country table
    writes it; ``frequency`` a code of the EU frequency table (``DAILY`` … ``IRREG``); ``address``
    what ``qcp fetch`` downloads: an http(s) URL, or a path relative to the project's folders for
    specimens; ``minimum`` the number of published records below which a build is refused;
    ``rules`` the folder of the mapping where it is not the register's own; ``profiles`` what a
    profile's verdict does to a record.
    """

    id: str
    title: Mapping[str, str]
    country: str
    owner: Owner
    licence: Licence
    frequency: str
    folder: Path
    address: str = ""
    homepage: str = ""
    description: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    minimum: int = 1
    specimen: bool = False
    note: str = ""
    rules: Path | None = None
    linking: Linking = field(default_factory=Linking)
    thresholds: Thresholds = field(default_factory=Thresholds)
    profiles: Mapping[str, Gate] = field(default_factory=dict)
