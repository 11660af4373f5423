"""The page of a register: who keeps it, how fresh it is, what became of its records."""

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import Request
from starlette.responses import Response

from qcp_graph import quality
from qcp_graph.search import RegisterEntry
from qcp_graph.server.pages import site, sources, things
from qcp_graph.server.pages.graph import Facts, Text, objects, subjects
from qcp_graph.server.pages.names import Names, Reference, pick
from qcp_graph.server.pages.site import Site
from qcp_graph.server.pages.sources import Format


@dataclass(frozen=True, slots=True)
class Reason:
    """An issue code and how many records it concerns."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """What ``register.html`` shows."""

    iri: str
    title: Text
    titles: tuple[Text, ...]
    descriptions: tuple[Text, ...]
    country: str
    homepage: Reference | None
    contact: Reference | None
    entry: RegisterEntry
    licence: Reference | None
    snapshot: Reference | None
    stale: bool
    reasons: tuple[Reason, ...]
    formats: tuple[Format, ...]
    quality: str


def render(request: Request, here: Site, facts: Facts) -> Response:
    """Return the page of a register."""
    names = here.names()
    entry = next((e for e in here.index().registers() if e.iri == facts.iri), None)
    if entry is None:
        return things.render(request, here, facts)
    titles, owner = facts.texts("dcterms:title"), facts.iri_of("dcterms:publisher")
    homepage, contact = facts.iri_of("dcat:landingPage"), facts.iri_of("foaf:mbox", owner)
    page = RegisterPage(
        facts.iri,
        pick(titles, here.language.tag) if titles else Text(entry.identifier),
        tuple(titles),
        tuple(facts.texts("dcterms:description")),
        names.of(entry.country).text if entry.country else "",
        names.reference(homepage) if homepage else None,
        names.reference(contact) if contact else None,
        entry,
        sources.licence(names, entry),
        names.reference(entry.snapshot) if entry.snapshot else None,
        sources.stale(entry, datetime.now(UTC).date()),
        _reasons(names, entry),
        sources.formats(names, facts.iri),
        _quality(here, entry),
    )
    return site.render(request, here, "register.html", page)


def _quality(here: Site, entry: RegisterEntry) -> str:
    """Return where the page about the quality of the data is, if it was measured."""
    folder = here.release.folder if here.release else None
    measured = folder is not None and quality.path(folder, entry.identifier).is_file()
    return f"/quality/{entry.identifier}" if measured else ""


def _reasons(names: Names, entry: RegisterEntry) -> tuple[Reason, ...]:
    """Return why records of the latest run were not published, the most frequent reason first."""
    found = set()
    for run in subjects(names.store, "prov:used", entry.snapshot) if entry.snapshot else []:
        for node in objects(names.store, run, "qcp:reason"):
            code = "".join(o.value for o in objects(names.store, node.value, "dcterms:identifier"))
            count = "".join(o.value for o in objects(names.store, node.value, "qcp:count")[:1])
            if count.isdigit():
                found.add(Reason(code, int(count)))
    return tuple(sorted(found, key=lambda reason: (-reason.count, reason.code)))
