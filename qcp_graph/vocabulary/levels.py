"""Level tables: what a level of a framework is called, and the EQF level a dated source gives it.

Only ``qcp:Referenced`` and ``qcp:BlanketStatement`` statements that are valid on the day count:
a technical comparison is not referencing, and an equal number proves nothing.
"""

from collections import defaultdict
from collections.abc import Mapping, Set
from datetime import date
from typing import Final

from qcp_graph.errors import UsageError
from qcp_graph.model.level import LevelEntry
from qcp_graph.namespaces import PREFIXES
from qcp_graph.terms import curie, iri_of
from qcp_graph.vocabulary.graph import IN_SCHEME, LABEL, NOTATION, Index

Levels = Mapping[str, Mapping[str, LevelEntry]]

_COUNTING: Final = frozenset({curie("qcp:Referenced"), curie("qcp:BlanketStatement")})
_EQF: Final = "<" + PREFIXES["eqf"]


def table(index: Index, today: date) -> Levels:
    """Return framework id → level notation → entry, levels in the order of ``qcp:rank``.

    :raises UsageError: for a level without notation, English label, rank or framework.
    """
    frameworks = {
        framework: index.text(framework, NOTATION)
        for framework in index.instances(curie("qcp:QualificationsFramework"))
    }
    eqf = _referenced(index, today)
    ranked: dict[str, list[tuple[int, str, LevelEntry]]] = defaultdict(list)
    for level in index.instances(curie("qcp:Level")):
        schemes = [s for s in index.values(level, IN_SCHEME) if s in frameworks]
        notation, label = index.text(level, NOTATION), index.text(level, LABEL, "en")
        rank = index.text(level, curie("qcp:rank"))
        if not (schemes and notation and label and _is_integer(rank)):
            raise _incomplete(level)
        numbers = tuple(sorted(eqf.get(level, frozenset())))
        entry = LevelEntry(iri_of(level), label, numbers)
        for scheme in schemes:
            ranked[frameworks[scheme]].append((int(rank), notation, entry))
    return {
        framework: _by_notation(framework, sorted(ranked[framework], key=lambda row: row[:2]))
        for framework in sorted(ranked)
    }


def _by_notation(framework: str, rows: list[tuple[int, str, LevelEntry]]) -> dict[str, LevelEntry]:
    levels: dict[str, LevelEntry] = {}
    for _, notation, entry in rows:
        if notation in levels:
            raise UsageError(
                "QCP-VOC-DUPLICATE",
                f"The framework {framework} has two levels with the notation {notation!r}: "
                f"{levels[notation].iri} and {entry.iri}.",
                remedy="Give each level of a framework its own skos:notation.",
            )
        levels[notation] = entry
    return levels


def _referenced(index: Index, today: date) -> Mapping[str, Set[str]]:
    numbers: dict[str, set[str]] = defaultdict(set)
    for node in index.instances(curie("qcp:LevelReferencing")):
        if not _COUNTING.intersection(index.values(node, curie("qcp:match"))):
            continue
        if not _valid(index, node, today):
            continue
        for level in index.values(node, curie("qcp:level")):
            for target in index.values(node, curie("qcp:referencedTo")):
                if target.startswith(_EQF):
                    numbers[level].add(iri_of(target).rpartition("/")[2])
    for level in index.instances(curie("qcp:Level")):
        if level.startswith(_EQF):  # an EQF level is its own reference
            numbers[level].add(iri_of(level).rpartition("/")[2])
    return numbers


def _valid(index: Index, node: str, today: date) -> bool:
    """Tell whether a statement holds on a day; a year as limit includes the whole year."""
    day = today.isoformat()
    start = index.text(node, curie("qcp:validFrom"))
    end = index.text(node, curie("qcp:validUntil"))
    return (not start or start <= day) and (not end or day[: len(end)] <= end)


def _is_integer(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _incomplete(level: str) -> UsageError:
    return UsageError(
        "QCP-VOC-LEVEL",
        f"The level {iri_of(level)} lacks its framework, notation, English label or rank.",
        remedy="Add skos:inScheme, skos:notation, skos:prefLabel with @en and qcp:rank (a whole "
        "number); docs/ontology.md shows a complete level.",
    )
