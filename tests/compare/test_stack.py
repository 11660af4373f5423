"""Stacks of micro-credentials: each rule met, broken and unknown."""

from datetime import date

import pytest

from qcp_graph import compare
from tests.compare import world
from tests.compare.world import outcomes

DAY = date(2025, 6, 1)
AWARD = "elm:awardingOpportunity <#w> . <#w> elm:awardingBody org:{} . <>"
VOLUME = 'elm:volumeOfLearning "PT{}H"^^xsd:duration'
WHOLE = f"{AWARD.format('home')} {VOLUME.format(1000)} ; elm:EQFLevel eqf:6 ; " + outcomes(
    "weld", "bake", "solder"
)


def piece(hours: int, body: str = "home", level: int = 6, *skills: str) -> str:
    return f"{AWARD.format(body)} {VOLUME.format(hours)} ; elm:EQFLevel eqf:{level} ; " + outcomes(
        *skills
    )


def rules(**sides: str) -> dict[tuple[str, int], str]:
    whole, *pieces = world.facts(**sides)
    return {(r.name, r.piece): r.outcome.value for r in compare.check(whole, pieces, DAY).rules}


def test_a_small_stack_of_the_same_body() -> None:
    found = rules(
        whole=WHOLE, one=piece(100, "home", 6, "weld", "tigweld"), two=piece(90, "home", 5, "bake")
    )
    assert found["volume", -1] == "broken"
    assert found["cap", -1] == "met"
    assert found["residency", -1] == "met"
    assert found["level", 0] == "met"
    assert found["level", 1] == "broken"
    assert found["outcomes", -1] == "broken"  # soldering is missing
    assert found["no-duplicates", -1] == "met"
    assert (found["cmf-hours", 0], found["cmf-hours", 1]) == ("met", "broken")
    assert (found["cmf-level", 0], found["cmf-level", 1]) == ("met", "broken")
    assert found["cmf-assessment", 0] == found["cmf-credit", 0] == "unknown"


def test_a_large_stack_from_elsewhere() -> None:
    found = rules(
        whole=WHOLE,
        one=piece(500, "away", 6, "weld", "bake"),
        two=piece(500, "other", 6, "solder", "bake"),
    )
    assert found["volume", -1] == "met"
    assert found["cap", -1] == "broken"
    assert found["residency", -1] == "broken"
    assert found["outcomes", -1] == "met"
    assert found["no-duplicates", -1] == "broken"


def test_what_records_leave_out_is_unknown_never_broken() -> None:
    bare = "qcp:status qcp:Registered"
    found = rules(whole=bare, one=bare)
    assert set(found.values()) == {"unknown", "met"}
    assert [name for (name, _), outcome in found.items() if outcome == "met"] == ["no-duplicates"]


def test_intervals_may_leave_a_rule_open() -> None:
    ects = 'elm:creditPoint <#c> . <#c> elm:point "{}" ; elm:framework credit:ects'
    found = rules(whole=ects.format(60), one=ects.format(12))
    assert found["cap", -1] == "unknown"  # 300 to 360 of 1500 to 1800 hours
    assert found["cmf-credit", 0] == "met"


@pytest.mark.parametrize(
    ("skills", "grade"), [(("tigweld",), "narrower"), (("join",), "broader"), (("bake",), "none")]
)
def test_the_best_piece_counts(skills: tuple[str, ...], grade: str) -> None:
    whole, *pieces = world.facts(
        whole=outcomes("weld"), one=outcomes("food"), two=outcomes(*skills)
    )
    (match,) = compare.check(whole, pieces, DAY).matches
    assert match.grade.value == grade


def test_pieces_that_are_not_linked_may_repeat_each_other_unseen() -> None:
    found = rules(whole=WHOLE, one=piece(90, "home", 6, "weld"), two=piece(90, "home", 6, ""))
    assert found["no-duplicates", -1] == "unknown"
