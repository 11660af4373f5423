"""Crosswalks of occupations in the home folder: one table per classification."""

import csv
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple, cast

from qcp_graph.errors import DataError, UsageError
from qcp_graph.linking.assertions import Assertion, Match
from qcp_graph.linking.occupations.classification import named
from qcp_graph.linking.occupations.crosswalk import (
    PROBABILITY,
    Mapped,
    OccupationCrosswalk,
    assertions,
)

FOLDER: Final = "occupations"
_SCHEME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
_COLUMNS: Final = ("code", "occupation", "match", "label")
_HEAD: Final = ("name", "version", "language")


class Stated(NamedTuple):
    """An occupation as a record states it: classification, code and name."""

    scheme: str
    code: str
    name: str = ""


@dataclass(frozen=True)
class Occupations:
    """The crosswalks that were imported, read when first needed."""

    home: Path

    @cached_property
    def fingerprint(self) -> str:
        """Changes when an occupation may be linked otherwise."""
        digest = hashlib.sha256()
        for path in self._paths:
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()

    @property
    def known(self) -> bool:
        """Tell whether there is any crosswalk."""
        return bool(self._paths)

    @cached_property
    def crosswalks(self) -> dict[str, OccupationCrosswalk]:
        """The crosswalks by scheme, such as ``rome``."""
        return {path.stem: _read(path) for path in self._paths}

    def links(self, subject: str, stated: Iterable[Stated]) -> list[Assertion]:
        """Return links from a qualification to the occupations its register states.

        A code that stands with the name of one of its members means that member.
        """
        by_scheme: dict[str, list[Stated]] = {}
        for one in stated:
            by_scheme.setdefault(one.scheme, []).append(one)
        found: list[Assertion] = []
        for scheme, several in sorted(by_scheme.items()):
            walk = self.crosswalks.get(scheme)
            if walk is not None:
                pairs = [(one.code, self.of(one)) for one in sorted(set(several))]
                found += assertions(walk, subject, pairs, scheme)
        return found

    def of(self, stated: Stated) -> Sequence[Mapped]:
        """Return the ESCO occupations of one that a record states, the closest first."""
        walk = self.crosswalks.get(stated.scheme)
        if walk is None:
            return ()
        return walk.of(named(stated.code, stated.name)) or walk.of(stated.code)

    @cached_property
    def _paths(self) -> list[Path]:
        return sorted((self.home / FOLDER).glob("*.csv"))


def keep(crosswalk: OccupationCrosswalk, scheme: str, home: Path) -> Path:
    """Write a crosswalk into the home folder in place of an earlier one; return the file.

    :raises UsageError: when the scheme is no short name of lower-case letters and digits.
    """
    if not _SCHEME.match(scheme):
        raise UsageError(
            "QCP-LNK-OCCUPATIONS",
            f"{scheme!r} cannot be the name of a classification.",
            remedy="Use lower-case letters, digits and hyphens, as the registers' identifiers do.",
        )
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".new", dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEAD)
        writer.writerow([crosswalk.name, crosswalk.version, crosswalk.language])
        writer.writerow(_COLUMNS)
        for code, several in sorted(crosswalk.table.items()):
            writer.writerows([code, one.occupation, one.match, one.label] for one in several)
    target = folder / f"{scheme}.csv"
    Path(name).chmod(0o644)
    Path(name).replace(target)
    return target


def _read(path: Path) -> OccupationCrosswalk:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            if tuple(next(lines)) != _HEAD:
                raise ValueError("its first line is not as this program writes it")
            name, version, language = next(lines)
            next(lines)
            table: dict[str, list[Mapped]] = {}
            for code, occupation, match, label in lines:
                if match not in PROBABILITY:
                    raise ValueError(f"{match!r} is no relation")
                one = Mapped(occupation, cast(Match, match), label)
                table.setdefault(code, []).append(one)
    except (OSError, ValueError, StopIteration, csv.Error) as error:
        raise DataError(
            "QCP-LNK-OCCUPATIONS",
            f"The crosswalk of occupations cannot be used: {error}",
            where=str(path),
            remedy="Import it again with `qcp occupations import`, or remove the file.",
        ) from error
    return OccupationCrosswalk(name, version, table, {}, language)
