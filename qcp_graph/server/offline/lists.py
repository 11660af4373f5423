"""The bundle's own pages: lists of qualifications, and directories of what they name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Final
from urllib.parse import urlencode

from qcp_graph.search import fold
from qcp_graph.server.offline.render import Renderer
from qcp_graph.server.offline.scope import Filter
from qcp_graph.server.pages import labels
from qcp_graph.server.pages.graph import Text
from qcp_graph.server.pages.names import Reference
from qcp_graph.server.pages.qualifications import PATH, Item, items, value_name
from qcp_graph.server.pages.query import Paging

SIZE: Final = 100
_DIRECTORY: Final = 500
_BY: Final = ("eqf", "level", "field", "isced", "type", "status")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter of a list; ``label`` is a message."""

    label: str
    name: Text


@dataclass(frozen=True, slots=True)
class ListPage:
    """What ``offline/list.html`` shows; without filters it lists all."""

    chosen: tuple[Chosen, ...]
    items: tuple[Item, ...]
    paging: Paging


@dataclass(frozen=True, slots=True)
class Line:
    """A value with the number of its qualifications and the list of them."""

    name: Text
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """The values of a field; ``label`` is a message."""

    field: str
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ListsPage:
    """What ``offline/lists.html`` shows: the ways into the register without a search."""

    total: int
    all: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """What ``offline/directory.html`` shows; ``kind`` is ``organisations`` or ``skills``."""

    kind: str
    lines: tuple[tuple[Reference, int], ...]
    paging: Paging


@dataclass(frozen=True)
class Lists:
    """Makes the lists of a bundle."""

    renderer: Renderer

    @cached_property
    def _named(self) -> dict[tuple[str, str], str]:
        index = self.renderer.index
        return {(f, v.value): v.iri for f in labels.FACET for v in index.values(f)}

    def pages(self, wanted: Filter) -> Iterator[tuple[int, str]]:
        """Yield the pages of a list with their numbers."""
        filters = {name: [value] for name, value in wanted.pairs}
        here, names = self.renderer.site(), self.renderer.site().names()
        chosen = tuple(
            Chosen(
                labels.FACET[field],
                value_name(here, names, field, value, self._iri(field, value)),
            )
            for field, value in wanted.pairs
        )
        number, total = 1, self.renderer.index.members(filters)
        while number == 1 or (number - 1) * SIZE < total:
            found = self.renderer.index.search(filters=filters, page=number, size=SIZE)
            paging = _paging(PATH, wanted.pairs, number, total, SIZE)
            page = ListPage(chosen, items(here, names, found.hits), paging)
            yield number, self.renderer.template("list.html", page)
            number += 1

    def _iri(self, field: str, value: str) -> str:
        return self._named.get((field, value)) or (value if value.startswith("http") else "")

    def ways(self) -> str:
        """Return the page that leads to the lists."""
        here, index = self.renderer.site(), self.renderer.index
        names = here.names()
        groups = []
        for field in _BY:
            lines = [
                Line(
                    value_name(here, names, field, value.value, value.iri),
                    value.count,
                    here.url(PATH, **{field: value.value}),
                )
                for value in index.values(field)
                if value.count
            ]
            if field != "eqf":
                lines.sort(key=lambda line: (fold(line.name.text), line.href))
            groups.append(Group(field, labels.FACET[field], tuple(lines)))
        page = ListsPage(index.total, here.url(PATH), tuple(g for g in groups if g.lines))
        return self.renderer.template("lists.html", page)

    def directory(self, kind: str, field: str, iris: Iterable[str]) -> Iterator[tuple[int, str]]:
        """Yield the pages of a directory, by name, with their numbers."""
        names, index = self.renderer.site().names(), self.renderer.index
        counts = {value.iri or value.value: value.count for value in index.values(field)}
        lines = sorted(
            ((names.reference(iri), counts.get(iri, 0)) for iri in iris),
            key=lambda line: (fold(line[0].name.text), line[0].iri),
        )
        for number in range(1, max(ceil(len(lines) / _DIRECTORY), 1) + 1):
            part = tuple(lines[(number - 1) * _DIRECTORY : number * _DIRECTORY])
            paging = _paging(f"/offline/{kind}", (), number, len(lines), _DIRECTORY)
            page = DirectoryPage(kind, part, paging)
            yield number, self.renderer.template("directory.html", page)


def _paging(
    path: str, pairs: Sequence[tuple[str, str]], number: int, total: int, size: int
) -> Paging:
    pages = max(ceil(total / size), 1)

    def address(page: int) -> str:
        if not 1 <= page <= pages:
            return ""
        query = urlencode([*pairs, *([("page", str(page))] if page > 1 else [])])
        return path + ("?" + query if query else "")

    first = (number - 1) * size + 1
    return Paging(
        number, pages, first, min(number * size, total), total,
        address(number - 1), address(number + 1),
    )  # fmt: skip
