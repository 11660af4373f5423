"""The sides of comparisons are kept while their release is open, within a bound."""

import pyoxigraph as ox
import pytest

from qcp_graph.errors import UsageError
from qcp_graph.pipeline.comparing import Gathered, gather
from tests.compare import world
from tests.compare.world import BASE, outcomes


@pytest.fixture(scope="module")
def held() -> ox.Store:
    return world.store(
        a=outcomes("weld", "bake"), b2=outcomes("solder"), c=outcomes("metalwork", "", "food")
    )


def test_a_kept_side_is_what_the_store_says(held: ox.Store) -> None:
    kept = Gathered(held, BASE)
    iri = world.iri("a")
    assert kept.of(iri) == gather(held, iri, BASE)
    assert kept.of(iri) is kept.of(iri)


def test_the_side_asked_for_longest_ago_goes_first(held: ox.Store) -> None:
    a, b, c = (world.iri(name) for name in ("a", "b2", "c"))
    alone = Gathered(held, BASE)
    room = sum(alone.weight(alone.of(iri)) for iri in (a, c))
    kept = Gathered(held, BASE, most=room)
    first, second = kept.of(a), kept.of(b)
    assert kept.of(a) is first
    kept.of(c)
    assert kept.of(a) is first
    assert kept.of(b) is not second
    assert kept.of(b) == second


def test_what_is_larger_than_the_room_is_not_kept(held: ox.Store) -> None:
    kept = Gathered(held, BASE, most=1)
    assert kept.of(world.iri("a")) is not kept.of(world.iri("a"))


def test_unknown_and_closed(held: ox.Store) -> None:
    kept = Gathered(held, BASE)
    with pytest.raises(UsageError, match="QCP-CMP-UNKNOWN"):
        kept.of(f"{BASE}id/qualification/xx/none/1")
    kept.close()
    with pytest.raises(RuntimeError):
        kept.of(world.iri("a"))
