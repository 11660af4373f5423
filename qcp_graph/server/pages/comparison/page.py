"""The page ``/compare``: choosing qualifications, the comparison, and its exports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import Request
from starlette.responses import Response

from qcp_graph import compare
from qcp_graph.compare import Comparison
from qcp_graph.errors import UsageError
from qcp_graph.server.pages import site
from qcp_graph.server.pages.comparison import (
    drawn,
    export,
    finding,
    gathering,
    linked,
    similar,
    standalone,
    summary,
    words,
)
from qcp_graph.server.pages.comparison.shown import View, ViewRule
from qcp_graph.server.pages.comparison.view import view
from qcp_graph.server.pages.graph import objects
from qcp_graph.server.pages.names import Reference
from qcp_graph.server.pages.site import Site
from qcp_graph.server.seam import templates_of

PATH: Final = "/compare"
FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "json": ("application/json", "JSON"),
    "jsonld": ("application/ld+json", "JSON-LD"),
    "csv": ("text/csv; charset=utf-8", "CSV"),
    "html": ("text/html; charset=utf-8", "HTML"),
    "ttl": ("text/turtle; charset=utf-8", "Turtle"),
    "nt": ("application/n-triples", "N-Triples"),
    "rdf": ("application/rdf+xml", "RDF/XML"),
    "nq": ("application/n-quads", "N-Quads"),
    "trig": ("application/trig", "TriG"),
}
"""The exports: media type and name."""
_CANDIDATES: Final = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; ``unread`` names a parameter whose value cannot be used."""

    texts: tuple[str, ...]
    purpose: str
    on: str
    release: str
    with_texts: bool
    unread: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A qualification that takes part, and the address of the page without it."""

    reference: Reference
    iri: str
    without: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A qualification that may be meant, and the address of the page with it."""

    reference: Reference
    country: str
    codes: str
    href: str


@dataclass(frozen=True, slots=True)
class Alike:
    """A qualification like the first one, with its reasons and the address that adds it."""

    reference: Reference
    country: str
    reasons: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class ComparePage:
    """What ``compare.html`` shows; ``view`` is None until there are two qualifications.

    ``problem`` is a code of ``docs/errors/compare.md`` with the text that was not understood.
    """

    asked: Asked
    chosen: tuple[Chosen, ...]
    candidates: tuple[Candidate, ...]
    problem: str
    problem_text: str
    purposes: tuple[tuple[str, str], ...]
    found: Comparison | None
    view: View | None
    exports: tuple[tuple[str, str], ...]
    permalink: str
    other_release: bool
    full: bool
    similar: tuple[Alike, ...]
    stack: tuple[ViewRule, ...]
    drawn: drawn.Drawn
    most: int = compare.MOST


def asked_of(here: Site) -> Asked:
    """Read the parameters of a request; ``q`` may stand up to ten times."""
    values: dict[str, list[str]] = {}
    for name, value in here.query:
        values.setdefault(name, []).append(value.strip()[:1000])
    texts = [text for text in values.get("q", []) if text]
    purpose = (values.get("purpose") or ["further-study"])[0]
    on = (values.get("date") or [""])[0]
    unread = "" if purpose in compare.PURPOSES else "purpose"
    return Asked(
        tuple(dict.fromkeys(texts))[: compare.MOST],
        purpose if not unread else "further-study",
        on if _is_date(on) else here.release.published.date().isoformat() if here.release else "",
        (values.get("release") or [""])[0],
        bool(values.get("texts")),
        unread or ("date" if on and not _is_date(on) else ""),
    )


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def render(request: Request, here: Site) -> Response:
    """Return the page; by ``format`` or ``Accept`` one of the exports."""
    asked = asked_of(here)
    page = prepare(here, asked)
    if page.view is None:
        return site.render(request, here, "compare.html", page)
    named = dict(here.query).get("format", "")
    form = named if named in FORMS else linked.accepted(request, page.exports)
    if form:
        answer = exported(request, here, page, form)
    else:
        answer = site.render(request, here, "compare.html", page)
    return linked.told(answer, page.exports, named=bool(named))


def prepare(here: Site, asked: Asked) -> ComparePage:
    """Return what the page shows: the comparison, or what is still to be chosen."""
    assert here.release is not None
    iris, unclear, problem, candidates = _resolve(here, asked)
    names = here.names()
    sides = gathered(here, iris) if len(iris) > 1 and not unclear else []
    found = compared(asked, sides) if sides else None
    stack = compare.check(sides[0], sides[1:], date.fromisoformat(asked.on)) if sides else None
    shown = view(found, names, here.language) if found is not None else None
    chosen = tuple(
        Chosen(names.reference(iri), iri, _address(here, asked, [i for i in iris if i != iri]))
        for iri in iris
    )
    address = _address(here, asked, iris)
    join = "&" if "?" in address else "?"
    return ComparePage(
        asked=asked,
        chosen=chosen,
        candidates=_candidates(here, asked, iris, candidates),
        problem=problem,
        problem_text=unclear,
        purposes=tuple(words.PURPOSES.items()),
        found=found,
        view=shown,
        exports=tuple((name, f"{address}{join}format={form}") for form, (_, name) in FORMS.items()),
        permalink=permalink(here, asked, iris),
        other_release=bool(asked.release) and asked.release != here.release_id,
        full=len(iris) >= compare.MOST,
        similar=alike(here, asked, iris) if iris and not unclear else (),
        stack=summary.rules(stack, here.language) if stack else (),
        drawn=drawn.draw(shown, here.language) if shown else drawn.Drawn(),
    )


def alike(here: Site, asked: Asked, iris: list[str]) -> tuple[Alike, ...]:
    """Return what is like the first qualification and not yet chosen."""
    assert here.release is not None
    names, language = here.names(), here.language
    found, first = [], gathering.facts(here.release, here.base, iris[0])
    for one in similar.of(first, here.index()):
        if one.iri in iris:
            continue
        reasons = [
            language.ngettext("%(num)s shared ESCO skill", "%(num)s shared ESCO skills", one.shared)
        ] * bool(one.shared)
        codes = (("field", one.same_field), ("eqf", one.same_eqf))
        reasons += [language.gettext(words.SIMILAR[code]) for code, holds in codes if holds]
        href = _address(here, asked, [*iris, one.iri][-compare.MOST :])
        country = names.of(one.country).text if one.country else ""
        found.append(Alike(names.reference(one.iri), country, tuple(map(str, reasons)), href))
    return tuple(found)


def gathered(here: Site, iris: list[str]) -> list[compare.Facts]:
    """Return the facts of qualifications of the live release."""
    assert here.release is not None
    return [gathering.facts(here.release, here.base, iri) for iri in iris]


def compared(asked: Asked, sides: list[compare.Facts]) -> Comparison:
    """Return the comparison of qualifications."""
    return compare.compare(
        sides,
        purpose=asked.purpose,
        on=date.fromisoformat(asked.on),
        with_texts=asked.with_texts,
    )


def permalink(here: Site, asked: Asked, iris: list[str]) -> str:
    """Return the lasting address of a comparison, with its date and release."""
    query = finding.query(iris, asked.purpose, asked.on, here.release_id)
    return f"{here.base}compare?{query}" + ("&texts=1" if asked.with_texts else "")


def _resolve(here: Site, asked: Asked) -> tuple[list[str], str, str, list[str]]:
    """Return the IRIs understood, the first text that was not, why, and what it may mean."""
    assert here.release is not None
    found: list[str] = []
    for text in asked.texts:
        try:
            iri = finding.find(here.release.store, here.index(), here.base, text)
        except finding.AmbiguousError as error:
            return found, text, error.code, error.candidates
        except UsageError as error:
            return found, text, error.code, []
        if iri not in found:
            found.append(iri)
    return found, "", "", []


def _candidates(
    here: Site, asked: Asked, iris: list[str], wanted: list[str]
) -> tuple[Candidate, ...]:
    assert here.release is not None
    names, store = here.names(), here.release.store
    found = []
    for iri in wanted[:_CANDIDATES]:
        country = next(iter(objects(store, iri, "qcp:country")), None)
        codes = [
            str(value.value)
            for node in objects(store, iri, "adms:identifier")
            for value in objects(store, node.value, "skos:notation")
        ]
        name = names.of(country.value).text if country is not None else ""
        href = _address(here, asked, [*iris, iri])
        found.append(Candidate(names.reference(iri), name, ", ".join(codes), href))
    return tuple(found)


def _address(here: Site, asked: Asked, iris: list[str]) -> str:
    pairs = [("q", iri) for iri in iris]
    pairs += [("purpose", asked.purpose), ("date", asked.on)]
    pairs += [("texts", "1")] if asked.with_texts else []
    return here.url_of(PATH, pairs)


def exported(request: Request, here: Site, page: ComparePage, form: str) -> Response:
    """Return an export as a file with a name."""
    assert page.view is not None
    assert page.found is not None
    media_type, _ = FORMS[form]
    found, shown, release = page.found, page.view, f"{here.base}id/release/{here.release_id}"
    writers: dict[str, Callable[[], str]] = {
        "json": lambda: export.as_json(found, shown, here.release_id),
        "jsonld": lambda: export.as_jsonld(found, shown, release, page.permalink),
        "csv": lambda: export.as_csv(shown),
        "html": lambda: standalone.page(
            templates_of(request), here.language, shown, page.permalink, here.release_id
        ),
    }
    for suffix, kind in linked.RDF.items():
        writers[suffix] = lambda kind=kind: linked.write(writers["jsonld"](), kind)  # type: ignore[misc]
    return Response(
        writers[form](),
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="comparison.{form}"',
            "Cache-Control": site.CACHE,
            "Content-Language": here.language.tag,
            "Vary": "Accept-Language",
        },
    )
