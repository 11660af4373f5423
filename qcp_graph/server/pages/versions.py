"""The page of a record's versions: when it changed, and what, in words, between any two."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import pyoxigraph as ox
from fastapi import Request
from markupsafe import Markup
from starlette.responses import Response

from qcp_graph.errors import DataError
from qcp_graph.feeds import History, IndexReader, Pages, history
from qcp_graph.feeds.places import Places
from qcp_graph.feeds.versions import Version, Versions
from qcp_graph.namespaces import expand
from qcp_graph.server import pictures
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.pages import differences, properties, site
from qcp_graph.server.pages.differences import Change, Fact, Piece
from qcp_graph.server.pages.durations import readable
from qcp_graph.server.pages.graph import Text
from qcp_graph.server.pages.i18n import Language
from qcp_graph.server.pages.labels import N_
from qcp_graph.server.pages.names import Names, Reference, Value
from qcp_graph.server.pages.site import Site
from qcp_graph.server.pictures import Moment
from qcp_graph.server.pictures.timeline import MOST_MOMENTS
from qcp_graph.server.seam import OpenRelease, Problem
from qcp_graph.settings import Settings

KINDS: Final = {
    "new": N_("First published"),
    "changed": N_("Changed"),
    "withdrawn": N_("Withdrawn"),
    "restored": N_("Listed again"),
}
LISTED: Final = 100
"""Versions in the table, the newest first."""
CHANGES: Final = 150
"""Changes that are written out."""
_FEWEST: Final = 2
_VOLUME: Final = expand("elm:volumeOfLearning")
_SPANS: Final = frozenset(map(expand, ("xsd:duration", "xsd:dayTimeDuration")))
_DAYS: Final = frozenset(map(expand, ("xsd:date", "xsd:dateTime", "xsd:gYearMonth", "xsd:gYear")))


@dataclass(frozen=True, slots=True)
class Row:
    """A version in the table; ``kind`` is a message, ``against`` compares with the one before."""

    release: str
    created: str
    kind: str
    against: str
    data: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words: what it is about, the value before and after, or the words between."""

    kind: str
    about: tuple[Text, ...]
    before: Value | None
    after: Value | None
    pieces: tuple[Piece, ...]
    language: str
    computed: bool


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """What ``versions.html`` shows; ``more`` changes were left out."""

    iri: str
    record: Reference
    rows: tuple[Row, ...]
    complete: bool
    picture: Markup
    first: Version | None
    second: Version | None
    gone: bool
    changes: tuple[Told, ...]
    counts: tuple[tuple[str, int], ...]
    more: int


@dataclass(frozen=True)
class _Feed:
    """The feed of a release with the indexes of its registers, closed with it."""

    places: Places
    pages: Pages
    history: History
    indexes: dict[str, IndexReader]

    def close(self) -> None:
        for index in self.indexes.values():
            index.close()


def render(request: Request, here: Site, settings: Settings) -> Response:
    """Return the versions of the record named by ``?iri=``, compared by ``?from=`` and ``?to=``.

    :raises ProblemError: when the feed knows no such record.
    """
    asked = dict(reversed(here.query))
    iri = asked.get("iri", "")
    found = finder(here, settings, iri)
    past = found.of(iri) if found is not None else None
    if found is None or past is None or not past.versions:
        raise ProblemError(_unknown(iri))
    versions = past.versions
    second = _chosen(versions, asked.get("to", "")) or versions[-1]
    at = versions.index(second)
    first = _chosen(versions, asked.get("from", "")) or (versions[at - 1] if at else None)
    names = here.names()
    changes = _changes(here, names, found, iri, first, second) if first else []
    page = VersionsPage(
        iri,
        names.reference(iri),
        tuple(_rows(here, iri, versions, first, second)),
        past.complete,
        _picture(here, versions),
        first,
        second,
        "withdrawn" in (second.kind, first.kind if first else ""),
        tuple(changes[:CHANGES]),
        tuple((kind, sum(c.kind == kind for c in changes)) for kind in _ORDER),
        max(0, len(changes) - CHANGES),
    )
    return site.render(request, here, "versions.html", page)


_ORDER: Final = ("added", "removed", "changed")


def finder(here: Site, settings: Settings, iri: str) -> Versions | None:
    """Return what finds versions of the register that a record belongs to, if its feed is here."""
    assert here.release is not None
    feed = here.release.resource("versions", partial(_opened, settings=settings))
    parts = iri.removeprefix(here.base + "id/").split("/")
    source_id = "-".join(parts[1:3]) if len(parts) > 3 and iri.startswith(here.base) else ""
    index = feed.indexes.get(source_id)
    if index is None:
        return None
    return Versions(feed.places, feed.pages, feed.history, source_id, index)


def address(here: Site, settings: Settings, iri: str) -> str:
    """Return where the versions of a record are told, nothing where its feed is not here."""
    try:
        found = finder(here, settings, iri)
        known = found is not None and found.index.find(iri) is not None
    except DataError:  # a damaged feed takes no page with it
        return ""
    return here.url("/versions", iri=iri) if known else ""


def _opened(release: OpenRelease, settings: Settings) -> _Feed:
    folder = release.folder / "feed"
    return _Feed(
        Places(settings.base_iri),
        Pages(settings.home / "feed"),
        history.load(folder / history.NAME) or History(),
        {path.stem: IndexReader(path) for path in sorted(folder.glob("*.sqlite"))},
    )


def _chosen(versions: Sequence[Version], release: str) -> Version | None:
    return next((one for one in versions if one.release == release), None)


def _rows(
    here: Site, iri: str, versions: Sequence[Version], first: Version | None, second: Version
) -> list[Row]:
    rows = []
    for at in range(len(versions) - 1, max(-1, len(versions) - 1 - LISTED), -1):
        one = versions[at]
        pair = {"iri": iri, "from": versions[at - 1].release, "to": one.release} if at else {}
        rows.append(
            Row(
                one.release,
                one.created,
                KINDS[one.kind],
                here.url("/versions", **pair) if pair else "",
                one.address.removeprefix(here.base[:-1]).partition("#")[0],
                one in (first, second),
            )
        )
    return rows


def _picture(here: Site, versions: Sequence[Version]) -> Markup:
    if len(versions) < _FEWEST:
        return Markup("")
    language = here.language
    last = versions[-MOST_MOMENTS:]
    drawn = [
        Moment(
            language.date(one.created),
            language.gettext(KINDS[one.kind]).unescape(),
            one is last[-1],
        )
        for one in last
    ]
    told = "; ".join(f"{moment.date}: {moment.label}" for moment in drawn)
    title = language.gettext("Versions of this record").unescape()
    return pictures.timeline("versions-picture", title, told, drawn)


def _changes(
    here: Site, names: Names, found: Versions, iri: str, first: Version, second: Version
) -> list[Told]:
    old, new = (
        differences.facts(iri, ox.parse(found.text(one), ox.RdfFormat.N_QUADS))
        for one in (first, second)
    )
    word: Callable[[str], Text] = partial(properties.word, names, here.language)
    value = partial(_value, names, here.language)
    return [_told(word, value, change) for change in differences.between(old, new)]


def _told(
    word: Callable[[str], Text], value: Callable[[Fact | None], Value | None], change: Change
) -> Told:
    about = list(dict.fromkeys(word(predicate) for predicate in change.path))
    fact = change.new or change.old
    return Told(
        change.kind,
        tuple(about),
        value(change.old),
        value(change.new),
        change.pieces,
        fact.text.language if fact else "",
        change.computed,
    )


def _value(names: Names, language: Language, fact: Fact | None) -> Value | None:
    """Return a value as people read it: names of IRIs, days and spans of time in words."""
    if fact is None:
        return None
    if fact.iri:
        return Value(names.reference(fact.iri), Text(""))
    if fact.datatype in _SPANS:
        in_hours = fact.path[-1] == _VOLUME
        return Value(None, Text(readable(fact.text.text, language, in_hours=in_hours)))
    if fact.datatype in _DAYS:
        return Value(None, Text(language.date(fact.text.text)))
    return Value(None, fact.text)


def _unknown(iri: str) -> Problem:
    return Problem(
        404,
        "QCP-WEB-NOTFOUND",
        "There is nothing under this address.",
        f"No versions of {iri[:200]!r} are kept here.",
        "Versions are those of whole records; the page of a qualification leads to them.",
    )
