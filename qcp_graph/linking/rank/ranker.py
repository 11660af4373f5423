"""A text in, skills out, best first: what fits, by which label, and how probable that is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from qcp_graph.linking.rank.analysis import words
from qcp_graph.linking.rank.arrays import Floats, Ints
from qcp_graph.linking.rank.lexical import LexicalIndex, Nearest
from qcp_graph.linking.rank.weighting import Tier, Weights, weights

if TYPE_CHECKING:  # the vectors are built on the tables of this package
    from qcp_graph.linking.semantic.encoder import Encoded, Encoder
    from qcp_graph.linking.semantic.vectors import VectorIndex

# More change nothing: measured on five languages, docs/evaluation.md.
CANDIDATES: Final = 160
_TOGETHER: Final = 5  # texts compared with the vectors at a time: more take memory, not less time
_OFTEN: Final = 5  # labels that a word must begin to count as a verb
# What the vectors count in choosing candidates, beside the labels.
_NEAR: Final = 3.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A skill for a text: its score, probability and the label nearest to the text.

    ``likeness`` says how near (the cosine of their n-grams).
    """

    uri: str
    score: float
    probability: float
    label: str
    likeness: float = 0.0


@dataclass(frozen=True, slots=True)
class Pool:
    """Which concepts a text is compared with closely: the likeliest, from ``least`` to ``most``.

    What is less likely than the share ``far`` of the likeliest is left out beyond ``least``.
    """

    least: int = 40
    most: int = CANDIDATES
    far: float = 0.35


WIDE: Final = Pool()
# For the few best of a clause, outside English, whose concepts have many labels: of 1,024 outcomes
# in French and Swedish 1,022 kept their first skill, and the six that were lost had at most 0.10.
NARROW: Final = Pool(least=30, most=120, far=0.5)


@dataclass(frozen=True)
class Candidates:
    """Concept numbers, ascending, with their features (concepts x features) and labels."""

    concepts: Ints
    features: Floats
    nearest: Nearest


class Ranker:
    """Ranks the skills of one version of ESCO for texts of one language."""

    def __init__(
        self, lexical: LexicalIndex, vectors: "VectorIndex | None" = None,
        encoder: "Encoder | None" = None, chosen: Weights | None = None,
    ) -> None:  # fmt: skip
        """``vectors`` with ``encoder`` make the semantic tier; ``chosen`` replaces the weights."""
        self._lexical = lexical
        self._vectors = vectors
        self._encoder = encoder
        self.tier: Tier = "semantic" if vectors is not None and encoder is not None else "core"
        self.weights = chosen or weights(self.tier, lexical.language)
        self._names = tuple(self.weights.features)
        self._values = np.array([self.weights.features[name] for name in self._names], np.float32)

    def weighing(self, chosen: Weights) -> "Ranker":
        """Return a ranker over the same indexes with other weights."""
        return Ranker(self._lexical, self._vectors, self._encoder, chosen)

    @property
    def uris(self) -> Sequence[str]:
        """The skills, in the order of their numbers."""
        return self._lexical.concepts.uris

    @cached_property
    def verbs(self) -> frozenset[str]:
        """Folded words that preferred labels of skills often begin with (German, Dutch: end)."""
        place = -1 if self._lexical.language in {"de", "nl"} else 0
        labels, known = self._lexical.labels, self._lexical.concepts.knowledge
        found: Counter[str] = Counter()
        starts = labels.by_concept.starts
        for number in np.flatnonzero((np.diff(starts) > 0) & (known == 0)):
            if len(said := words(labels.texts[starts[number]])) > 1:
                found[said[place]] += 1
        return frozenset(word for word, count in found.items() if count >= _OFTEN)

    @cached_property
    def knowledge(self) -> frozenset[str]:
        """The skills that are knowledge, not something a person does."""
        known = np.flatnonzero(self._lexical.concepts.knowledge)
        return frozenset(self.uris[int(number)] for number in known)

    def candidates(
        self, texts: Sequence[str], names: Sequence[str], pool: Pool = WIDE
    ) -> Iterator[Candidates]:
        """Yield the most likely skills of each text, as many as a pool holds, with features."""
        for start in range(0, len(texts), _TOGETHER):
            yield from self._of_texts(texts[start : start + _TOGETHER], names, pool)

    def _of_texts(
        self, texts: Sequence[str], names: Sequence[str], pool: Pool
    ) -> Iterator[Candidates]:
        encoded, near = self._encoded(texts)
        read = [self._lexical.read(text) for text in texts]
        chosen = [_greatest(self._lexical.likely(text) + far, pool)
                  for text, far in zip(read, near, strict=True)]  # fmt: skip
        concepts, sizes = np.concatenate(chosen), [len(one) for one in chosen]
        whose = np.arange(len(texts), dtype=np.int32).repeat(sizes)
        found, nearest = self._lexical.features(read, concepts, whose)
        if self._vectors is not None and encoded:
            each = [self._vectors.features(*one, some)
                    for one, some in zip(encoded, chosen, strict=True)]  # fmt: skip
            found = {**found, **{name: np.concatenate([one[name] for one in each])
                                 for name in each[0]}}  # fmt: skip
        features = np.stack([found[name] for name in names], axis=-1)
        end = 0
        for some in chosen:
            begin, end = end, end + len(some)
            yield Candidates(some, features[begin:end], nearest.part(slice(begin, end)))

    def _encoded(self, texts: Sequence[str]) -> "tuple[Sequence[Encoded], Sequence[Floats | int]]":
        """Return the texts as vectors and how near each concept is to them: nothing without."""
        if self._encoder is None or self._vectors is None:
            return (), [0] * len(texts)
        encoded = self._encoder.tokens(texts)
        return encoded, [_NEAR * near for near in self._vectors.likely(encoded)]

    def rank(self, text: str, limit: int = 10) -> list[Ranked]:
        """Return the best skills for a text; equal scores are ordered by IRI.

        An empty text, or one without any word that a label has, gives no skill.
        """
        return next(iter(self.rank_all([text], limit)))

    def rank_all(
        self, texts: Sequence[str], limit: int = 10, pool: Pool = WIDE
    ) -> Iterator[list[Ranked]]:
        """Yield for each text what :meth:`rank` returns; the encoder sees them together."""
        said = [text for text in texts if text.strip() and len(self.uris)]
        found = self.candidates(said, self._names, pool)
        for text in texts:
            yield self._best(next(found), limit) if text.strip() and len(self.uris) else []

    def _best(self, found: Candidates, limit: int) -> list[Ranked]:
        scores = found.features @ self._values
        order = np.argsort(-scores, kind="stable")
        probable = self._probability(scores[order[: max(limit, 2)]])[:limit]
        order = order[:limit]
        return [
            Ranked(
                self.uris[int(found.concepts[place])], float(scores[place]), probability,
                *found.nearest.label(place),
            )
            for place, probability in zip(order.tolist(), probable.tolist(), strict=True)
        ]  # fmt: skip

    def _probability(self, scores: Floats) -> NDArray[np.float64]:
        """Return how probable skills of some scores are, the best score first."""
        chosen, reached = self.weights, scores.astype(np.float64)
        logit = chosen.intercept + chosen.slope * reached + chosen.gap * (reached - reached[0])
        logit[0] += chosen.first + chosen.margin * (reached[0] - reached[:2][-1])
        found: NDArray[np.float64] = 1 / (1 + np.exp(-logit.clip(-30, 30)))
        return found


def _greatest(values: Floats, pool: Pool) -> Ints:
    """Return the places of the greatest values, ascending: those not far from the first."""
    high = np.flatnonzero(values > values.max(initial=0) * pool.far)
    count = min(max(len(high), pool.least), pool.most, len(values))
    if len(high) < count:
        high = np.arange(len(values))
    if len(high) > count:
        some = values[high]
        high = high[some >= np.partition(some, len(some) - count)[len(some) - count]][:count]
    return high.astype(np.int32)
