"""``/api/compare`` and ``/api/similar``: comparisons for programs, as the page computes them."""

import json
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from qcp_graph import compare
from qcp_graph.errors import InternalError, UsageError
from qcp_graph.search import Index
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.live import Live
from qcp_graph.server.pages import i18n
from qcp_graph.server.pages.comparison import export, finding, gathering, similar, stacking, view
from qcp_graph.server.pages.names import Names
from qcp_graph.server.seam import OpenRelease, Problem, release_of

_CACHE: Final = {"Cache-Control": "public, max-age=60"}
_TYPES: Final = {
    "json": "application/json",
    "jsonld": "application/ld+json",
    "csv": "text/csv; charset=utf-8",
}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The comparison",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "application/ld+json": {"schema": {"type": "object"}},
            "text/csv": {"schema": {"type": "string"}},
        },
    },
    400: {"description": "A parameter is not possible, or a title names several"},
    404: {"description": "No qualification of the release is called so"},
}
Named = Annotated[
    list[str],
    Query(
        alias="q",
        min_length=2,
        max_length=compare.MOST,
        description="An IRI, a code (RNCP35185) or a whole title; two to ten times.",
    ),
]


def router(live: Live) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(prefix="/api", tags=["Comparison"])
    _add_compare(routes, live)
    _add_similar(routes, live.settings.base_iri)
    _add_stack(routes, live.settings.base_iri)
    return routes


def _add_compare(routes: APIRouter, live: Live) -> None:
    languages = i18n.load(live.settings.workspace).by_tag
    base = live.settings.base_iri

    @routes.get(
        "/compare",
        operation_id="compare",
        summary="Compare two to ten qualifications",
        description="The first one is compared with each other one. Verdicts and reasons are codes"
        " with sentences; every statement names who says it. Not a decision on recognition.",
        response_class=Response,
        responses=_RESPONSES,
    )
    def compared(
        request: Request,
        q: Named,
        purpose: Literal["further-study", "work", "profession"] = "further-study",
        on: Annotated[date | None, Query(alias="date", description="Without it: today's")] = None,
        language: Annotated[str, Query(max_length=20)] = "en",
        texts: bool = False,
        form: Annotated[Literal["json", "jsonld", "csv"], Query(alias="format")] = "json",
    ) -> Response:
        release = release_of(request)
        day = on or release.published.date()
        try:
            iris = [finding.find(release.store, _index(release), base, text) for text in q]
            sides = [gathering.facts(release, base, iri) for iri in iris]
            found = compare.compare(sides, purpose=purpose, on=day, with_texts=texts)
        except UsageError as error:
            raise _problem(error) from error
        spoken = languages.get(language, languages["en"])
        root = request.scope.get("root_path", "")
        names = Names(release.store, base, root, spoken.tag, spoken.locale)
        shown = view.view(found, names, spoken)
        address = f"{base}compare?" + finding.query(iris, purpose, day.isoformat(), release.id)
        writers: dict[str, Callable[[], str]] = {
            "json": lambda: export.as_json(found, shown, release.id),
            "csv": lambda: export.as_csv(shown),
            "jsonld": lambda: export.as_jsonld(
                found, shown, f"{base}id/release/{release.id}", address
            ),
        }
        headers = {**_CACHE, "Content-Language": spoken.tag}
        return Response(writers[form](), media_type=_TYPES[form], headers=headers)


def _add_similar(routes: APIRouter, base: str) -> None:
    @routes.get(
        "/similar",
        operation_id="similar",
        summary="What is like a qualification",
        description="Qualifications like one, those of other countries first, with the reasons:"
        " shared ESCO skills, the same detailed field, the same EQF level.",
        response_class=Response,
        responses={**_RESPONSES, 200: {"description": "Similar qualifications"}},
    )
    def alike(
        request: Request,
        q: Annotated[str, Query(max_length=1000, description="An IRI, a code or a whole title.")],
    ) -> Response:
        release = release_of(request)
        index = _index(release)
        try:
            iri = finding.find(release.store, index, base, q)
            found = similar.of(gathering.facts(release, base, iri), index)
        except UsageError as error:
            raise _problem(error) from error
        listed = [
            {
                "iri": one.iri,
                "country": one.country,
                "sharedSkills": one.shared,
                "sameField": one.same_field,
                "sameEqfLevel": one.same_eqf,
                "otherCountry": one.abroad,
            }
            for one in found
        ]
        text = json.dumps({"qualification": iri, "similar": listed}, ensure_ascii=False, indent=1)
        return Response(text + "\n", media_type="application/json", headers=_CACHE)


def _add_stack(routes: APIRouter, base: str) -> None:
    @routes.get(
        "/stack",
        operation_id="stack",
        summary="Check how micro-credentials stack",
        description="The first qualification is the whole, the others are its pieces. Volume, cap"
        " of a fifth, residency of a third, levels, skills covered, duplicates, and the Common"
        " Microcredential Framework, each met, broken or unknown.",
        response_class=Response,
        responses={**_RESPONSES, 200: {"description": "The rules with their outcome"}},
    )
    def stacked(
        request: Request,
        q: Named,
        on: Annotated[date | None, Query(alias="date", description="Without it: today's")] = None,
    ) -> Response:
        release = release_of(request)
        try:
            iris = [finding.find(release.store, _index(release), base, text) for text in q]
            whole, *pieces = [gathering.facts(release, base, iri) for iri in iris]
        except UsageError as error:
            raise _problem(error) from error
        found = compare.check(whole, pieces, on or release.published.date())
        text = stacking.as_json(found)
        return Response(text, media_type="application/json", headers=_CACHE)


def _problem(error: UsageError) -> ProblemError:
    status = 404 if error.code == "QCP-CMP-UNKNOWN" else 400
    extra = (
        {"candidates": error.candidates[:20]} if isinstance(error, finding.AmbiguousError) else {}
    )
    return ProblemError(Problem(status, error.code, error.message, "", error.remedy, extra))


def _index(release: OpenRelease) -> Index:
    def opened(one: OpenRelease) -> Index:
        path = one.folder / "search.sqlite"
        if not path.is_file():
            raise InternalError(
                "QCP-WEB-INDEX",
                "The search index of the live release is missing.",
                where=str(path),
                remedy="Build the release again (qcp build), or roll back (qcp release rollback).",
            )
        return Index(path)

    return release.resource("search", opened)
