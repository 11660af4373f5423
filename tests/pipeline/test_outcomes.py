"""Which texts of an outcome are linked: its titles, and descriptions of mere names."""

from qcp_graph.pipeline.outcomes import outcome_texts
from qcp_graph.terms import RDF_TYPE, Quad, curie, iri, literal

ONE, TWO, OTHER = ("https://e.org/one", "https://e.org/two", "https://e.org/qualification")
LONG = "Formulates solutions and implements them with the teams that use them"


def said(subject: str, title: str, description: str = "", language: str = "en") -> list[Quad]:
    """Return an outcome with a title and a description in a language."""
    node = iri(subject)
    found = [
        (node, RDF_TYPE, curie("elm:LearningOutcome"), "data"),
        (node, curie("dcterms:title"), literal(title, language=language), "data"),
    ]
    if description:
        value = literal(description, language=language)
        found.append((node, curie("dcterms:description"), value, "data"))
    return found


def test_titles_are_linked_in_every_language() -> None:
    quads = [*said(ONE, "weld pipes"), *said(ONE, "svetsa rör", language="sv")]
    assert sorted(outcome_texts(quads)) == [(ONE, "svetsa rör", "sv"), (ONE, "weld pipes", "en")]


def test_a_title_that_is_but_a_name_is_linked_with_its_description() -> None:
    assert outcome_texts(said(ONE, "Solution Formulation", LONG)) == [
        (ONE, "Solution Formulation", "en"), (ONE, LONG, "en"),
    ]  # fmt: skip


def test_a_description_beside_a_sentence_or_no_longer_than_the_title_is_not() -> None:
    sentence = "Formulate solutions for several kinds of users"
    assert outcome_texts(said(ONE, sentence, LONG)) == [(ONE, sentence, "en")]
    assert outcome_texts(said(ONE, "Welding", "Core skills")) == [(ONE, "Welding", "en")]


def test_a_description_counts_with_the_title_of_its_own_language() -> None:
    quads = [*said(ONE, "Solution Formulation"), *said(TWO, "Svetsning")]
    quads.append((iri(ONE), curie("dcterms:description"), literal(LONG, language="de"), "data"))
    assert [text for _, text, _ in outcome_texts(quads)] == ["Solution Formulation", "Svetsning"]


def test_nothing_but_outcomes_is_linked() -> None:
    quads = said(OTHER, "Welder", LONG)[1:]
    assert outcome_texts(quads) == []
