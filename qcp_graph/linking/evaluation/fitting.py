"""Weights fitted to labelled texts: a listwise loss with a penalty, no text more than another.

The penalty was chosen where weights fitted on one domain rank the other best.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from qcp_graph.linking.evaluation.datasets import Query
from qcp_graph.linking.rank.arrays import Floats
from qcp_graph.linking.rank.ranker import CANDIDATES, Pool, Ranker
from qcp_graph.linking.rank.weighting import Weights

Truths: TypeAlias = NDArray[np.bool_]
PENALTY: Final = 0.1
_TOP: Final = 10


@dataclass(frozen=True)
class Examples:
    """Candidates of a data set: features (queries x candidates x features), and which are right."""

    features: Floats
    right: Truths
    names: tuple[str, ...]


def examples(ranker: Ranker, queries: Sequence[Query], names: Sequence[str]) -> Examples:
    """Collect the candidates of texts with the features to weigh."""
    rows, right = [], []
    every = ranker.candidates([query.text for query in queries], names, Pool(least=CANDIDATES))
    for query, found in zip(queries, every, strict=True):
        rows.append(found.features)
        right.append([ranker.uris[int(one)] in query.gold for one in found.concepts])
    return Examples(np.array(rows, np.float32), np.array(right, bool), tuple(names))


def fit(sets: Sequence[Examples], penalty: float = PENALTY, *, first: bool = True) -> Weights:
    """Return the weights that rank right skills above wrong ones, each data set counting alike."""
    names = sets[0].names
    spread = np.concatenate([one.features.reshape(-1, len(names)) for one in sets]).std(axis=0)
    spread = np.where(spread > 1e-6, spread, np.inf)  # a feature that never varies gets no weight
    scaled = [(one.features / spread, one.right) for one in sets]
    start = np.zeros(len(names))
    found = minimize(_loss, start, (scaled, penalty), "L-BFGS-B", jac=True).x / spread
    features = {name: round(float(value), 5) for name, value in zip(names, found, strict=True)}
    return calibrate(Weights(features, 0, 1, 0), sets, first=first)


def _loss(
    weights: Floats, sets: Sequence[tuple[Floats, Truths]], penalty: float
) -> tuple[float, Floats]:
    total, slope = 0.0, np.zeros_like(weights)
    for features, right in sets:
        scores = features @ weights
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        wrong = powers * ~right
        share = right / np.maximum(right.sum(axis=1, keepdims=True), 1)
        rivals = wrong.sum(axis=1, keepdims=True) + powers
        count = max(int(right.any(axis=1).sum()), 1)
        total += float((-np.log(powers / rivals + 1e-30) * share).sum()) / count
        each = share / rivals
        pull = wrong * each.sum(axis=1, keepdims=True) + each * powers - share
        slope += np.einsum("qc,qcf->f", pull, features) / count
    size = len(sets)
    return total / size + penalty * float(weights @ weights), slope / size + 2 * penalty * weights


def calibrate(weights: Weights, sets: Sequence[Examples], *, first: bool = True) -> Weights:
    """Return weights whose scores become probabilities as often right as they say.

    Fitted is the logistic function from score and gap to being right, over the first ten, and
    with ``first`` what the best one has in advance; each data set counts alike, however long it
    is. Sets that disagree on how often the best one is right teach nothing about it.
    """
    inputs, right, shares = [], [], []
    for one in sets:
        chosen = np.array([weights.features[name] for name in one.names])
        scores = one.features @ chosen
        order = np.argsort(-scores, axis=1)[:, :_TOP]
        top = np.take_along_axis(scores, order, 1)
        inputs.append(_inputs(top, first).reshape(-1, 5))
        right.append(np.take_along_axis(one.right, order, 1).reshape(-1))
        shares.append(np.full(top.size, 1 / top.size / len(sets)))
    table, good = np.concatenate(inputs), np.concatenate(right).astype(float)
    share = np.concatenate(shares)

    def loss(chosen: Floats) -> tuple[float, Floats]:
        said = 1 / (1 + np.exp(-np.clip(table @ chosen, -30, 30)))
        cost = -share @ (good * np.log(said + 1e-12) + (1 - good) * np.log(1 - said + 1e-12))
        return float(cost), table.T @ (share * (said - good))

    found = minimize(loss, np.zeros(5), jac=True, method="L-BFGS-B").x
    return Weights(weights.features, *(round(float(one), 5) for one in found))


def _inputs(top: Floats, first: bool) -> Floats:
    """Return what the probability of sorted scores depends on, in the order of the weights."""
    best, margin = np.zeros_like(top), np.zeros_like(top)
    if first:
        best[:, 0] = 1
        margin[:, 0] = top[:, 0] - top[:, 1]
    return np.stack([np.ones_like(top), top, top - top[:, :1], best, margin], -1)


def as_json(fitted: Mapping[str, Mapping[str, Weights]]) -> dict[str, dict[str, object]]:
    """Return weights by tier and language as the file of the program holds them."""
    return {
        tier: {language: vars(one) for language, one in languages.items()}
        for tier, languages in fitted.items()
    }
