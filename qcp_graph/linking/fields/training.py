"""Training a classifier of fields, and finding out how far it can be trusted."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from qcp_graph.linking.fields import linear
from qcp_graph.linking.fields.examples import Collection, Example
from qcp_graph.linking.fields.features import Vectoriser
from qcp_graph.linking.fields.folds import grouped
from qcp_graph.linking.fields.linear import Floats
from qcp_graph.linking.fields.model import (
    FORMAT,
    LEVELS,
    NAMES,
    FieldModel,
    Machine,
    chance,
    combined,
    decided,
    softmax,
)  # fmt: skip
from qcp_graph.linking.fields.net import Net, fit

VIEW_STRENGTH: Final = 0.5
STRENGTH: Final = 0.2
FOLDS: Final = 4
LEAST: Final = 200  # titles from which on a network learns something
Told = Callable[[str], object]


def train(
    titles: Sequence[Example], collections: Sequence[Collection], told: Told = lambda step: None
) -> FieldModel:
    """Train on classified titles, if any, and collections of labelled terms.

    The probabilities are calibrated on predictions for titles left out of the training, near
    duplicates together. ``told`` hears of each step.
    """
    bare = with_views(collections, told)
    about: dict[str, object] = {
        "fingerprint": _fingerprint(titles, collections),
        "titles": len(titles),
        "languages": sorted({one.language for one in titles if one.language}),
        "terms": {one.name: len(one.examples) for one in collections},
    }
    if not titles:
        return replace(bare, about=about)
    told("titles")
    return on_titles(replace(bare, about=about), titles)


def on_titles(bare: FieldModel, titles: Sequence[Example]) -> FieldModel:
    """Return a model with views that also learned from classified titles, calibrated."""
    said = bare.said([one.text for one in titles])
    own, levels, net = fit_levels(said, titles)
    names, scores = _left_out(said, titles)
    sharpness = _sharpness(names, scores, titles)
    calibration, curve = calibrate(names, scores, sharpness, titles)
    return replace(
        bare, own=own, levels=levels, net=net, sharpness=sharpness, calibration=calibration,
        about={**bare.about, "curve": curve},
    )  # fmt: skip


def with_views(collections: Sequence[Collection], told: Told = lambda step: None) -> FieldModel:
    """Return a model with views only: what is learned without any classified title."""
    told("words")
    texts = [one.text for some in collections for one in some.examples]
    vectoriser = Vectoriser.fit(texts, 2)
    views = []
    kept = [one for one in collections if one.examples]
    isced = [one for one in kept if one.isced]
    if len(isced) > 1:
        kept.append(Collection("all", [example for one in isced for example in one.examples]))
    for one in kept:
        told(one.name)
        views.append(_view(vectoriser, one.examples))
    return FieldModel(vectoriser, tuple(views))


def fit_levels(
    said: csr_matrix, titles: Sequence[Example]
) -> tuple[Vectoriser, tuple[Machine, ...], Net | None]:
    """Fit machines of detailed, narrow and broad fields, and a network beside them.

    A title counts for its first field. A handful of titles is too little for a network.

    ``said`` is what the views say of the titles.
    """
    texts = [one.text for one in titles]
    own = Vectoriser.fit(texts, 1)
    words = own.transform(texts)
    rows = csr_matrix(hstack([words, said], format="csr"), dtype=np.float32)
    weights = np.ones(len(titles), np.float32)
    detailed = [one.fields[0].ljust(4, "0") for one in titles]
    found = []
    for level in LEVELS:
        labels = [field[:level] for field in detailed]
        names = tuple(sorted(set(labels)))
        classes = linear.signs([[label] for label in labels], names)
        found.append(Machine(names, linear.fit(rows, classes, weights, STRENGTH)))
    net = fit(words, said, detailed, found[0].names) if len(titles) >= LEAST else None
    return own, tuple(found), net


def _view(vectoriser: Vectoriser, examples: Sequence[Example]) -> Machine:
    pairs = [(one.text, field, 1 / len(one.fields)) for one in examples for field in one.fields]
    names = tuple(sorted({field for _, field, _ in pairs}))
    rows = vectoriser.transform([text for text, _, _ in pairs])
    classes = linear.signs([[field] for _, field, _ in pairs], names)
    weights = np.array([share for _, _, share in pairs], np.float32)
    return Machine(names, linear.fit(rows, classes, weights, VIEW_STRENGTH))


def _left_out(said: csr_matrix, titles: Sequence[Example]) -> tuple[tuple[str, ...], Floats]:
    """Return scores of each title by machines that saw neither it nor its near duplicates."""
    names = tuple(sorted({one.fields[0].ljust(4, "0") for one in titles}))
    place = {name: number for number, name in enumerate(names)}
    found = np.full((len(titles), len(names)), -10, np.float32)
    texts = [one.text for one in titles]
    for seen, unseen in grouped(texts, FOLDS):
        own, levels, net = fit_levels(said[seen], [titles[i] for i in seen.tolist()])
        words = own.transform([texts[i] for i in unseen.tolist()])
        known, scores = combined(words, said[unseen], levels, net)
        columns = np.array([place[name] for name in known])
        found[np.ix_(unseen, columns)] = scores
    return names, found


def _sharpness(names: Sequence[str], scores: Floats, titles: Sequence[Example]) -> float:
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


def _fingerprint(titles: Sequence[Example], collections: Sequence[Collection]) -> str:
    digest = hashlib.sha256(f"fields {FORMAT} {STRENGTH} {VIEW_STRENGTH}".encode())
    for one in (*titles, *(example for some in collections for example in some.examples)):
        digest.update(f"{one.text}\t{'|'.join(one.fields)}\n".encode())
    return digest.hexdigest()


def calibrated(model: FieldModel, measured: Sequence[dict[str, str]]) -> FieldModel:
    """Return a model with the calibration that was measured elsewhere (rows of a table)."""
    if not measured:
        return model
    fitted = {
        int(row["digits"]): tuple(float(row[name]) for name in ("odds", "score", "intercept"))
        for row in measured
    }
    return replace(model, calibration=fitted, sharpness=float(measured[0]["sharpness"]))
