"""The CSV files of an ESCO release, of every version since 1.0, as rows.

The files are recognised by name (``skills_en.csv``, ``broaderRelationsOccPillar.csv``); the ending
``_xx`` is the language. Versions differ in their columns, so columns are taken by name and those
that are missing count as empty.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, Final

from qcp_graph.linking.esco.rows import Concept, Kind, Problem, Relation, RelationKind, Row, Text

Line = Mapping[str, str | None]
_NAME: Final = re.compile(
    r"(?P<stem>[A-Za-z]+)(?:_(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]+)*))?"
    r"(?:_v?[\d.]+)?\.csv\Z"
)
_CONCEPTS: Final[Mapping[str, Kind]] = {
    "skills": "skill",
    "occupations": "occupation",
    "skillGroups": "skill-group",
    "ISCOGroups": "isco-group",
}
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(_CONCEPTS, ("conceptUri", "preferredLabel")),
    "conceptSchemes": ("conceptSchemeUri",),
    "broaderRelationsOccPillar": ("conceptUri", "broaderUri"),
    "broaderRelationsSkillPillar": ("conceptUri", "broaderUri"),
    "occupationSkillRelations": ("occupationUri", "relationType", "skillUri"),
    "skillSkillRelations": ("originalSkillUri", "relationType", "relatedSkillUri"),
}
_TEXTS: Final = (("description", "description"), ("definition", "definition"))
_BASE: Final = "http://data.europa.eu/esco/"
COLLECTION: Final = _BASE + "concept-scheme/"
_FIELD_LIMIT: Final = 8 * 1024**2  # 1.0.3 keeps a list of all concepts in one cell


def recognised(name: str) -> tuple[str, str] | None:
    """Return what a file is and its language, or None for a file of another kind.

    >>> recognised("skills_fr.csv"), recognised("a/occupationSkillRelations.csv")
    (('skills', 'fr'), ('occupationSkillRelations', ''))
    >>> recognised("skills_de_v1.0.csv"), recognised("notes.csv")
    (('skills', 'de'), None)
    >>> recognised("release.zip: skills_en.csv")
    ('skills', 'en')
    """
    match = _NAME.match(re.split(r"[/\\]|: ", name)[-1])
    if match is None:
        return None
    stem = match["stem"]
    known = stem in _NEEDED or stem.endswith("Collection")
    return (stem, match["language"] or "") if known else None


def rows(name: str, stream: BinaryIO, language: str) -> Iterator[Row]:
    """Yield what a CSV file of a release states; rows that cannot be used are problems."""
    found = recognised(name)
    if found is None:
        return
    csv.field_size_limit(max(csv.field_size_limit(), _FIELD_LIMIT))
    stem = found[0]
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
    lines = csv.DictReader(text, restkey="", restval="")
    try:
        columns = lines.fieldnames or ()
        needed = _NEEDED.get(stem, ("conceptUri",))
        missing = [column for column in needed if column not in columns]
        if missing:
            yield Problem(name, 1, f"the column {', '.join(missing)} is missing")
            return
        make = _reader(stem)
        for line in lines:
            for row in make(line, language):
                yield Problem(name, lines.line_num, row.message) if type(row) is Problem else row
    except csv.Error as error:
        yield Problem(name, lines.line_num, f"the rest of the file cannot be read: {error}")
    finally:
        text.detach()


def _reader(stem: str) -> Callable[[Line, str], Iterator[Row]]:
    if kind := _CONCEPTS.get(stem):
        return lambda line, language: _concept(line, language, kind)
    if stem == "conceptSchemes":
        return _scheme
    if stem.startswith("broader"):
        return lambda line, _: _relation(line["conceptUri"], "broader", line["broaderUri"])
    if stem == "occupationSkillRelations":
        return lambda line, _: _skill(line["occupationUri"], line["relationType"], line["skillUri"])
    if stem == "skillSkillRelations":
        return lambda line, _: _skill(
            line["originalSkillUri"], line["relationType"], line["relatedSkillUri"]
        )
    collection = COLLECTION + _dashed(stem.removesuffix("Collection"))
    return lambda line, _: _relation(line["conceptUri"], "member", collection)


def _dashed(stem: str) -> str:
    """Name a collection as ESCO's concept schemes are named: ``digCompSkills`` → dig-comp-skills.

    >>> _dashed("transversalSkills")
    'transversal-skills'
    """
    return re.sub(r"(?<=[a-z])([A-Z])", lambda match: "-" + match.group().lower(), stem)


def _concept(line: Line, language: str, kind: Kind) -> Iterator[Row]:
    uri = _uri(line.get("conceptUri"))
    if not uri:
        yield Problem("", 0, f"no ESCO IRI: {str(line.get('conceptUri'))[:80]!r}")
        return
    yield Concept(
        uri, kind, _text(line, "code") or _notation(uri), _text(line, "skillType"),
        _text(line, "reuseLevel"), _text(line, "status"), _text(line, "modifiedDate"),
    )  # fmt: skip
    yield from _labels(line, uri, language)
    for column, text_kind in _TEXTS:
        if value := _text(line, column):
            yield Text(uri, language, "description" if text_kind == "description" else "definition",
                       value)  # fmt: skip
    if value := _text(line, "scopeNote"):
        yield Text(uri, language, "scope", value)
    for scheme in re.split(r"[,\s]+", _text(line, "inScheme")):
        if _uri(scheme):
            yield Relation(uri, "in-scheme", scheme)
    if group := _text(line, "iscoGroup"):
        yield Relation(uri, "broader", f"{_BASE}isco/C{group}")


def _labels(line: Line, uri: str, language: str) -> Iterator[Text]:
    preferred = _text(line, "preferredLabel")
    if preferred:
        yield Text(uri, language, "preferred", preferred)
    seen = {preferred}
    for value in _text(line, "altLabels").splitlines():
        if (label := " ".join(value.split())) and label not in seen:
            seen.add(label)
            yield Text(uri, language, "alternative", label)
    for value in _text(line, "hiddenLabels").splitlines():
        if (label := " ".join(value.split())) and label not in seen:
            seen.add(label)
            yield Text(uri, language, "hidden", label)


def _notation(uri: str) -> str:
    """Return the code that an IRI ends with, where it is one.

    >>> _notation("http://data.europa.eu/esco/isced-f/0413"), _notation(_BASE + "skill/S2.2")
    ('0413', 'S2.2')
    """
    match = re.search(r"/(?:isced-f/(\d+)|isco/C(\d+)|skill/([A-Z]\d*(?:\.\d+)*))\Z", uri)
    return next((group for group in match.groups() if group), "") if match else ""


def _scheme(line: Line, language: str) -> Iterator[Row]:
    uri = _uri(line.get("conceptSchemeUri"))
    if not uri:
        yield Problem("", 0, "no ESCO IRI")
        return
    yield Concept(uri, "scheme", status=_text(line, "status"))
    if label := _text(line, "preferredLabel") or _text(line, "title"):
        yield Text(uri, language, "preferred", label)


def _skill(subject: str | None, kind: str | None, skill: str | None) -> Iterator[Row]:
    if kind == "essential":
        yield from _relation(subject, "essential", skill)
    elif kind == "optional":
        yield from _relation(subject, "optional", skill)
    else:
        yield Problem("", 0, f"the relation {str(kind)[:40]!r} is neither essential nor optional")


def _relation(subject: str | None, kind: RelationKind, target: str | None) -> Iterator[Row]:
    if _uri(subject) and _uri(target):
        yield Relation(_uri(subject), kind, _uri(target))
    else:
        yield Problem("", 0, f"no ESCO IRIs: {str(subject)[:60]!r}, {str(target)[:60]!r}")


def _text(line: Line, column: str) -> str:
    return (line.get(column) or "").strip()


def _uri(value: str | None) -> str:
    text = (value or "").strip()
    return text if is_esco(text) else ""


def is_esco(text: str) -> bool:
    """Tell whether a text is an IRI of ESCO without anything an IRI may not hold.

    >>> is_esco("http://data.europa.eu/esco/skill/S1"), is_esco("http://data.europa.eu/esco/a b")
    (True, False)
    """
    return bool(re.fullmatch(r"http://data\.europa\.eu/esco/[\w./:#-]{1,200}", text, re.ASCII))
