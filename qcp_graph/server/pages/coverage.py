"""Coverage: how many qualifications there are per country or sector and EQF level.

The figures are intersections of the sets that the release's index holds, so none needs a scan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from qcp_graph.namespaces import PREFIXES
from qcp_graph.search import Index
from qcp_graph.server import pictures
from qcp_graph.server.pages.graph import Text
from qcp_graph.server.pages.names import country_name
from qcp_graph.server.pages.site import Site

LEVELS: Final = tuple("12345678")
_PATH: Final = "/qualifications"
_SECTORS: Final = PREFIXES["iscedf"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure with the list of qualifications that it counts (no address for nothing)."""

    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """A country or sector: its figures per EQF level, without a known level, and in all."""

    name: Text
    cells: tuple[Cell, ...]
    unknown: int
    total: Cell


@dataclass(frozen=True, slots=True)
class Coverage:
    """A picture and the table that says the same; ``levels`` are the heads of the columns."""

    levels: tuple[str, ...]
    rows: tuple[Row, ...]
    picture: Markup


Filters = Mapping[str, Sequence[str]]
"""Field → its values, which are alternatives."""


def countries(here: Site, filters: Filters | None = None) -> Coverage:
    """Return how many qualifications each country has per EQF level, of those that are chosen."""
    chosen = filters or {}
    named = {
        code: Text(country_name(code, here.locale) or code, here.language.tag)
        for code in _values(here.index(), "country", chosen)
    }
    rows = _rows(here, "country", named, chosen)
    return _coverage(
        here, "by-country", here.language.gettext("Qualifications by country and EQF level"), rows
    )


def sectors(here: Site, filters: Filters | None = None) -> Coverage:
    """Return how many qualifications each broad field of education has per EQF level."""
    chosen, names = filters or {}, here.names()
    named = {
        code: Text(f"{code} {names.of(_SECTORS + code).text}", names.of(_SECTORS + code).language)
        for code in _values(here.index(), "field", chosen)
    }
    rows = _rows(here, "field", named, chosen) + _rest(here, list(named), chosen)
    return _coverage(
        here, "by-sector", here.language.gettext("Qualifications by sector and EQF level"), rows
    )


def _values(index: Index, field: str, filters: Filters) -> list[str]:
    return sorted(v.value for v in index.values(field, filters) if v.count)


def _rows(here: Site, field: str, named: Mapping[str, Text], filters: Filters) -> tuple[Row, ...]:
    index = here.index()
    found = []
    for code, name in named.items():
        asked = {**filters, field: [code]}
        levelled = index.members({**asked, "eqf": LEVELS})
        total = index.members(asked)
        cells = [_cell(here, index, {**asked, "eqf": [level]}) for level in LEVELS]
        whole = Cell(total, listed(here, asked))
        found.append(Row(name, tuple(cells), total - levelled, whole))
    return tuple(sorted(found, key=lambda row: row.name.text))


def _rest(here: Site, known: Sequence[str], filters: Filters) -> tuple[Row, ...]:
    """Return the row of those without any sector, where there are such."""
    index = here.index()

    def without(more: Filters) -> int:
        held = index.members({**filters, **more})
        return held - (index.members({**filters, **more, "field": known}) if known else 0)

    total = without({})
    if not total:
        return ()
    cells = tuple(Cell(without({"eqf": [level]}), "") for level in LEVELS)
    name = Text(here.language.gettext("No field stated").unescape(), here.language.tag)
    return (Row(name, cells, total - without({"eqf": LEVELS}), Cell(total, "")),)


def _cell(here: Site, index: Index, asked: Filters) -> Cell:
    count = index.members(asked)
    return Cell(count, listed(here, asked) if count else "")


def listed(here: Site, asked: Filters) -> str:
    """Return the address of the list of qualifications under filters."""
    return here.url_of(_PATH, [(name, value) for name, values in asked.items() for value in values])


def _coverage(here: Site, name: str, title: Markup, rows: Sequence[Row]) -> Coverage:
    gettext = here.language.gettext
    told = gettext(
        "%(rows)s rows, the eight EQF levels as columns, and those without a known level; the darker, the more. The table has the same figures.",  # noqa: E501
        rows=here.language.number(len(rows)),
    )
    figures = [(row.name.text, [*(c.count for c in row.cells), row.unknown]) for row in rows]
    drawn = pictures.heat_map(
        f"{name}-map", title.unescape(), told.unescape(), [*LEVELS, "–"], figures
    )
    return Coverage(LEVELS, tuple(rows), drawn)
