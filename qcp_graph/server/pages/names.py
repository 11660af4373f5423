"""What things are called in the reader's language, and where their names lead."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from babel import Locale
from babel.core import get_global

from qcp_graph.namespaces import PREFIXES
from qcp_graph.server.pages.graph import Text, objects
from qcp_graph.server.paths import address
from qcp_graph.terms import is_iri

_NAMED_BY: Final = (
    "skos:prefLabel",
    "dcterms:title",
    "rov:legalName",
    "rdfs:label",
    "foaf:name",
)
_SKILL: Final = "http://data.europa.eu/esco/skill/"
_SAFE: Final = re.compile(r"(https?://|mailto:)[^\s\x00-\x1f<>\"]+\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """A thing with its name and, where it has a safe address, a link to it."""

    iri: str
    name: Text
    href: str = ""
    external: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A value in a plain table: a thing or a text."""

    reference: Reference | None
    text: Text


def pick(texts: Sequence[Text] | Mapping[str, str], language: str) -> Text:
    """Return the text in the reader's language, else in English, else of the first by its tag.

    >>> pick([Text("Bäcker", "de"), Text("Baker", "en")], "fr")
    Text(text='Baker', language='en')
    """
    if isinstance(texts, Mapping):
        texts = [Text(text, tag) for tag, text in texts.items()]
    for wanted in (language, "en"):
        for text in texts:
            if text.language.split("-")[0] == wanted:
                return text
    return min(texts, key=lambda text: text.language) if texts else Text("")


def safe_href(address: str) -> str:
    """Return an address from the data when a browser may follow it, else nothing.

    >>> safe_href("https://example.org/a"), safe_href("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    return address if _SAFE.match(address) else ""


# Codes of the EU table that are not ISO 3166: Kosovo and the European Union.
_TERRITORIES: Final = {"1A0": "XK", "EUR": "EU"}


def country_name(iri: str, locale: Locale) -> str:
    """Return the name of a country of the EU table, nothing when the code is unknown.

    >>> country_name(PREFIXES["country"] + "FIN", Locale.parse("fr"))
    'Finlande'
    """
    code = iri.rsplit("/", 1)[-1]
    aliases = get_global("territory_aliases")
    alpha2 = _TERRITORIES.get(code) or next(iter(aliases.get(code, [])), code)
    return str(locale.territories.get(alpha2, ""))


# What Babel takes for another language in another script, and what it calls the language itself.
_OWN_NAMES: Final = {"hbs": "sh", "sh": "sh", "cnr": "cnr"}


def language_name(tag: str, locale: Locale) -> str:
    """Return the name of a language from a BCP 47 tag or a code of the EU table.

    >>> language_name("fi", Locale.parse("de")), language_name("FIN", Locale.parse("de"))
    ('Finnisch', 'Finnisch')
    >>> language_name("HBS", Locale.parse("en"))
    'Serbo-Croatian'
    """
    code = tag.rsplit("/", 1)[-1].lower()
    alias = _OWN_NAMES.get(code) or get_global("language_aliases").get(code, code)
    short = alias.split("_")[0].split("-")[0]
    return str(locale.languages.get(short, ""))


@dataclass(frozen=True, slots=True)
class Names:
    """Finds names in the store of a release, once per page and thing."""

    store: ox.Store
    base: str
    root: str
    language: str
    locale: Locale
    query: str = ""
    _found: dict[str, list[Text]] = field(default_factory=dict)

    def of(self, iri: str) -> Text:
        """Return the name of a thing; without one, the end of its IRI."""
        if iri.startswith(PREFIXES["country"]) and (name := country_name(iri, self.locale)):
            return Text(name, self.language)
        if iri.startswith(PREFIXES["lang"]) and (name := language_name(iri, self.locale)):
            return Text(name, self.language)
        if found := self.all(iri):
            return pick(found, self.language)
        return Text(local_name(iri) if self._ours(iri) else shorten(iri))

    def all(self, iri: str) -> list[Text]:
        """Return all names of a thing in the store."""
        if iri not in self._found:
            self._found[iri] = self._read(iri)
        return self._found[iri]

    def _read(self, iri: str) -> list[Text]:
        if not is_iri(iri):  # parameters of an address come here too
            return []
        for name in _NAMED_BY:
            values = objects(self.store, iri, name)
            texts = [Text(v.value, v.language or "") for v in values if isinstance(v, ox.Literal)]
            if texts:
                return texts
        return []

    def reference(self, iri: str) -> Reference:
        """Return a thing with its name and the best link to it."""
        name = self.of(iri)
        if href := self.local(iri):
            return Reference(iri, name, href)
        if self._ours(iri):  # named by a register, but not (or no longer) delivered by it
            return Reference(iri, name, "")
        href = safe_href(iri)
        return Reference(iri, name, href, external=bool(href))

    def references(self, iris: Sequence[str]) -> tuple[Reference, ...]:
        """Return several things, by name."""
        return tuple(sorted((self.reference(i) for i in iris), key=lambda r: (r.name.text, r.iri)))

    def _ours(self, iri: str) -> bool:
        return iri.startswith(self.base + "id/")

    def _described(self, iri: str) -> bool:
        if not is_iri(iri):
            return False
        return any(self.store.quads_for_pattern(ox.NamedNode(iri), None, None, None))

    def local(self, iri: str) -> str:
        """Return the path of a page of ours about a thing, or nothing."""
        if self._ours(iri) and self._described(iri.partition("#")[0]):
            path, hash_, fragment = iri.removeprefix(self.base).partition("#")
            return address(f"{self.root}/{path}") + self.query + hash_ + address(fragment)
        if self.all(iri):
            page = "skill" if iri.startswith(_SKILL) else "resource"
            more = "&" + self.query[1:] if self.query else ""
            return f"{self.root}/{page}?iri={quote(iri, safe='')}{more}"
        return ""


def shorten(iri: str) -> str:
    """Return an IRI as a prefixed name, or without its scheme.

    >>> shorten(PREFIXES["qcp"] + "Registered"), shorten("http://example.org/a/b")
    ('qcp:Registered', 'example.org/a/b')
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return re.sub(r"(https?://|mailto:)", "", iri, count=1, flags=re.IGNORECASE)


def local_name(iri: str) -> str:
    """Return what follows the last slash or hash: ``qcp:Registered`` is ``Registered``."""
    return re.split(r"[/#]", iri)[-1]
