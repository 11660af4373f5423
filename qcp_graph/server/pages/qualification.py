"""The page of a qualification: everything the graph says, and what its source leaves out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from fastapi import Request
from markupsafe import Markup
from starlette.responses import Response

from qcp_graph.server.pages import (
    awards,
    drawn,
    levels,
    micro,
    origins,
    outcomes,
    site,
    sources,
    versions,
)
from qcp_graph.server.pages.awards import Accreditation, Award, Note, Right, Titled
from qcp_graph.server.pages.durations import readable
from qcp_graph.server.pages.graph import Facts, Text, subjects
from qcp_graph.server.pages.labels import LACKS, N_
from qcp_graph.server.pages.levels import LevelFact
from qcp_graph.server.pages.micro import Element
from qcp_graph.server.pages.names import Names, Reference, local_name, pick, shorten
from qcp_graph.server.pages.outcomes import Outcomes, SkillLink
from qcp_graph.server.pages.site import Site
from qcp_graph.server.pages.sources import Source

_DATES: Final = (
    ("qcp:validFrom", N_("Valid from")),
    ("qcp:validUntil", N_("Valid until")),
    ("qcp:lastEnrolmentDate", N_("Last enrolment")),
    ("qcp:lastAwardDate", N_("Last award")),
    ("qcp:decisionDate", N_("Decision")),
    ("dcterms:issued", N_("Published")),
    ("dcterms:modified", N_("Changed")),
)
_SILENT: Final = (
    (("elm:volumeOfLearning", "elm:creditPoint", "elm:maximumDuration"), N_("volume of learning")),
    (("elm:entryRequirement",), N_("entry requirements")),
    (("elm:provenBy",), N_("assessment")),
    (("elm:entitlesTo",), N_("rights and occupations")),
    (("elm:accreditation",), N_("accreditation")),
    (("elm:mode",), N_("mode of learning")),
    (("dcterms:language",), N_("language of instruction or assessment")),
)
_PARTS: Final = 200
_STACKED: Final = 9


@dataclass(frozen=True, slots=True)
class Code:
    """An identifier with the name of the list it belongs to."""

    notation: str
    scheme: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of the life of a qualification; ``label`` is a message, ``value`` lexical."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Credit:
    """Credit points in a credit system."""

    points: str
    system: Reference | None


@dataclass(frozen=True, slots=True)
class QualificationPage:
    """What ``qualification.html`` shows; ``lacks`` and ``silent`` are messages.

    ``fields`` are those the register states, ``assigned`` those that were computed; ``origins`` is
    property → the fields of the source that it is made of. ``micro`` are the elements that the
    European standard asks of a micro-credential, empty for others; ``stack`` leads to the check of
    the parts as a stack.
    """

    iri: str
    title: Text
    titles: tuple[Text, ...]
    other_names: tuple[Text, ...]
    descriptions: tuple[Text, ...]
    codes: tuple[Code, ...]
    status: str
    dates: tuple[Dated, ...]
    country: str
    types: tuple[Reference, ...]
    partial: bool
    eqf: tuple[Reference, ...]
    ladder: tuple[int, ...]
    levels: tuple[LevelFact, ...]
    source_levels: tuple[str, ...]
    fields: tuple[Reference, ...]
    assigned: tuple[SkillLink, ...]
    subjects: tuple[Reference, ...]
    volume: tuple[str, ...]
    credits: tuple[Credit, ...]
    awards: tuple[Award, ...]
    publisher: tuple[Reference, ...]
    outcomes: Outcomes
    parts: tuple[Reference, ...]
    wholes: tuple[Reference, ...]
    entry: tuple[Text, ...]
    assessments: tuple[Titled, ...]
    rights: tuple[Right, ...]
    accreditations: tuple[Accreditation, ...]
    modes: tuple[Reference, ...]
    languages: tuple[Reference, ...]
    replaces: tuple[Reference, ...]
    replaced_by: tuple[Reference, ...]
    documents: tuple[Reference, ...]
    notes: tuple[Note, ...]
    lacks: frozenset[str]
    silent: tuple[str, ...]
    source: Source
    skills_picture: Markup
    dates_picture: Markup
    versions: str = ""
    origins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    micro: tuple[Element, ...] = ()
    stack: str = ""


def render(request: Request, here: Site, facts: Facts) -> Response:
    """Return the page of a qualification."""
    everything = request.query_params.get("outcomes") == "all"
    told = versions.address(here, request.app.state.live.settings, facts.iri)
    shown = replace(page(here, facts, everything), versions=told)
    return site.render(request, here, "qualification.html", shown)


def page(here: Site, facts: Facts, everything: bool = False) -> QualificationPage:
    """Collect what the graph says about a qualification."""
    found, names = _collected(here, facts, everything), here.names()
    gettext, total = here.language.gettext, found.outcomes.total
    points = [
        str(gettext("%(points)s credit points", points=c.points))
        + (f" ({c.system.name.text})" if c.system else "")
        for c in found.credits
    ]
    count = here.language.ngettext("%(num)s learning outcome", "%(num)s learning outcomes", total)
    told = micro.elements(facts, names, found, points, str(count))
    return replace(found, micro=told, stack=_stack(here, facts.iri, found))


def _stack(here: Site, iri: str, found: QualificationPage) -> str:
    """Return where the parts of a qualification are checked as a stack, if they can be."""
    parts = [part.iri for part in found.parts if part.href]
    if not parts or len(parts) > _STACKED:
        return ""
    return here.url_of("/compare", [("q", one) for one in (iri, *parts)])


def _collected(here: Site, facts: Facts, everything: bool) -> QualificationPage:
    names, tag = here.names(), here.language.tag
    titles = tuple(facts.texts("dcterms:title"))
    eqf = facts.iris("elm:EQFLevel")
    assigned = outcomes.fields(names, facts.iri)
    dates = tuple(Dated(label, text.text) for p, label in _DATES for text in facts.texts(p))
    reached = outcomes.of(here, names, facts, everything)
    source = sources.of(here, names, facts)
    return QualificationPage(
        iri=facts.iri,
        title=pick(titles, tag) if titles else Text(shorten(facts.iri)),
        titles=titles,
        other_names=tuple(facts.texts("skos:altLabel")),
        descriptions=_best(facts.texts("dcterms:description"), tag),
        codes=_codes(facts),
        status=local_name(facts.iri_of("qcp:status")),
        dates=dates,
        country=_country(facts, names),
        types=names.references(facts.iris("dcterms:type")),
        partial=facts.text("elm:isPartialQualification") == "true",
        eqf=names.references(eqf),
        ladder=tuple(int(n) for n in map(local_name, eqf) if n.isdigit()),
        levels=levels.facts(here, names, facts.iris("elm:NQFLevel")),
        source_levels=tuple(text.text for text in facts.texts("qcp:sourceLevel")),
        fields=names.references(_stated(facts, assigned)),
        assigned=assigned,
        subjects=names.references(facts.iris("elm:educationSubject")),
        volume=tuple(
            readable(text.text, here.language, in_hours=name == "elm:volumeOfLearning")
            for name in ("elm:volumeOfLearning", "elm:maximumDuration")
            for text in facts.texts(name)
        ),
        credits=_credits(facts, names),
        awards=awards.awards(facts, names),
        publisher=names.references(facts.iris("dcterms:publisher")),
        outcomes=reached,
        parts=names.references(facts.iris("elm:hasPart")[:_PARTS]),
        wholes=names.references(_wholes(facts, names)),
        entry=awards.notes_of(facts, "elm:entryRequirement", tag),
        assessments=awards.titled(facts, names, "elm:provenBy"),
        rights=awards.rights(facts, names),
        accreditations=awards.accreditations(facts, names),
        modes=names.references(
            [
                i
                for p in ("elm:mode", "elm:learningSetting", "elm:targetGroup")
                for i in facts.iris(p)
            ]
        ),
        languages=names.references(facts.iris("dcterms:language")),
        replaces=names.references(facts.iris("dcterms:replaces")),
        replaced_by=names.references(facts.iris("dcterms:isReplacedBy")),
        documents=awards.documents(facts),
        notes=awards.notes(facts, names),
        lacks=frozenset(LACKS.get(shorten(iri), shorten(iri)) for iri in facts.iris("qcp:lacks")),
        silent=tuple(m for ps, m in _SILENT if not any(facts.values(p) for p in ps)),
        source=source,
        origins=origins.of(here, source.entry),
        skills_picture=drawn.skills(here.language, reached.shown),
        dates_picture=drawn.dates(
            here.language,
            [(d.label, d.value) for d in dates],
            here.today.isoformat(),
            N_("Release") if here.copied else N_("Today"),
        ),
    )


def _best(texts: Sequence[Text], tag: str) -> tuple[Text, ...]:
    return (pick(texts, tag),) if texts else ()


def _stated(facts: Facts, assigned: tuple[SkillLink, ...]) -> list[str]:
    """Return the fields of education that are the register's own word."""
    computed = {link.skill.iri for link in assigned}
    return [iri for iri in facts.iris("elm:ISCEDFCode") if iri not in computed]


def _codes(facts: Facts) -> tuple[Code, ...]:
    found = {
        Code(text.text, facts.text("elm:schemeName", node))
        for node in facts.iris("adms:identifier")
        for text in facts.texts("skos:notation", node)
    }
    return tuple(sorted(found, key=lambda code: (code.notation, code.scheme)))


def _credits(facts: Facts, names: Names) -> tuple[Credit, ...]:
    found = []
    for node in facts.iris("elm:creditPoint"):
        system = facts.iri_of("elm:framework", node)
        points = facts.text("elm:point", node)
        found.append(Credit(points, names.reference(system) if system else None))
    return tuple(found)


def _country(facts: Facts, names: Names) -> str:
    iri = facts.iri_of("qcp:country")
    return names.of(iri).text if iri else ""


def _wholes(facts: Facts, names: Names) -> list[str]:
    stated = facts.iris("elm:isPartOf")
    return sorted({*stated, *subjects(names.store, "elm:hasPart", facts.iri, _PARTS)})
