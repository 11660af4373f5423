"""The page of an occupation: which qualifications open it, by country, and who says so."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from fastapi import Request
from starlette.responses import Response

from qcp_graph.server.pages import site
from qcp_graph.server.pages.graph import Facts, Text, objects, subjects
from qcp_graph.server.pages.names import Names, Reference, local_name, safe_href
from qcp_graph.server.pages.site import Site

MOST: Final = 200
"""Qualifications that are looked at; an occupation with more says that there are more."""
_OCCUPATION: Final = (
    "http://data.europa.eu/esco/occupation/",
    "http://data.europa.eu/esco/isco/",
)


@dataclass(frozen=True, slots=True)
class Opening:
    """A qualification that leads to an occupation.

    ``status`` is ``Source`` where the register says so itself, else that of a computed link.
    """

    qualification: Reference
    country: str
    status: str


@dataclass(frozen=True, slots=True)
class OccupationPage:
    """What ``occupation.html`` shows; ``more``: there are others than those listed."""

    iri: str
    title: Text
    names: tuple[Text, ...]
    href: str
    broader: tuple[Reference, ...]
    countries: tuple[tuple[str, int], ...]
    openings: tuple[Opening, ...]
    more: bool


def is_occupation(iri: str) -> bool:
    """Tell whether an IRI is one of ESCO's for an occupation or an ISCO-08 group.

    >>> is_occupation("http://data.europa.eu/esco/isco/C7512")
    True
    """
    return iri.startswith(_OCCUPATION)


def named(names: Names, iri: str) -> bool:
    """Tell whether a right of some qualification names an occupation."""
    return bool(subjects(names.store, "elm:limitOccupation", iri, 1))


def render(request: Request, here: Site, facts: Facts) -> Response:
    """Return the page of an occupation."""
    names = here.names()
    found = dict(_linked(names, facts.iri)) | dict.fromkeys(_stated(names, facts.iri), "Source")
    openings = sorted(
        (
            Opening(names.reference(iri), _country(names, iri), status)
            for iri, status in sorted(found.items())[:MOST]
        ),
        key=lambda o: (o.country, o.qualification.name.text, o.qualification.iri),
    )
    counts = Counter(opening.country for opening in openings)
    page = OccupationPage(
        facts.iri,
        names.of(facts.iri),
        tuple(names.all(facts.iri)),
        safe_href(facts.iri),
        names.references(facts.iris("skos:broader")),
        tuple(sorted(counts.items(), key=lambda c: (-c[1], c[0]))),
        tuple(openings),
        len(found) >= MOST,
    )
    return site.render(request, here, "occupation.html", page)


def _stated(names: Names, iri: str) -> Iterator[str]:
    """Yield the qualifications whose rights name an occupation."""
    for right in subjects(names.store, "elm:limitOccupation", iri, MOST):
        yield right.partition("#")[0]


def _linked(names: Names, iri: str) -> Iterator[tuple[str, str]]:
    """Yield the qualifications that a link leads from, with its status; rejected ones aside."""
    for assertion in subjects(names.store, "sssom:object_id", iri, MOST):
        status = [local_name(o.value) for o in objects(names.store, assertion, "qcp:linkStatus")]
        if "Rejected" in status:
            continue
        for subject in objects(names.store, assertion, "sssom:subject_id"):
            if isinstance(subject, ox.NamedNode) and "/id/qualification/" in subject.value:
                yield subject.value, status[0] if status else ""


def _country(names: Names, iri: str) -> str:
    found = objects(names.store, iri, "qcp:country")
    return names.of(found[0].value).text if found else ""
