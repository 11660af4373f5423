"""A small index over triples: enough to look up levels, concepts and labels."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qcp_graph.terms import Triple, curie, parts

TYPE = curie("rdf:type")
IN_SCHEME = curie("skos:inScheme")
NOTATION = curie("skos:notation")
LABEL = curie("skos:prefLabel")


@dataclass(frozen=True, slots=True)
class Index:
    """Triples by subject and predicate; terms are N-Triples text."""

    by_subject: Mapping[str, Mapping[str, Sequence[str]]]

    @classmethod
    def of(cls, triples: Iterable[Triple]) -> "Index":
        """Index triples; values keep the order of ``triples``."""
        index: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in triples:
            index[subject][predicate].append(value)
        return cls({subject: dict(values) for subject, values in index.items()})

    def instances(self, of: str) -> list[str]:
        """Return the subjects with the type ``of``, sorted."""
        return sorted(s for s, values in self.by_subject.items() if of in values.get(TYPE, ()))

    def values(self, subject: str, predicate: str) -> Sequence[str]:
        """Return the terms a subject has for a property."""
        return self.by_subject.get(subject, {}).get(predicate, ())

    def text(self, subject: str, predicate: str, language: str = "") -> str:
        """Return a literal's text, in ``language`` where it is tagged, else the empty string."""
        for value in self.values(subject, predicate):
            if value.startswith('"'):
                text, tag, _ = parts(value)
                if not language or tag == language:
                    return text
        return ""
