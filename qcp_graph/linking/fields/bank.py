"""Machines that read the same text, side by side: it is looked up once for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from scipy.sparse import csr_matrix

from qcp_graph.linking.fields.features import Row
from qcp_graph.linking.fields.linear import Floats


@dataclass(frozen=True)
class Bank:
    """The classes of each machine, and the weights of all (features + 1, all classes).

    The last line of the weights are the intercepts.
    """

    names: tuple[tuple[str, ...], ...]
    weights: Floats

    @classmethod
    def of(cls, machines: Sequence[tuple[tuple[str, ...], Floats]]) -> "Bank":
        """Put machines (their classes, their weights) side by side."""
        weights = np.concatenate([weights for _, weights in machines], axis=1)
        return cls(tuple(names for names, _ in machines), weights)

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(len(names) for names in self.names))[:-1]

    def apart(self, scores: Floats) -> list[Floats]:
        """Return the scores of each machine (rows: texts)."""
        return np.split(scores, self._ends, axis=1)

    def shares(self, margins: Floats, sharpness: float) -> Floats:
        """Return shares that add up to 1 for each machine, side by side (rows: texts)."""
        starts = [0, *self._ends]
        sizes = [len(names) for names in self.names]
        highest = np.maximum.reduceat(margins, starts, axis=1)
        raised = np.exp(np.float32(sharpness) * (margins - np.repeat(highest, sizes, axis=1)))
        total = np.add.reduceat(raised, starts, axis=1)
        return np.asarray(raised / np.repeat(total, sizes, axis=1), np.float32)

    def margins(self, words: csr_matrix | Row, said: Floats | None = None) -> Floats:
        """Return the margins of all machines for texts: their words, and what views said of them.

        The last features are those of ``said``, where the machines have seen any.
        """
        size = len(self.weights) - 1 - (0 if said is None else said.shape[1])
        total = product(words, self.weights[:size]) + self.weights[-1]
        if said is not None:
            total = total + said @ self.weights[size:-1]
        return np.asarray(total, np.float32)


def product(words: csr_matrix | Row, weights: Floats) -> Floats:
    """Return words times weights (rows: texts); for one text, without making a matrix.

    A sparse matrix of one row costs more to make and to check than to multiply.

    >>> product((np.array([1]), np.array([2], np.float32)), np.array([[9], [3]], np.float32))
    array([[6.]], dtype=float32)
    """
    if isinstance(words, tuple):
        places, values = words
        return np.asarray(values @ weights[places], np.float32)[None]
    return np.asarray(words @ weights, np.float32)
