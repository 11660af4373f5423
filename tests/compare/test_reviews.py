"""Decisions of people are data beside the computed result, never merged with it."""

from datetime import date

from qcp_graph import compare
from tests.compare import world
from tests.compare.world import outcomes

BY_HAND = """
<#l{at}> a sssom:Mapping ; sssom:subject_id <#o{at}> ; sssom:object_id s:{skill} ;
  sssom:predicate_id skos:broadMatch ;
  qcp:linkStatus qcp:{status} ; sssom:reviewer_label "A. Martin" ;
  qcp:reviewDate "2026-03-01"^^xsd:date ; sssom:comment "names no metal" .
"""
COMPUTED = """
<#l9> a sssom:Mapping ; sssom:subject_id <#o1> ; sssom:object_id s:bake ;
  qcp:linkStatus qcp:Accepted ; qcp:method "exact-label" .
"""


def test_a_rejected_link_is_told_and_gives_no_skill() -> None:
    rejected = BY_HAND.format(at=2, skill="join", status="Rejected")
    accepted = BY_HAND.format(at=0, skill="weld", status="Accepted")
    sides = world.facts(
        a=outcomes("weld", "bake", "") + f" links: {rejected} {accepted} {COMPUTED}",
        b2=outcomes("weld", "join", "bake"),
    )
    found = compare.compare(sides, purpose="work", on=date(2026, 6, 1))
    told = [(at, r.accepted, r.skill[-4:], r.reviewer, r.day, r.comment) for at, r in found.reviews]
    assert told == [
        (0, True, "weld", "A. Martin", "2026-03-01", "names no metal"),
        (0, False, "join", "A. Martin", "2026-03-01", "names no metal"),
    ]
    grades = {match.skill[-4:]: match.grade for match in found.coverage[0].matches}
    assert grades["join"] is not compare.Grade.EXACT
    assert grades["weld"] is compare.Grade.EXACT


def test_without_a_person_there_is_no_review() -> None:
    sides = world.facts(a=outcomes("weld", "bake") + f" links: {COMPUTED}", b2=outcomes("weld"))
    assert compare.compare(sides, purpose="work", on=date(2026, 6, 1)).reviews == ()
