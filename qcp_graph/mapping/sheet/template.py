"""A sheet made from a source's actual fields: what they hold, and what they might become."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from qcp_graph.mapping.sheet import fields, words
from qcp_graph.mapping.sheet.kinds import FieldProfile, Profile
from qcp_graph.mapping.sheet.targets import BY_NAME, Target

MAX_LISTS: Final = 30
_BODY_PAGE: Final = "awarding body: homepage"
_EXAMPLE: Final = 60
_NAME: Final = 21  # with "Codes " and a number it must fit the 31 characters of a sheet's name
_DATES: Final[Mapping[str, str]] = {
    "date year-month-day": "date_iso",
    "date day/month/year": "date_dmy",
    "date month/day/year": "date_mdy",
    "milliseconds since 1970": "date_epoch_ms",
}
_STATUS: Final[Mapping[str, str]] = {
    "qcp:Registered": "registered active approved live published valid operational current "
    "available vigente vigueur ativo activo aktiv gueltig voimassa valmis publiee oui yes true",
    "qcp:Expired": "expired ended closed inactive lapsed expiree abgelaufen caducado inactivo "
    "paattynyt non no false ended discontinued",
    "qcp:Archived": "archived archivee archiviert arkistoitu historic historical",
    "qcp:Draft": "draft preparation entwurf luonnos borrador rascunho proposed pending",
    "qcp:Withdrawn": "withdrawn revoked deleted cancelled removed retired abrogee poistettu",
}


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known besides the source.

    ``levels`` is framework id → notations of its levels; ``concepts`` target → label in small
    letters → prefixed name or IRI.
    """

    levels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    concepts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Line:
    """One row of the sheet Mapping, as proposed."""

    profile: FieldProfile
    target: str = ""
    steps: str = ""
    codes: str = ""
    language: str = ""
    detail: str = ""
    note: str = ""


@dataclass
class Template:
    """The rows of a new sheet, and its code lists: name → word → (target, times).

    ``choices`` are the targets to choose from, where they are few: name → targets.
    """

    profile: Profile
    register: Mapping[str, str]
    lines: list[Line] = field(default_factory=list)
    codes: dict[str, dict[str, tuple[str, int]]] = field(default_factory=dict)
    choices: dict[str, Sequence[str]] = field(default_factory=dict)


def propose(profile: Profile, register: Mapping[str, str], hints: Hints) -> Template:
    """Return a sheet with a row for each field, and a target where a well-known word tells one."""
    made = Template(profile, register)
    key = _key(profile)
    chosen = _chosen(profile, key)
    for one in profile.fields.values():
        if one.name == key:
            made.lines.append(Line(one, "record key"))
            made.lines.append(Line(one, "identifier"))
            continue
        made.lines.append(_line(made, one, chosen.get(one.name, ""), hints))
    return made


def _key(profile: Profile) -> str:
    """Return the field that identifies a record: always filled, never repeated, named so."""
    best: tuple[bool, float] = (False, 0.0)
    found = ""
    for one in profile.fields.values():
        if one.filled != profile.records or one.several or one.longest > 100:
            continue
        rank = (one.unique, words.is_key_name(one.name) + 0.01)
        if rank > best and (one.unique or rank[1] > 0.3):
            best, found = rank, one.name
    return found


def _chosen(profile: Profile, key: str) -> dict[str, str]:
    """Return field → target; a target that a qualification has once goes to the best field."""
    found = {one.name: words.suggest(one) for one in profile.fields.values() if one.name != key}
    best: dict[tuple[str, str], tuple[float, str]] = {}
    for name, (target, score) in found.items():
        if target and not _repeats(BY_NAME[target]):
            place = (target, words.language(name))
            if score > best.get(place, (0.0, ""))[0]:
                best[place] = (score, name)
    chosen = {
        name: target
        for name, (target, _) in found.items()
        if target and (_repeats(BY_NAME[target]) or best[target, words.language(name)][1] == name)
    }
    return {name: _page(target, name, chosen, profile) for name, target in chosen.items()}


def _page(target: str, name: str, chosen: Mapping[str, str], profile: Profile) -> str:
    """Pages of bodies are not more than bodies; more of them are pages about qualifications."""
    if target != _BODY_PAGE:
        return target
    bodies = [profile.fields[one].distinct for one, to in chosen.items() if to == "awarding body"]
    return "homepage" if bodies and profile.fields[name].distinct > max(bodies) else target


def _repeats(target: Target) -> bool:
    once = {"title", "level", "awarding body", "learning outcome", "unit"}
    return "*" in target.cardinality and target.name not in once


def _line(made: Template, one: FieldProfile, name: str, hints: Hints) -> Line:
    line = Line(one, name, note=_note(one, made.profile))
    if name == "homepage" and words.suggest(one)[0] == _BODY_PAGE:
        line.note = "more addresses than awarding bodies: probably pages about the qualification"
    target = BY_NAME.get(name)
    language = words.language(one.name)
    if target is None:
        if one.kind == "word of a list" and len(made.codes) < MAX_LISTS:
            _coded(made, line, target, hints, named=False)
        return line
    line.steps = _steps(target, one)
    if target.kind == "text":
        line.language = language
    if target.kind == "date" and one.kind == "year":
        line.language = "xsd:gYear"
    if target.kind == "level":
        _levels(made, line, hints)
    elif target.kind == "concept" and not (name in _MADE and one.kind.startswith(_MADE[name])):
        _coded(made, line, target, hints, named=True)
    return line


# Concepts that are made of the code itself.
_MADE: Final[Mapping[str, tuple[str, ...]]] = {
    "field of education (ISCED-F)": ("number",), "EQF level": ("number",),
}  # fmt: skip


def _note(one: FieldProfile, profile: Profile) -> str:
    if one.kind.endswith("always the same") and one.filled >= 0.9 * profile.records:
        return "the same in every record: perhaps about the delivery, not the qualification"
    if one.kind == "empty":
        return "no record has a value"
    if one.kind == "e-mail address":
        return "may be personal data: leave it out unless it must be published"
    return "" if one.filled == profile.records or not one.several else "several values"


def _steps(target: Target, one: FieldProfile) -> str:
    if target.kind == "date":
        return _DATES.get(one.kind, "")
    if target.kind == "duration":
        return "duration_hours" if one.kind.startswith("number") else ""
    if target.member == "name" and target.node in {"outcome", "unit"}:
        return "html_items" if one.html else "bullets" if one.lines else ""
    if target.kind == "text":
        return "html_text" if one.html else "squeeze" if one.spaces and not one.lines else ""
    return "decimal" if target.name == "credit points" else ""


def _levels(made: Template, line: Line, hints: Hints) -> None:
    """Look for the framework whose levels the words are; without one the person chooses."""
    found = list(line.profile.counts)[:200]
    country = made.register.get("id", "")[:2]
    ranked = sorted(
        (
            (sum(bool(_level(word, notations)) for word in found), -len(notations), name)
            for name, notations in hints.levels.items()
            if country and name.startswith(f"{country}-")
        ),
        reverse=True,
    )
    notations: Sequence[str] = ()
    if ranked and ranked[0][0]:
        line.detail = ranked[0][2]
        notations = hints.levels[line.detail]
        others = [name for hits, _, name in ranked[1:] if hits]
        if others:
            line.note = f"check the framework; others fit too: {', '.join(others)}"
    else:
        line.note = "write the framework in Detail, such as gb-rqf"
    if not found or any(word not in notations for word in found):
        name = fields.slug(line.profile.name, made.codes, _NAME)
        counts = line.profile.counts
        made.codes[name] = {w: (_level(w, notations), counts[w]) for w in sorted(counts)}
        line.codes = name
        made.choices[name] = notations


def _level(word: str, notations: Sequence[str]) -> str:
    """Return the level that a word names: the longest notation that stands in it by itself.

    >>> _level("Level 1/2", ["1", "2", "1/2"]), _level("Entry Level", ["Entry", "1"])
    ('1/2', 'Entry')
    """
    hits = [
        notation
        for notation in notations
        if re.search(rf"(?<![\w/]){re.escape(notation)}(?![\w/])", word, re.IGNORECASE)
    ]
    return max(hits, key=len, default="")


def _coded(made: Template, line: Line, target: Target | None, hints: Hints, *, named: bool) -> None:
    counts = line.profile.counts
    if len(counts) > 2_000:
        return
    name = fields.slug(line.profile.name, made.codes, _NAME)
    known = hints.concepts.get(target.name, {}) if target else {}
    made.codes[name] = {
        word: (_concept(word, target, known), counts[word]) for word in sorted(counts)
    }
    if named:
        line.codes = name
    if target is not None and target.name == "status":
        made.choices[name] = tuple(_STATUS)


def _concept(word: str, target: Target | None, known: Mapping[str, str]) -> str:
    folded = word.casefold().strip()
    if target is not None and target.name == "status":
        parts = set(words.tokens(word))
        for concept, names in _STATUS.items():
            if parts & set(names.split()):
                return concept
    return known.get(folded, "")


def example(text: str) -> str:
    """Cut an example for a cell.

    >>> example("a" * 70) == "a" * 59 + "…"
    True
    """
    return text if len(text) <= _EXAMPLE else f"{text[: _EXAMPLE - 1]}…"
