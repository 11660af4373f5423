"""Texts in, skills out."""

from pathlib import Path

import numpy as np
import pytest

from qcp_graph.errors import DataError
from qcp_graph.linking import esco
from qcp_graph.linking.rank import Ranker, open_ranker
from qcp_graph.linking.rank.analysis import Stems, grams, words
from qcp_graph.linking.rank.arrays import Chosen
from qcp_graph.linking.rank.lexical import LexicalIndex
from tests.linking.esco.conftest import BASE, HEADS, SKILLS, Release, release, skill

__all__ = ["release"]  # a fixture

ENGLISH = [
    ("weld", "weld pipes", "join pipes by welding\npipe welding"),
    ("drawings", "read technical drawings", "interpret blueprints"),
    ("java", "Java (computer programming)", "Java programming"),
    ("script", "JavaScript", "JavaScript programming"),
    ("team", "work in teams", "teamwork"),
    ("metal", "metallographic analysis", ""),
    ("old", "operate telegraphs", ""),
]
GERMAN = [("weld", "Rohre schweißen"), ("drawings", "technische Zeichnungen lesen")]


@pytest.fixture
def catalogue(release: Release, tmp_path: Path) -> esco.Catalogue:
    """Seven skills in English, one of them obsolete, two in German."""
    english = "".join(
        skill(local, label, more, "obsolete" if local == "old" else "released")
        for local, label, more in ENGLISH
    )
    german = "".join(skill(local, label) for local, label in GERMAN)
    demand = HEADS["occupationSkillRelations"] + "".join(
        f"{BASE}occupation/{n},essential,skill,{BASE}skill/team\r\n" for n in range(20)
    )
    paths = [
        release("9.1.0", "en", skills=SKILLS + english, occupationSkillRelations=demand),
        release("9.1.0", "de", skills=SKILLS + german),
    ]
    esco.import_files(esco.files(paths), tmp_path / esco.FOLDER)
    return esco.open_version(tmp_path)


def _first(ranker: Ranker, text: str) -> str:
    return ranker.rank(text)[0].uri.rpartition("/")[2]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Weld pipes", "weld"),
        ("The holder welds stainless pipes and tubes according to specification", "weld"),
        ("ability to interpret blueprint", "drawings"),
        ("reads tehcnical drawings", "drawings"),  # a typo
        ("Knowledge of Java is required", "java"),
        ("JavaScript, HTML and CSS", "script"),
        ("team work", "team"),
    ],
)
def test_the_right_skill_comes_first(catalogue: esco.Catalogue, text: str, wanted: str) -> None:
    with catalogue:
        assert _first(open_ranker(catalogue, "en"), text) == wanted


def test_compounds_and_words_of_other_languages_are_met(catalogue: esco.Catalogue) -> None:
    with catalogue:
        german = open_ranker(catalogue, "de")
        assert _first(german, "Rohrschweißen") == "weld"
        assert _first(german, "Metallographie") == "metal"  # only English names it


def test_a_result_names_label_score_and_probability(catalogue: esco.Catalogue) -> None:
    with catalogue:
        found = open_ranker(catalogue, "en").rank("pipe welding", limit=3)
    assert len(found) == 3
    assert found[0].label == "pipe welding"
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 < one.probability < 1 for one in found)
    assert found[0].probability > found[1].probability


def test_obsolete_skills_are_never_suggested(catalogue: esco.Catalogue) -> None:
    with catalogue:
        found = open_ranker(catalogue, "en").rank("operate telegraphs", limit=10)
    assert f"{BASE}skill/old" not in {one.uri for one in found}


@pytest.mark.parametrize("text", ["", "   ", "\x00", "…", "1" * 100_000, "日本語", "a " * 50_000])
def test_odd_texts_give_an_answer(catalogue: esco.Catalogue, text: str) -> None:
    with catalogue:
        assert len(open_ranker(catalogue, "en").rank(text)) <= 10


def test_a_language_without_labels_has_no_own_words_but_works(catalogue: esco.Catalogue) -> None:
    with catalogue:
        found = open_ranker(catalogue, "fi").rank("metallografinen analyysi", limit=1)
    assert found[0].uri == f"{BASE}skill/metal"
    assert found[0].label == ""


def test_an_index_keeps_the_stems_of_its_labels(catalogue: esco.Catalogue) -> None:
    with catalogue:
        open_ranker(catalogue, "en")
        kept = catalogue.path.with_suffix(".index") / "en-core" / "stems.tsv"
        stems = dict(line.split("\t") for line in kept.read_text(encoding="utf-8").splitlines())
        assert stems["welding"] == stems["weld"] == "weld"
        assert stems == {word: Stems("en").each([word])[0] for word in stems}
        kept.write_text(kept.read_text(encoding="utf-8") + "xyzzies\tmarked\n", encoding="utf-8")
        open_ranker(catalogue, "en")
        assert Stems.of("en")("xyzzies") == ["marked"]  # read, not found again


def test_an_index_is_kept_and_built_anew_when_the_catalogue_changes(
    catalogue: esco.Catalogue, release: Release, tmp_path: Path
) -> None:
    with catalogue:
        before = open_ranker(catalogue, "en").rank("weld pipes")
        stamp = catalogue.path.with_suffix(".index") / "en-core" / "stamp.txt"
        first = stamp.stat().st_mtime_ns
        assert open_ranker(catalogue, "en").rank("weld pipes") == before
        assert stamp.stat().st_mtime_ns == first
    more = release("9.1.0", "en", skills=SKILLS + skill("glue", "glue pipes"))
    esco.import_files(esco.files([more]), tmp_path / esco.FOLDER)
    with esco.open_version(tmp_path) as changed:
        assert _first(open_ranker(changed, "en"), "glue pipes") == "glue"
    names = {path.name for path in stamp.parent.parent.iterdir()}
    assert names == {"en-core"}  # nothing half-built stays behind


def test_two_that_build_at_once_leave_one_whole_index(catalogue: esco.Catalogue) -> None:
    first: list[Ranker] = []
    build = LexicalIndex.build

    def meanwhile(known: esco.Catalogue, language: str) -> LexicalIndex:
        made = build(known, language)
        with pytest.MonkeyPatch.context() as plain:
            plain.setattr(LexicalIndex, "build", build)
            first.append(open_ranker(known, language))
        return made

    with catalogue, pytest.MonkeyPatch.context() as patch:
        patch.setattr(LexicalIndex, "build", meanwhile)
        second = open_ranker(catalogue, "en")
        assert second.rank("weld pipes") == first[0].rank("weld pipes")
    folder = catalogue.path.with_suffix(".index")
    assert {path.name for path in folder.iterdir()} == {"en-core"}


def test_an_index_that_cannot_be_kept_is_named(
    catalogue: esco.Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, __: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with catalogue, pytest.raises(DataError, match="QCP-LNK-INDEX"):
        open_ranker(catalogue, "en")
    assert list(catalogue.path.with_suffix(".index").iterdir()) == []


def test_stems_and_grams_of_a_hostile_word_stay_bounded() -> None:
    assert len(words("x" * 10_000)[0]) == 60
    assert len(words("a " * 10_000)) == 400
    assert len(grams("x" * 60)) < 200
    assert Stems("en")("the of and") == []


def test_of_equal_labels_the_preferred_one_counts_more(release: Release, tmp_path: Path) -> None:
    rows = (
        skill("another", "assemble tubes", "weld steel pipes"),
        skill("right", "weld steel pipes", "join tubes"),
    )
    path = release("9.1.0", "en", skills=SKILLS + "".join(rows))
    esco.import_files(esco.files([path]), tmp_path / esco.FOLDER)
    ranker = open_ranker(esco.open_version(tmp_path), "en")
    first, second = ranker.rank("weld pipes of steel")[:2]
    assert (first.uri, second.uri) == (f"{BASE}skill/right", f"{BASE}skill/another")
    assert first.probability > second.probability


def test_the_first_label_of_each_concept_is_its_preferred_one() -> None:
    chosen = Chosen(np.arange(4, dtype=np.int32), np.array([2, 0, 2], np.int32))
    values = np.array([[1, 5, 2, 7], [4, 3, 2, 1]], np.float32)
    assert chosen.first(values).tolist() == [[1, 0, 2], [4, 0, 2]]
    assert chosen.best(values).tolist() == [[5, 0, 7], [4, 0, 2]]
