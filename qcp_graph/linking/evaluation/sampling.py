"""A sample of outcomes to be labelled by hand, and the skills that annotators are shown.

The sample is drawn by hash, not by chance, so the same registers and the same seed give the same
outcomes on every machine.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from qcp_graph.linking.esco.catalogue import Catalogue
from qcp_graph.linking.evaluation.outcomes import Outcome
from qcp_graph.linking.rank import Ranker, Weights, open_ranker
from qcp_graph.linking.rank.pivot import ENGLISH

_KINDS: Final = ("balanced", "ngrams")
_OTHER_KINDS: Final = ("foreign", "pivot_balanced")  # languages other than English
_CLASSES: Final = 3
_WORDS: Final = 3  # a line of fewer words in a text that could not be split is a heading
_REPEATED: Final = 4  # so is one that stands below many units
_DEPTH: Final = 10
_PART: Final = 3
_POOL: Final = 20
PARTS: Final = 6
_SHOWN: Final = 90


@dataclass(frozen=True)
class Skill:
    """A skill as an annotator sees it: no score, no rank."""

    iri: str
    label: str
    english: str
    kind: str
    description: str


def sample(outcomes: Iterable[Outcome], language: str, size: int, seed: str = "") -> list[Outcome]:
    """Return outcomes of a language, even over registers, length (three classes) and record."""
    by_register: dict[str, list[Outcome]] = defaultdict(list)
    for one in _suitable([one for one in outcomes if one.language == language]):
        by_register[one.register].append(one)
    queues = [_spread(some, seed) for _, some in sorted(by_register.items())]
    found: list[Outcome] = []
    while queues and len(found) < size:
        for queue in list(queues):
            drawn = next(queue, None)
            if drawn is None:
                queues.remove(queue)
            elif len(found) < size:
                found.append(drawn)
    return found


def _suitable(outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    """Leave out headings, repetitions, and lines of texts whose record states its outcomes."""
    split = {(one.register, one.record) for one in outcomes if "#" not in one.locator}
    often = Counter(one.digest for one in outcomes)
    seen: set[str] = set()
    for one in outcomes:
        if " " not in one.text.strip():
            continue
        if "#" in one.locator:
            heading = len(one.text.split()) < _WORDS or one.text.endswith(":")
            if heading or often[one.digest] > _REPEATED or (one.register, one.record) in split:
                continue
        if one.digest not in seen:
            seen.add(one.digest)
            yield one


def _spread(outcomes: Sequence[Outcome], seed: str) -> Iterator[Outcome]:
    """Yield outcomes by turns: each length class, and in it the record that was taken least."""
    lengths = sorted(len(one.text) for one in outcomes)
    marks = [lengths[len(lengths) * part // _CLASSES] for part in range(1, _CLASSES)]
    classes: list[dict[str, list[Outcome]]] = [defaultdict(list) for _ in range(_CLASSES)]
    for one in sorted(outcomes, key=lambda one: _drawn(seed, one), reverse=True):
        classes[sum(len(one.text) >= mark for mark in marks)][one.record].append(one)
    taken: Counter[str] = Counter()
    while any(classes):
        for cells in filter(None, classes):
            record = min(cells, key=lambda record: (taken[record], _drawn(seed, cells[record][-1])))
            taken[record] += 1
            yield cells[record].pop()
            if not cells[record]:
                del cells[record]


def _drawn(seed: str, one: Outcome) -> str:
    return hashlib.sha256(f"{seed} {one.locator} {one.digest}".encode()).hexdigest()


def rankings(catalogue: Catalogue, language: str) -> list[Callable[[str], Sequence[str]]]:
    """Return rankings that differ in kind: fitted, by words, by n-grams, by other languages."""
    fitted = open_ranker(catalogue, language)
    kinds = _KINDS if language == ENGLISH else (*_KINDS, *_OTHER_KINDS)
    single = [fitted.weighing(Weights({name: 1.0}, 0, 1, 0)) for name in kinds]
    return [partial(_first, ranker) for ranker in (fitted, *single)]


def _first(ranker: Ranker, text: str) -> Sequence[str]:
    return [one.uri for one in ranker.rank(text, _DEPTH)]


def pool(
    outcome: Outcome, rankings: Sequence[Callable[[str], Sequence[str]]], texts: Sequence[str]
) -> list[str]:
    """Return the skills that rankings put first for an outcome and its parts, shuffled.

    ``rankings`` give IRIs, best first; the whole text counts with its first ten, each part with
    its first three. Of more than :data:`_POOL` those stay that stand foremost anywhere.
    """
    best: dict[str, int] = {}
    for rank in rankings:
        for text, depth in ((outcome.text, _DEPTH), *((text, _PART) for text in texts)):
            for place, iri in enumerate(rank(text)[:depth]):
                best[iri] = min(place, best.get(iri, place))
    kept = sorted(best, key=lambda iri: (best[iri], iri))[:_POOL]
    return sorted(kept, key=lambda iri: hashlib.sha256(f"{outcome.digest}{iri}".encode()).digest())


def shown(catalogue: Catalogue, iri: str, language: str, kinds: dict[str, str]) -> Skill:
    """Return a skill with its labels in a language and in English and the start of what it is."""
    described = {
        text.language: text.value for text in catalogue.texts(iri) if text.kind == "description"
    }
    description = described.get(language) or described.get("en", "")
    return Skill(
        iri, catalogue.preferred(iri, language), catalogue.preferred(iri, "en"),
        kinds.get(iri, ""), " ".join(description.split())[:_SHOWN],
    )  # fmt: skip
