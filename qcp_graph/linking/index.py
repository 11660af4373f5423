"""The labels of ESCO skills, by language, ready for comparison."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from qcp_graph.linking import text
from qcp_graph.terms import RDF_TYPE, Triple, curie, iri_of, parts

_SKILL: Final = curie("esco:Skill")
_LABELS: Final = {curie("skos:prefLabel"): True, curie("skos:altLabel"): False}
# Raised when the same labels would give other links, so that records are linked again.
_METHOD: Final = "labels-2"


class Label(NamedTuple):
    """A label of a skill, as ESCO writes it."""

    skill: str
    label: str
    preferred: bool


@dataclass(frozen=True)
class EscoIndex:
    """Looks up skills by label; ``fingerprint`` changes with the labels and the method."""

    version: str
    fingerprint: str
    _exact: dict[tuple[str, str], tuple[Label, ...]] = field(repr=False)
    _normalised: dict[tuple[str, str], tuple[Label, ...]] = field(repr=False)

    @classmethod
    def from_triples(cls, triples: Iterable[Triple], version: str) -> "EscoIndex":
        """Index the labels of all subjects typed ``esco:Skill``; others are passed over."""
        known = sorted(set(triples))
        skills = {s for s, p, o in known if p == RDF_TYPE and o == _SKILL}
        literal: dict[tuple[str, str], set[Label]] = {}
        loose: dict[tuple[str, str], set[Label]] = {}
        digest = hashlib.sha256(f"{_METHOD} {version}".encode())
        for s, p, o in known:
            if s not in skills or p not in _LABELS:
                continue
            digest.update(f"{s}{p}{o}\n".encode())
            value, language, _datatype = parts(o)
            label = Label(iri_of(s), value, _LABELS[p])
            literal.setdefault((language, text.exact(value)), set()).add(label)
            loose.setdefault((language, text.normalised(value, language)), set()).add(label)
        return cls(version, digest.hexdigest(), _frozen(literal), _frozen(loose))

    def exact(self, value: str, language: str) -> Sequence[Label]:
        """Return the labels that equal a text literally, case and spacing aside."""
        return self._exact.get((language, text.exact(value)), ())

    def normalised(self, value: str, language: str) -> Sequence[Label]:
        """Return the labels that equal a text without marks and articles."""
        return self._normalised.get((language, text.normalised(value, language)), ())

    def __len__(self) -> int:
        return len(self._exact)


def _frozen(found: dict[tuple[str, str], set[Label]]) -> dict[tuple[str, str], tuple[Label, ...]]:
    """Return the labels sorted, preferred ones first, so that results are deterministic."""
    return {
        key: tuple(sorted(labels, key=lambda one: (not one.preferred, one.skill, one.label)))
        for key, labels in found.items()
    }
