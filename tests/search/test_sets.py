"""Sets of ids survive storing, and paging through them is what slicing a list would be."""

from hypothesis import given
from hypothesis import strategies as st

from qcp_graph.search import sets

IDS = st.sets(st.integers(1, 30_000), max_size=400)


@given(IDS)
def test_storing(ids: set[int]) -> None:
    assert sets.decode(sets.encode(sorted(ids))) == sets.of(ids) == sum(1 << n for n in ids)


@given(IDS, st.integers(0, 500), st.integers(0, 30))
def test_pages_are_slices(ids: set[int], offset: int, size: int) -> None:
    assert sets.page(sets.of(ids), offset, size) == sorted(ids)[offset : offset + size]


def test_the_smaller_form_is_stored() -> None:
    assert len(sets.encode([1_000_000])) == 5
    assert len(sets.encode(range(1, 80_000))) < 10_002
