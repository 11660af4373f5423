"""How often the classifier of fields is right on titles it has not seen, nor any like them."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from qcp_graph.linking.fields import folds, peer, training
from qcp_graph.linking.fields.calibrating import coverage
from qcp_graph.linking.fields.crosswalks import Crosswalk
from qcp_graph.linking.fields.examples import Example
from qcp_graph.linking.fields.model import LEVELS, NAMES, FieldModel

Kind = Literal["grouped", "random"]
Interval = tuple[float, float, float]
_ROUNDS: Final = 1000
APART: Final = 0.5  # the same diploma in other words seldom agrees by less (4 % of the known ones)
Said = tuple[str, float]
_NO_WALKS: Final[Mapping[str, Crosswalk]] = {}


@dataclass(frozen=True)
class Measured:
    """What was found for one set of titles.

    ``accuracy`` counts an answer as right when the register gave it as any of its fields, ``first``
    when it gave it first; both by level, with 95 % intervals (bootstrap). ``curve`` holds
    (threshold, share of titles answered, precision) of broad, narrow and detailed fields;
    ``baseline`` the accuracy of the peer on the same folds, where it is installed.
    """

    titles: int
    accuracy: dict[str, Interval]
    first: dict[str, Interval]
    baseline: dict[str, Interval]
    baseline_first: dict[str, Interval]
    curve: dict[str, list[tuple[float, float, float]]]
    per_second: float


def measure(
    titles: Sequence[Example], bare: FieldModel, kind: Kind = "grouped", count: int = 5,
    told: Callable[[int], object] = lambda done: None, extra: Sequence[Example] = (),
    walks: Mapping[str, Crosswalk] = _NO_WALKS,
) -> dict[str, Measured]:  # fmt: skip
    """Cross-validate on classified titles; return figures for ``all`` and for each language.

    ``bare`` is a model with views only, which has seen none of the titles. ``extra`` are titles
    to learn from beside them: in each fold those that resemble none of its unseen titles. Codes of
    titles are used where they have some, with the crosswalks ``walks``.
    """
    texts = [one.text for one in titles]
    chosen = folds.grouped(texts, count) if kind == "grouped" else folds.random(texts, count)
    said: list[dict[int, Said]] = [{} for _ in titles]
    rival: list[str] = [""] * len(titles)
    spent = 0.0
    for seen, unseen in chosen:
        known = [titles[i] for i in seen]
        apart = _apart(extra, [texts[i] for i in unseen])
        model = training.on_titles(bare, known, apart, walks)
        start = time.process_time()
        for i, answer in zip(unseen, model.predict([texts[i] for i in unseen]), strict=True):
            said[i] = dict((model.predict_coded(texts[i], titles[i].codes) or answer).best)
        spent += time.process_time() - start
        for i, code in zip(unseen, peer.answers(known, [titles[i] for i in unseen]), strict=False):
            rival[i] = code
        told(len(unseen))
    return {
        name: _measured(places, titles, said, rival, len(titles) / max(spent, 1e-9))
        for name, places in _parts(titles)
    }


def _apart(extra: Sequence[Example], unseen: Sequence[str]) -> list[Example]:
    """Return the titles that say something else than all the unseen ones."""
    if not extra:
        return []
    alike = folds.resembling([one.text for one in extra], unseen, APART)
    return [one for one, same in zip(extra, alike.tolist(), strict=True) if not same]


def views_only(titles: Sequence[Example], model: FieldModel) -> dict[str, Measured]:
    """Measure a model that learned from no title, such as the built-in one."""
    start = time.process_time()
    answers = [dict(one.best) for one in model.predict([one.text for one in titles])]
    rate = len(titles) / max(time.process_time() - start, 1e-9)
    return {
        name: _measured(places, titles, answers, [""] * len(titles), rate)
        for name, places in _parts(titles)
    }


def _parts(titles: Sequence[Example]) -> Iterator[tuple[str, list[int]]]:
    yield "all", list(range(len(titles)))
    for language in sorted({one.language for one in titles} - {""}):
        yield language, [i for i, one in enumerate(titles) if one.language == language]


def _measured(
    places: list[int], titles: Sequence[Example], said: Sequence[dict[int, Said]],
    rival: Sequence[str], rate: float,
) -> Measured:  # fmt: skip
    some, first, other, other_first, curve = {}, {}, {}, {}, {}
    for level in LEVELS:
        gold = [[f.ljust(4, "0")[:level] for f in titles[i].fields] for i in places]
        codes = [said[i][level][0] for i in places]
        right = np.array([code in known for code, known in zip(codes, gold, strict=True)])
        name = NAMES[level]
        some[name] = interval(right)
        first[name] = interval(np.array([c == g[0] for c, g in zip(codes, gold, strict=True)]))
        chances = np.array([said[i][level][1] for i in places])
        curve[name] = coverage(chances, right)
        if all(rival[i] for i in places):
            theirs = [rival[i][:level] for i in places]
            other[name] = interval(np.array([c in g for c, g in zip(theirs, gold, strict=True)]))
            other_first[name] = interval(
                np.array([c == g[0] for c, g in zip(theirs, gold, strict=True)])
            )
    return Measured(len(places), some, first, other, other_first, curve, rate)


def interval(right: NDArray[np.bool_]) -> Interval:
    """Return a share with its 95 % interval.

    >>> interval(np.array([True, True]))
    (1.0, 1.0, 1.0)
    """
    drawn = np.random.default_rng(0).binomial(len(right), right.mean(), _ROUNDS) / len(right)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(right.mean()), float(low), float(high)
