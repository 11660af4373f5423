"""The help page for programs: examples that work when they are copied, made from this release."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from qcp_graph.server.pages import site
from qcp_graph.server.pages.labels import N_
from qcp_graph.server.pages.site import Site
from qcp_graph.server.paths import address

_COUNT: Final = (
    "PREFIX elm: <http://data.europa.eu/snb/model/elm/>\n"
    "SELECT ?level (COUNT(*) AS ?qualifications)\n"
    "WHERE { ?q a elm:Qualification ; elm:EQFLevel ?level }\n"
    "GROUP BY ?level ORDER BY ?level"
)
_PYTHON: Final = """import json
import urllib.parse
import urllib.request

query = '''{query}'''
address = "{base}sparql?" + urllib.parse.urlencode({{"query": query}})
request = urllib.request.Request(address, headers={{"Accept": "application/sparql-results+json"}})
with urllib.request.urlopen(request) as answer:
    for row in json.load(answer)["results"]["bindings"]:
        print(row["level"]["value"], row["qualifications"]["value"])
"""


@dataclass(frozen=True, slots=True)
class Example:
    """One request: ``title`` is a message, ``accept`` a media type, or empty for the usual one.

    ``address`` is the public one, ``href`` leads there on this server.
    """

    title: str
    address: str
    href: str
    accept: str = ""

    @property
    def command(self) -> str:
        """The request as a command for a shell."""
        header = f"-H 'Accept: {self.accept}' " if self.accept else ""
        return f"curl -L {header}'{self.address}'"


@dataclass(frozen=True, slots=True)
class ExamplesPage:
    """What ``examples.html`` shows: groups of examples, each under a message."""

    base: str
    groups: tuple[tuple[str, tuple[Example, ...]], ...]
    python: str


def render(request: Request, here: Site) -> Response:
    """Return the page with examples for programs."""
    page = ExamplesPage(here.base, groups(here), _PYTHON.format(query=_COUNT, base=here.base))
    return site.render(request, here, "examples.html", page)


def groups(here: Site) -> tuple[tuple[str, tuple[Example, ...]], ...]:
    """Return the examples of this release; those that need data only where there is some."""
    return tuple(
        (title, found)
        for title, found in (
            (N_("One qualification"), _one(here)),
            (N_("Lists and comparisons"), _lists(here)),
            (N_("Questions to the graph"), _queries(here)),
            (N_("Everything, and what changed"), _whole(here)),
        )
        if found
    )


def _example(here: Site, title: str, address: str, accept: str = "") -> Example:
    return Example(title, address, f"{here.root}/{address.removeprefix(here.base)}", accept)


def _some(here: Site, count: int) -> list[str]:
    return [hit.iri for hit in here.index().search(size=count).hits]


def _one(here: Site) -> tuple[Example, ...]:
    found = _some(here, 1)
    if not found:
        return ()
    iri = address(found[0])
    return (
        _example(here, N_("As Turtle, by content negotiation"), iri, "text/turtle"),
        _example(here, N_("As JSON-LD, by suffix"), f"{iri}.jsonld"),
        _example(here, N_("As schema.org, by profile"), f"{iri}.jsonld?profile=schema.org"),
    )


def _lists(here: Site) -> tuple[Example, ...]:
    found = _some(here, 2)
    country = next((v.value for v in here.index().values("country") if v.count), "")
    lists = [
        _example(
            here,
            N_("All qualifications of a country as a table"),
            f"{here.base}qualifications.csv?country={country}",
        )
    ]
    if len(found) > 1:
        pair = "&".join(f"q={quote(iri, safe='')}" for iri in found)
        lists.append(
            _example(here, N_("Two qualifications compared"), f"{here.base}api/compare?{pair}")
        )
    return tuple(lists) if country else ()


def _queries(here: Site) -> tuple[Example, ...]:
    asked = quote(_COUNT, safe="")
    return (
        _example(here, N_("The documented queries"), f"{here.base}api/queries", "application/json"),
        _example(
            here,
            N_("A query of your own, answered as CSV"),
            f"{here.base}sparql?query={asked}",
            "text/csv",
        ),
    )


def _whole(here: Site) -> tuple[Example, ...]:
    return (
        _example(here, N_("The files of this release"), f"{here.base}dumps/", "application/json"),
        _example(here, N_("What the release holds"), f"{here.base}manifest.json"),
        _example(
            here, N_("Changes as an event stream (LDES)"), f"{here.base}feed/ldes", "text/turtle"
        ),
        _example(here, N_("Changes by OAI-PMH"), f"{here.base}oai?verb=Identify"),
        _example(here, N_("Description of the data set (VoID)"), f"{here.base}.well-known/void"),
        _example(here, N_("The whole interface, machine-readable"), f"{here.base}openapi.json"),
    )
