"""National occupations → ESCO occupations, from the mapping files that ESCO's portal publishes.

The files are the operator's; none comes with the program.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from qcp_graph.errors import UsageError
from qcp_graph.linking.assertions import Assertion, Match, text_key

MAX_ROWS: Final = 1_000_000
OCCUPATION: Final = "/esco/occupation/"
# The files read the relation from ESCO's side; ours is read from the national occupation's.
_PREFIX: Final = re.compile(r"^[A-Z] (?=\d)")  # "B 01104-104": the German file marks its codes
_TURNED: Final[Mapping[str, Match]] = {
    "exactMatch": "exactMatch", "closeMatch": "closeMatch",
    "narrowMatch": "broadMatch", "broadMatch": "narrowMatch",
}  # fmt: skip
# How probable it is that a qualification for the national occupation leads to the ESCO occupation.
PROBABILITY: Final[Mapping[Match, float]] = {
    "exactMatch": 0.98, "closeMatch": 0.9, "broadMatch": 0.9, "narrowMatch": 0.5,
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Mapped:
    """An ESCO occupation that a national one corresponds to; ``match`` is read from the latter."""

    occupation: str
    match: Match
    label: str = ""


@dataclass(frozen=True)
class OccupationCrosswalk:
    """ESCO occupations by national code; ``name`` and ``version`` as the file states them.

    ``names`` are the national occupations' own names by code, ``language`` that of the labels.
    """

    name: str
    version: str
    table: Mapping[str, Sequence[Mapped]]
    names: Mapping[str, str] = field(default_factory=dict)
    language: str = ""

    def of(self, code: str) -> Sequence[Mapped]:
        """Return what a national code corresponds to, the closest first; nothing if unknown."""
        return self.table.get(code.strip(), ())


def read(path: Path) -> OccupationCrosswalk:
    """Read a mapping file of ESCO's portal (CSV: a head of facts, then one mapping per line).

    Lines that map to ISCO groups instead of occupations are passed over.

    :raises UsageError: when the file has no line of column names of that form.
    """
    facts: dict[str, str] = {}
    columns: dict[str, int] = {}
    found: dict[str, set[Mapped]] = {}
    names: dict[str, str] = {}
    for row in _lines(path):
        if not columns:
            columns = _columns(row)
            if len(row) > 1 and not columns:
                facts.setdefault(row[0].strip(), row[1].strip())
        elif len(row) > max(columns.values()) and OCCUPATION in row[columns["iri"]]:
            match = _TURNED.get(row[columns["relation"]].rpartition(":")[2])
            code = _PREFIX.sub("", row[columns["code"]].rpartition("/")[2].strip())
            if match and code:
                names.setdefault(code, row[columns["name"]].strip())
                one = Mapped(row[columns["iri"]].strip(), match, row[columns["label"]].strip())
                found.setdefault(code, set()).add(one)
    if not columns:
        raise UsageError(
            "QCP-LNK-OCCUPATIONS",
            "The file is no mapping of occupations to ESCO.",
            where=str(path),
            remedy="Give a CSV file as ESCO's portal publishes them, with its column names.",
        )
    table = {code: sorted(some, key=_closeness) for code, some in sorted(found.items())}
    name = facts.get("Classification 2 Name", "") or facts.get("Mapping project name", "")
    language = facts.get("Classification 1 Language", "")[:2].lower()
    return OccupationCrosswalk(
        name.strip(), facts.get("Classification 1 Version", ""), table, names, language
    )


def through_groups(
    crosswalk: OccupationCrosswalk, groups: Mapping[str, str]
) -> OccupationCrosswalk:
    """Return the crosswalk of wider codes, such as ROME's, that the mapped ones belong to.

    ``groups`` gives the wider code of a mapped one. What a member corresponds to is narrower than,
    or as wide as, its group: an exact match of the only member stays exact.
    """
    members: dict[str, list[str]] = {}
    for code, group in groups.items():
        if code in crosswalk.table:
            members.setdefault(group, []).append(code)
    table = {}
    for group, codes in sorted(members.items()):
        alone = len(codes) == 1
        found = {
            one if alone else Mapped(one.occupation, "narrowMatch", one.label)
            for code in codes
            for one in crosswalk.of(code)
        }
        table[group] = sorted(found, key=_closeness)
    return replace(crosswalk, table=table)


def assertions(
    crosswalk: OccupationCrosswalk, subject: str, found: Iterable[tuple[str, Sequence[Mapped]]],
    scheme: str,
) -> list[Assertion]:  # fmt: skip
    """Return links from a qualification to ESCO occupations, by its national occupation codes.

    ``found`` holds codes with what they correspond to. Only exact occupations are accepted: all
    others, even close ones, differ in what the work is, and wait for a reviewer.
    """
    best: dict[str, tuple[Mapped, str]] = {}
    for code, several in found:
        for one in several:
            known = best.get(one.occupation)
            if known is None or _closeness(one) < _closeness(known[0]):
                best[one.occupation] = one, code
    return [
        Assertion(
            "occupation", subject, iri, one.match,
            "accepted" if one.match == "exactMatch" else "suggested",
            f"crosswalk {scheme}", crosswalk.version, probability=PROBABILITY[one.match],
            label=one.label, language=crosswalk.language if one.label else "",
            key=text_key(f"{scheme} {code}", "", "occupation"),
            justification="MappingChaining", comment=f"{scheme} {code}",
        )
        for iri, (one, code) in sorted(best.items())
    ]  # fmt: skip


def _closeness(one: Mapped) -> tuple[int, str]:
    order = {"exactMatch": 0, "closeMatch": 1, "broadMatch": 2, "narrowMatch": 3}
    return order[one.match], one.occupation


def _columns(row: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        low = cell.casefold().strip()
        if re.match(r"classification 1 (id|uri)\Z", low):
            found["iri"] = place
        elif re.match(r"classification 1 pref", low):
            found["label"] = place
        elif re.match(r"classification 2 (id|uri)\Z", low):
            found["code"] = place
        elif re.match(r"classification 2 pref", low):
            found["name"] = place
        elif low == "mapping relation":
            found["relation"] = place
    return found if len(found) == 5 else {}


def _lines(path: Path) -> Iterable[list[str]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for number, row in enumerate(csv.reader(file)):
            if number >= MAX_ROWS:
                return
            yield row
