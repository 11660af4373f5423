"""A register as its ``source.yaml`` describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


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
class Source:
    """One national register.

    ``id`` is ``<cc>-<register>``; ``country`` an ISO 3166-1 alpha-3 code as the EU country table
    writes it; ``frequency`` a code of the EU frequency table (``DAILY`` … ``IRREG``); ``address``
    what ``qcp fetch`` downloads: an http(s) URL, or a path relative to the project's folders for
    specimens; ``minimum`` the number of published records below which a build is refused;
    ``rules`` the folder of the mapping where it is not the register's own.
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
