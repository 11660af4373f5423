"""What national codes say of the field, beside the title."""

from pathlib import Path

import numpy as np
import pytest

from qcp_graph.errors import UsageError
from qcp_graph.linking.fields import coded, training
from qcp_graph.linking.fields.assign import Subject
from qcp_graph.linking.fields.coded import Coded
from qcp_graph.linking.fields.crosswalks import Crosswalk
from qcp_graph.linking.fields.examples import CodeFile, Collection, Example, labelled
from qcp_graph.linking.fields.keeping import keep
from qcp_graph.linking.fields.model import FieldModel
from qcp_graph.linking.fields.opening import Fields

NAMES = ("0411", "0412", "0421", "0721")
WALK = {"nsf": Crosswalk("nsf", {"31": ("041",), "345": ("0421",)})}


def example(field: str, *codes: str) -> Example:
    return Example("Titre", (field,), "fr", tuple(("nsf", code) for code in codes))


def shares(table: coded.CodeTable, code: str) -> dict[str, float]:
    found = table.share(code)
    assert found is not None
    return dict(zip(NAMES, found.round(3).tolist(), strict=True))


def test_frequent_fields_of_a_code_are_likely() -> None:
    titles = [example("0411", "314")] * 30 + [example("0412", "313")] * 10
    table = coded.fit(titles, NAMES, {})["nsf"]
    assert shares(table, "314")["0411"] > 0.9
    assert shares(table, "313")["0412"] > 0.6
    # Of a code that nobody had the group decides, which both belong to.
    assert 0.5 < shares(table, "319")["0411"] < shares(table, "314")["0411"]
    assert table.share("999") is None
    assert np.allclose(table.shares.sum(axis=1), 1, atol=1e-5)


def test_a_crosswalk_speaks_where_titles_are_few() -> None:
    titles = [example("0721", "221")] * 20
    alone = coded.fit(titles, NAMES, {})["nsf"]
    helped = coded.fit(titles, NAMES, WALK)["nsf"]
    assert alone.share("345") is None
    assert shares(helped, "345")["0421"] > 0.5
    assert shares(helped, "313")["0411"] + shares(helped, "313")["0412"] > 0.5


def test_title_and_code_are_heard_together() -> None:
    titles = [example("0411", "314")] * 30 + [example("0421", "345")] * 30
    tables = coded.fit(titles, NAMES, {})
    logs = coded.spread(np.array([[0.0, 1.0, 0.9, 0.0]], np.float32), 1.0)[0]
    assert NAMES[int(coded.joined(tables, logs, [("nsf", "345")]).argmax())] == "0421"
    both = coded.joined(tables, logs, [("nsf", "345"), ("nsf", "314")])
    assert NAMES[int(both.argmax())] in {"0411", "0421"}
    for nothing in ([], [("nsf", "9")], [("ssa", "345")]):
        assert np.array_equal(coded.joined(tables, logs, nothing), logs)


SUBJECTS = (("pain", "0721", "221"), ("compte", "0411", "314"), ("mur", "0732", "232"))
KINDS = ("Chef", "Agent", "Aide", "Expert", "Cadre", "Ouvrier", "Maître", "Apprenti", "Adjoint")
TITLES = [
    Example(f"{kind} {place} {subject if place % 2 else 'général'}", (field,), "fr",
            (("nsf", code),))
    for subject, field, code in SUBJECTS
    for kind in KINDS
    for place in range(8)
]  # fmt: skip
TERMS = Collection("terms", [Example(name, (field,), "fr") for name, field, _ in SUBJECTS])


@pytest.fixture(scope="module")
def model() -> FieldModel:
    return training.train(TITLES, [TERMS])


def test_a_title_that_says_nothing_is_classified_by_its_code(model: FieldModel) -> None:
    for _, field, code in SUBJECTS:
        found = model.predict_coded("Chef 2 général", [("nsf", code)])
        assert found is not None
        assert found.best[4][0] == field
        assert found.best[4][1] > 0.8
    assert model.predict_coded("Chef", [("ssa", "1")]) is None
    assert model.reads("nsf")
    assert not model.reads("ssa")


def test_it_is_kept_and_used_by_a_build(model: FieldModel, tmp_path: Path) -> None:
    keep(model, tmp_path)
    read = FieldModel.load(tmp_path / "fields")
    assert isinstance(read.coded, Coded)
    asked = "Chef 2 général", [("nsf", "232")]
    first, again = model.predict_coded(*asked), read.predict_coded(*asked)
    assert first is not None
    assert again is not None
    assert again.best[4][0] == first.best[4][0] == "0732"
    (found,) = Fields(tmp_path).assign("Chef 2 général", "fr", [Subject("nsf", "232")], [])
    assert (found.field, found.accepted, found.comment) == ("0732", True, "nsf 232")
    assert found.method.startswith("crosswalk nsf + classifier ")


def test_few_titles_with_codes_teach_nothing() -> None:
    bare = [one._replace(codes=()) for one in TITLES]
    assert training.train([*bare, *TITLES[:20]], [TERMS]).coded is None


def test_codes_come_from_a_file_of_records(tmp_path: Path) -> None:
    titles, codes = tmp_path / "titles.csv", tmp_path / "codes.csv"
    titles.write_text("rncp,title,iscedf\nR1,Boulanger,0721\nR2,Notaire,0421\n", encoding="utf-8")
    codes.write_text("rncp,nsf\nR1,221\nR1,221\nR1,334\nR9,1\n", encoding="utf-8")
    first, second = labelled(titles, [CodeFile.read("nsf", codes)])
    assert first.codes == (("nsf", "221"), ("nsf", "334"))
    assert second.codes == ()
    codes.write_text("rncp\n", encoding="utf-8")
    with pytest.raises(UsageError, match="two columns"):
        CodeFile.read("nsf", codes)
