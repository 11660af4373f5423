"""The codes a register states → those of a mapping: wider groups, newer editions, other numbers.

ROME is the case in point. ESCO's mapping names ROME's single occupations by numbers of their own
and by name; registers state the codes of groups ("D1102"). The classification's own table, which
the employment service publishes, gives both: occupations by name, and the group each belonged to.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from qcp_graph.errors import UsageError
from qcp_graph.linking.esco.catalogue import fold
from qcp_graph.linking.occupations.crosswalk import Mapped, OccupationCrosswalk, through_groups

MAX_ROWS: Final = 1_000_000
_CODES: Final = ("code", "code_rome")
_LABELS: Final = ("label", "libelle", "libelle_rome")
_PARENTS: Final = ("parent", "group", "code_rome_parent")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a classification: an occupation with its code, its name and its group's code."""

    code: str
    label: str
    parent: str = ""


def entries(path: Path) -> list[Entry]:
    """Read a classification (CSV with columns for code, label and, if any, parent).

    :raises UsageError: when the file is no CSV or lacks a code or a label.
    """
    found = []
    for row in _rows(path):
        code, label, parent = (_cell(row, names) for names in (_CODES, _LABELS, _PARENTS))
        if code and label:
            found.append(Entry(code, label, parent))
    if not found:
        raise UsageError(
            "QCP-LNK-OCCUPATIONS",
            "The classification has no line with a code and a label.",
            where=str(path),
            remedy="Give a CSV file with the columns `code`, `label` and `parent`.",
        )
    return found


def regrouped(
    crosswalk: OccupationCrosswalk, classification: Sequence[Entry]
) -> OccupationCrosswalk:
    """Return the crosswalk of a classification's codes.

    An entry corresponds to what the mapping says of the occupation of its code, or else of its
    name. Codes of groups have what their members have, as narrower occupations: a group's code may
    at the same time be that of one of its members, and then means the group, unless a record states
    the member's name (the crosswalk has it under ``code`` + TAB + folded name).
    """
    by_name = {singular(name): code for code, name in crosswalk.names.items()}
    single: dict[str, Sequence[Mapped]] = {}
    groups: dict[str, str] = {}
    for entry in classification:
        known = entry.code if entry.code in crosswalk.table else by_name.get(singular(entry.label))
        single[entry.code] = crosswalk.of(known) if known else ()
        groups[entry.code] = entry.parent or entry.code
    members = replace(crosswalk, table=single)
    wide = through_groups(members, groups)
    table = {code: some for code, some in single.items() if some and code not in wide.table}
    table |= {code: some for code, some in wide.table.items() if some}
    for entry in classification:
        if single[entry.code]:
            table[named(entry.code, entry.label)] = single[entry.code]
    names = {entry.code: entry.label for entry in classification}
    return replace(crosswalk, table=table, names=names)


def prefixes(crosswalk: OccupationCrosswalk) -> OccupationCrosswalk:
    """Return the crosswalk with the shorter codes that its own begin with, before ``-`` or ``.``.

    The mapping need not name every member of a shorter code: what it has is always narrower.

    >>> one = Mapped("http://data.europa.eu/esco/occupation/o", "exactMatch")
    >>> walk = OccupationCrosswalk("KldB", "1.1", {"28222-100": [one]})
    >>> [mapped.match for mapped in prefixes(walk).of("28222")]
    ['narrowMatch']
    """
    wide: dict[str, set[Mapped]] = {}
    for code, several in crosswalk.table.items():
        group = re.split(r"[-.]", code)[0]
        if group != code:
            narrower = (replace(one, match="narrowMatch") for one in several)
            wide.setdefault(group, set()).update(narrower)
    shorter = {group: sorted(several) for group, several in wide.items()}
    return replace(crosswalk, table={**shorter, **crosswalk.table})


def named(code: str, label: str) -> str:
    """Return the key of a code that stands with a name.

    >>> named("D1102", "Boulanger / Boulangère").split(chr(9))
    ['D1102', 'boulanger']
    """
    return f"{code}\t{singular(label)}"


def singular(name: str) -> str:
    """Return a folded name in its first form: ``Boulanger / Boulangère`` as ``boulanger``.

    >>> singular("Agent / Agente d'accueil"), singular("Garde")
    ("agent d'accueil", 'garde')
    """
    first, slash, second = name.partition(" / ")
    rest = second.split()[len(first.split()) :] if slash else []
    return fold(" ".join([first, *rest]))


def _cell(row: Mapping[str, str], names: Sequence[str]) -> str:
    return next((row[name].strip() for name in names if row.get(name)), "")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            delimiter = max(",;\t", key=file.readline().count)
            file.seek(0)
            lines = csv.reader(file, delimiter=delimiter)
            names = [name.strip().casefold() for name in next(lines, [])]
            for number, row in enumerate(lines):
                if number >= MAX_ROWS:
                    return
                yield dict(zip(names, row, strict=False))
    except (OSError, csv.Error) as error:
        raise UsageError(
            "QCP-LNK-OCCUPATIONS",
            f"The classification cannot be read: {error}",
            where=str(path),
            remedy="Give a CSV file in UTF-8.",
        ) from error
