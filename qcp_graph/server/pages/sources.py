"""According to whom: the register, owner, licence, snapshot and record behind a page."""

from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from qcp_graph.model.freshness import is_stale
from qcp_graph.search import RegisterEntry
from qcp_graph.server.pages.graph import Facts, Text
from qcp_graph.server.pages.names import Names, Reference, safe_href, shorten
from qcp_graph.server.pages.site import Site


@dataclass(frozen=True, slots=True)
class Format:
    """Another form of the same document."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Source:
    """Who says what a page shows, since when, and in which forms it is offered.

    ``snapshot_date`` and ``locator`` are empty where the graph does not say them.
    """

    register: Reference | None
    entry: RegisterEntry | None
    licence: Reference | None
    snapshot: Reference | None
    snapshot_date: str
    record: Reference | None
    key: str
    locator: str
    stale: bool
    formats: tuple[Format, ...]


def of(here: Site, names: Names, facts: Facts) -> Source:
    """Return the source of the document of one of our IRIs."""
    record = facts.iri_of("prov:wasDerivedFrom")
    about = _record(names, record) if record else None
    return _source(here, names, facts, about)


def of_record(here: Site, names: Names, facts: Facts) -> Source:
    """Return the source of a source record itself."""
    return _source(here, names, facts, facts)


def _source(here: Site, names: Names, facts: Facts, about: Facts | None) -> Source:
    register = facts.iri_of("qcp:register") or register_of(facts.iri, here.base)
    entry = next((e for e in here.index().registers() if e.iri == register), None)
    snapshot = about.iri_of("prov:wasDerivedFrom") if about else ""
    made = _record(names, snapshot).text("prov:generatedAtTime") if snapshot else ""
    return Source(
        register=names.reference(register) if entry else None,
        entry=entry,
        licence=licence(names, entry) if entry else None,
        snapshot=names.reference(snapshot) if snapshot else None,
        snapshot_date=made or (entry.retrieved if entry else ""),
        record=names.reference(about.iri) if about else None,
        key=about.text("qcp:sourceKey") if about else "",
        locator=about.text("qcp:locator") if about else "",
        stale=entry is not None and stale(entry, here.today),
        formats=formats(names, facts.iri),
    )


def licence(names: Names, entry: RegisterEntry) -> Reference | None:
    """Return the licence of a register with its label, where it has one."""
    if not entry.licence and not entry.licence_label:
        return None
    name = Text(entry.licence_label or shorten(entry.licence))
    href = safe_href(entry.licence)
    return Reference(entry.licence, name, href, external=bool(href))


def stale(entry: RegisterEntry, today: date) -> bool:
    """Tell whether a snapshot is older than two periods of the register's update frequency."""
    try:
        taken = date.fromisoformat(entry.retrieved[:10])
    except ValueError:
        return False
    return is_stale(entry.frequency, taken, today)


def register_of(iri: str, base: str) -> str:
    """Return the register an IRI belongs to by its path: ``…/id/<type>/<cc>/<register>/…``.

    >>> register_of("http://x/id/outcome/fr/rncp/1", "http://x/")
    'http://x/id/register/fr/rncp'
    """
    parts = iri.removeprefix(base + "id/").split("/")
    return f"{base}id/register/{parts[1]}/{parts[2]}" if len(parts) > 2 else ""


def formats(names: Names, iri: str) -> tuple[Format, ...]:
    """Return the machine-readable forms of the document of one of our IRIs."""
    path = names.local(iri).partition("?")[0]
    forms = (("Turtle", "ttl"), ("JSON-LD", "jsonld"), ("RDF/XML", "rdf"), ("N-Triples", "nt"))
    return tuple(Format(name, f"{path}.{suffix}") for name, suffix in forms)


def _record(names: Names, iri: str) -> Facts:
    return Facts(iri, names.store.quads_for_pattern(ox.NamedNode(iri), None, None))
