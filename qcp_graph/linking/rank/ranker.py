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
_LEAST: Final = 40
_TOGETHER: Final = 5  # texts compared with the vectors at a time: more take memory, not less time
_FAR: Final = 0.35  # of the likeliest: what is less likely than this share of it never comes first
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

    def candidates(
        self, texts: Sequence[str], names: Sequence[str], least: int = _LEAST
    ) -> Iterator[Candidates]:
        """Yield the most likely skills of each text with the features asked for.

        They are :data:`CANDIDATES` at most, and fewer (``least`` or more) where the others are far
        behind.
        """
        for start in range(0, len(texts), _TOGETHER):
            some = texts[start : start + _TOGETHER]
            if self._encoder is None or self._vectors is None:
                yield from (self._of_text(text, names, least) for text in some)
                continue
            encoded = self._encoder.tokens(some)
            near = self._vectors.likely(encoded)
            for text, one, likely in zip(some, encoded, near, strict=True):
                yield self._of_text(text, names, least, one, likely)

    def _of_text(
        self, text: str, names: Sequence[str], least: int, encoded: "Encoded | None" = None,
        near: Floats | None = None,
    ) -> Candidates:  # fmt: skip
        read = self._lexical.read(text)
        likely = self._lexical.likely(read)
        if near is not None:
            likely += _NEAR * near
        chosen = _greatest(likely, least, CANDIDATES)
        found, nearest = self._lexical.features(read, chosen)
        if encoded is not None and self._vectors is not None:
            found = {**found, **self._vectors.features(*encoded, chosen)}
        return Candidates(chosen, np.stack([found[name] for name in names], axis=-1), nearest)

    def rank(self, text: str, limit: int = 10) -> list[Ranked]:
        """Return the best skills for a text; equal scores are ordered by IRI.

        An empty text, or one without any word that a label has, gives no skill.
        """
        return next(iter(self.rank_all([text], limit)))

    def rank_all(self, texts: Sequence[str], limit: int = 10) -> Iterator[list[Ranked]]:
        """Yield for each text what :meth:`rank` returns; the encoder sees them together."""
        said = [text for text in texts if text.strip() and len(self.uris)]
        found = self.candidates(said, self._names)
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


def _greatest(values: Floats, least: int, most: int) -> Ints:
    """Return the places of the greatest values, ascending: those not far from the first."""
    high = np.flatnonzero(values > values.max(initial=0) * _FAR)
    count = min(max(len(high), least), most, len(values))
    if len(high) < count:
        high = np.arange(len(values))
    if len(high) > count:
        some = values[high]
        high = high[some >= np.partition(some, len(some) - count)[len(some) - count]][:count]
    return high.astype(np.int32)
