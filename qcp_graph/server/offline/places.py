"""Which country and registers a bundle is of, as people name them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel import Locale
from babel.core import get_global

from qcp_graph.errors import UsageError
from qcp_graph.namespaces import PREFIXES
from qcp_graph.search import Index, RegisterEntry, fold
from qcp_graph.server.pages.names import country_name

_ENGLISH = Locale.parse("en")


@dataclass(frozen=True, slots=True)
class Place:
    """A country of a release, by its code in the EU's table ("FIN"), and its registers."""

    code: str
    entries: tuple[RegisterEntry, ...]
    only: str | None = None

    @property
    def filters(self) -> Mapping[str, list[str]]:
        """What narrows the index to it."""
        return {"country": [self.code]} | ({"register": [self.only]} if self.only else {})

    @property
    def registers(self) -> frozenset[str]:
        """The IRIs of its registers."""
        return frozenset(entry.iri for entry in self.entries)

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of its registers."""
        return tuple(entry.identifier for entry in self.entries)

    def name(self, locale: Locale) -> str:
        """Return what the country is called."""
        return country_name(self.code, locale) or self.code


def find(index: Index, country: str, register: str | None) -> Place:
    """Return the country that is meant by a code ("FIN", "FI") or an English name ("Finland").

    :raises UsageError: when the release has nothing of it, or not that register.
    """
    codes = [value.value for value in index.values("country") if value.count]
    code = next((code for code in codes if _means(country, code)), "")
    if not code:
        known = ", ".join(f"{code} ({country_name(code, _ENGLISH)})" for code in sorted(codes))
        raise UsageError(
            "QCP-OFF-COUNTRY",
            f"The release has no qualification of a country {country[:60]!r}.",
            remedy=f"Its countries: {known or 'none'}.",
        )
    entries = [entry for entry in index.registers() if entry.country == _iri(code)]
    return Place(code, tuple(_chosen(entries, code, register)), register)


def _iri(code: str) -> str:
    return PREFIXES["country"] + code


def _means(text: str, code: str) -> bool:
    aliases = get_global("territory_aliases")
    others = {code, *aliases.get(code, ()), country_name(code, _ENGLISH)}
    return fold(text.strip()) in {fold(other) for other in others if other}


def _chosen(
    entries: Sequence[RegisterEntry], code: str, register: str | None
) -> list[RegisterEntry]:
    found = [entry for entry in entries if register in {None, entry.identifier}]
    if register and not found:
        raise UsageError(
            "QCP-OFF-REGISTER",
            f"The country {code} has no register {register[:60]!r} in this release.",
            remedy=f"Its registers: {', '.join(e.identifier for e in entries) or 'none'}.",
        )
    return found
