"""How far answers of a classifier of fields can be trusted: probabilities, and what they bring."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qcp_graph.linking.fields.examples import Example
from qcp_graph.linking.fields.linear import Floats
from qcp_graph.linking.fields.model import LEVELS, NAMES, chance, decided, softmax


def best_sharpness(names: Sequence[str], scores: Floats, titles: Sequence[Example]) -> float:
    """Return the sharpness under which the right fields were most likely."""
    place = {name: number for number, name in enumerate(names)}
    right = np.array([place[one.fields[0].ljust(4, "0")] for one in titles])

    def loss(sharpness: float) -> float:
        shares = softmax(scores, sharpness)[np.arange(len(right)), right]
        return float(-np.log(np.maximum(shares, 1e-9)).mean())

    return min((0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0), key=loss)


def calibrate(
    names: tuple[str, ...], scores: Floats, sharpness: float, titles: Sequence[Example]
) -> tuple[dict[int, tuple[float, ...]], dict[str, list[tuple[float, float, float]]]]:
    """Return, by level, how grounds become a probability, and what thresholds then bring."""
    calibration, curve = {}, {}
    shares = softmax(scores, sharpness)
    for level in LEVELS:
        grounds, right = [], []
        for score, share, one in zip(scores, shares, titles, strict=True):
            code, found = decided(names, score, share, level)
            grounds.append(found)
            right.append(code in {field.ljust(4, "0")[:level] for field in one.fields})
        fitted = _logistic(np.array(grounds), np.array(right, float))
        calibration[level] = fitted
        chances = np.array([chance(fitted, one) for one in grounds])
        curve[NAMES[level]] = coverage(chances, np.array(right))
    return calibration, curve


def coverage(
    chances: NDArray[np.float64], right: NDArray[np.bool_]
) -> list[tuple[float, float, float]]:
    """Return (threshold, share of titles answered, precision) for thresholds from 0 to 0.99."""
    found = []
    for threshold in (0.0, 0.5, 0.6, 0.7, 0.75, 0.775, 0.8, 0.85, 0.9, 0.95, 0.97, 0.99):
        kept = chances >= threshold
        precision = float(right[kept].mean()) if kept.any() else 1.0
        found.append((threshold, float(kept.mean()), precision))
    return found


def _logistic(values: NDArray[np.float64], right: NDArray[np.float64]) -> tuple[float, ...]:
    """Return weights and intercept of the logistic curve through what was right (Newton)."""
    rows = np.column_stack([values, np.ones(len(values))])
    found = np.zeros(rows.shape[1])
    for _ in range(30):
        said = 1 / (1 + np.exp(-np.clip(rows @ found, -30, 30)))
        slope = rows.T @ (right - said) - 1e-3 * found
        curve = (rows * (said * (1 - said))[:, None]).T @ rows + 1e-3 * np.eye(len(found))
        step = np.linalg.solve(curve, slope)
        found = found + step
        if float(np.abs(step).max()) < 1e-6:
            break
    return tuple(map(float, found))
