"""Measures of ranked skills against labelled ones, with confidence intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qcp_graph.linking.evaluation.datasets import Query
from qcp_graph.linking.rank.ranker import Ranked

DEPTH: Final = 100
_ROUNDS: Final = 1000
_BINS: Final = 10


@dataclass(frozen=True)
class Measured:
    """Means over the queries that have a skill, each with its 95 % interval (bootstrap).

    ``calibration`` is the expected calibration error of the first ten probabilities over all
    queries, those without a skill included; ``first`` the same of the first one alone; ``unfit``
    the mean probability of the first where no skill fits, which should be low.
    """

    queries: int
    values: dict[str, tuple[float, float, float]]
    calibration: float
    first: float
    unfit: float


def measure(queries: Sequence[Query], ranked: Sequence[Sequence[Ranked]]) -> Measured:
    """Compare rankings (best first, up to :data:`DEPTH`) with what queries should give.

    ``MRR`` mean reciprocal rank of the first right skill, ``hit@k`` share of queries with a right
    skill among the first k, ``R@k`` share of the right skills found there, ``RP`` precision at as
    many as there are right ones, ``RP@5`` the same at no more than five.
    """
    table = [
        _one([one.uri for one in found], query.gold)
        for query, found in zip(queries, ranked, strict=True)
        if query.gold
    ]
    names = list(table[0]) if table else []
    rows = np.array([[row[name] for name in names] for row in table])
    values = {name: _interval(rows[:, place]) for place, name in enumerate(names)}
    said = [found[0].probability for query, found in zip(queries, ranked, strict=True)
            if found and not query.gold]  # fmt: skip
    return Measured(
        len(table), values, _calibration(queries, ranked, 10), _calibration(queries, ranked, 1),
        float(np.mean(said)) if said else 0.0,
    )  # fmt: skip


def _one(found: Sequence[str], gold: set[str]) -> dict[str, float]:
    places = [place for place, uri in enumerate(found) if uri in gold]
    right = {k: sum(place < k for place in places) for k in (1, 5, 10, DEPTH, len(gold))}
    row = {"MRR": 1 / (places[0] + 1) if places else 0.0}
    row |= {f"hit@{k}": float(right[k] > 0) for k in (1, 5, 10)}
    row |= {f"R@{k}": right[k] / len(gold) for k in (1, 5, 10, DEPTH)}
    row["RP"] = right[len(gold)] / len(gold)
    row["RP@5"] = right[5] / min(5, len(gold))
    return row


def _interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    chance = np.random.default_rng(0)
    means = values[chance.integers(0, len(values), (_ROUNDS, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(values.mean()), float(low), float(high)


def _calibration(queries: Sequence[Query], ranked: Sequence[Sequence[Ranked]], depth: int) -> float:
    pairs = [
        (one.probability, one.uri in query.gold)
        for query, found in zip(queries, ranked, strict=True)
        for one in found[:depth]
    ]
    if not pairs:
        return 0.0
    said = np.array([probability for probability, _ in pairs])
    right = np.array([good for _, good in pairs], float)
    bins = np.minimum((said * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(said[bins == one].mean() - right[bins == one].mean()) * (bins == one).mean()
        for one in np.unique(bins)
    ]
    return float(sum(gaps))
