"""Groups of ESCO: where skills lie, for pictures of what is covered and what is not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from qcp_graph.compare.model import Group, Match


def group_of(skill: str, above: Mapping[str, frozenset[str]]) -> str:
    """Return the group just below the top that a skill lies in, empty where ESCO gives none.

    The shortest way up counts, then the first by name; cycles end.

    >>> group_of("weld", {"weld": frozenset({"S5.1"}), "S5.1": frozenset({"S5"}),
    ...                   "S5": frozenset({"S"})})
    'S5'
    """
    seen, way, here = {skill}, [skill], sorted(above.get(skill, ()))
    while here and here[0] not in seen:
        seen.add(here[0])
        way.append(here[0])
        here = sorted(above.get(here[0], ()))
    if len(way) == 1:
        return ""
    return way[-2] if len(way) > 2 else way[-1]


def grouped(matches: Iterable[Match], above: Mapping[str, frozenset[str]]) -> tuple[Group, ...]:
    """Return how the skills of each group are met, large groups first."""
    found: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        if match.skill:
            found[group_of(match.skill, above)].append(match)
    groups = [Group(name, tuple(m.grade for m in held)) for name, held in found.items()]
    return tuple(sorted(groups, key=lambda g: (-len(g.grades), g.iri)))
