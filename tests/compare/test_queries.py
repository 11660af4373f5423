"""The engine and the documented queries of two qualifications say the same."""

from collections.abc import Iterator
from datetime import date
from itertools import permutations

import pyoxigraph as ox
import pytest

from qcp_graph import assets, compare, saved_queries
from qcp_graph.compare import days, volume
from qcp_graph.namespaces import PREFIXES
from qcp_graph.pipeline.comparing import gather
from tests.compare import world
from tests.compare.world import BASE, outcomes

SIDES = {
    "a": outcomes("weld", "bake", "join", "", "teamwork")
    + ' <> elm:NQFLevel xx:4 ; elm:volumeOfLearning "P66DT16H"^^xsd:duration',
    "b2": outcomes("tigweld", "solder", "food")
    + ' <> elm:NQFLevel yy:L5 ; elm:creditPoint <#c> . <#c> elm:point "7,5" ;'
    " elm:framework credit:ects",
    "c": outcomes("metalwork", "") + " <> elm:NQFLevel yy:L4, xx:4 ; elm:EQFLevel eqf:4",
    "d2": 'elm:learningOutcomeSummary <#s> . <#s> elm:noteLiteral "x"@en ;'
    " elm:relatedESCOSkill s:weld . <> elm:NQFLevel zz:5 ;"
    ' elm:volumeOfLearning "PT90M"^^xsd:duration, "P1Y"^^xsd:duration',
    "e": f"elm:hasPart <{world.iri('c')}> ; elm:EQFLevel eqf:5 ; elm:creditPoint <#c> . "
    '<#c> elm:point "60" ; elm:framework credit:ecvet',
}
PAIRS = list(permutations(SIDES, 2))


@pytest.fixture(scope="module")
def held() -> ox.Store:
    return world.store(**SIDES)


def asked(held: ox.Store, name: str, **values: str) -> Iterator[dict[str, str]]:
    query = saved_queries.read(assets.root() / "sparql" / "compare" / f"{name}.rq")
    found = held.query(query.bind(values, BASE), base_iri=BASE, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    for solution in found:
        yield {n: term.value for n, term in zip(names, solution, strict=True) if term is not None}


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_skill_coverage(held: ox.Store, pair: tuple[str, str]) -> None:
    offered, required = pair
    rows = asked(held, "skill-coverage", offered=world.iri(offered), required=world.iri(required))
    sides = [gather(held, world.iri(name), BASE) for name in (offered, required)]
    found = compare.compare(sides, purpose="work", on=date(2025, 1, 1)).coverage[0]
    assert (found.required, found.offered) == (1, 0)
    assert {r["skill"]: r["grade"] for r in rows} == {m.skill: m.grade for m in found.matches}


@pytest.mark.parametrize("on", ["2014-06-01", "2018-12-31", "2019-01-01", "2025-01-01"])
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_levels(held: ox.Store, pair: tuple[str, str], on: str) -> None:
    first, second = map(world.iri, pair)
    rows = asked(held, "levels-side-by-side", first=first, second=second, on=on)
    by_query = {(r["qualification"], r["eqf"], r["how"], r["level"]) for r in rows}
    by_engine = set()
    for iri in (first, second):
        for level in gather(held, iri, BASE).levels:
            if level.iri.startswith(PREFIXES["eqf"]):
                by_engine.add((iri, level.iri, "stated", level.iri))
            for bridge in level.bridges:
                now = days.within(bridge.valid_from, bridge.valid_until, date.fromisoformat(on))
                if bridge.target.startswith(PREFIXES["eqf"]) and now:
                    by_engine.add((iri, bridge.target, "referenced", level.iri))
    assert by_query == by_engine


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_hours(held: ox.Store, pair: tuple[str, str]) -> None:
    first, second = map(world.iri, pair)
    by_query = {
        (r["qualification"], r["how"], float(r["least"]), float(r["most"]))
        for r in asked(held, "hours-side-by-side", first=first, second=second)
    }
    by_engine = set()
    for iri in (first, second):
        stated, made = volume.workload(gather(held, iri, BASE))
        by_engine |= {(iri, "stated", *hours) for hours in stated}
        by_engine |= {(iri, "by rule", *hours) for hours in made}
    assert by_query == by_engine


def test_units_count_with_their_whole(held: ox.Store) -> None:
    whole, part = (gather(held, world.iri(name), BASE) for name in ("e", "c"))
    assert [o.iri for o in whole.outcomes] == [o.iri for o in part.outcomes]
    assert {o.part for o in whole.outcomes} == {part.iri}
