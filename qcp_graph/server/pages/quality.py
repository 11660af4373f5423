"""Pages about the quality of data: all registers beside each other, one register, one record."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from fastapi import Request
from starlette.responses import Response

from qcp_graph import quality, store
from qcp_graph.model.judged import ProfileState, unpack
from qcp_graph.pipeline import judging
from qcp_graph.quality import Delta, Figures, Moment, ProfileFigures
from qcp_graph.search import RegisterEntry
from qcp_graph.server.errors import ProblemError
from qcp_graph.server.pages import site
from qcp_graph.server.pages.graph import Text
from qcp_graph.server.pages.labels import PROPERTIES
from qcp_graph.server.pages.site import Site
from qcp_graph.server.seam import OpenRelease, Problem
from qcp_graph.validation.profiles import Profile

_SHOWN: Final = 5
_MOMENTS: Final = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A register in the list; ``share`` is the mean completeness in percent."""

    title: Text
    href: str
    figures: Figures
    share: int


@dataclass(frozen=True, slots=True)
class QualityList:
    """What ``quality.html`` shows."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that is not met, in words; ``records`` is 0 on the page of one record."""

    rule: str
    text: str
    state: str
    records: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a profile says: of a record its ``state``, of a whole register ``figures``."""

    title: str
    version: str
    source: str
    state: str
    reasons: tuple[Reason, ...]
    figures: ProfileFigures | None = None


@dataclass(frozen=True, slots=True)
class Property:
    """How many qualifications have a property: name, number, share in percent, assigned here."""

    name: str
    stated: int
    share: int
    assigned: int


@dataclass(frozen=True, slots=True)
class RegisterQuality:
    """What ``quality_register.html`` shows."""

    title: Text
    register: str
    figures: Figures
    properties: tuple[Property, ...]
    verdicts: tuple[Verdict, ...]
    changes: tuple[Delta, ...]
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class RecordQuality:
    """What ``quality_record.html`` shows."""

    title: Text
    register: str
    key: str
    iri: str
    verdicts: tuple[Verdict, ...]


def listed(request: Request, here: Site) -> Response:
    """Return the page with all registers."""
    release = _release(here)
    lines = []
    for entry in here.index().registers():
        found = quality.read(release.folder, entry.identifier)
        if found is not None:
            share = round(100 * found.complete)
            lines.append(Line(_title(here, entry), f"/quality/{entry.identifier}", found, share))
    return site.render(request, here, "quality.html", QualityList(tuple(lines)))


def one(request: Request, here: Site, workspace: Path | None, register: str) -> Response:
    """Return the page of a register, or with ``?record=`` of one of its records."""
    release = _release(here)
    entry = next((e for e in here.index().registers() if e.identifier == register), None)
    found = quality.read(release.folder, register) if entry is not None else None
    if entry is None or found is None:
        raise _missing(f"There are no quality figures of a register {register!r} here.")
    profiles = _profiles(workspace)
    key = dict(here.query).get("record")
    if key is not None:
        return _record(request, here, entry, key, profiles)
    language = here.language.tag
    page = RegisterQuality(
        title=_title(here, entry),
        register=entry.iri,
        figures=found,
        properties=tuple(_properties(here, found)),
        verdicts=tuple(_verdict(profiles, p, language) for p in found.profiles),
        changes=tuple(one for one in found.delta if one.new or one.solved),
        moments=(*found.history, found.moment())[-_MOMENTS:],
    )
    return site.render(request, here, "quality_register.html", page)


def _record(
    request: Request, here: Site, entry: RegisterEntry, key: str, profiles: Mapping[str, Profile]
) -> Response:
    path = _release(here).folder / "registers" / f"{entry.identifier}.sqlite"
    with store.LedgerReader(path) as ledger:
        row = ledger.get(key)
    if row is None:
        raise _missing(f"The register has no record {key!r} in this release.")
    states = unpack(row.judged)
    verdicts = tuple(_state(profiles, state, here.language.tag) for state in states)
    page = RecordQuality(_title(here, entry), entry.identifier, key, row.iri, verdicts)
    return site.render(request, here, "quality_record.html", page)


def _properties(here: Site, found: Figures) -> list[Property]:
    whole = found.qualifications
    return [
        Property(
            here.language.gettext(PROPERTIES[one.property]).unescape(), one.stated,
            round(100 * one.stated / whole) if whole else 0, one.assigned,
        )
        for one in found.completeness
    ]  # fmt: skip


def _verdict(profiles: Mapping[str, Profile], found: ProfileFigures, language: str) -> Verdict:
    profile = profiles.get(found.name)
    reasons = tuple(
        Reason(r.rule, _message(profile, r.rule, language), r.state, r.records)
        for r in found.reasons[:_SHOWN]
    )
    title = profile.title(language) if profile else found.name
    return Verdict(title, found.version, profile.source if profile else "", "", reasons, found)


def _state(profiles: Mapping[str, Profile], found: ProfileState, language: str) -> Verdict:
    profile = profiles.get(found.profile)
    reasons = tuple(
        Reason(r.rule, _message(profile, r.rule, language), r.state) for r in found.reasons
    )
    title = profile.title(language) if profile else found.profile
    source = profile.source if profile else ""
    return Verdict(title, found.version, source, found.state, reasons)


def _message(profile: Profile | None, rule: str, language: str) -> str:
    for one in profile.rules if profile else ():
        if one.name == rule:
            texts = dict(one.messages)
            return texts.get(language) or texts.get("en") or ""
    return ""


@lru_cache(maxsize=4)
def _profiles(workspace: Path | None) -> Mapping[str, Profile]:
    return judging.catalogue(workspace)


def _title(here: Site, entry: RegisterEntry) -> Text:
    return here.names().of(entry.iri)


def _release(here: Site) -> OpenRelease:
    assert here.release is not None  # the routes are not among those that need none
    return here.release


def _missing(title: str) -> ProblemError:
    return ProblemError(Problem(404, "QCP-WEB-NOTFOUND", title, remedy="See /quality."))
