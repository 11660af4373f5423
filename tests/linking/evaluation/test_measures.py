"""Measures, data forms and the fitting of weights."""

from pathlib import Path

import numpy as np
import pytest

from qcp_graph.errors import UsageError
from qcp_graph.linking import esco
from qcp_graph.linking.evaluation import Query, measure, read
from qcp_graph.linking.evaluation.fitting import Examples, fit
from qcp_graph.linking.rank import Ranked
from tests.linking.esco.conftest import BASE, SKILLS, Release, release, skill

__all__ = ["release"]  # a fixture


def _ranked(*uris: str) -> list[Ranked]:
    return [Ranked(uri, 1.0 / (place + 1), 0.5, uri) for place, uri in enumerate(uris)]


def test_measures_by_hand() -> None:
    queries = [Query("a", "en", {"x", "y"}), Query("b", "en", {"z"}), Query("c", "en")]
    ranked = [_ranked("x", "n", "y"), _ranked("n", "z"), _ranked("n")]
    found = measure(queries, ranked)
    means = {name: round(value[0], 4) for name, value in found.values.items()}
    assert found.queries == 2  # the third has no skill: it counts for the calibration alone
    assert means["MRR"] == 0.75
    assert means["hit@1"] == 0.5
    assert (means["R@1"], means["R@5"]) == (0.25, 1.0)
    assert means["RP"] == 0.25  # one of two at depth two, none of one at depth one
    assert means["RP@5"] == 1.0
    # six candidates said to be right with one half; three are
    assert found.calibration == pytest.approx(abs(0.5 - 3 / 6))
    assert found.first == pytest.approx(abs(0.5 - 1 / 3))  # one of three firsts is right
    assert found.unfit == 0.5


@pytest.fixture
def catalogue(release: Release, tmp_path: Path) -> esco.Catalogue:
    """Two skills in English."""
    text = SKILLS + skill("a", "weld pipes") + skill("b", "Read drawings")
    esco.import_files(esco.files([release("9.1.0", "en", skills=text)]), tmp_path / esco.FOLDER)
    return esco.open_version(tmp_path)


FORMS = {
    "sentence,span,sub_span,label\nWe weld,weld,,weld pipes\nWe weld,we,,LABEL NOT PRESENT\n"
    "We read,read,,read drawings\nWe read,x,,flying\n": (
        {"We weld": {"a"}, "We read": {"b"}}, 1,
    ),
    ",sentence,skills\n0,We weld,\"['weld pipes', 'UNK']\"\n1,We,['UNK']\n2,Bad,[oops\n": (
        {"We weld": {"a"}, "We": set(), "Bad": set()}, 0,
    ),
    "lang,escoUri,escoPrefLabel,nationalId,nationalLabel,relation\n"
    f"fr,{BASE}skill/a,,1,Souder,exactMatch\nfr,{BASE}skill/b,,1,Souder,narrowMatch\n": (
        {"Souder": {"a"}}, 0,
    ),
    f"text,language,skill\nWe weld,en,{BASE}skill/a\nWe sing,en,\nWe fly,en,{BASE}skill/f\n": (
        {"We weld": {"a"}, "We sing": set(), "We fly": set()}, 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", FORMS)
def test_every_form_of_data_is_read(catalogue: esco.Catalogue, tmp_path: Path, text: str) -> None:
    path = tmp_path / "data.csv"
    path.write_text(text, encoding="utf-8")
    with catalogue:
        queries, unknown = read(path, catalogue)
    wanted, missing = FORMS[text]
    assert {q.text: {uri.rpartition("/")[2] for uri in q.gold} for q in queries} == wanted
    assert unknown == missing


def test_unknown_columns_are_named(catalogue: esco.Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with catalogue, pytest.raises(UsageError, match="QCP-LNK-DATA"):
        read(path, catalogue)


def test_fitting_finds_the_feature_that_decides() -> None:
    chance = np.random.default_rng(0)
    features = chance.normal(size=(60, 20, 3)).astype(np.float32)
    right = np.zeros((60, 20), bool)
    right[np.arange(60), features[:, :, 1].argmax(axis=1)] = True
    features[:, :, 2] = 7  # says nothing
    found = fit([Examples(features, right, ("noise", "signal", "constant"))])
    assert found.features["signal"] > 5 * abs(found.features["noise"])
    assert found.features["constant"] == 0
    assert found.slope > 0
