"""Occupations that records state, in the flow: links to ESCO and the skills it asks for."""

from pathlib import Path

import pytest

from qcp_graph.linking import occupations
from qcp_graph.pipeline import occupation_step
from qcp_graph.terms import Quad, curie, iri, literal

ESCO = "http://data.europa.eu/esco/occupation/"
MAIN = "https://e.org/id/qualification/fr/1"
RIGHT = f"{MAIN}#entitlement-occupations"
ROME = "https://e.org/id/framework/rome/D1102"


@pytest.fixture
def known(tmp_path: Path) -> occupations.Occupations:
    """A crosswalk of ROME: the group D1102 has two members, one of the same code."""
    baker = occupations.Mapped(f"{ESCO}baker", "exactMatch", "boulanger/boulangère")
    pastry = occupations.Mapped(f"{ESCO}pastry", "closeMatch", "pâtissier/pâtissière")
    names = {"1": "Boulanger / Boulangère", "2": "Pâtissier"}
    walk = occupations.OccupationCrosswalk(
        "ROME", "1.0.9", {"1": [baker], "2": [pastry]}, names, "fr"
    )
    members = [
        occupations.Entry("D1102", "Boulanger / Boulangère", "D1102"),
        occupations.Entry("D1104", "Pâtissier / Pâtissière", "D1102"),
    ]
    occupations.keep(occupations.regrouped(walk, members), "rome", tmp_path)
    return occupations.Occupations(tmp_path)


def record(name: str, place: str = ROME) -> list[Quad]:
    return [
        (iri(MAIN), curie("rdf:type"), curie("elm:Qualification"), "register"),
        (iri(MAIN), curie("elm:entitlesTo"), iri(RIGHT), "register"),
        (iri(RIGHT), curie("elm:limitNationalOccupation"), iri(place), "register"),
        (iri(place), curie("skos:prefLabel"), literal(name, language="fr"), "register"),
    ]


def test_a_group_leads_to_suggestions(known: occupations.Occupations) -> None:
    found = occupation_step.found(known, MAIN, record("Boulangerie - viennoiserie"))
    assert [(one.object, one.status, one.match) for one in found] == [
        (f"{ESCO}baker", "suggested", "narrowMatch"),
        (f"{ESCO}pastry", "suggested", "narrowMatch"),
    ]


def test_a_named_occupation_is_accepted(known: occupations.Occupations) -> None:
    (found,) = occupation_step.found(known, MAIN, record("Boulanger / Boulangère"))
    assert (found.object, found.status, found.task) == (f"{ESCO}baker", "accepted", "occupation")
    assert (found.comment, found.version, found.language) == ("rome D1102", "1.0.9", "fr")


def test_other_classifications_and_parts_are_left_alone(
    known: occupations.Occupations, tmp_path: Path
) -> None:
    elsewhere = record("Boulanger", "https://e.org/id/framework/us-soc/51-3011")
    assert occupation_step.found(known, MAIN, elsewhere) == []
    strange = record("Boulanger", "https://elsewhere.example/rome/D1102")
    assert occupation_step.found(known, MAIN, strange) == []
    assert occupation_step.found(known, MAIN, record("Boulanger")[1:]) == []
    nothing = occupations.Occupations(tmp_path / "empty")
    assert occupation_step.found(nothing, MAIN, record("Boulanger / Boulangère")) == []
