"""Pages of things that others named: ESCO skills, official levels and fields."""

from dataclasses import dataclass
from itertools import islice
from typing import Final

import pyoxigraph as ox
from fastapi import Request
from starlette.responses import RedirectResponse, Response

from qcp_graph.server.errors import ProblemError
from qcp_graph.server.pages import fields, levels, occupations, site, things
from qcp_graph.server.pages.graph import Facts, Text, subjects
from qcp_graph.server.pages.names import Reference, country_name, safe_href
from qcp_graph.server.pages.qualifications import Item, items
from qcp_graph.server.pages.site import Site
from qcp_graph.server.seam import Problem
from qcp_graph.terms import is_iri

_STATEMENTS: Final = 500
_LONGEST: Final = 2000
_NARROWER: Final = 60


@dataclass(frozen=True, slots=True)
class CountryCount:
    """Qualifications of one country that link to a skill, with the list of them."""

    country: str
    count: int
    share: int
    href: str


@dataclass(frozen=True, slots=True)
class SkillPage:
    """What ``skill.html`` shows."""

    iri: str
    title: Text
    names: tuple[Text, ...]
    other_names: tuple[Text, ...]
    descriptions: tuple[Text, ...]
    broader: tuple[Reference, ...]
    narrower: tuple[Reference, ...]
    href: str
    countries: tuple[CountryCount, ...]
    total: int
    items: tuple[Item, ...]


def skill(request: Request, here: Site) -> Response:
    """Return the page of an ESCO skill, named by ``?iri=``."""
    facts = _facts(here, _iri(here))
    names, index = here.names(), here.index()
    result = index.search(filters={"skill": [facts.iri]}, size=levels.LISTED)
    if not result.total and not facts.subjects():
        raise ProblemError(_unknown(facts.iri))
    tag = here.language.tag
    other = facts.texts("skos:altLabel")
    page = SkillPage(
        facts.iri,
        names.of(facts.iri),
        tuple(names.all(facts.iri)),
        tuple(t for t in other if t.language.split("-")[0] in {tag, "en"})[:20],
        tuple(t for t in facts.texts("dcterms:description") if t.language in {"", tag, "en"}),
        names.references(facts.iris("skos:broader")),
        names.references(subjects(names.store, "skos:broader", facts.iri, _NARROWER)),
        safe_href(facts.iri),
        _countries(here, facts.iri),
        result.total,
        items(here, names, result.hits),
    )
    return site.render(request, here, "skill.html", page)


def resource(request: Request, here: Site) -> Response:
    """Return the page of any thing that the graph names, given by ``?iri=``."""
    iri = _iri(here)
    names = here.names()
    if iri.startswith(here.base + "id/"):
        return RedirectResponse(names.local(iri), status_code=303)
    facts = _facts(here, iri)
    if occupations.is_occupation(iri) and (facts.subjects() or occupations.named(names, iri)):
        return occupations.render(request, here, facts)
    if not facts.subjects():
        raise ProblemError(_unknown(iri))
    if fields.is_field(iri):
        return fields.render(request, here, facts)
    if facts.is_a("qcp:Level"):
        return levels.render_level(request, here, iri)
    if facts.is_a("esco:Skill"):
        return skill(request, here)
    return things.render(request, here, facts)


def _iri(here: Site) -> str:
    iri = next((value for name, value in here.query if name == "iri"), "")
    if len(iri) > _LONGEST or not is_iri(iri):
        raise ProblemError(
            Problem(
                400,
                "QCP-WEB-PARAMETER",
                "A parameter of the address cannot be used.",
                "The parameter iri must be one absolute IRI.",
            )
        )
    return iri


def _facts(here: Site, iri: str) -> Facts:
    assert here.release is not None
    quads = here.release.store.quads_for_pattern(ox.NamedNode(iri), None, None)
    return Facts(iri, islice(quads, _STATEMENTS))


def _unknown(iri: str) -> Problem:
    return Problem(
        404,
        "QCP-WEB-NOTFOUND",
        "There is nothing under this address.",
        f"The graph says nothing about {iri}.",
        "Look for it in the search, or open its own address.",
    )


def _countries(here: Site, iri: str) -> tuple[CountryCount, ...]:
    counts = here.index().per_country("skill", iri)
    most = max(counts.values(), default=1)
    return tuple(
        CountryCount(
            country_name(code, here.locale) or code,
            count,
            round(100 * count / most),
            here.url("/qualifications", country=code, skill=iri),
        )
        for code, count in counts.items()
    )
