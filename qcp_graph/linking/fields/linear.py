"""Linear support vector machines, one per class, fitted together with numpy and scipy alone.

The objective is the usual one (L2-regularised squared hinge loss, one class against the rest);
Nesterov's accelerated gradient with restarts finds it. Everything is deterministic.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
STEPS: Final = 60
_INTERCEPT: Final = np.float32(0.3)  # the value of its column: keeps its curvature in bounds
ENOUGH: Final = 2e-3  # relative change of the weights at which fitting stops


def fit(
    rows: csr_matrix, classes: Floats, weights: Floats, strength: float = 1.0, steps: int = STEPS
) -> Floats:
    """Return the weights (features + 1 for the intercept, classes).

    ``classes`` is 1 where a row belongs to a class and -1 elsewhere, ``weights`` how much a row
    counts, ``strength`` the C of the machines. Rows are centred on the way, without being filled:
    what all titles share would otherwise slow the descent fifty times.
    """
    own = _Centred(rows, weights)
    scale = (2 * strength * weights)[:, None].astype(np.float32)
    rate = np.float32(1 / (1 + own.curvature(scale)))
    found = np.zeros((rows.shape[1] + 1, classes.shape[1]), np.float32)
    ahead, momentum = found, 1.0
    for _ in range(steps):
        slack = np.maximum(0, 1 - classes * own.forward(ahead))
        gradient = ahead - own.back(scale * classes * slack)
        new = ahead - rate * gradient
        change = new - found
        following = (1 + np.sqrt(1 + 4 * momentum * momentum)) / 2
        if float(np.vdot(gradient, change)) > 0:  # overshot: begin anew from here
            following = 1.0
            ahead = new
        else:
            ahead = new + np.float32((momentum - 1) / following) * change
        found, momentum = new, following
        if np.linalg.norm(change) <= ENOUGH * max(float(np.linalg.norm(new)), 1e-9):
            break
    return own.plain(found)


class _Centred:
    """Rows less their mean, with a column for the intercept; never written out."""

    def __init__(self, rows: csr_matrix, weights: Floats) -> None:
        self._rows = rows
        self._turned = rows.T.tocsr()
        share = (weights / weights.sum()).astype(np.float32)
        self._mean = np.asarray(self._turned @ share, np.float32)

    def forward(self, weights: Floats) -> Floats:
        shift = _INTERCEPT * weights[-1] - self._mean @ weights[:-1]
        return np.asarray(self._rows @ weights[:-1] + shift, np.float32)

    def back(self, values: Floats) -> Floats:
        total = values.sum(axis=0, keepdims=True)
        slopes = self._turned @ values - self._mean[:, None] * total
        return np.concatenate([slopes, _INTERCEPT * total]).astype(np.float32)

    def curvature(self, scale: Floats, steps: int = 25) -> float:
        """Return a little more than the largest eigenvalue of the loss's curvature."""
        chance = np.random.default_rng(0)
        vector: Floats = chance.standard_normal((self._rows.shape[1] + 1, 1), np.float32)
        vector = (vector / np.linalg.norm(vector)).astype(np.float32)
        size = 0.0
        for _ in range(steps):
            vector = self.back(scale * self.forward(vector))
            size = float(np.linalg.norm(vector))
            if not size:
                return 0.0
            vector = (vector / size).astype(np.float32)
        return 1.1 * size

    def plain(self, weights: Floats) -> Floats:
        """Return the weights for rows as they are."""
        last = _INTERCEPT * weights[-1] - self._mean @ weights[:-1]
        return np.concatenate([weights[:-1], last[None]]).astype(np.float32)


def signs(labels: Sequence[Sequence[str]], names: Sequence[str]) -> Floats:
    """Return 1 where a row has a class and -1 elsewhere.

    >>> signs([["a"], ["a", "b"]], ["a", "b"]).tolist()
    [[1.0, -1.0], [1.0, 1.0]]
    """
    place = {name: number for number, name in enumerate(names)}
    found = np.full((len(labels), len(names)), -1, np.float32)
    for row, several in enumerate(labels):
        for label in several:
            found[row, place[label]] = 1
    return found
