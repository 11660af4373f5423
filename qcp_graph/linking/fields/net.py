"""A small network beside the linear machines: it sees which words go together.

One hidden layer over the directions in which titles differ most (a truncated singular value
decomposition of their words) and over what the views say. It learns detailed, narrow and broad
fields at once: a guess in the right narrow field is half right. Everything is deterministic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import svds

from qcp_graph.linking.fields.bank import product
from qcp_graph.linking.fields.features import Row
from qcp_graph.linking.fields.linear import Floats

DIRECTIONS: Final = 400
HIDDEN: Final = 192
SEEDS: Final = (0, 1, 2)
EPOCHS: Final = 30
_BATCH: Final = 64
_RATE: Final = 2e-3
_DECAY: Final = 1e-3
_KEPT: Final = (0.6, 0.5)  # shares of inputs and of hidden values that a step sees
_FLOOR: Final = 0.02  # of deviations: rare directions are not blown up
_LIMIT: Final = 6.0
_LEVELS: Final = {4: 1.0, 3: 0.5, 2: 0.5}  # how much an error in each counts
_MOMENTS: Final = (0.9, 0.999)


@dataclass(frozen=True)
class Net:
    """``lens`` turns words into directions; ``layers`` are weights and shifts, per seed."""

    lens: Floats
    mean: Floats
    spread: Floats
    layers: tuple[Floats, ...]

    def logs(self, words: csr_matrix | Row, said: Floats) -> Floats:
        """Return log shares of detailed fields (rows: titles), the mean of all seeds."""
        inner, inner_shift, outer, outer_shift = self._together
        hidden = np.maximum(self._seen(words, said) @ inner + inner_shift, 0)
        each = hidden.reshape(len(hidden), len(outer), -1).swapaxes(0, 1)
        shares = _shares(each @ outer + outer_shift)
        return np.asarray(np.log(shares + 1e-9).mean(axis=0), np.float32)

    @cached_property
    def _together(self) -> tuple[Floats, Floats, Floats, Floats]:
        """The layers of all seeds: the first ones side by side, the second ones stacked."""
        inner, inner_shift, outer, outer_shift = (self.layers[kind::4] for kind in range(4))
        return (
            np.concatenate(inner, axis=1), np.concatenate(inner_shift),
            np.stack(outer), np.stack(outer_shift)[:, None],
        )  # fmt: skip

    def arrays(self) -> dict[str, Floats]:
        """Return everything by name, to be saved."""
        named = {f"net{number}": one for number, one in enumerate(self.layers)}
        return {"lens": self.lens, "mean": self.mean, "spread": self.spread, **named}

    @classmethod
    def of(cls, arrays: Mapping[str, Floats]) -> "Net | None":
        """Return the network of saved arrays, if there is one.

        :raises KeyError: when a part of it is missing.
        """
        if "lens" not in arrays:
            return None
        kept = {name: np.asarray(one, np.float32) for name, one in arrays.items()}
        count = sum(name.startswith("net") for name in kept)
        layers = tuple(kept[f"net{number}"] for number in range(count))
        return cls(kept["lens"], kept["mean"], kept["spread"], layers)

    def _seen(self, words: csr_matrix | Row, said: Floats) -> Floats:
        whole = np.concatenate([product(words, self.lens), said], axis=1)
        seen = np.clip((whole - self.mean) / self.spread, -_LIMIT, _LIMIT)
        return np.asarray(seen, np.float32)


def fit(words: csr_matrix, said: Floats, labels: Sequence[str], names: Sequence[str]) -> Net:
    """Fit a network to titles: their words, what views say, their detailed fields."""
    lens = _directions(words)
    whole = np.concatenate([product(words, lens), said], axis=1)
    mean = whole.mean(axis=0).astype(np.float32)
    spread = (whole.std(axis=0) + _FLOOR).astype(np.float32)
    bare = Net(lens, mean, spread, ())
    seen = bare._seen(words, said)
    place = {name: number for number, name in enumerate(names)}
    right = np.array([place[label] for label in labels], np.intp)
    kin = [(weight, _kin(names, level)) for level, weight in _LEVELS.items()]
    layers = tuple(layer for seed in SEEDS for layer in _fitted(seen, right, kin, seed))
    return Net(lens, mean, spread, layers)


def _directions(words: csr_matrix) -> Floats:
    """Return the directions in which titles differ most (features, at most DIRECTIONS)."""
    count = min(DIRECTIONS, min(words.shape) - 1)
    if count < 1:
        return np.zeros((words.shape[1], 0), np.float32)
    start = np.random.default_rng(0).standard_normal(min(words.shape))
    _, _, found = svds(words, k=count, v0=start)
    return np.ascontiguousarray(found[::-1].T, np.float32)


def _kin(names: Sequence[str], level: int) -> NDArray[np.bool_]:
    """Tell of each two detailed fields whether they are one at a level."""
    above = np.array([name[:level] for name in names])
    return np.asarray(above[:, None] == above[None, :])


Kin = Sequence[tuple[float, NDArray[np.bool_]]]


def _fitted(seen: Floats, right: NDArray[np.intp], kin: Kin, seed: int) -> list[Floats]:
    """Return the layers after training: Adam with a falling rate, dropout, weight decay."""
    chance = np.random.default_rng(seed)
    width, classes = seen.shape[1], len(kin[0][1])
    layers: list[Floats] = [
        (chance.standard_normal((width, HIDDEN)) / np.sqrt(max(width, 1))).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        (chance.standard_normal((HIDDEN, classes)) / (2 * np.sqrt(HIDDEN))).astype(np.float32),
        np.zeros(classes, np.float32),
    ]
    moments = [(np.zeros_like(one), np.zeros_like(one)) for one in layers]
    step = 0
    for epoch in range(EPOCHS):
        rate = _RATE * (1 - epoch / EPOCHS) + 1e-5
        order = chance.permutation(len(seen))
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            slopes = _slopes(layers, seen[some], right[some], kin, chance)
            step += 1
            for one, moment, slope in zip(layers, moments, slopes, strict=True):
                _move(one, moment, slope, rate, step)
    return layers


def _slopes(
    layers: Sequence[Floats], seen: Floats, right: NDArray[np.intp], kin: Kin,
    chance: np.random.Generator,
) -> list[Floats]:  # fmt: skip
    inner, inner_shift, outer, outer_shift = layers
    given = _dropped(seen, _KEPT[0], chance)
    hidden = np.maximum(given @ inner + inner_shift, 0)
    passed = _dropped(hidden, _KEPT[1], chance)
    shares = _shares(passed @ outer + outer_shift)
    wrong = np.zeros_like(shares)
    for weight, same in kin:
        ours = shares * same[right]
        wrong += weight * (shares - ours / (ours.sum(axis=1, keepdims=True) + 1e-9))
    wrong /= len(seen)
    back = (wrong @ outer.T) * (passed > 0) / np.float32(_KEPT[1])
    return [given.T @ back, back.sum(axis=0), passed.T @ wrong, wrong.sum(axis=0)]


def _move(
    layer: Floats, moment: tuple[Floats, Floats], slope: Floats, rate: float, step: int
) -> None:
    first, second = moment
    first += np.float32(1 - _MOMENTS[0]) * (slope - first)
    second += np.float32(1 - _MOMENTS[1]) * (slope * slope - second)
    size = np.sqrt(second / np.float32(1 - _MOMENTS[1] ** step)) + np.float32(1e-8)
    layer -= np.float32(rate) * (
        first / np.float32(1 - _MOMENTS[0] ** step) / size + np.float32(_DECAY) * layer
    )


def _dropped(values: Floats, kept: float, chance: np.random.Generator) -> Floats:
    mask = chance.random(values.shape, np.float32) < kept
    return np.asarray(values * mask / np.float32(kept), np.float32)


def _shares(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)
