"""Level: the national level, and each wider framework that dated referencing leads to."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from qcp_graph.compare import days
from qcp_graph.compare.facts import Bridge, Facts, Level
from qcp_graph.compare.judging import Reading, different, incomparable, row, same
from qcp_graph.compare.model import Judgement, Origin, Row, Said, Statement, because
from qcp_graph.namespaces import PREFIXES

_EQF: Final = PREFIXES["eqf"]
Place = tuple[str, float | None]
Ranks = dict[str, frozenset[Place]]


def rows(sides: Sequence[Facts], on: date) -> list[Row]:
    """Return the national level, then a row per wider framework; the EQF always has one."""
    found = [row("level", "national-level", [_national(f) for f in sides], _judge_national)]
    wider = _reached(sides)
    frameworks = sorted({w for w in wider if w} - {_EQF})
    eqf = [w for w in frameworks if w.endswith("/eqf")] or [_EQF]
    for framework in eqf + [w for w in frameworks if w not in eqf]:
        key = "eqf-level" if framework in eqf else "wider-level"
        readings = [_wider(f, framework, framework in eqf, on) for f in sides]
        found.append(row("level", key, readings, _judge_wider, framework))
    return found


def _reached(sides: Sequence[Facts]) -> set[str]:
    """Return the frameworks worth a row: wider ones, and national ones that two sides reach."""
    wide: set[str] = set()
    national: Counter[str] = Counter()
    for facts in sides:
        nations = set()
        for one in facts.levels:
            if one.iri.startswith(_EQF):  # what follows from the EQF adds nothing to it
                wide.add(one.framework)
                continue
            nations.add(one.framework)
            wide |= {_framework(b) for b in one.bridges if not b.national}
            nations |= {_framework(b) for b in one.bridges if b.national}
        national.update(nations)
    bridged = {_framework(b) for f in sides for n in f.levels for b in n.bridges if b.national}
    return wide | {framework for framework in bridged if national[framework] > 1}


def eqf(facts: Facts, on: date) -> float | None:
    """Return the EQF level on a date, None where none is known or several contradict."""
    frameworks = [_framework(b) for n in facts.levels for b in n.bridges]
    name = next((f for f in frameworks if f.endswith("/eqf")), _EQF)
    value = _wider(facts, name, True, on).value
    ranks = [rank for _, rank in value or () if rank is not None]
    return min(ranks, default=None)


def _framework(bridge: Bridge) -> str:
    return bridge.framework or (_EQF if bridge.target.startswith(_EQF) else "")


def _national(facts: Facts) -> Reading[Ranks]:
    """Read the levels of the record, those of the EQF apart; two of one framework contradict."""
    statements = facts.all("elm:NQFLevel", "level") + tuple(
        s for s in facts.all("elm:educationLevel", "level") if not s.text.startswith(_EQF)
    )
    written = facts.all("qcp:sourceLevel", "as-written")
    held = {level.iri: level for level in facts.levels}
    ranks: dict[str, set[Place]] = {}
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


def _wider(facts: Facts, framework: str, is_eqf: bool, on: date) -> Reading[frozenset[Place]]:
    """Read the levels in a wider framework: the record's own word, and where bridges lead.

    Where both agree, the published level may itself come from the referencing.
    """
    statements: list[Statement] = []
    stated: set[Place] = set()
    bridged: list[frozenset[Place]] = []
    for level in facts.levels:
        if level.framework == framework or (is_eqf and level.iri.startswith(_EQF)):
            stated.add((level.iri, level.rank))
            statements += [
                s
                for name in ("elm:EQFLevel", "elm:NQFLevel", "elm:educationLevel")
                for s in facts.all(name, "level")
                if s.text == level.iri
            ]
        elif not level.iri.startswith(_EQF):
            found = [b for b in level.bridges if _framework(b) == framework]
            now = [b for b in found if days.within(b.valid_from, b.valid_until, on)]
            statements += [_bridged(level, bridge, bridge in now) for bridge in found]
            if now:
                bridged.append(frozenset((b.target, b.rank) for b in now))
    led = {target for span in bridged for target, _ in span}
    said = [s._replace(label="published") if s.label == "level" and s.text in led else s
            for s in statements]  # fmt: skip
    return _weighed(tuple(dict.fromkeys(said)), stated, bridged, facts)


def _weighed(
    statements: tuple[Statement, ...],
    stated: set[Place],
    bridged: list[frozenset[Place]],
    facts: Facts,
) -> Reading[frozenset[Place]]:
    """Weigh what the record says against its bridges; one level may lead to a span of levels."""
    led = frozenset.intersection(*bridged) if bridged else frozenset()
    if len(stated) > 1 or (bridged and not led and not stated):
        return Reading(statements, None, because("levels-several"))
    if stated and bridged and not any(stated & span for span in bridged):
        return Reading(statements, None, because("level-against-bridge"))
    if not stated and not bridged and (facts.levels or facts.all("qcp:sourceLevel")):
        return Reading(statements, None, None, because("no-bridge"))
    return Reading(statements, frozenset(stated) or led or None)


def _bridged(level: Level, bridge: Bridge, now: bool) -> Statement:
    said = Said(Origin.REFERENCING, bridge.source, bridge.date, bridge.match, bridge.basis)
    label = "bridge" if now else "bridge-then"
    return Statement(label, bridge.target, said, is_iri=True, detail=level.iri)


def _judge_wider(a: frozenset[Place], b: frozenset[Place]) -> Judgement:
    """Judge two spans of levels, mostly of one level each: the same where they share one.

    >>> at = lambda *ranks: frozenset((str(rank), float(rank)) for rank in ranks)
    >>> _judge_wider(at(2, 3), at(6)).reason.values
    (('levels', '3–4'),)
    """
    if a & b:
        return same("level-same")
    steps = sorted(x - y for _, x in a for _, y in b if x is not None and y is not None)
    if not steps or steps[0] * steps[-1] <= 0:  # unknown, or one lies within the span of the other
        return different("level-other")
    near, far = sorted((abs(steps[0]), abs(steps[-1])))
    levels = f"{near:g}" if near == far else f"{near:g}–{far:g}"
    return different("level-higher" if steps[0] > 0 else "level-lower", levels=levels)
