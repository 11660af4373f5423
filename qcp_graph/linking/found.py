"""What linking found for a text, before anybody decides on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from qcp_graph.linking.assertions import Justification, Match


@dataclass(frozen=True, slots=True)
class Found:
    """A skill for a part of a text: the fields mean what those of :class:`Assertion` mean."""

    skill: str
    match: Match
    method: str
    score: float
    probability: float
    label: str
    start: int
    end: int
    version: str

    @property
    def justification(self) -> Justification:
        """Which kind of evidence the method is."""
        return (
            "SemanticSimilarityThresholdMatching"
            if self.method == "semantic"
            else "LexicalMatching"
        )

    def plain(self) -> list[Any]:
        """Return it as values that JSON knows."""
        return [getattr(self, name) for name in self.__slots__]

    def as_dict(self) -> dict[str, Any]:
        """Return it by the names of its fields."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of(cls, plain: Iterable[Any]) -> "Found":
        """Return what :meth:`plain` made."""
        return cls(*plain)


class Engine(Protocol):
    """Something that finds skills in a text."""

    @property
    def fingerprint(self) -> str:
        """A hash that changes whenever the same text may give another result."""
        ...

    def find(self, text: str, language: str) -> list[Found]:
        """Return the skills of a text, the most probable first; none is an answer."""
        ...
