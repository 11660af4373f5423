"""Reading an event stream (LDES): every page once, every record in its last version.

From the start all relations are followed. A page that its server calls immutable is never asked
for again, any other with the validators of the last time, so a repeated harvest costs a request
or two. Versions may come in any order: the moment decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import pyoxigraph as ox

from qcp_graph.errors import QcpError
from qcp_graph.harvest.problems import unusable
from qcp_graph.harvest.state import KnownPage, State, Version
from qcp_graph.harvest.statements import lines
from qcp_graph.harvest.web import Page, Web
from qcp_graph.namespaces import expand
from qcp_graph.transfer import addresses

TREE: Final = "https://w3id.org/tree#"
LDES: Final = "https://w3id.org/ldes#"
ACTIVITY: Final = "https://www.w3.org/ns/activitystreams#"
ACCEPT: Final = (
    "application/n-quads, application/trig;q=0.9, application/ld+json;q=0.8, "
    "text/turtle;q=0.7, application/n-triples;q=0.6"
)
_MEMBER, _NODE = ox.NamedNode(TREE + "member"), ox.NamedNode(TREE + "node")
_TYPE: Final = ox.NamedNode(expand("rdf:type"))
_PATHS: Final = {
    LDES + "timestampPath": "timestamp",
    LDES + "versionOfPath": "version",
    LDES + "versionDeleteObject": "deletion",
}


@dataclass
class Terms:
    """Which properties a stream uses, as it says itself; else those that most use."""

    timestamp: str = expand("dcterms:modified")
    version: str = expand("dcterms:isVersionOf")
    deletion: str = ACTIVITY + "Delete"

    def learn(self, quads: Iterable[ox.Quad]) -> None:
        """Take over what a page says of the stream."""
        for quad in quads:
            name = _PATHS.get(quad.predicate.value)
            if name is not None and isinstance(quad.object, ox.NamedNode):
                setattr(self, name, quad.object.value)


@dataclass
class Walk:
    """A walk through the pages of a stream from one of its nodes."""

    web: Web
    state: State
    terms: Terms = field(default_factory=Terms)
    changed: int = 0

    def run(self, start: str) -> None:
        """Read all that is new.

        :raises DataError: when a page cannot be read; what was read is kept.
        """
        self._recall()
        waiting, seen = [start], {start}
        while waiting:
            for link in self._visit(waiting.pop()):
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)

    def _recall(self) -> None:
        for name in ("timestamp", "version", "deletion"):
            if value := self.state.told(f"ldes {name}"):
                setattr(self.terms, name, value)

    def _visit(self, url: str) -> tuple[str, ...]:
        known = self.state.page(url)
        if known is not None and known.final:
            return known.links
        page = self.web.get(url, ACCEPT, known.validators if known else None)
        if page is None:
            assert known is not None
            return known.links
        quads = read(page)
        self.terms.learn(quads)
        links = tuple(dict.fromkeys(_links(quads, page.url)))
        versions = list(members(quads, self.terms))
        with self.state.together():
            for name in ("timestamp", "version", "deletion"):
                self.state.note(f"ldes {name}", getattr(self.terms, name))
            self.changed += self.state.take(versions)
            self.state.keep(url, KnownPage(page.immutable, page.validators, links))
        return links


def read(page: Page) -> list[ox.Quad]:
    """Return the statements of a page.

    :raises DataError: for a format that is none of those asked for, or a mistake in it.
    """
    form = ox.RdfFormat.from_media_type(page.media_type) if page.media_type else None
    if form is None or form == ox.RdfFormat.RDF_XML:
        raise unusable(page.url, f"it is no RDF that is read here ({page.media_type or 'no type'})")
    try:
        return list(ox.parse(page.content, form, base_iri=page.url))
    except (SyntaxError, ValueError) as error:
        raise unusable(page.url, f"{error}") from error


def _links(quads: Iterable[ox.Quad], base: str) -> Iterator[str]:
    for quad in quads:
        if quad.predicate == _NODE and isinstance(quad.object, ox.NamedNode):
            url = quad.object.value.partition("#")[0]
            try:
                addresses.split(url)
            except QcpError as error:
                raise unusable(base, "a relation leads to no web address") from error
            yield url


def members(quads: list[ox.Quad], terms: Terms) -> Iterator[Version]:
    """Yield the versions of a page, each with the statements of its record."""
    about: dict[str, list[ox.Quad]] = {}
    graphs: dict[str, list[ox.Triple]] = {}
    for quad in quads:
        about.setdefault(str(quad.subject), []).append(quad)
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            graphs.setdefault(str(quad.graph_name), []).append(quad.triple)
    for name in dict.fromkeys(str(q.object) for q in quads if q.predicate == _MEMBER):
        own = [q for q in about.get(name, []) if isinstance(q.graph_name, ox.DefaultGraph)]
        record = _value(own, terms.version)
        moment = comparable(_value(own, terms.timestamp))
        deleted = any(q.predicate == _TYPE and str(q.object) == f"<{terms.deletion}>" for q in own)
        found = graphs.get(name) or list(_described(name, record, own, about, terms))
        yield Version(record or name[1:-1], moment, deleted, lines(found, name))


def comparable(moment: str) -> str:
    """Return a moment so that texts compare as moments do; no time zone means UTC.

    >>> comparable("2026-01-01T01:00:00+01:00") == comparable("2026-01-01T00:00:00Z")
    True
    """
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _value(quads: Iterable[ox.Quad], predicate: str) -> str:
    for quad in quads:
        if quad.predicate.value == predicate and isinstance(quad.object, ox.Literal | ox.NamedNode):
            return quad.object.value
    return ""


def _described(
    name: str,
    record: str,
    own: Iterable[ox.Quad],
    about: dict[str, list[ox.Quad]],
    terms: Terms,
) -> Iterator[ox.Triple]:
    """Yield what a version without a graph of its own says, as said of its record."""
    leave = {terms.version, terms.timestamp}
    subject = ox.NamedNode(record) if record else None
    waiting, seen = [], {name}
    for quad in own:
        activity = quad.predicate == _TYPE and str(quad.object).startswith(f"<{ACTIVITY}")
        if quad.predicate.value not in leave and not activity:
            yield ox.Triple(subject or quad.subject, quad.predicate, quad.object)
            waiting.append(str(quad.object))
    while waiting:
        node = waiting.pop()
        if node in seen or not node.startswith("_:"):
            continue
        seen.add(node)
        for quad in about.get(node, []):
            yield quad.triple
            waiting.append(str(quad.object))
