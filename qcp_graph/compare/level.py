"""Level: the national level, and each wider framework that dated referencing leads to."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from qcp_graph.compare import days
from qcp_graph.compare.facts import Bridge, Facts, Level
from qcp_graph.compare.judging import Reading, different, incomparable, row, same
from qcp_graph.compare.model import Judgement, Origin, Row, Said, Statement, because
from qcp_graph.namespaces import PREFIXES

_EQF: Final = PREFIXES["eqf"]
Ranks = dict[str, frozenset[tuple[str, float | None]]]


def rows(sides: Sequence[Facts], on: date) -> list[Row]:
    """Return the national level, then a row per wider framework; the EQF always has one."""
    found = [row("level", "national-level", [_national(f) for f in sides], _judge_national)]
    wider = {
        _framework(b)
        for f in sides
        for n in f.levels
        if not n.iri.startswith(_EQF)  # what follows from the EQF adds nothing to it
        for b in n.bridges
    }
    wider |= {n.framework for f in sides for n in f.levels if n.iri.startswith(_EQF)}
    frameworks = sorted({w for w in wider if w} - {_EQF})
    eqf = [w for w in frameworks if w.endswith("/eqf")] or [_EQF]
    for framework in eqf + [w for w in frameworks if w not in eqf]:
        key = "eqf-level" if framework in eqf else "wider-level"
        readings = [_wider(f, framework, framework in eqf, on) for f in sides]
        found.append(row("level", key, readings, _judge_wider, framework))
    return found


def _framework(bridge: Bridge) -> str:
    return bridge.framework or (_EQF if bridge.target.startswith(_EQF) else "")


def _national(facts: Facts) -> Reading[Ranks]:
    """Read the levels of the record, those of the EQF apart; two of one framework contradict."""
    statements = facts.all("elm:NQFLevel", "level") + tuple(
        s for s in facts.all("elm:educationLevel", "level") if not s.text.startswith(_EQF)
    )
    written = facts.all("qcp:sourceLevel", "as-written")
    held = {level.iri: level for level in facts.levels}
    ranks: dict[str, set[tuple[str, float | None]]] = {}
    for statement in statements:
        level = held.get(statement.text, Level(statement.text, "", None, ()))
        ranks.setdefault(level.framework, set()).add((level.iri, level.rank))
    several = [f for f, found in ranks.items() if f and len(found) > 1]
    if several:
        return Reading(statements + written, None, because("levels-several"))
    if not ranks and written:
        return Reading(written, None, None, because("level-unread"))
    value = {f: frozenset(found) for f, found in ranks.items()}
    return Reading(statements + written, value or None)


def _judge_national(a: Ranks, b: Ranks) -> Judgement:
    shared = sorted(f for f in a.keys() & b.keys() if f)
    if not shared:
        equal = a.get("", frozenset()) & b.get("", frozenset())
        return same("level-same") if equal else incomparable("other-frameworks")
    (one,), (other,) = a[shared[0]], b[shared[0]]
    return same("level-same") if one == other else _distance(one[1], other[1])


def _distance(a: float | None, b: float | None) -> Judgement:
    if a is None or b is None or a == b:
        return different("level-other")
    return different("level-higher" if a > b else "level-lower", levels=f"{abs(a - b):g}")


def _wider(
    facts: Facts, framework: str, is_eqf: bool, on: date
) -> Reading[frozenset[tuple[str, float | None]]]:
    """Read the levels in a wider framework: the record's own word, and where bridges lead."""
    statements: list[Statement] = []
    stated, bridged = set(), set()
    for level in facts.levels:
        if level.framework == framework or (is_eqf and level.iri.startswith(_EQF)):
            stated.add((level.iri, level.rank))
            statements += [
                s
                for name in ("elm:EQFLevel", "elm:NQFLevel", "elm:educationLevel")
                for s in facts.all(name, "level")
                if s.text == level.iri
            ]
        for bridge in level.bridges:
            if _framework(bridge) == framework and not level.iri.startswith(_EQF):
                now = days.within(bridge.valid_from, bridge.valid_until, on)
                statements.append(_bridged(level, bridge, now))
                if now:
                    bridged.add((bridge.target, bridge.rank))
    found = tuple(dict.fromkeys(statements))
    if stated and bridged and not stated & bridged:
        return Reading(found, None, because("level-against-bridge"))
    if len(stated) > 1 or (not stated and len(bridged) > 1):
        return Reading(found, None, because("levels-several"))
    if not stated and not bridged and (facts.levels or facts.all("qcp:sourceLevel")):
        return Reading(found, None, None, because("no-bridge"))
    return Reading(found, frozenset(stated or bridged) or None)


def _bridged(level: Level, bridge: Bridge, now: bool) -> Statement:
    said = Said(Origin.REFERENCING, bridge.source, bridge.date, bridge.match, bridge.basis)
    label = "bridge" if now else "bridge-then"
    return Statement(label, bridge.target, said, is_iri=True, detail=level.iri)


def _judge_wider(
    a: frozenset[tuple[str, float | None]], b: frozenset[tuple[str, float | None]]
) -> Judgement:
    (one,), (other,) = a, b
    return same("level-same") if one == other else _distance(one[1], other[1])
