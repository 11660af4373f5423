"""The network beside the linear machines: it sees which words go together."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from qcp_graph.linking.fields import net
from qcp_graph.linking.fields.linear import Floats
from qcp_graph.linking.fields.net import Net

FIELDS = ("0411", "0412", "0721")


@pytest.fixture(scope="module")
def rows() -> tuple[csr_matrix, Floats, list[str]]:
    """Titles of two words each, whose field no single word gives away: only the pair does."""
    chance = np.random.default_rng(5)
    words, labels = [], []
    for _ in range(240):
        first, second = chance.integers(0, 2, 2)
        line = chance.normal(0, 0.05, 12)
        line[first] += 1
        line[2 + second] += 1
        words.append(line)
        labels.append(FIELDS[0] if first == second else FIELDS[2])
    labels[0] = FIELDS[1]
    matrix = csr_matrix(np.array(words, np.float32))
    return matrix, np.zeros((240, 3), np.float32), labels


@pytest.fixture(scope="module")
def fitted(rows: tuple[csr_matrix, Floats, list[str]]) -> Net:
    words, said, labels = rows
    return net.fit(words, said, labels, FIELDS)


def test_pairs_of_words_are_learned(
    rows: tuple[csr_matrix, Floats, list[str]], fitted: Net
) -> None:
    words, said, labels = rows
    best = fitted.logs(words, said).argmax(axis=1)
    right = [FIELDS[place] == label for place, label in zip(best, labels, strict=True)]
    assert np.mean(right) > 0.95


def test_equal_titles_give_an_equal_network(
    rows: tuple[csr_matrix, Floats, list[str]], fitted: Net
) -> None:
    words, said, labels = rows
    again = net.fit(words, said, labels, FIELDS)
    for name, array in fitted.arrays().items():
        assert np.array_equal(array, again.arrays()[name])


def test_a_network_survives_its_arrays(
    rows: tuple[csr_matrix, Floats, list[str]], fitted: Net
) -> None:
    words, said, _ = rows
    read = Net.of(fitted.arrays())
    assert read is not None
    assert np.array_equal(read.logs(words, said), fitted.logs(words, said))
    assert Net.of({"rarity": np.zeros(3, np.float32)}) is None
    damaged = {name: one for name, one in fitted.arrays().items() if name != "mean"}
    with pytest.raises(KeyError):
        Net.of(damaged)
