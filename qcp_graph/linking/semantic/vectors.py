"""Labels and descriptions of skills as vectors, and how near the tokens of a text come to them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from qcp_graph.linking.esco.catalogue import Catalogue
from qcp_graph.linking.rank.analysis import Stems
from qcp_graph.linking.rank.arrays import Floats, Ints, ranges
from qcp_graph.linking.rank.table import Concepts, Labels
from qcp_graph.linking.semantic.encoder import Encoded, Encoder, Tokens
from qcp_graph.linking.semantic.rows import RowsOnDisk

_WIDE: Final = ("sentence_preferred", "sentence_description", "tokens_preferred_05",
               "tokens_preferred_10", "hub_preferred")  # fmt: skip
_NARROW: Final = ("sentence_label", "tokens_label_05", "tokens_label_10", "hub_label")
FEATURES: Final = (*_WIDE, *_NARROW)
_SHARP: Final = 0.05
_SOFT: Final = 0.1
_SAMPLE: Final = 3000
_BLOCK: Final = 512  # labels compared with the sample at a time
_NEAREST: Final = 100


@dataclass(frozen=True)
class VectorIndex:
    """Vectors of unit length (half precision on disk) of one language's labels.

    ``preferred`` lies in memory by columns, which multiply fastest.

    ``hubs`` is how near a label lies to the descriptions of skills in general: labels that are
    near to everything are near to a text for no reason of its own.
    """

    labels: Floats | RowsOnDisk
    owners: Ints
    preferred: Floats
    descriptions: Floats | RowsOnDisk
    hubs: Floats
    preferred_hubs: Floats

    @classmethod
    def build(
        cls, catalogue: Catalogue, concepts: Concepts, labels: Labels, language: str,
        encoder: Encoder, advance: Callable[[int], object] = lambda n: None,
    ) -> "VectorIndex":  # fmt: skip
        """Encode the labels and descriptions of a language."""
        texts = {
            text.uri: text.value
            for text in catalogue.all_texts()
            if text.kind == "description" and text.language == language
        }
        named, owners = _distinct(labels, language)
        vectors = encoder.sentences(named, advance, np.float16)
        first = np.searchsorted(owners, np.arange(len(concepts.uris)))
        described = [
            texts.get(uri) or (named[place] if place < len(named) else "")
            for uri, place in zip(concepts.uris, first, strict=True)
        ]
        descriptions = encoder.sentences(described, advance)
        hubs = _hubs(vectors, descriptions)
        place = np.minimum(first, len(vectors) - 1)
        preferred = vectors[place].astype(np.float32)
        return cls(vectors, owners, preferred, descriptions, hubs, hubs[place])

    def likely(self, texts: Sequence[Encoded]) -> Floats:
        """Return how near each text or one of its tokens comes to each concept's first label.

        The texts are compared together, texts x concepts: the labels are read from memory once.
        """
        rows = [[sentence[None], _directions(tokens.vectors)] for sentence, tokens in texts]
        ends = np.cumsum([1 + len(tokens) for _, tokens in rows])
        every = np.concatenate([one for row in rows for one in row]) @ self.preferred.T
        return np.stack([one.max(axis=0) for one in np.split(every, ends[:-1])])

    def features(self, sentence: Floats, tokens: Tokens, concepts: Ints) -> Mapping[str, Floats]:
        """Return :data:`FEATURES` of some concepts."""
        preferred = self.preferred[concepts]
        described = self.descriptions[concepts].astype(np.float32)
        near = _Nearness(tokens.vectors).to(preferred)
        return {
            "sentence_preferred": preferred @ sentence,
            "sentence_description": described @ sentence,
            **dict(zip(("tokens_preferred_05", "tokens_preferred_10"), near, strict=True)),
            "hub_preferred": self.preferred_hubs[concepts],
            **self._narrow(sentence, tokens, concepts),
        }  # fmt: skip

    def _narrow(self, sentence: Floats, tokens: Tokens, concepts: Ints) -> Mapping[str, Floats]:
        """Return the best label's value for each of some concepts."""
        begin = np.searchsorted(self.owners, concepts)
        end = np.searchsorted(self.owners, concepts, side="right")
        end = np.maximum(end, begin + 1)  # a concept without label borrows a neighbour's
        rows = np.minimum(
            ranges(begin.astype(np.int32), (end - begin).astype(np.int32)), len(self.labels) - 1
        )
        starts = np.concatenate([[0], np.cumsum(end - begin)[:-1]])
        vectors = np.asarray(self.labels[rows], np.float32)
        sharp, soft = _Nearness(tokens.vectors).to(vectors)
        values = (vectors @ sentence, sharp, soft, self.hubs[rows])
        return {
            name: np.maximum.reduceat(value, starts)
            for name, value in zip(_NARROW, values, strict=True)
        }

    def save(self, folder: Path) -> None:
        """Write the vectors in half precision."""
        for name in ("labels", "preferred", "descriptions"):
            np.save(
                folder / f"vectors.{name}.npy", getattr(self, name).astype(np.float16, copy=False)
            )
        for name in ("owners", "hubs", "preferred_hubs"):
            np.save(folder / f"vectors.{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> "VectorIndex":
        """Read what :meth:`save` wrote; vectors of which few are needed stay on disk until then."""
        read = {name: np.load(folder / f"vectors.{name}.npy") for name in
                ("owners", "hubs", "preferred_hubs")}  # fmt: skip
        labels, descriptions = (RowsOnDisk(folder / f"vectors.{name}.npy") for name in
                                ("labels", "descriptions"))  # fmt: skip
        preferred = np.load(folder / "vectors.preferred.npy").astype(np.float32, order="F")
        return cls(labels=labels, descriptions=descriptions, preferred=preferred, **read)


def _directions(tokens: Floats) -> Floats:
    if not len(tokens):
        return np.zeros((1, tokens.shape[1]), np.float32)
    lengths = np.linalg.norm(tokens, axis=1, keepdims=True)
    found: Floats = tokens / np.maximum(lengths, 1e-9)
    return found


def _distinct(labels: Labels, language: str) -> tuple[list[str], Ints]:
    """Return the labels of which no earlier one of the concept has the same words, in any form.

    "weld pipes", "welding pipes" and "pipe welding" have nearly the same vector; so a third of the
    labels of ESCO need none.
    """
    stems, known = Stems.of(language), set()
    places = []
    for place, (text, owner) in enumerate(zip(labels.texts, labels.owners.tolist(), strict=True)):
        key = (owner, frozenset(stems(text)) or text)
        if key not in known:
            known.add(key)
            places.append(place)
    return [labels.texts[place] for place in places], labels.owners[places]


class _Nearness:
    """How near the tokens that a label attends to come to it, together."""

    def __init__(self, tokens: Floats) -> None:
        self._tokens = tokens if len(tokens) else np.zeros((1, tokens.shape[1]), np.float32)
        self._lengths = np.maximum(np.linalg.norm(self._tokens, axis=1, keepdims=True), 1e-9)
        self._products = self._tokens @ self._tokens.T

    def to(self, labels: Floats) -> tuple[Floats, Floats]:
        """Return the cosine of each label with the tokens weighted by it, sharply and softly."""
        raw = self._tokens @ labels.T
        cosines = raw / self._lengths
        cosines -= cosines.max(axis=0)
        return self._attended(raw, cosines / _SHARP), self._attended(raw, cosines / _SOFT)

    def _attended(self, raw: Floats, exponents: Floats) -> Floats:
        shares = np.exp(exponents, out=exponents)
        shares /= shares.sum(axis=0)
        along = np.einsum("tl,tl->l", shares, raw)
        square = np.einsum("tl,tl->l", shares, self._products @ shares)
        found: Floats = along / np.sqrt(np.maximum(square, 1e-9))
        return found


def _hubs(labels: Floats, descriptions: Floats) -> Floats:
    """Return each label's mean likeness to the descriptions nearest to it, over a fixed sample."""
    chosen = np.random.default_rng(0).permutation(len(descriptions))[:_SAMPLE]
    sample = descriptions[chosen]
    nearest = min(_NEAREST, len(sample))
    found = np.empty(len(labels), np.float32)
    for start in range(0, len(labels), _BLOCK):
        likeness = sample @ labels[start : start + _BLOCK].T.astype(np.float32)
        top = np.partition(likeness, len(sample) - nearest, axis=0)[-nearest:]
        found[start : start + _BLOCK] = top.mean(axis=0)
    return found
