"""What must hold of every comparison, whatever the records say."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcp_graph import compare
from qcp_graph.compare import Facts, Grade, Verdict
from tests.compare import world
from tests.compare.test_truth import TABLE
from tests.compare.world import outcomes

DAY = date(2025, 6, 1)
ODD = {"status-differs", "quality-differs"}
SKILLS = (
    "weld",
    "tigweld",
    "join",
    "solder",
    "bake",
    "food",
    "metalwork",
    "teamwork",
    "round",
    "about",
    "",
)


def rows(sides: list[Facts], purpose: str = "work") -> dict[tuple[str, str], compare.Row]:
    found = compare.compare(sides, purpose=purpose, on=DAY).rows
    return {(row.key, row.about): row for row in found}


@pytest.mark.parametrize("line", TABLE, ids=[line[0].replace(" ", "-") for line in TABLE])
def test_verdicts_are_symmetric(line: tuple[str, ...]) -> None:
    """Turned round, each row has the same verdict; only which one has more turns round."""
    sides = world.facts(a=line[4], b2=line[5])
    there, back = rows(sides), rows(sides[::-1])
    assert there.keys() == back.keys()
    for key, row in there.items():
        assert back[key].cells == row.cells[::-1]
        assert back[key].judgements[0].verdict is row.judgements[0].verdict, key


@pytest.mark.parametrize("line", TABLE, ids=[line[0].replace(" ", "-") for line in TABLE])
def test_a_qualification_never_differs_from_itself(line: tuple[str, ...]) -> None:
    for name in ("a", "b2"):
        first, second = world.facts(**{name: line[4]}), world.facts(**{name: line[4]})
        other = Facts(**{f: getattr(second[0], f) for f in Facts.__slots__})
        for row in (r for one in compare.DIMENSIONS.values() for r in one([first[0], other], DAY)):
            assert row.judgements[0].verdict is not Verdict.DIFFERENT, row.key


taught = st.lists(st.sampled_from(SKILLS), min_size=1, max_size=7)


@settings(max_examples=60, deadline=None)
@given(taught, taught, taught, st.sampled_from(compare.PURPOSES))
def test_more_than_two_are_compared_as_each_two_are(
    a: list[str], b: list[str], c: list[str], purpose: str
) -> None:
    """Neither the order of the others nor their number changes what is said of a pair."""
    sides = world.facts(a=outcomes(*a), b2=outcomes(*b), c=outcomes(*c))
    first, *others = sides
    for order in permutations(others):
        together = rows([first, *order], purpose)
        for at, other in enumerate(order):
            alone = rows([first, other], purpose)
            for key, row in alone.items():
                assert together[key].judgements[at] == row.judgements[0]


@settings(max_examples=80, deadline=None)
@given(taught, taught)
def test_coverage_counts_each_skill_once_at_its_best(a: list[str], b: list[str]) -> None:
    one, two = world.facts(a=outcomes(*a), b2=outcomes(*b))
    there, back = compare.coverages([one, two])
    for found, required, offered in ((there, b, a), (back, a, b)):
        asked = {skill for skill in required if skill}
        assert len(found.matches) == len(asked)
        assert found.linked == sum(map(bool, required))
        assert found.outcomes == len(required)
        both = (False, True)
        assert sum(found.count(g, transversal=t) for g in Grade for t in both) == len(asked)
        exact = sum(found.count(Grade.EXACT, transversal=t) for t in both)
        assert exact == len(asked & set(offered))
    # narrower there is broader back, skill by skill
    down = {(m.skill, m.met_by) for m in there.matches if m.grade is Grade.NARROWER}
    for skill, met_by in down:
        match = next(m for m in back.matches if m.skill == met_by)
        assert match.grade in {Grade.EXACT, Grade.BROADER, Grade.NARROWER}, (skill, met_by)


@settings(max_examples=30, deadline=None)
@given(taught)
def test_the_order_of_outcomes_does_not_matter(skills: list[str]) -> None:
    sides = world.facts(a=outcomes(*skills), b2=outcomes(*reversed(skills)))
    found = compare.coverages(sides)
    assert all(m.grade is Grade.EXACT for coverage in found for m in coverage.matches)


@pytest.mark.parametrize("purpose", compare.PURPOSES)
def test_a_purpose_reorders_and_hides_nothing(purpose: str) -> None:
    sides = world.facts(a=outcomes("weld"), b2="elm:NQFLevel zz:5 ; dcterms:replaces <http://x/1>")
    keys = list(rows(sides, purpose))
    assert sorted(keys) == sorted(rows(sides, "further-study"))
    assert sorted(compare.order(purpose)) == sorted(compare.DIMENSIONS)
