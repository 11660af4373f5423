"""Vectors of labels and the tokens that come near to them."""

import numpy as np
import pytest

from qcp_graph.linking.semantic.encoder import Tokens, _batches
from qcp_graph.linking.semantic.vectors import FEATURES, VectorIndex


def _unit(*rows: list[float]) -> np.ndarray:
    found = np.array(rows, np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture
def index() -> VectorIndex:
    """Three concepts: two labels, one label, none (it borrows a neighbour's)."""
    labels = _unit([1, 0, 0], [1, 1, 0], [0, 0, 1])
    hubs = np.array([0.1, 0.2, 0.3], np.float32)
    preferred = labels[[0, 2, 2]]
    return VectorIndex(labels, np.array([0, 0, 1], np.int32), preferred, preferred, hubs, hubs)


def test_a_token_near_to_a_label_makes_its_concept_likely(index: VectorIndex) -> None:
    tokens = Tokens(np.array([[0, 3, 0], [0, 0, 2]], np.float32), [(0, 1), (1, 2)])
    assert index.likely([(_unit([0, 1, 0])[0], tokens)]).tolist() == [[0, 1, 1]]


def test_texts_compared_together_keep_apart(index: VectorIndex) -> None:
    texts = [
        (_unit([1, 0, 0])[0], Tokens(np.array([[0, 1, 0]], np.float32), [(0, 1)])),
        (_unit([0, 1, 0])[0], Tokens(np.empty((0, 3), np.float32), [])),
        (
            _unit([0, 0, 1])[0],
            Tokens(np.array([[0, 0, 2], [3, 0, 0]], np.float32), [(0, 1), (1, 2)]),
        ),
    ]
    alone = [index.likely([text])[0].tolist() for text in texts]
    assert index.likely(texts).tolist() == alone == [[1, 0, 0], [0, 0, 0], [1, 1, 1]]


def test_the_best_label_counts_and_tokens_far_from_it_do_not(index: VectorIndex) -> None:
    sentence = _unit([1, 1, 0])[0]
    tokens = Tokens(np.array([[4, 0, 0], [0, 4, 0]], np.float32), [(0, 1), (1, 2)])
    found = index.features(sentence, tokens, np.array([0, 1], np.int32))
    assert set(found) == set(FEATURES)
    assert found["sentence_label"][0] == pytest.approx(1)  # the second label, not the first
    assert found["sentence_preferred"][0] == pytest.approx(0.5**0.5)
    assert found["tokens_preferred_05"][0] == pytest.approx(1, abs=1e-3)  # the other is not heard
    assert found["tokens_label_10"][1] == pytest.approx(0)


def test_a_text_without_tokens_is_like_nothing(index: VectorIndex) -> None:
    tokens = Tokens(np.empty((0, 3), np.float32), [])
    assert index.likely([(np.zeros(3, np.float32), tokens)]).tolist() == [[0, 0, 0]]
    found = index.features(np.zeros(3, np.float32), tokens, np.array([0, 2], np.int32))
    assert all(np.isfinite(values).all() for values in found.values())


def test_batches_hold_about_as_many_tokens_each() -> None:
    lengths = [3] * 400 + [500, 600]
    found = list(_batches(range(len(lengths)), lengths))
    assert [place for batch in found for place in batch] == list(range(len(lengths)))
    assert max(len(batch) * lengths[batch[-1]] for batch in found[:-2]) <= 512
    assert [len(batch) for batch in found] == [170, 170, 60, 1, 1]
    assert list(_batches([], [])) == []
