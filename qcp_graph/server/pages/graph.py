"""What a document says, by subject and predicate, without the graph machinery."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from qcp_graph.namespaces import expand
from qcp_graph.server.seam import Document

_DIGITS: Final = re.compile(r"([0-9]{1,18})")
Object = ox.NamedNode | ox.Literal


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """A text with its language (BCP 47, in lower case; empty when the source names none)."""

    text: str
    language: str = ""


class Facts:
    """The statements of a document: each value once, in a stable order, from all graphs."""

    def __init__(self, iri: str, quads: Iterable[ox.Quad]) -> None:
        self.iri = iri
        held: dict[tuple[str, str], set[Object]] = defaultdict(set)
        for quad in quads:
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, Object):
                held[quad.subject.value, quad.predicate.value].add(quad.object)
        self._held = {key: sorted(values, key=natural) for key, values in held.items()}

    @classmethod
    def of(cls, document: Document) -> "Facts":
        """Return the facts of a document."""
        return cls(document.iri, document.quads)

    def values(self, name: str, subject: str = "") -> list[Object]:
        """Return the values of a property (a prefixed name) of the thing or a fragment."""
        return self._held.get((subject or self.iri, expand(name)), [])

    def iris(self, name: str, subject: str = "") -> list[str]:
        """Return those values of a property that are IRIs."""
        return [v.value for v in self.values(name, subject) if isinstance(v, ox.NamedNode)]

    def iri_of(self, name: str, subject: str = "") -> str:
        """Return the first IRI of a property, or nothing."""
        return next(iter(self.iris(name, subject)), "")

    def texts(self, name: str, subject: str = "") -> list[Text]:
        """Return those values of a property that are literals, with their language."""
        return [
            Text(v.value, v.language or "")
            for v in self.values(name, subject)
            if isinstance(v, ox.Literal)
        ]

    def text(self, name: str, subject: str = "") -> str:
        """Return the first literal of a property, or nothing."""
        return next((text.text for text in self.texts(name, subject)), "")

    def types(self, subject: str = "") -> set[str]:
        """Return the IRIs of the types of a thing."""
        return set(self.iris("rdf:type", subject))

    def is_a(self, name: str) -> bool:
        """Tell whether the document's thing has a type, given as a prefixed name."""
        return expand(name) in self.types()

    def subjects(self) -> list[str]:
        """Return the thing and its fragments that something is said about, the thing first."""
        return sorted({subject for subject, _ in self._held}, key=lambda s: (s != self.iri, s))

    def predicates(self, subject: str = "") -> list[str]:
        """Return the IRIs of all properties of a subject."""
        return sorted({p for s, p in self._held if s == (subject or self.iri)})

    def by_iri(self, predicate: str, subject: str = "") -> list[Object]:
        """Return the values of a property given by its full IRI."""
        return self._held.get((subject or self.iri, predicate), [])


def natural(value: object) -> list[tuple[int, int, str]]:
    """Return a key that sorts numbers inside texts by their size.

    >>> sorted(["a10", "a9"], key=natural)
    ['a9', 'a10']
    """
    parts = _DIGITS.split(str(value))
    return [(0, int(p), "") if at % 2 else (1, 0, p) for at, p in enumerate(parts)]


def objects(store: ox.Store, subject: str, name: str) -> list[Object]:
    """Return the values of a property of any thing in the store, each once."""
    found = store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(expand(name)), None)
    return sorted({q.object for q in found if isinstance(q.object, Object)}, key=natural)


def subjects(store: ox.Store, name: str, value: str, limit: int = 200) -> list[str]:
    """Return things that have a value, at most ``limit`` of them."""
    found: set[str] = set()
    for quad in store.quads_for_pattern(None, ox.NamedNode(expand(name)), ox.NamedNode(value)):
        if isinstance(quad.subject, ox.NamedNode):
            found.add(quad.subject.value)
        if len(found) >= limit:
            break
    return sorted(found)
