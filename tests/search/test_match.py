"""What a search text means: words, their forms, mistakes, codes, titles as a whole."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qcp_graph import search
from tests.search.graph import qualification, store

TITLES = {
    "RNCP35185": '"Mécanicien de maintenance automobile"@fr',
    "RNCP35186": '"Mécanicienne en maintenance des véhicules automobiles et des motocycles"@fr',
    "603/1234/5": '"Level 2 Award in Nursing Studies"@en',
    "603/1234/6": '"Level 3 Award in Nursing Studies"@en',
    "K9": '"Examens nationaux de natation"@fr',
    "35185": '"Sähköasentaja, ajoneuvot"@fi',
    "M1": '"Award in Nursing"@en',
    "M2": '"Award in Nursing Studies for Beginners in Rural Areas"@en',
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[search.Index]:
    path = tmp_path_factory.mktemp("match") / "search.sqlite"
    parts = [
        qualification(
            "fr/demo", f"Q{n}", title, f"adms:identifier <urn:id:{n}> . {notation(n, code)}"
        )
        for n, (code, title) in enumerate(TITLES.items())
    ]
    search.build(path, store(*parts))
    with closing(search.Index(path)) as opened:
        yield opened


def notation(number: int, code: str) -> str:
    return f'<urn:id:{number}> skos:notation "{code}"'


def found(index: search.Index, text: str) -> list[str]:
    return [hit.title for hit in index.search(text).hits]


def title(code: str) -> str:
    return TITLES[code].split('"')[1]


@pytest.mark.parametrize("code", TITLES)
def test_the_whole_title_comes_first(index: search.Index, code: str) -> None:
    assert found(index, title(code))[0] == title(code)
    assert found(index, search.fold(title(code)).upper())[0] == title(code)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("RNCP35186", "RNCP35186"),
        ("rncp 35186", "RNCP35186"),
        ("35186", "RNCP35186"),
        ("603/1234/5", "603/1234/5"),
        ("60312345", "603/1234/5"),
        ("603-1234-6", "603/1234/6"),
    ],
)
def test_codes_as_people_write_them(index: search.Index, typed: str, code: str) -> None:
    assert found(index, typed)[0] == title(code)


def test_a_number_that_two_registers_give_finds_both(index: search.Index) -> None:
    assert set(found(index, "35185")[:2]) == {title("RNCP35185"), title("35185")}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("mécaniciens automobile", "RNCP35185"),
        ("mecanicien automobiles", "RNCP35186"),
        ("examen national", "K9"),
        ("nurses award", "M1"),
    ],
)
def test_other_forms_of_a_word(index: search.Index, typed: str, code: str) -> None:
    assert title(code) in found(index, typed)
    assert index.search(typed).read == ""


@pytest.mark.parametrize(
    ("typed", "code", "read"),
    [
        ("maitnenance automobile", "RNCP35185", "maintenance automobile"),
        ("Sähkösentaja", "35185", "sahkoasentaja"),
        ("natatoin", "K9", "natation"),
    ],
)
def test_a_mistake_is_read_as_the_word_nearest(
    index: search.Index, typed: str, code: str, read: str
) -> None:
    result = index.search(typed)
    assert title(code) in [hit.title for hit in result.hits]
    assert result.read == read
    assert result.total == index.facets(text=typed)[0].values[0].count


def test_words_that_none_has_are_left_out_and_told(index: search.Index) -> None:
    result = index.search("nursing award xylophonist")
    assert result.total
    assert result.ignored == ("xylophonist",)
    assert result.read == "nursing award"
    assert index.search("xylophonist").total == 0
    assert index.search("xylophonist").ignored == ("xylophonist",)


def test_words_that_none_has_together_find_who_has_most(index: search.Index) -> None:
    result = index.search("nursing studies level natation")
    assert {hit.title for hit in result.hits} == {title("603/1234/5"), title("603/1234/6")}


def test_nearer_titles_come_first(index: search.Index) -> None:
    assert found(index, "award nursing")[0] == title("M1")
    assert found(index, "award nursing studies")[-1] == title("M2")


@pytest.mark.parametrize("text", ["", "   ", "()", '"', "*", "-", "… !?", "\x00", "''"])
def test_signs_mean_nothing(index: search.Index, text: str) -> None:
    everything = index.search("").total if not text.strip() else 0
    assert index.search(text).total == everything


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=400))
@example("NEAR(a b)")
@example('title: "x" OR code:* AND NOT ^y')
@example("a" * 100_000)
@example("ab " * 10_000)
def test_every_text_is_only_text(index: search.Index, text: str) -> None:
    index.search(text)
    index.facets(text=text)


def test_an_index_of_before_is_still_read(index: search.Index, tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "old.sqlite"
    search.build(path, store(qualification("fr/demo", "Q1", '"Boulanger"@fr')))
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "DROP TABLE spelling; DROP TABLE exact; DELETE FROM meta WHERE name = 'languages'"
        )
    with closing(search.Index(path)) as opened:
        assert found(opened, "boulanger") == ["Boulanger"]
        assert found(opened, "boulangre") == []
