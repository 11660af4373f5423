"""Purposes, means and conditions are told from what an outcome states to be done."""

import pytest

from qcp_graph.linking import asides
from qcp_graph.linking.clauses import MAX_CLAUSES, split

VERBS = {"encadrer", "coordonner", "verifier", "assess", "keep", "weld", "planera", "bedienen"}


def _asides(text: str, language: str) -> dict[str, bool]:
    return {one.text: one.aside for one in split(text, language, VERBS) if not one.whole}


@pytest.mark.parametrize(
    ("text", "language", "stated", "beside"),
    [
        ("Encadrer et coordonner les équipes pour atteindre les objectifs fixés", "fr",
         {"coordonner les équipes"}, {"atteindre les objectifs fixés"}),
        ("Vérifier les plans, dans le respect des normes, afin d’éviter les pannes", "fr",
         {"Vérifier les plans"}, {"normes", "éviter les pannes"}),
        ("Assess threats in order to protect systems", "en",
         {"Assess threats"}, {"protect systems"}),
        ("planera odlingen för att minska spill", "sv", {"planera odlingen"}, {"minska spill"}),
        ("Anlagen bedienen, damit nichts ausfällt", "de",
         {"Anlagen bedienen"}, {"nichts ausfällt"}),
        ("Planear obras a fim de reduzir custos", "pt", {"Planear obras"}, {"reduzir custos"}),
    ],
)  # fmt: skip
def test_purposes_means_and_conditions_are_asides(
    text: str, language: str, stated: set[str], beside: set[str]
) -> None:
    found = _asides(text, language)
    assert {one for one, aside in found.items() if aside} >= beside
    assert {one for one, aside in found.items() if not aside} >= stated


def test_what_an_aside_puts_in_brackets_belongs_to_it_until_the_statement_ends() -> None:
    found = _asides("Vérifier les plans à l’aide de logiciels (tableurs) ; coordonner", "fr")
    assert (found["tableurs"], found["coordonner"]) == (True, False)


def test_an_aside_too_long_for_a_label_is_left_out() -> None:
    text = "Assess threats in order to keep all the systems of the company safe"
    assert _asides(text, "en") == {"Assess threats": False}


def test_a_part_that_goes_on_with_what_stands_before_is_no_item() -> None:
    found = _asides("Intégrer un programme (apprentissage) au développement du logiciel", "fr")
    assert found == {"Intégrer un programme": False, "apprentissage": False}


def test_a_shared_verb_makes_an_item_of_a_part_with_a_preposition() -> None:
    found = _asides("Encadrer avec soin et avec méthode", "fr")
    assert found["Encadrer avec méthode"] is False


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Weld pipes for ships", "en"),
        ("Utiliser un four pour le pain", "fr"),
        ("according to plan", "en"),
        ("Spawać rury w celu naprawy", "pl"),
    ],
)
def test_other_texts_have_no_asides(text: str, language: str) -> None:
    assert not any(one.aside for one in split(text, language, VERBS))


def test_places_are_those_of_the_text_as_published() -> None:
    text = "<p>Assess threats &amp; risks, using tools, in order to keep <b>systems</b> safe</p>"
    for one in split(text, "en", VERBS):
        if not one.completed:
            words = text[one.start : one.end].replace("&amp;", "&").replace("<b>", " ")
            assert " ".join(words.replace("</b>", " ").split()) == one.text


def test_hostile_repetition_costs_no_time_and_gives_few_clauses() -> None:
    text = "afin de " * 5000
    assert len(split(text, "fr", VERBS)) <= MAX_CLAUSES
    places = iter([(0, len(text))])
    assert sum(1 for _ in asides.statements(text, places, "fr")) <= len(text)
