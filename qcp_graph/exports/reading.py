"""Reading a record's facts for a form that is not ELM: texts, names and things by property."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from qcp_graph.exports.europass_values import Facts
from qcp_graph.exports.left_out import LeftOut
from qcp_graph.namespaces import shorten
from qcp_graph.terms import RDF_TYPE, curie, iri_of, is_iri_term, parts

Labels = Callable[[str], Sequence[str]]
"""The names of a concept or thing, by IRI, as literal terms."""
Object = dict[str, Any]
Made = tuple[Object, tuple[LeftOut, ...]]
"""A JSON-LD object, and what it had to leave out."""
NAMES: Final = ("dcterms:title", "skos:prefLabel", "rov:legalName")


@dataclass
class Reading:
    """A record while a form is made of it; ``taken`` notes which statements the form holds."""

    facts: Facts
    labels: Labels
    taken: set[tuple[str, str]] = field(default_factory=set)

    def terms(self, subject: str, name: str) -> Sequence[str]:
        """Return the values of a property, given as a prefixed name or term, and note it."""
        found = self.facts.get(subject, {}).get(_term(name), ())
        if found:
            self.taken.add((subject, _term(name)))
        return found

    def things(self, subject: str, name: str) -> list[str]:
        """Return the values that are things, as terms."""
        return [one for one in self.terms(subject, name) if is_iri_term(one)]

    def text(self, subject: str, name: str) -> str:
        """Return the first text of a property, whatever its language, or nothing."""
        found = [one for one in self.terms(subject, name) if not is_iri_term(one)]
        return parts(found[0])[0] if found else ""

    def languages(self, subject: str, *names: str) -> dict[str, list[str]]:
        """Return the texts of the first of some properties that has any, by language."""
        every = [by_language(self.terms(subject, name)) for name in names]
        return next((found for found in every if found), {})

    def name(self, term: str) -> dict[str, list[str]]:
        """Return the names of a thing by language, from the record or from the vocabularies."""
        return self.languages(term, *NAMES) or by_language(self.labels(iri_of(term)))

    def is_a(self, subject: str, name: str) -> bool:
        """Tell whether a thing is of a class."""
        return _term(name) in self.facts.get(subject, {}).get(RDF_TYPE, ())

    def left_out(self, subjects: Sequence[str], reason: str) -> Iterator[LeftOut]:
        """Yield what is said of some things, and was not taken."""
        for subject in subjects:
            for predicate in self.facts.get(subject, {}):
                if predicate != RDF_TYPE and (subject, predicate) not in self.taken:
                    yield LeftOut(iri_of(subject), shorten(iri_of(predicate)), reason)


def by_language(terms: Sequence[str]) -> dict[str, list[str]]:
    """Return texts by language; those without one under ``""``.

    >>> by_language(['"a"@en', '"b"@en', '<http://x>'])
    {'en': ['a', 'b']}
    """
    found: dict[str, list[str]] = {}
    for term in terms:
        if not is_iri_term(term):
            text, language, _ = parts(term)
            found.setdefault(language, []).append(text)
    return found


def first(texts: Mapping[str, Sequence[str]], language: str = "en") -> str:
    """Return one text: in a language, else in the first there is, or nothing."""
    return texts[language][0] if language in texts else next(iter(texts.values()), [""])[0]


def tidy(value: Object) -> Object:
    """Return an object without members that say nothing, lists of one unwrapped."""
    found = {}
    for name, one in value.items():
        if one in ("", None, [], {}):
            continue
        found[name] = one[0] if isinstance(one, list) and len(one) == 1 else one
    return found


@cache
def _term(name: str) -> str:
    return name if name.startswith("<") else curie(name)
