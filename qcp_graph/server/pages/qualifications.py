"""The list of qualifications: text search, facets, paging, and the same list as CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.responses import Response, StreamingResponse

from qcp_graph.namespaces import PREFIXES
from qcp_graph.search import SORTS, Facet, FacetValue, Hit, Index
from qcp_graph.server.pages import labels, site
from qcp_graph.server.pages.graph import Text
from qcp_graph.server.pages.names import Names, country_name, language_name, pick
from qcp_graph.server.pages.query import Paging, Query, paging
from qcp_graph.server.pages.site import Site

PATH: Final = "/qualifications"
_WORDS: Final = {
    "status": labels.STATUS,
    "partial": labels.PARTIAL,
    "has": labels.HAS,
    "lacks": labels.HAS,
    "micro": labels.MICRO,
}
FILES: Final = {"CSV": "text/csv", "JSON": "application/json", "RSS": "application/rss+xml"}
_SHOWN: Final = 10
"""Values that a facet shows before the rarer ones are folded away."""
_FOLDED: Final = 60
_TRIED: Final = 12
"""Filters of an empty list that are left out in turn, to see which one is in the way."""
_CSV_PAGE: Final = 100
_COLUMNS: Final = (
    *("iri", "title", "language", "country", "register", "status", "eqf", "level", "isced_broad"),
    *("type", "awarding_body", "outcomes", "outcomes_linked", "esco_skills"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet as a link that adds or removes it."""

    name: Text
    count: int
    selected: bool
    href: str


@dataclass(frozen=True, slots=True)
class FacetChoices:
    """A facet with its values; ``label`` is a message, ``more`` are the rarer values."""

    field: str
    label: str
    shown: tuple[Choice, ...]
    more: tuple[Choice, ...]

    @property
    def chosen(self) -> bool:
        """Whether the list is filtered by this facet."""
        return any(choice.selected for choice in (*self.shown, *self.more))


@dataclass(frozen=True, slots=True)
class Item:
    """A qualification in a list; ``eqf`` are level numbers, ``status`` a code."""

    iri: str
    href: str
    title: Text
    country: str
    register: Text
    eqf: tuple[str, ...]
    levels: tuple[Text, ...]
    fields: tuple[Text, ...]
    bodies: tuple[Text, ...]
    status: str
    partial: bool
    outcomes: int
    linked: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter in force with the address of the list without it; ``label`` is a message."""

    label: str
    name: Text
    href: str
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class QualificationsPage:
    """What ``qualifications.html`` shows; ``hidden`` are the parameters the search form keeps.

    ``files`` are the list in other forms (name, media type, address); ``wider`` are the filters
    without which an empty list would have so many qualifications. ``read`` and ``ignored`` are
    those of :class:`~qcp_graph.search.Result`.
    """

    text: str
    items: tuple[Item, ...]
    paging: Paging
    facets: tuple[FacetChoices, ...]
    chosen: tuple[Chosen, ...]
    sort: str
    sorts: tuple[tuple[str, str], ...]
    hidden: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str, str], ...]
    clear: str
    read: str
    ignored: tuple[str, ...]
    wider: tuple[tuple[Chosen, int], ...]


def render(request: Request, here: Site) -> Response:
    """Return a page of the list."""
    query, index, names = Query.of(here), here.index(), here.names()
    result = index.search(query.text, query.filters, query.page, sort=query.sort)
    facets = index.facets(query.filters, query.text)
    chosen = _chosen(here, names, query, facets)
    page = QualificationsPage(
        text=query.text,
        items=items(here, names, result.hits),
        paging=paging(here, PATH, query, result.total),
        facets=tuple(_choices(here, names, query, facet) for facet in facets if facet.values),
        chosen=chosen,
        sort=query.sort,
        sorts=tuple((sort, labels.SORT[sort]) for sort in SORTS),
        hidden=tuple((f, v) for f, vs in query.filters.items() for v in vs) + _language(here),
        files=tuple(
            (name, kind, here.url_of(f"{PATH}.{name.lower()}", query.pairs()))
            for name, kind in FILES.items()
        ),
        clear=here.url(PATH, q=query.text),
        read=result.read,
        ignored=result.ignored,
        wider=_wider(index, query, chosen) if not result.total else (),
    )
    return site.render(request, here, "qualifications.html", page)


def _language(here: Site) -> tuple[tuple[str, str], ...]:
    return (("lang", here.asked),) if here.asked else ()


def items(here: Site, names: Names, hits: Sequence[Hit]) -> tuple[Item, ...]:
    """Return qualifications as a list shows them, in the reader's language where there is one."""
    return tuple(_item(here, names, hit) for hit in hits)


def _item(here: Site, names: Names, hit: Hit) -> Item:
    def named(field: str, namespace: str = "") -> tuple[Text, ...]:
        return tuple(names.of(namespace + value) for value in hit.facts.get(field, ()))

    return Item(
        iri=hit.iri,
        href=names.local(hit.iri),
        title=pick(hit.titles, here.language.tag) if hit.titles else Text(hit.title),
        country=country_name(hit.country, here.locale),
        register=names.of(hit.register),
        eqf=hit.facts.get("eqf", ()),
        levels=named("level"),
        fields=named("field", PREFIXES["iscedf"]),
        bodies=named("body"),
        status=next(iter(hit.facts.get("status", ())), ""),
        partial="true" in hit.facts.get("partial", ()),
        outcomes=hit.outcomes,
        linked=hit.linked,
    )


def _choices(here: Site, names: Names, query: Query, facet: Facet) -> FacetChoices:
    choices = [_choice(here, names, query, facet.field, value) for value in facet.values]
    return FacetChoices(
        facet.field,
        labels.FACET[facet.field],
        tuple(choices[:_SHOWN]),
        tuple(choices[_SHOWN:_FOLDED]),
    )


def _choice(here: Site, names: Names, query: Query, field: str, value: FacetValue) -> Choice:
    pairs = query.pairs(without=(field, value.value))
    if not value.selected:
        pairs.append((field, value.value))
    name = value_name(here, names, field, value.value, value.iri)
    return Choice(name, value.count, value.selected, here.url_of(PATH, pairs))


def value_name(here: Site, names: Names, field: str, value: str, iri: str) -> Text:
    """Return what the value of a facet is called in the reader's language."""
    words = _WORDS.get(field)
    if words is not None:
        return Text(str(site.shown(words, value, here.language)), here.language.tag)
    if field == "eqf":
        return Text(
            here.language.gettext("Level %(level)s", level=value).unescape(), here.language.tag
        )
    if field == "language":
        return Text(language_name(value, here.locale) or value, here.language.tag)
    if field == "credits":
        system = names.of(iri) if iri else Text(value.rpartition(".")[0])
        return Text(f"{system.text}: {value.rpartition('.')[2].replace('-', '–')}", system.language)
    return names.of(iri) if iri else Text(value)


def _chosen(here: Site, names: Names, query: Query, facets: Sequence[Facet]) -> tuple[Chosen, ...]:
    iris = {(f.field, v.value): v.iri for f in facets for v in f.values}
    found = []
    for field, values in query.filters.items():
        for value in values:
            iri = iris.get((field, value)) or (value if value.startswith("http") else "")
            href = here.url_of(PATH, query.pairs(without=(field, value)))
            name = value_name(here, names, field, value, iri)
            found.append(Chosen(labels.FACET[field], name, href, field, value))
    return tuple(found)


def _wider(index: Index, query: Query, chosen: Sequence[Chosen]) -> tuple[tuple[Chosen, int], ...]:
    """Return the filters without which an empty list would not be empty, the largest list first."""
    found = []
    for one in chosen[:_TRIED]:
        left = tuple(v for v in query.filters[one.field] if v != one.value)
        total = index.search(query.text, {**query.filters, one.field: left}, size=1).total
        if total:
            found.append((one, total))
    return tuple(sorted(found, key=lambda way: -way[1]))


def table(here: Site) -> Response:
    """Return the whole list as CSV (RFC 4180, UTF-8), streamed."""
    query = Query.of(here)
    return StreamingResponse(
        _lines(here.index(), query),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="qualifications.csv"'},
    )


def _lines(index: Index, query: Query) -> Iterator[str]:
    yield _line(_COLUMNS)
    page, sort = 1, "title" if query.sort == "relevance" and not query.text else query.sort
    while hits := index.search(query.text, query.filters, page, _CSV_PAGE, sort).hits:
        yield "".join(_line(_cells(hit)) for hit in hits)
        page += 1


def _cells(hit: Hit) -> list[str]:
    def joined(field: str) -> str:
        return " ".join(hit.facts.get(field, ()))

    return [
        *(hit.iri, hit.title, hit.language, hit.country.rsplit("/", 1)[-1], joined("register")),
        *(joined("status"), joined("eqf"), joined("level"), joined("field"), joined("type")),
        *(joined("body"), str(hit.outcomes), str(hit.linked), str(hit.skills)),
    ]


def _line(cells: Sequence[str]) -> str:
    """Return one line; a text that a spreadsheet would run as a formula is disarmed."""
    out = io.StringIO()
    safe = ["'" + c if c.startswith(("=", "+", "-", "@", "\t", "\r")) else c for c in cells]
    csv.writer(out).writerow(safe)
    return out.getvalue()
