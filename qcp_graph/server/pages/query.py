"""What the address of a list asks for, and the addresses of its other pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

from qcp_graph.search import FIELDS, SORTS
from qcp_graph.server.pages.site import Site

SIZE: Final = 20
"""Entries on a page of a list."""
_MAX_PAGE: Final = 1_000_000
_MAX_VALUES: Final = 50
_MAX_LENGTH: Final = 1000


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a list is: addresses are empty where there is no such page."""

    page: int
    pages: int
    first: int
    last: int
    total: int
    previous: str
    following: str


@dataclass(frozen=True, slots=True)
class Query:
    """What the address of a list asks for; everything unknown is left out."""

    text: str
    filters: Mapping[str, tuple[str, ...]]
    page: int
    sort: str

    @classmethod
    def of(cls, here: Site) -> "Query":
        """Read the parameters of a request."""
        values: dict[str, tuple[str, ...]] = {}
        for name, value in here.query:
            values[name] = (*values.get(name, ()), value[:_MAX_LENGTH])
        sort = (values.get("sort") or ("",))[0]
        page = (values.get("page") or ("1",))[0]
        return cls(
            text=(values.get("q") or ("",))[0].strip(),
            filters={
                f: tuple(dict.fromkeys(values[f]))[:_MAX_VALUES] for f in FIELDS if f in values
            },
            page=_number(page),
            sort=sort if sort in SORTS else "relevance",
        )

    def pairs(self, *, page: int = 1, without: tuple[str, str] = ("", "")) -> list[tuple[str, str]]:
        """Return the parameters again, in a fixed order, so that equal lists have one address."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(f, v) for f, vs in self.filters.items() for v in vs if (f, v) != without]
        pairs += [("sort", self.sort)] if self.sort != "relevance" else []
        pairs += [("page", str(page))] if page > 1 else []
        return pairs


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        return 1
    return min(max(int(text[:9]), 1), _MAX_PAGE)


def paging(here: Site, path: str, query: Query, total: int, size: int = SIZE) -> Paging:
    """Return where a page of a list is and what lies before and after it."""
    pages = max(ceil(total / size), 1)
    page = query.page
    first = (page - 1) * size + 1
    return Paging(
        page=page,
        pages=pages,
        first=first,
        last=min(page * size, total),
        total=total,
        previous=here.url_of(path, query.pairs(page=min(page - 1, pages))) if page > 1 else "",
        following=here.url_of(path, query.pairs(page=page + 1)) if page < pages else "",
    )
