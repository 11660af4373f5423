"""The event stream for people who open its address in a browser: its pages, its latest versions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from fastapi import Request
from starlette.responses import Response

from qcp_graph import feeds
from qcp_graph.feeds import History, atom
from qcp_graph.feeds.places import Places
from qcp_graph.iris import Iris
from qcp_graph.server.negotiation import Format
from qcp_graph.server.pages import site
from qcp_graph.server.pages.feed import Line
from qcp_graph.server.pages.graph import Text
from qcp_graph.server.seam import Live

_LATEST: Final = 20
_PAGES: Final = 100
"""Most pages that are named, newest first; all of them are reached one by one."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a node leads to: a register or a page; ``versions``: how many, 0 where not counted."""

    name: str
    path: str
    date: str
    versions: int = 0


@dataclass(frozen=True, slots=True)
class StreamPage:
    """What ``stream.html`` shows; ``register`` is empty for all, ``number`` that of a page.

    ``parts`` are registers or pages, ``lines`` versions, ``before`` the path of the page before,
    ``names`` those of registers by their identifiers.
    """

    path: str
    forms: tuple[Format, ...]
    register: str = ""
    number: str = ""
    parts: tuple[Part, ...] = ()
    lines: tuple[Line, ...] = ()
    before: str = ""
    names: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stream:
    """Makes the pages of the stream of a release."""

    places: Places
    pages: feeds.Pages
    history: History
    forms: tuple[Format, ...]

    def root(self) -> StreamPage:
        """Return the page of the whole stream."""
        registers = self.history.registers()
        parts = tuple(self._register(one) for one in registers)
        found = [line for one in registers for line in self._latest(one)]
        found.sort(key=lambda line: line.date, reverse=True)
        path = self._path(self.places.ldes)
        return StreamPage(path, self.forms, parts=parts, lines=tuple(found[:_LATEST]))

    def view(self, source_id: str) -> StreamPage:
        """Return the page of a register's part."""
        path = self._path(self.places.view(source_id))
        parts = tuple(islice(self._parts(source_id), _PAGES))
        lines = tuple(self._latest(source_id))
        return StreamPage(path, self.forms, source_id, parts=parts, lines=lines)

    def page(self, source_id: str, release: str, number: int) -> StreamPage:
        """Return the page of a page: every version on it, oldest first."""
        name = f"{release}-{number}"
        parts = self._parts(source_id)
        before = next((next(parts, None) for one in parts if one.name == name), None)
        return StreamPage(
            self._path(self.places.page(source_id, release, number)),
            self.forms,
            source_id,
            name,
            lines=tuple(self._lines(source_id, release, number)),
            before=before.path if before else "",
        )

    def _path(self, address: str) -> str:
        return "/" + address.removeprefix(self.places.base)

    def _register(self, source_id: str) -> Part:
        batches = self.history.of(source_id)
        versions = sum(one.registers[source_id].members for one in batches)
        path = self._path(self.places.view(source_id))
        return Part(source_id, path, batches[-1].created, versions)

    def _parts(self, source_id: str) -> Iterator[Part]:
        created = {batch.release: batch.created for batch in self.history.of(source_id)}
        for release, number in self._numbers(source_id):
            path = self._path(self.places.page(source_id, release, number))
            yield Part(f"{release}-{number}", path, created[release])

    def _numbers(self, source_id: str) -> Iterator[tuple[str, int]]:
        for batch in reversed(self.history.of(source_id)):
            for number in range(batch.registers[source_id].pages, 0, -1):
                yield batch.release, number

    def _latest(self, source_id: str) -> list[Line]:
        """Return the newest versions, from as many pages as hold them."""
        found: list[Line] = []
        for release, number in self._numbers(source_id):
            found += reversed(list(self._lines(source_id, release, number)))
            if len(found) >= _LATEST:
                break
        return found[:_LATEST]

    def _lines(self, source_id: str, release: str, number: int) -> Iterator[Line]:
        for one in atom.versions(self.pages.text(source_id, release, number)):
            yield Line(one.title, self._path(one.record), one.modified, one.kind)


def render(request: Request, live: Live, content: StreamPage) -> Response:
    """Return the page of a node of the stream."""
    here = site.of(request, live)
    if not content.register and here.release is not None:
        names, iris = here.names(), Iris(here.base)
        known = {one.name: names.of(iris.register(one.name)) for one in content.parts}
        content = replace(content, names=known)
    response = site.render(request, here, "stream.html", content)
    response.headers["Vary"] = "Accept, Accept-Encoding, Accept-Language"
    return response
