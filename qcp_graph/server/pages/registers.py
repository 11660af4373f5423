"""The page of a register: who keeps it, how fresh it is, what became of its records."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import Request
from starlette.responses import Response

from qcp_graph import quality
from qcp_graph.feeds import History, Tally, history
from qcp_graph.model import freshness
from qcp_graph.search import RegisterEntry
from qcp_graph.server.pages import rules, site, sources, things
from qcp_graph.server.pages.graph import Facts, Text, objects, subjects
from qcp_graph.server.pages.names import Names, Reference, pick
from qcp_graph.server.pages.site import Site
from qcp_graph.server.pages.sources import Format
from qcp_graph.server.seam import OpenRelease

_CHANGES: Final = 10


@dataclass(frozen=True, slots=True)
class Reason:
    """An issue code and how many records it concerns."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old what we have is: days since it was seen; when news are due (lexical, or empty)."""

    days: int | None
    due: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """What ``register.html`` shows; ``changes`` are the latest that reached us, newest first."""

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
    mapping: str
    freshness: Freshness
    changes: tuple[tuple[str, Tally], ...]
    feed: str


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
        sources.stale(entry, here.today),
        _reasons(names, entry),
        sources.formats(names, facts.iri),
        _quality(here, entry),
        f"/registers/{entry.identifier}/mapping" if rules.lines(here, entry) else "",
        _freshness(here, entry),
        changes := _changes(here, entry.identifier),
        here.url(f"/feed/atom/{entry.identifier}") if changes else "",
    )
    return site.render(request, here, "register.html", page)


def _freshness(here: Site, entry: RegisterEntry) -> Freshness:
    try:
        seen = date.fromisoformat(entry.retrieved[:10])
    except ValueError:
        return Freshness(None, "", overdue=False)
    due = freshness.due(entry.frequency, seen)
    overdue = due is not None and due < here.today
    return Freshness(max((here.today - seen).days, 0), due.isoformat() if due else "", overdue)


def _changes(here: Site, source_id: str) -> tuple[tuple[str, Tally], ...]:
    """Return when releases changed the register, and how many records; nothing without a feed."""
    assert here.release is not None

    def read(release: OpenRelease) -> History:
        return history.load(release.folder / "feed" / history.NAME) or History()

    past = here.release.resource("history", read).of(source_id)
    return tuple((one.created, one.registers[source_id]) for one in past[: -_CHANGES - 1 : -1])


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
