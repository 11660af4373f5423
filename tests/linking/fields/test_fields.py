"""Fields of education: what codes say, what words say, and when nothing is said."""

import csv
from pathlib import Path

import numpy as np
import pytest

from qcp_graph.errors import DataError, UsageError
from qcp_graph.linking.fields import crosswalks, examples, folds, linear, training
from qcp_graph.linking.fields.assign import Assigner, Subject, assertions
from qcp_graph.linking.fields.bank import Bank
from qcp_graph.linking.fields.builtin import builtin, vocabulary_labels
from qcp_graph.linking.fields.examples import Collection, Example
from qcp_graph.linking.fields.features import Vectoriser
from qcp_graph.linking.fields.keeping import keep
from qcp_graph.linking.fields.model import FieldModel
from qcp_graph.linking.fields.opening import Fields, thresholds


@pytest.fixture(scope="module")
def model() -> FieldModel:
    return builtin()


SPOKEN = frozenset({"en", "fr", "de"})


def _assigner(model: FieldModel, limit: float = 0.6) -> Assigner:
    limits = {4: limit, 3: limit, 2: limit}
    return Assigner(model, crosswalks.load(), limits, limits, {"fr": "measured"}, SPOKEN)


@pytest.mark.parametrize(
    ("title", "language", "broad"),
    [
        ("Boulanger", "fr", "07"),
        ("Technicien supérieur en comptabilité et fiscalité", "fr", "04"),
        ("Certificate in bricklaying and plastering", "en", "07"),
        ("Diploma in midwifery", "en", "09"),
        ("Fachinformatiker Systemintegration", "de", "06"),
        ("Friseurin", "de", "10"),
    ],
)
def test_the_built_in_classifier_knows_trades_in_three_languages(
    model: FieldModel, title: str, language: str, broad: str
) -> None:
    assert model.predict([title])[0].best[2][0] == broad


def test_every_code_of_the_tables_is_a_field_of_the_vocabulary(repository: Path) -> None:
    text = (repository / "ontology/vocabularies/isced-f.ttl").read_text(encoding="utf-8")
    known = {part.split('"')[1] for part in text.split("skos:notation ")[1:]}
    said = {f for one in examples.terms().examples for f in one.fields}
    for walk in crosswalks.load().values():
        said |= {f for fields in walk.table.values() for f in fields}
    assert said <= known


def test_crosswalks_say_where_they_come_from(repository: Path) -> None:
    for path in sorted((repository / "data/fields/crosswalks").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows
        assert all(row["date"] and row["evidence"] for row in rows)
        assert len({row["code"] for row in rows}) == len(rows)
        for row in rows:
            several = "|" in row["fields"]
            assert (row["match"] == "one-of") == several


def test_a_code_with_one_field_decides_where_the_title_says_little(model: FieldModel) -> None:
    found = _assigner(model, 0.99).assign("Responsable de secteur", "fr", [Subject("nsf", "313m")])
    assert [(one.field, one.accepted, one.method) for one in found] == [
        ("0412", True, "crosswalk nsf")
    ]


def test_the_word_that_decided_is_named_not_another_one_of_the_same_property(
    model: FieldModel,
) -> None:
    words = [
        Subject("ssa", "", "Occupational Qualification"),
        Subject("ssa", "", "Accounting and finance"),
    ]
    (found,) = _assigner(model, 0.99).assign("Zzz", "en", words)
    assert "Accounting and finance" in found.comment
    assert "Occupational" not in found.comment + found.label


def test_where_title_and_code_disagree_both_are_suggested(model: FieldModel) -> None:
    found = _assigner(model, 0.99).assign("Boulanger pâtissier", "fr", [Subject("nsf", "313m")])
    assert [(one.field[:2], one.accepted) for one in found] == [("07", False), ("04", False)]
    assert found[0].probability > found[1].probability
    assert all("the title says 07" in one.comment for one in found)
    by_title, by_code = found
    assert by_title.method == "classifier builtin"
    assert by_code.method.startswith("crosswalk nsf")
    made = assertions(found, "https://e.org/q", "Boulanger pâtissier", "fr")
    assert [one.justification for one in made] == [
        "SemanticSimilarityThresholdMatching", "MappingChaining",
    ]  # fmt: skip


def test_among_several_fields_of_a_code_the_words_choose(model: FieldModel) -> None:
    subjects = [Subject("ssa", "Accounting and Finance")]
    found = _assigner(model).assign("Certificate in bookkeeping", "en", subjects)
    assert found[0].field == "0411"
    assert found[0].accepted
    assert found[0].method.startswith("crosswalk ssa + classifier")


def test_words_that_say_nothing_leave_what_the_fields_share(model: FieldModel) -> None:
    found = _assigner(model, 0.99).assign("Zzz", "en", [Subject("ssa", "Accounting and finance")])
    assert (found[0].field, found[0].accepted) == ("041", True)


def test_in_a_language_nobody_measured_words_only_suggest(model: FieldModel) -> None:
    assigner = _assigner(model, 0.2)
    (french,) = assigner.assign("Boulanger", "fr")
    (german,) = assigner.assign("Bäcker", "de")
    assert french.accepted
    assert not german.accepted


def test_titles_in_languages_without_terms_are_not_read(model: FieldModel) -> None:
    assigner = _assigner(model, 0.2)
    assert assigner.assign("Automekaanikon erikoisammattitutkinto", "fi") == []
    (coded,) = assigner.assign("Hiusala", "fi", [Subject("ssa", "Accounting and finance")])
    assert (coded.field, coded.accepted) == ("041", True)
    assert assigner.assign("Hiusala", "fi", [Subject("ssa", "Service enterprises")]) == []


def test_without_words_and_codes_nothing_is_said(model: FieldModel) -> None:
    assert _assigner(model).assign(" ", "fr") == []
    assert _assigner(model, 0.99).assign("Qwxz", "fr", [Subject("unknown", "1")]) == []


def test_assertions_carry_grounds_and_the_text(model: FieldModel) -> None:
    found = _assigner(model).assign("Assurance", "fr", [Subject("nsf", "313")])
    (one,) = assertions(found, "https://e.org/q", "Assurance", "fr")
    assert one.task == "field"
    assert one.status == "accepted"
    assert one.object == "http://data.europa.eu/snb/isced-f/0412"
    assert one.justification == "MappingChaining"
    assert one.comment == "313"
    assert one.key


TITLES = [
    Example(f"{kind} {subject}", (code,), "fr")
    for subject, code in (("pain", "0721"), ("compte", "0411"), ("mur", "0732"), ("droit", "0421"))
    for kind in ("Chef", "Agent", "Aide", "Expert", "Cadre", "Ouvrier", "Maître", "Apprenti")
]
TERMS = Collection("terms", [Example(e.text.split()[1], e.fields, "fr") for e in TITLES[::8]])


def test_training_is_deterministic_and_survives_the_disk(tmp_path: Path) -> None:
    first, second = training.train(TITLES, [TERMS]), training.train(TITLES, [TERMS])
    keep(first, tmp_path)
    read = FieldModel.load(tmp_path / "fields")
    for model in (second, read):
        assert model.fingerprint == first.fingerprint
        assert model.predict(["Chef pain"])[0].best[4][0] == "0721"
    assert first.predict(["Aide droit"]) == second.predict(["Aide droit"])
    assert read.about["titles"] == len(TITLES)
    assert set(thresholds(read)) == {2, 3, 4}


def test_a_damaged_model_is_told(tmp_path: Path) -> None:
    keep(training.train(TITLES, [TERMS]), tmp_path)
    (tmp_path / "fields" / "weights.npz").write_bytes(b"PK")
    with pytest.raises(DataError, match="QCP-LNK-FIELDS-MODEL"):
        FieldModel.load(tmp_path / "fields")


def test_a_trained_classifier_changes_the_fingerprint_and_answers(tmp_path: Path) -> None:
    before = Fields(tmp_path)
    assert before.fingerprint == Fields(tmp_path).fingerprint
    keep(training.train(TITLES, [TERMS]), tmp_path)
    after = Fields(tmp_path)
    assert after.fingerprint != before.fingerprint
    found = after.assign("Maître pain", "fr", [], [])
    assert found[0].field.startswith("07")
    assert "builtin" not in found[0].method


def test_near_duplicates_stay_on_one_side() -> None:
    titles = ["Boulanger", "Boulanger (CAP)", "Soudeur", "soudeur", "Notaire", "Infirmier"]
    for seen, unseen in folds.grouped(titles, 3):
        left = {titles[i].split()[0].casefold() for i in seen}
        right = {titles[i].split()[0].casefold() for i in unseen}
        assert not left & right
        assert len(seen) + len(unseen) == len(titles)
    again = folds.random(titles, 3)
    assert sorted(i for _, unseen in again for i in unseen.tolist()) == list(range(len(titles)))


def test_machines_separate_what_can_be_separated() -> None:
    texts = ["pain blanc", "pain noir", "mur blanc", "mur noir"]
    rows = Vectoriser.fit(texts, 1).transform(texts)
    classes = linear.signs([["a"], ["a"], ["b"], ["b"]], ["a", "b"])
    weights = linear.fit(rows, classes, np.ones(4, np.float32), 10.0)
    found = Bank.of([(("a", "b"), weights)]).margins(rows)
    assert found.argmax(axis=1).tolist() == [0, 0, 1, 1]


def test_labelled_files_are_found_by_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "titles.csv"
    path.write_text("title;iscedf\nBoulanger;0721|1013\nRien;\n", encoding="utf-8")
    assert examples.labelled(path) == [Example("Boulanger", ("0721", "1013"), "")]
    path.write_text("name;colour\nx;y\n", encoding="utf-8")
    with pytest.raises(UsageError, match="QCP-LNK-FIELDS-DATA"):
        examples.labelled(path)


def test_national_occupations_take_the_fields_of_their_isco_groups(tmp_path: Path) -> None:
    path = tmp_path / "mapping.csv"
    path.write_text(
        "Mapping project name,x\n\n"
        "classification 1 ID,classification 1 prefered label,classification 2 ID,"
        "classification 2 prefered label,mapping relation\n"
        "e:1,x,7,Chargé / Chargée de comptes,skos:exactMatch\n",
        encoding="utf-8",
    )
    isco = crosswalks.load()["isco-08"]
    found = examples.national_occupations(path, {"e:1": "2411"}, isco)
    assert found == [Example("Chargé de comptes", ("0411",))]


def test_labels_of_rest_groups_name_no_subject() -> None:
    codes = {one.fields[0] for one in vocabulary_labels()}
    assert "0411" in codes
    assert not any(code.endswith("9") for code in codes)
