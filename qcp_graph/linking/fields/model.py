"""A classifier of fields of education: texts in, probabilities of detailed, narrow, broad fields.

Two layers. *Views* are machines that learned from collections of labelled terms (our own terms,
names of occupations and of knowledge in ESCO, a national thesaurus). What they say about a title,
beside the title's own words, is what the *levels* see: machines for detailed, narrow and broad
fields that learned from titles a register had classified. A small network sees the same, and their
answers are mixed. Without such titles the first view speaks alone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp, log
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from qcp_graph.errors import DataError
from qcp_graph.linking.fields.bank import Bank
from qcp_graph.linking.fields.coded import Coded, Codes, joined, known, spread
from qcp_graph.linking.fields.features import Row, Vectoriser
from qcp_graph.linking.fields.linear import Floats
from qcp_graph.linking.fields.net import Net
from qcp_graph.linking.fields.titles import core

FORMAT: Final = "4"
LEVELS: Final = (4, 3, 2)
NAMES: Final = {4: "detailed", 3: "narrow", 2: "broad"}
_SHARES: Final = {3: 0.5, 2: 0.75}  # what a narrow and a broad field add to their detailed fields
UNMEASURED: Final = (0.5, 0.0, -1.0)
_SHARPNESS: Final = 3.0  # of what views say
_WEIGHT: Final = 1.5  # of what views say, beside the words
_FIRMNESS: Final = 1.5  # of the levels' scores, where they meet the network's
_NET: Final = 0.6  # the network's weight beside the levels


@dataclass(frozen=True, slots=True)
class Prediction:
    """The best field of each level (2, 3 and 4 digits) with its calibrated probability."""

    best: Mapping[int, tuple[str, float]]


@dataclass(frozen=True)
class FieldModel:
    """The classifier; ``about`` says what it learned from and how well it did on unseen titles."""

    vectoriser: Vectoriser
    views: Bank
    own: Vectoriser | None = None
    levels: Bank | None = None
    net: Net | None = None
    calibration: Mapping[int, Sequence[float]] = field(default_factory=dict)
    sharpness: float = 4.0
    about: Mapping[str, object] = field(default_factory=dict)
    coded: Coded | None = None

    def said(self, titles: Sequence[str]) -> Floats:
        """Return what the views say of titles: the roots of their shares, side by side."""
        return self._spoken(self._viewed(titles))

    def _viewed(self, titles: Sequence[str]) -> Floats:
        return self.views.margins(_read(self.vectoriser, [core(title) for title in titles]))

    def _spoken(self, margins: Floats) -> Floats:
        return np.asarray(_WEIGHT * np.sqrt(self.views.shares(margins, _SHARPNESS)), np.float32)

    def knows(self, title: str) -> bool:
        """Tell whether a title has anything that the model has met."""
        return any(one.knows(title) for one in (self.vectoriser, self.own) if one is not None)

    def detailed(self, titles: Sequence[str]) -> tuple[tuple[str, ...], Floats]:
        """Return the detailed fields and, per title, their scores (rows: titles)."""
        margins = self._viewed(titles)
        if self.levels is None or self.own is None:
            return self.views.names[0], self.views.apart(margins)[0]
        return combined(_read(self.own, titles), self._spoken(margins), self.levels, self.net)

    def predict(self, titles: Sequence[str]) -> list[Prediction]:
        """Classify titles."""
        if not titles:
            return []
        names, found = self.detailed(titles)
        return [self._one(names, row) for row in found]

    def predict_within(self, title: str, within: Sequence[str]) -> tuple[Prediction, Prediction]:
        """Classify a title among the fields that begin with one of these, and among all."""
        names, found = self.detailed([title])
        every = self._one(names, found[0])
        fields, places = _among(names, tuple(within))
        return (self._one(fields, found[0, places]) if fields else every), every

    def predict_coded(self, title: str, codes: Codes) -> Prediction | None:
        """Classify a title that has codes; None where it was not learned what these say."""
        tables = self.coded.tables if self.coded else {}
        if self.coded is None or not known(tables, codes):
            return None
        names, found = self.detailed([title])
        scores = joined(tables, spread(found, self.sharpness)[0], codes)
        return _best(names, scores, self.coded.sharpness, self.coded.calibration)

    def reads(self, scheme: str) -> bool:
        """Tell whether it was learned what codes of a classification say."""
        return self.coded is not None and scheme in self.coded.tables

    def _one(self, names: tuple[str, ...], scores: Floats) -> Prediction:
        return _best(names, scores, self.sharpness, self.calibration)

    @property
    def fingerprint(self) -> str:
        """What the model was made from, hashed."""
        return str(self.about.get("fingerprint", ""))

    def save(self, folder: Path, *, exact: bool = False) -> None:
        """Write the model into a folder that exists; weights in half the bits unless ``exact``."""
        bits = np.float32 if exact else np.float16
        arrays: dict[str, Any] = {"rarity": self.vectoriser.rarity}
        if self.own is not None:
            arrays["own"] = self.own.rarity
        if self.net is not None:
            arrays |= {name: one.astype(bits) for name, one in self.net.arrays().items()}
        if self.coded is not None:
            arrays |= self.coded.arrays()
        for kind, bank in (("views", self.views), ("levels", self.levels)):
            if bank is not None:
                arrays[kind] = bank.weights.astype(bits)
        np.savez(folder / "weights.npz", **arrays)
        told = {
            "format": FORMAT,
            "vocabulary": list(self.vectoriser.vocabulary),
            "own": list(self.own.vocabulary) if self.own else None,
            "views": self.views.names,
            "levels": self.levels.names if self.levels else None,
            "calibration": {str(level): list(one) for level, one in self.calibration.items()},
            "sharpness": self.sharpness,
            "about": self.about,
            "coded": self.coded.told() if self.coded else None,
        }
        (folder / "model.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "FieldModel":
        """Read a model.

        :raises DataError: when the folder holds none, or one of another version of the program.
        """
        try:
            told = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            if told["format"] != FORMAT:
                raise ValueError("it was written by another version of this program")
            with (folder / "weights.npz").open("rb") as file:
                arrays = np.load(file, allow_pickle=False)
                views = _bank(told["views"], arrays["views"])
                levels = _bank(told["levels"], arrays["levels"]) if told["levels"] else None
                vectoriser = _vectoriser(told["vocabulary"], arrays["rarity"])
                own = _vectoriser(told["own"], arrays["own"]) if told["own"] is not None else None
                net = Net.of({name: arrays[name] for name in arrays.files})
                coded = Coded.of(told["coded"], arrays) if told["coded"] else None
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise DataError(
                "QCP-LNK-FIELDS-MODEL",
                f"The classifier of fields cannot be used: {error}",
                where=str(folder),
                remedy="Train it again with `qcp fields train`, or remove the folder.",
            ) from error
        calibration = {int(level): tuple(one) for level, one in told["calibration"].items()}
        return cls(
            vectoriser, views, own, levels, net, calibration, told["sharpness"], told["about"],
            coded,
        )  # fmt: skip


def _best(
    names: tuple[str, ...], scores: Floats, sharpness: float,
    calibration: Mapping[int, Sequence[float]],
) -> Prediction:  # fmt: skip
    best = {}
    shares = softmax(scores[None], sharpness)[0]
    for level in LEVELS:
        code, grounds = decided(names, scores, shares, level)
        best[level] = code, chance(calibration.get(level, UNMEASURED), grounds)
    return Prediction(best)


def _vectoriser(names: Sequence[str], rarity: Floats) -> Vectoriser:
    return Vectoriser({name: place for place, name in enumerate(names)}, rarity)


def _bank(names: Sequence[Sequence[str]], weights: Floats) -> Bank:
    return Bank(tuple(tuple(one) for one in names), weights.astype(np.float32))


def _read(vectoriser: Vectoriser, titles: Sequence[str]) -> csr_matrix | Row:
    """Return the features of titles; those of a single one without a matrix, which costs more."""
    return vectoriser.row(titles[0]) if len(titles) == 1 else vectoriser.transform(titles)


def combined(
    words: csr_matrix | Row, said: Floats, levels: Bank, net: Net | None
) -> tuple[tuple[str, ...], Floats]:
    """Return the detailed fields and their scores: the machines' margins, mixed with the network.

    A margin of a detailed field also counts shares of those above it. ``words`` are the titles'
    own, ``said`` what the views say of them.
    """
    total, *wider = levels.apart(levels.margins(words, said))
    for size, one, above in zip(LEVELS[1:], wider, _above(levels.names), strict=True):
        total = total + _SHARES[size] * one[:, above]
    if net is None:
        return levels.names[0], total
    firm = np.log(softmax(total, _FIRMNESS) + 1e-9)
    mixed = (1 - _NET) * firm + _NET * net.logs(words, said)
    return levels.names[0], np.asarray(mixed, np.float32)


@lru_cache(maxsize=64)
def _above(names: tuple[tuple[str, ...], ...]) -> list[NDArray[np.intp]]:
    """Return, for each detailed field, the place of the narrow and of the broad field above it."""
    return [
        np.array([above.index(one[:size]) for one in names[0]], np.intp)
        for size, above in zip(LEVELS[1:], names[1:], strict=True)
    ]


def softmax(scores: Floats, sharpness: float) -> Floats:
    """Return shares that add up to 1 per row.

    >>> softmax(np.array([[0.0, 0.0]], np.float32), 4.0).tolist()
    [[0.5, 0.5]]
    """
    raised = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True)))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


@lru_cache(maxsize=1024)
def _among(
    names: tuple[str, ...], within: tuple[str, ...]
) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Return the fields that begin with one of these, and their places."""
    places = [place for place, name in enumerate(names) if name.startswith(within)]
    return tuple(names[place] for place in places), np.array(places, np.intp)


@lru_cache(maxsize=1024)
def _groups(names: tuple[str, ...], level: int) -> tuple[list[str], NDArray[np.intp]]:
    """Return the fields of a level in order, and for each detailed field the place of its own."""
    codes = sorted({name[:level] for name in names})
    return codes, np.array([codes.index(name[:level]) for name in names], np.intp)


def decided(
    names: tuple[str, ...], scores: Floats, shares: Floats, level: int
) -> tuple[str, tuple[float, float]]:
    """Return the best field of a level, and the grounds to trust it: log odds, best score.

    >>> scores = np.array([2.0, 1.0, 0.0], np.float32)
    >>> shares = np.array([0.5, 0.25, 0.25], np.float32)
    >>> decided(("0411", "0412", "0511"), scores, shares, 2)[0]
    '04'
    """
    codes, places = _groups(names, level)
    total = np.bincount(places, shares)
    best = int(total.argmax())
    kept = min(max(float(total[best]), 1e-6), 1 - 1e-6)
    return codes[best], (log(kept / (1 - kept)), float(scores.max()))


def chance(fitted: Sequence[float], grounds: Sequence[float]) -> float:
    """Return the probability by a logistic curve: a weight per ground, and the intercept."""
    total = fitted[-1] + sum(a * b for a, b in zip(fitted, grounds, strict=False))
    return 1 / (1 + exp(-min(max(total, -30.0), 30.0)))
