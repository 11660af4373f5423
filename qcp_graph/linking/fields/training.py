"""Training a classifier of fields, and finding out how far it can be trusted."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix, hstack

from qcp_graph.linking.fields import coded, linear
from qcp_graph.linking.fields.bank import Bank
from qcp_graph.linking.fields.calibrating import best_sharpness, calibrate
from qcp_graph.linking.fields.coded import Coded
from qcp_graph.linking.fields.crosswalks import Crosswalk
from qcp_graph.linking.fields.examples import Collection, Example
from qcp_graph.linking.fields.features import Vectoriser
from qcp_graph.linking.fields.folds import Fold, grouped, near_duplicates
from qcp_graph.linking.fields.linear import Floats
from qcp_graph.linking.fields.model import FORMAT, LEVELS, FieldModel, combined
from qcp_graph.linking.fields.net import Net, fit

VIEW_STRENGTH: Final = 0.5
STRENGTH: Final = 0.2
FOLDS: Final = 4
LEAST: Final = 200  # titles from which on a network learns something
Told = Callable[[str], object]
_NO_WALKS: Final[Mapping[str, Crosswalk]] = {}


def train(
    titles: Sequence[Example], collections: Sequence[Collection], told: Told = lambda step: None,
    walks: Mapping[str, Crosswalk] = _NO_WALKS,
) -> FieldModel:  # fmt: skip
    """Train on classified titles, if any, and collections of labelled terms.

    Where titles have codes of a national classification it is learned, too, what these say;
    ``walks`` are the crosswalks of such classifications.

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
    return on_titles(replace(bare, about=about), titles, walks=walks)


def on_titles(
    bare: FieldModel, titles: Sequence[Example], extra: Sequence[Example] = (),
    walks: Mapping[str, Crosswalk] = _NO_WALKS,
) -> FieldModel:  # fmt: skip
    """Return a model with views that also learned from classified titles, calibrated.

    It learns from the ``extra`` titles, too, but is calibrated as if there were none: what is said
    of its probabilities is rather too little than too much.
    """
    said = bare.said([one.text for one in titles])
    more = np.concatenate([said, bare.said([one.text for one in extra])]) if extra else said
    own, levels, net = fit_levels(more, [*titles, *extra])
    parts = grouped([one.text for one in titles], FOLDS)
    names, scores = _left_out(said, titles, parts)
    sharpness = best_sharpness(names, scores, titles)
    calibration, curve = calibrate(names, scores, sharpness, titles)
    found = replace(
        bare, own=own, levels=levels, net=net, sharpness=sharpness, calibration=calibration,
        about={**bare.about, "curve": curve},
    )  # fmt: skip
    return _with_codes(found, (names, scores), titles, parts, walks)


def _with_codes(
    model: FieldModel, told: tuple[tuple[str, ...], Floats], titles: Sequence[Example],
    parts: Sequence[Fold], walks: Mapping[str, Crosswalk],
) -> FieldModel:  # fmt: skip
    """Return a model that knows what national codes say, too, if any of the titles has one.

    ``told`` are the scores of titles left out; what codes say is calibrated on these as well.
    """
    names, scores = told
    have = [place for place, one in enumerate(titles) if one.codes]
    if model.levels is None or len(have) < coded.LEAST:
        return model
    joint = coded.spread(scores, model.sharpness)
    for seen, unseen in parts:
        tables = coded.fit([titles[i] for i in seen.tolist()], names, walks)
        for i in unseen.tolist():
            joint[i] = coded.joined(tables, joint[i], titles[i].codes)
    some, rows = [titles[i] for i in have], joint[have]
    sharpness = best_sharpness(names, rows, some)
    calibration, curve = calibrate(names, rows, sharpness, some)
    tables = coded.fit(titles, model.levels.names[0], walks)
    return replace(
        model, coded=Coded(tables, calibration, sharpness),
        about={**model.about, "coded curve": curve, "coded titles": len(have)},
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
    return FieldModel(vectoriser, Bank.of(views))


def fit_levels(said: Floats, titles: Sequence[Example]) -> tuple[Vectoriser, Bank, Net | None]:
    """Fit machines of detailed, narrow and broad fields, and a network beside them.

    A title counts for its first field. A handful of titles is too little for a network.

    ``said`` is what the views say of the titles.
    """
    texts = [one.text for one in titles]
    own = Vectoriser.fit(texts, 1)
    words = own.transform(texts)
    rows = csr_matrix(hstack([words, csr_matrix(said)], format="csr"), dtype=np.float32)
    weights = once(texts)
    detailed = [one.fields[0].ljust(4, "0") for one in titles]
    found = []
    for level in LEVELS:
        labels = [field[:level] for field in detailed]
        names = tuple(sorted(set(labels)))
        classes = linear.signs([[label] for label in labels], names)
        found.append((names, linear.fit(rows, classes, weights, STRENGTH)))
    net = fit(words, said, detailed, found[0][0]) if len(titles) >= LEAST else None
    return own, Bank.of(found), net


def once(texts: Sequence[str]) -> Floats:
    """Return how much each title counts for the machines: less the more near duplicates it has.

    A title among ``n`` that are alike counts for ``1 / √n`` of one that stands alone.

    >>> one, _, alone = once(["Boulanger", "boulanger", "Soudeur"]).tolist()
    >>> round(alone / one, 3)
    1.414
    """
    groups = near_duplicates(texts)
    weights = 1 / np.sqrt(np.bincount(groups)[groups])
    return np.asarray(weights / weights.mean(), np.float32)


def _view(vectoriser: Vectoriser, examples: Sequence[Example]) -> tuple[tuple[str, ...], Floats]:
    pairs = [(one.text, field, 1 / len(one.fields)) for one in examples for field in one.fields]
    names = tuple(sorted({field for _, field, _ in pairs}))
    rows = vectoriser.transform([text for text, _, _ in pairs])
    classes = linear.signs([[field] for _, field, _ in pairs], names)
    weights = np.array([share for _, _, share in pairs], np.float32)
    return names, linear.fit(rows, classes, weights, VIEW_STRENGTH)


def _left_out(
    said: Floats, titles: Sequence[Example], parts: Sequence[Fold]
) -> tuple[tuple[str, ...], Floats]:
    """Return scores of each title by machines that saw neither it nor its near duplicates."""
    names = tuple(sorted({one.fields[0].ljust(4, "0") for one in titles}))
    place = {name: number for number, name in enumerate(names)}
    found = np.full((len(titles), len(names)), -10, np.float32)
    texts = [one.text for one in titles]
    for seen, unseen in parts:
        own, levels, net = fit_levels(said[seen], [titles[i] for i in seen.tolist()])
        words = own.transform([texts[i] for i in unseen.tolist()])
        known, scores = combined(words, said[unseen], levels, net)
        columns = np.array([place[name] for name in known])
        found[np.ix_(unseen, columns)] = scores
    return names, found


def _fingerprint(titles: Sequence[Example], collections: Sequence[Collection]) -> str:
    digest = hashlib.sha256(f"fields {FORMAT} {STRENGTH} {VIEW_STRENGTH}".encode())
    for one in (*titles, *(example for some in collections for example in some.examples)):
        codes = "|".join("=".join(pair) for pair in one.codes)
        digest.update(f"{one.text}\t{'|'.join(one.fields)}\t{codes}\n".encode())
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
