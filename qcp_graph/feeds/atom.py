"""The feed as Atom (RFC 4287): archived pages (RFC 5005 §4) and deleted entries (RFC 6721).

The document of a register holds its newest pages; archived documents are the pages, one to one. An
entry is a record: a later version of it has the same id.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from qcp_graph.feeds import ldes
from qcp_graph.feeds.history import Batch, Tally
from qcp_graph.feeds.places import Places
from qcp_graph.markup import HEAD, element
from qcp_graph.namespaces import expand

ATOM: Final = "http://www.w3.org/2005/Atom"
_TOMBSTONES: Final = "http://purl.org/atompub/tombstones/1.0"
_HISTORY: Final = "http://purl.org/syndication/history/1.0"
_TYPE: Final = expand("rdf:type")
_TITLE: Final = expand("dcterms:title")
_IS_VERSION_OF: Final = expand("dcterms:isVersionOf")
_MODIFIED: Final = expand("dcterms:modified")
_KINDS: Final = {
    f"{ldes.ACTIVITY}Create": "new",
    f"{ldes.ACTIVITY}Update": "changed",
    f"{ldes.ACTIVITY}Delete": "withdrawn",
}


@dataclass
class Version:
    """A version of a record as a page tells it; titles by language."""

    iri: str
    record: str = ""
    kind: str = ""
    modified: str = ""
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The English title, else the first one, else the record's IRI."""
        return self.titles.get("en") or next(iter(self.titles.values()), self.record)


def versions(text: bytes) -> list[Version]:
    """Read the versions of a page, in its order."""
    found: dict[str, Version] = {}
    for quad in ox.parse(text, ox.RdfFormat.N_QUADS):
        subject, predicate, value = str(quad.subject)[1:-1], quad.predicate.value, quad.object
        if quad.graph_name == ox.DefaultGraph():
            _header(found, subject, predicate, value)
        elif predicate == _TITLE and isinstance(value, ox.Literal):
            one = found.get(str(quad.graph_name)[1:-1])
            if one is not None and one.record == subject:
                one.titles.setdefault(value.language or "", value.value)
    return list(found.values())


def _header(found: dict[str, Version], subject: str, predicate: str, value: object) -> None:
    if predicate == f"{ldes.TREE}member" and isinstance(value, ox.NamedNode):
        found[value.value] = Version(value.value)
    elif (one := found.get(subject)) is None:
        return
    elif predicate == _IS_VERSION_OF and isinstance(value, ox.NamedNode):
        one.record = value.value
    elif predicate == _TYPE and isinstance(value, ox.NamedNode):
        one.kind = _KINDS.get(value.value, one.kind)
    elif predicate == _MODIFIED and isinstance(value, ox.Literal):
        one.modified = value.value


@dataclass(frozen=True, slots=True)
class Head:
    """What a document says of itself; ``archive`` for one that never changes."""

    address: str
    title: str
    author: str
    updated: str
    current: str
    before: str = ""
    archive: bool = False


def document(head: Head, entries: Iterable[str]) -> bytes:
    """Return an Atom document."""
    lines = [
        f'{HEAD}<feed xmlns="{ATOM}" xmlns:at="{_TOMBSTONES}" xmlns:fh="{_HISTORY}">',
        element("id", head.current),
        element("title", head.title),
        element("updated", head.updated),
        f"<author>{element('name', head.author)}</author>",
        element("link", rel="self", type="application/atom+xml", href=head.address),
        "<fh:archive/>" if head.archive else "",
        element("link", rel="current", href=head.current) if head.archive else "",
        element("link", rel="prev-archive", href=head.before) if head.before else "",
        *entries,
        "</feed>\n",
    ]
    return "\n".join(line for line in lines if line).encode()


def entries(found: Iterable[Version]) -> Iterator[str]:
    """Yield the entries, and the deletions, of a page."""
    for one in found:
        if one.kind == "withdrawn":
            when = element("at:deleted-entry", ref=one.record, when=one.modified)
            yield f"{when.removesuffix('/>')}>{element('at:comment', one.title)}</at:deleted-entry>"
        else:
            yield _entry(one.record, one.title, one.modified, one.record, one.kind)


def batches(places: Places, found: Iterable[Batch]) -> Iterator[str]:
    """Yield an entry per register and release, newest first: what the release changed in it."""
    for batch in found:
        for source_id, tally in sorted(batch.registers.items()):
            page = places.atom_page(source_id, batch.release, tally.pages)
            title = f"{source_id}: {told(tally)}"
            yield _entry(page, title, batch.created, page, "", "application/atom+xml")


def told(tally: Tally) -> str:
    """Return the numbers of a tally in words.

    >>> told(Tally(1, new=2, withdrawn=1))
    '2 new, 1 withdrawn'
    """
    names = ("new", "changed", "withdrawn", "restored")
    return ", ".join(f"{getattr(tally, name)} {name}" for name in names if getattr(tally, name))


def _entry(name: str, title: str, updated: str, href: str, kind: str, media_type: str = "") -> str:
    parts = [
        element("id", name),
        element("title", title),
        element("updated", updated),
        element("link", rel="alternate", href=href, type=media_type),
        element("category", term=kind) if kind else "",
        element("summary", f"{title} ({kind})" if kind else title),
    ]
    return f"<entry>{''.join(parts)}</entry>"
