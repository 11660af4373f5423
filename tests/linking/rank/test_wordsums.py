"""Rows of words: summed as by hand, computed once, and given up when others came after."""

import numpy as np
import pytest

from qcp_graph.linking.rank.arrays import Floats
from qcp_graph.linking.rank.ngrams import NgramIndex
from qcp_graph.linking.rank.ranker import Pool, _greatest
from qcp_graph.linking.rank.wordsums import WordSums


class _Counted:
    """A row per word, and which were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, word: str) -> Floats:
        self.asked.append(word)
        return np.array([len(word), 1, 0], np.float32)


def _total(sums: WordSums, *words: tuple[str, float]) -> list[float]:
    found = np.zeros(3, np.float32)
    sums.add(words, found)
    values: list[float] = found.tolist()
    return values


def test_rows_are_added_with_their_weights_and_computed_once() -> None:
    row = _Counted()
    sums = WordSums(row)
    assert _total(sums, ("weld", 1.0), ("to", 0.5)) == [5, 1.5, 0]
    assert _total(sums, ("weld", 2.0)) == [8, 2, 0]
    assert _total(sums, ("weld", 1.0)) == [4, 1, 0]  # the row itself is as it was
    assert _total(sums) == [0, 0, 0]
    assert row.asked == ["weld", "to"]


def test_rows_of_few_concepts_are_added_as_whole_ones_are() -> None:
    said = {"rare": 7, "common": 50}

    def row(word: str) -> Floats:
        found = np.zeros(200, np.float32)
        found[:: 200 // said[word]] = len(word)
        return found

    words = [("rare", 1.0), ("common", 2.0), ("rare", 0.5)]
    found = [np.zeros(200, np.float32) for _ in range(2)]
    for few, sums in zip((True, False), found, strict=True):
        WordSums(row, few=few).add(words, sums)
    assert found[0].tolist() == found[1].tolist()
    assert found[0].max() == 18


def test_the_word_asked_for_longest_ago_goes_first() -> None:
    row = _Counted()
    sums = WordSums(row, most=2)
    for word in ("a", "b", "a", "c", "a", "b"):
        _total(sums, (word, 1.0))
    assert row.asked == ["a", "b", "c", "b"]


LABELS = ["weld pipes", "pipe welding", "read drawings", "anabanana"]


@pytest.fixture
def index() -> NgramIndex:
    """Four labels of three concepts."""
    return NgramIndex.build(LABELS, np.array([0, 0, 1, 2], np.int32), 3)


@pytest.mark.parametrize("text", ["weld pipes", "banana weld weld", "drawing of pipes", "zzz", ""])
def test_weights_are_those_of_the_definition(index: NgramIndex, text: str) -> None:
    seen = index.weighted(text)
    names = list(index.vocabulary)
    counts: dict[str, int] = {}
    for word in text.split():
        marked = f" {word} "
        for size in (3, 4, 5):
            for start in range(len(marked) - size + 1):
                gram = marked[start : start + size]
                if gram in index.vocabulary:
                    counts[gram] = counts.get(gram, 0) + 1
    raw = {gram: (1 + np.log(n)) * index.idf[index.vocabulary[gram]] for gram, n in counts.items()}
    length = np.sqrt(sum(value**2 for value in raw.values())) or 1
    found = {names[term]: weight for term, weight in zip(seen.terms, seen.weights, strict=True)}
    assert found == pytest.approx({gram: value / length for gram, value in raw.items()})
    assert seen.terms.tolist() == sorted(seen.terms.tolist())


def test_texts_compared_together_give_what_each_gives_alone(index: NgramIndex) -> None:
    labels = np.arange(4, dtype=np.int32)
    texts = [index.weighted(text) for text in ("weld pipes", "read drawings", "")]
    alone = [index.exact([text], labels, labels * 0) for text in texts]
    assert alone[0][0] == pytest.approx(1)
    whose = np.repeat(np.arange(3, dtype=np.int32), 4)
    together = index.exact(texts, np.tile(labels, 3), whose)
    assert together.tolist() == np.concatenate(alone).tolist()
    mixed = index.exact(texts, labels[:3], np.array([1, 0, 2], np.int32))
    assert mixed.tolist() == [alone[1][0], alone[0][1], alone[2][2]]


def test_the_greatest_values_are_found_however_they_lie() -> None:
    chance = np.random.default_rng(3)
    for values in (chance.random(500), chance.random(500) ** 9, np.zeros(500), -np.ones(7)):
        found = _greatest(values.astype(np.float32), Pool(40, 40))
        assert len(found) == min(40, len(values))
        assert found.tolist() == sorted(set(found.tolist()))
        least = np.sort(values)[::-1][: len(found)][-1]
        assert values[found].min() == pytest.approx(least)
    assert _greatest(np.empty(0, np.float32), Pool(40, 40)).tolist() == []


def test_values_far_from_the_greatest_are_left_out_but_for_a_few() -> None:
    values = np.array([0.1, 0.9, 0.2, 1.0, 0.8, 0.3], np.float32)
    assert _greatest(values, Pool(1, 5)).tolist() == [1, 3, 4]
    assert _greatest(values, Pool(4, 5)).tolist() == [1, 3, 4, 5]
    assert _greatest(values, Pool(1, 2)).tolist() == [1, 3]


def test_an_index_of_nothing_says_nothing_and_keeps_nothing() -> None:
    empty = NgramIndex.build([], np.empty(0, np.int32), 3, exact=False)
    seen = empty.weighted("weld pipes")
    assert (seen.terms.tolist(), seen.weights.tolist()) == ([], [])
    assert empty.likely(seen).tolist() == [0, 0, 0]
    assert not any(isinstance(kept, WordSums) for kept in vars(empty).values())
