"""Which fields of the source a fact of a qualification comes from, told by the mapping's rules."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from qcp_graph.mapping.documenting import Line
from qcp_graph.search import RegisterEntry
from qcp_graph.server.pages import rules
from qcp_graph.server.pages.names import shorten
from qcp_graph.server.pages.site import Site

_FIELDS: Final = 12
_DEEPEST: Final = 3


def of(here: Site, entry: RegisterEntry | None) -> Mapping[str, tuple[str, ...]]:
    """Return prefixed property → fields that a register's rules read for it, in their order.

    Nothing where the mapping is not at hand.
    """
    return fields(rules.lines(here, entry)) if entry is not None else {}


def fields(lines: Sequence[Line]) -> dict[str, tuple[str, ...]]:
    """Return property → fields, for the things that a property leads to all of theirs.

    >>> a = Line("q", ("name",), ("http://purl.org/dc/terms/title",))
    >>> b = Line("q", (), ("http://data.europa.eu/snb/model/elm/provenBy",), refers="exam")
    >>> c = Line("exam", ("kind",), ("http://purl.org/dc/terms/type",))
    >>> fields([a, b, c])
    {'dcterms:title': ('name',), 'elm:provenBy': ('kind',)}
    >>> back = Line("exam", (), ("http://data.europa.eu/snb/model/elm/proves",), refers="q")
    >>> fields([a, b, c, back])["elm:provenBy"]
    ('kind',)
    """
    inner: dict[str, list[Line]] = {}
    for line in lines:
        inner.setdefault(line.mapping, []).append(line)
    main = lines[0].mapping if lines else ""
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.mapping != main:
            continue
        read = [*line.fields, *_below(inner, line.refers, frozenset({main}))]
        for iri in line.properties:
            found.setdefault(shorten(iri), []).extend(one for one in read if one != ".")
    return {name: tuple(dict.fromkeys(read))[:_FIELDS] for name, read in found.items() if read}


def _below(inner: Mapping[str, Sequence[Line]], name: str, passed: frozenset[str]) -> Iterator[str]:
    """Yield the fields that make a thing and the things it leads to; ``.`` names none.

    ``passed`` are the mappings on the way there: what an award grants is the qualification again.
    """
    if name in passed or len(passed) > _DEEPEST:
        return
    for line in inner.get(name, ()):
        yield from (one for one in line.fields if one != ".")
        yield from _below(inner, line.refers, passed | {name})
