"""The pictures of pages, drawn from what the pages show in words beside them."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from qcp_graph.server import pictures
from qcp_graph.server.pages.i18n import Language
from qcp_graph.server.pages.names import Reference
from qcp_graph.server.pages.outcomes import Outcome
from qcp_graph.server.pictures import Link, Moment, Rung

NOTHING: Final = Markup("")
_FEWEST: Final = 2
_MOST_LINKS: Final = 15
_EQF: Final = tuple(str(n) for n in range(8, 0, -1))
_GRADE: Final = {"Source": "stated", "Accepted": "accepted", "Suggested": "suggested"}


def framework(
    language: Language, title: str, levels: Sequence[tuple[str, tuple[str, ...]]], own: bool = False
) -> Markup:
    """Return the ladder of a framework with its bridges to the EQF; nothing without levels.

    A level is its label and the EQF levels it is bridged to. ``own``: the framework is the EQF
    itself, which needs no other ladder beside it.
    """
    if not levels or own:
        return NOTHING
    rungs = [Rung(label, reaches) for label, reaches in levels]
    bridged = sum(bool(rung.reaches) for rung in rungs)
    told = language.gettext(
        "%(bridged)s of %(levels)s levels have a sourced bridge to the EQF. The table beside it names each with its date and source.",  # noqa: E501
        bridged=language.number(bridged),
        levels=language.number(len(rungs)),
    )
    return pictures.level_ladder(
        "ladder-picture",
        language.gettext("Levels and their bridges to the EQF").unescape(),
        str(told.unescape()),
        (title, language.gettext("European Qualifications Framework").unescape()),
        rungs,
        [(code, language.gettext("EQF %(levels)s", levels=code).unescape()) for code in _EQF],
    )


def skills(language: Language, outcomes: Sequence[Outcome]) -> Markup:
    """Return which outcomes lead to which skills, the first linked ones; rejected links aside."""
    linked = [
        (outcome, kept)
        for outcome in outcomes
        if (kept := [s for s in outcome.skills if s.status in _GRADE])
    ][:_MOST_LINKS]
    if len(linked) < _FEWEST:
        return NOTHING
    right: dict[str, Reference] = {}
    for _, kept in linked:
        for link in kept:
            right.setdefault(link.skill.iri, link.skill)
    places = {iri: at for at, iri in enumerate(right)}
    links = [
        Link(at, places[link.skill.iri], _GRADE[link.status])
        for at, (_, kept) in enumerate(linked)
        for link in kept
    ]
    told = language.gettext(
        "%(outcomes)s learning outcomes on the left, %(skills)s ESCO skills on the right. A broken line is a suggestion that nobody has reviewed. The list of outcomes says the same in words.",  # noqa: E501
        outcomes=language.number(len(linked)),
        skills=language.number(len(right)),
    )
    return pictures.alignment(
        "skills-picture",
        language.gettext("Which outcomes lead to which skills").unescape(),
        str(told.unescape()),
        (
            language.gettext("Learning outcomes").unescape(),
            language.gettext("ESCO skills").unescape(),
        ),
        [outcome.text.text for outcome, _ in linked],
        [skill.name.text for skill in right.values()],
        links,
    )


def dates(language: Language, moments: Sequence[tuple[str, str]], today: str, mark: str) -> Markup:
    """Return the life of a qualification as a line of dates, today among them as ``mark``.

    A moment is a message and a lexical date; fewer than two of them need no picture.
    """
    known = sorted({(value, label) for label, value in moments if value[:4].isdigit()})
    if len(known) < _FEWEST:
        return NOTHING
    told = [(value, language.gettext(label).unescape(), False) for value, label in known]
    told.append((today, language.gettext(mark).unescape(), True))
    drawn = [
        Moment(language.date(value), label, now)
        for value, label, now in sorted(told, key=lambda moment: (moment[0][:10], moment[2]))
    ]
    return pictures.timeline(
        "dates-picture",
        language.gettext("Dates of this qualification").unescape(),
        "; ".join(f"{moment.date}: {moment.label}" for moment in drawn),
        drawn,
    )
