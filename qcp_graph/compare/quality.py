"""Quality assurance: accreditations with their time, type and agent."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from qcp_graph.compare import days
from qcp_graph.compare.facts import Facts
from qcp_graph.compare.judging import Reading, different, row, same, sets
from qcp_graph.compare.model import Judgement, Row, Statement, because

_SHOWN: Final = (
    ("dcterms:title", "accreditation"),
    ("dcterms:type", "accreditation-type"),
    ("elm:accreditingAgent", "agent"),
    ("dcterms:issued", "issued"),
    ("elm:expiryDate", "expires"),
)


def rows(sides: Sequence[Facts], on: date) -> list[Row]:
    """Return whether an accreditation holds on the date, and who gave those that are told."""
    return [
        row("quality", "accreditation", [_standing(f, on) for f in sides], _judge),
        row("quality", "agents", [_agents(f) for f in sides], sets),
    ]


def _standing(facts: Facts, on: date) -> Reading[str]:
    nodes = facts.nodes("elm:accreditation")
    shown = tuple(
        s for node in nodes for name, label in _SHOWN for s in facts.all(name, label, node)
    ) or facts.all("elm:accreditation", "accreditation")
    words = facts.words("accreditation-and-quality-assurance")
    if not nodes:
        return Reading(words, None, None, because("in-words") if words else None)
    if _current(facts, on):
        return _concluded((*shown, *words), "accredited")
    if not all(_days(facts, node) for node in nodes):
        return Reading((*shown, *words), None, None, because("accreditation-undated"))
    return _concluded((*shown, *words), "accreditation-over")


def _concluded(statements: tuple[Statement, ...], standing: str) -> Reading[str]:
    return Reading(statements, standing, concluded=because("here-" + standing))


def _current(facts: Facts, on: date) -> list[str]:
    """Return the accreditations that hold on a date; without any day none is known to."""
    found = []
    for node in facts.nodes("elm:accreditation"):
        issued = (facts.texts("dcterms:issued", node) or [""])[0]
        expires = (facts.texts("elm:expiryDate", node) or [""])[-1]
        if _days(facts, node) and days.within(issued, expires, on):
            found.append(node)
    return found


def _days(facts: Facts, node: str) -> bool:
    return any(facts.texts(name, node) for name in ("dcterms:issued", "elm:expiryDate"))


def _judge(a: str, b: str) -> Judgement:
    return same("quality-" + a) if a == b else different("quality-differs", first=a, second=b)


def _agents(facts: Facts) -> Reading[frozenset[str]]:
    agents: list[Statement] = []
    for node in facts.nodes("elm:accreditation"):
        agents += facts.all("elm:accreditingAgent", "agent", node)
    return Reading(tuple(sorted(set(agents))), frozenset(s.text for s in agents) or None)
