"""Compounds come apart, words find their meaning, and arrays add up as by hand."""

from pathlib import Path

import numpy as np
import pytest

from qcp_graph.linking.rank.arrays import Owners, Postings, Rows, ranges
from qcp_graph.linking.rank.compounds import Splitter
from qcp_graph.linking.rank.ngrams import NgramIndex
from qcp_graph.linking.rank.pivot import meanings

LABELS = ["hantera klagomål", "hantering av gods", "kontrakt", "golv", "solceller"]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("klagomalshantering", ("klagomal", "hantering")),  # with a joint
        ("golvkontrakt", ("golv", "kontrakt")),
        ("golvkontraktshantering", ("golv", "kontrakt", "hantering")),
        ("hantering", ("hantering",)),  # a word that is known stays whole
        ("okandhantverk", ("okandhantverk",)),  # so does one nothing is known of
        ("golv", ("golv",)),
        ("x" * 60, ("x" * 60,)),
    ],
)
def test_compounds_come_apart_where_their_parts_are_words(word: str, parts: tuple[str]) -> None:
    assert Splitter.of("sv", LABELS)(word) == parts


def test_a_common_beginning_is_a_part_though_no_label_is_it() -> None:
    labels = ["solcellspanel", "solcellssystem", "solcellsteknik", "montage"]
    assert Splitter.of("sv", labels)("solcellsmontage") == ("solcells", "montage")


def test_languages_that_do_not_compound_split_nothing() -> None:
    assert Splitter.of("fr", ["gestion", "projet"])("gestionprojet") == ("gestionprojet",)


def test_meanings_are_told_apart_by_what_stands_beside_them() -> None:
    found = meanings([
        (["sould", "tuyau"], ["weld", "pipe"]), (["sould", "tol"], ["weld", "sheet"]),
        (["coup", "tuyau"], ["cut", "pipe"]), (["coup", "tol"], ["cut", "sheet"]),
    ])  # fmt: skip
    best = {word: max(meant, key=lambda one: meant[one]) for word, meant in found.items()}
    assert best == {"sould": "weld", "tuyau": "pipe", "tol": "sheet", "coup": "cut"}
    assert all(sum(meant.values()) < 1.0001 for meant in found.values())
    assert meanings([]) == {}


def _rows() -> Rows:
    pairs = [([0, 2], [1.0, 2.0]), ([], []), ([2], [5.0]), ([1], [3.0])]
    return Rows.build([(np.array(t, np.int32), np.array(w, np.float32)) for t, w in pairs])


def test_rows_are_summed_where_some_are_empty() -> None:
    values = np.array([10, 100, 1000], np.float32)
    labels = np.array([0, 1, 3, 1, 2], np.int32)
    assert _rows().totals(values, labels).tolist() == [2010, 0, 300, 0, 5000]
    assert _rows().totals(values, labels[:0]).tolist() == []


def test_a_concept_has_each_term_with_its_greatest_weight() -> None:
    owners = np.array([0, 0, 0, 2], np.int32)
    united = _rows().united(owners, 3, 3)
    assert united.matrix.toarray().tolist() == [[1, 0, 0], [0, 0, 3], [5, 0, 0]]


def test_blocks_unite_as_one_would(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(1)
    rows = Rows.build([
        (np.sort(chance.choice(50, size, replace=False)).astype(np.int32),
         chance.random(size).astype(np.float32))
        for size in chance.integers(0, 9, 300)
    ])  # fmt: skip
    owners = np.sort(chance.integers(0, 40, 300)).astype(np.int32)
    whole = rows.united(owners, 40, 50).matrix.toarray()
    monkeypatch.setattr("qcp_graph.linking.rank.arrays._BLOCK", 7)
    assert (rows.united(owners, 40, 50).matrix.toarray() == whole).all()


def test_the_best_label_of_each_concept_is_found_where_some_have_none() -> None:
    owners = Owners.of(np.array([0, 0, 2, 3], np.int32), 4)
    chosen = owners.rows(np.array([0, 1, 3], np.int32))
    assert chosen.labels.tolist() == [0, 1, 3]
    assert chosen.best(np.array([1, 7, 4], np.float32)).tolist() == [7, 0, 4]
    assert ranges(np.array([], np.int32), np.array([], np.int32)).tolist() == []


def test_no_label_can_be_likelier_by_itself_than_its_concept(tmp_path: Path) -> None:
    labels = ["weld pipes", "pipe welding", "read drawings"]
    owners = np.array([0, 0, 1], np.int32)
    index = NgramIndex.build(labels, owners, 2)
    for text in ("welding of pipes", "drawing", "zzz"):
        seen = index.weighted(text)
        exact = index.exact([seen], np.arange(3, dtype=np.int32), np.zeros(3, np.int32))
        assert (index.likely(seen)[owners] >= exact - 1e-6).all()
    index.save(tmp_path, "n")
    again = NgramIndex.load(tmp_path, "n")
    assert isinstance(again.concepts, Postings)
    assert np.allclose(again.likely(seen), index.likely(seen))
    with pytest.raises(ValueError, match="without labels"):
        NgramIndex.load(tmp_path, "n", exact=False).exact([seen], owners, owners * 0)
