"""Words as search compares them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcp_graph.search import words

LETTERS = st.text("abcdefgh", min_size=2, max_size=12)


@given(LETTERS, st.data())
def test_one_mistake_is_near_and_shares_a_form(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    letter = data.draw(st.sampled_from("abcxyz"))
    for typed in (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ):
        assert words.near(word, typed)
        assert words.near(typed, word)
        assert set(words.misspellings(word)) & set(words.misspellings(typed))


@pytest.mark.parametrize(
    ("one", "other"), [("abcd", "badc"), ("abc", "abcde"), ("abcd", "cbad"), ("abcd", "abxy")]
)
def test_two_mistakes_are_not_near(one: str, other: str) -> None:
    assert not words.near(one, other)
    assert not words.near(other, one)


def test_stems_do_not_depend_on_how_accents_are_coded() -> None:
    decomposed = unicodedata.normalize("NFD", "mécaniciens")
    assert words.stems(decomposed, ["fr"]) == words.stems("mécaniciens", ["fr"])
    assert words.stems("mécaniciens", ["fr"]) == [["mecaniciens", "mecanicien"]]


def test_short_words_codes_and_unknown_languages_have_no_stems() -> None:
    assert words.stems("l'art B2 RNCP35185", ["fr", "en"]) == [
        ["l"],
        ["art"],
        ["b2"],
        ["rncp35185"],
    ]
    assert words.languages(["xx", "pt-BR", "EN"]) == ("en", "pt")
    assert words.irregular("anything", "xx") == []


def test_enormous_words_are_not_stemmed() -> None:
    assert words.stems("a" * 5_000, ["en"]) == [["a" * 5_000]]
