"""How a register is mapped: its rules as a table, made from the mapping itself."""

from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from qcp_graph import sources as registers
from qcp_graph.errors import UsageError
from qcp_graph.iris import Iris
from qcp_graph.mapping import documenting
from qcp_graph.mapping.documenting import Line
from qcp_graph.search import RegisterEntry
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.pages import site
from qcp_graph.server.pages.graph import Text
from qcp_graph.server.pages.names import shorten
from qcp_graph.server.pages.site import Site
from qcp_graph.server.seam import OpenRelease, Problem


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one mapping, which makes one kind of thing."""

    name: str
    lines: tuple[tuple[Line, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class MappingPage:
    """What ``mapping.html`` shows; a line comes with its properties as prefixed names."""

    register: str
    title: Text
    href: str
    parts: tuple[Part, ...]
    fields: int
    properties: int


def render(request: Request, here: Site, register: str) -> Response:
    """Return the documentation of a register's mapping.

    :raises ProblemError: when there is no such register, or its mapping is not at hand.
    """
    entry = next((e for e in here.index().registers() if e.identifier == register), None)
    found = lines(here, entry) if entry is not None else ()
    if entry is None or not found:
        raise ProblemError(_missing(register))
    names = here.names()
    page = MappingPage(
        register,
        names.of(entry.iri),
        names.local(entry.iri),
        _parts(found),
        len({field for line in found for field in line.fields}),
        len({name for line in found for name in line.properties}),
    )
    return site.render(request, here, "mapping.html", page)


def lines(here: Site, entry: RegisterEntry) -> tuple[Line, ...]:
    """Return the rules of a register, read once per release; none where they are not at hand."""
    assert here.release is not None

    def read(_: OpenRelease) -> "_Kept":
        try:
            source = registers.get(entry.identifier, here.workspace)
            folder = source.rules or source.folder
            return _Kept(documenting.describe(folder, source.id, Iris(here.base)))
        except UsageError:  # the register was built elsewhere, or its mapping is being edited
            return _Kept(())

    return here.release.resource(f"mapping:{entry.identifier}", read).lines


@dataclass(frozen=True, slots=True)
class _Kept:
    lines: tuple[Line, ...]


def _parts(found: tuple[Line, ...]) -> tuple[Part, ...]:
    grouped: dict[str, list[tuple[Line, tuple[str, ...]]]] = {}
    for line in found:
        named = tuple(shorten(iri) for iri in line.properties)
        grouped.setdefault(line.mapping, []).append((line, named))
    return tuple(Part(name, tuple(rows)) for name, rows in grouped.items())


def _missing(register: str) -> Problem:
    return Problem(
        404,
        "QCP-WEB-NOTFOUND",
        "There is nothing under this address.",
        f"The rules of a register {register[:60]!r} are not on this server.",
        "The list of registers names all; records taken over as they are have no rules.",
    )
