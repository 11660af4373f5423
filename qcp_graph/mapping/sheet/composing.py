"""The whole of a sheet as a mapping folder: ``mapping.yaml``, its code lists, ``source.yaml``."""

import csv
import io
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from qcp_graph.mapping.paths import Form, template
from qcp_graph.mapping.sheet import fields, register, steps
from qcp_graph.mapping.sheet.book import CODE_COLUMNS, CODES, Book, Cell, CodeSheet, Row, problem
from qcp_graph.mapping.sheet.compose import MAIN, Draft, Table, rule
from qcp_graph.mapping.sheet.compose_nodes import group, single
from qcp_graph.mapping.sheet.dump import dump
from qcp_graph.mapping.sheet.targets import NODES
from qcp_graph.model.issue import Issue

Levels = Mapping[str, Sequence[str]]
MAX_UNDECIDED: Final = 8
_TOPICS: Final = {"topic": "http://data.europa.eu/snb/qualification-topics#"}


def folder(book: Book, levels: Levels) -> tuple[dict[str, str], list[Issue]]:
    """Return the files of a mapping folder by name, and every fault of the sheet.

    ``levels`` is framework id → notations of its levels. Files are there even where something is
    wrong, so that a preview can be shown; publish them only without a violation.
    """
    draft = Draft(book, levels)
    draft.issues.extend(register.missing(book.register))
    mapping = _mapping(draft)
    files = {
        "mapping.yaml": _head(book) + dump(mapping, frozenset({"mappings"})),
        "source.yaml": dump(register.source(book.register)),
    }
    for name in draft.codelists:
        codes = book.codes[name]
        files[draft.files[name]] = _code_file(draft, codes)
    draft.issues.extend(_undecided(book))
    draft.issues.extend(_unused_lists(book, draft))
    return files, draft.issues


def _head(book: Book) -> str:
    title = " ".join(book.register.get("title", "").split())
    return f"# {title}: made of a sheet; docs/mapping.md explains it.\n\n" if title else ""


def _mapping(draft: Draft) -> Table:
    rows = [row for row in draft.book.rows if row.target is not None]
    _key(draft, rows)
    for row in rows:
        _direct(draft, row)
    for name, node in NODES.items():
        members = [row for row in rows if row.target and row.target.node == name]
        if members and draft.key:
            (group if node.group else single)(draft, name, members)
    if not any(row.target and row.target.name == "title" for row in rows):
        where = Cell("Mapping", 1, "Target")
        issue = problem(where, "No field is the title.", "Give one field the target 'title'.")
        draft.issues.append(issue)
    _publisher(draft)
    main: Table = {
        "main": True,
        "subjects": f"qualification:{draft.key}",
        "predicateobjects": [["a", "elm:Qualification"], *draft.rules],
    }
    parts: Table = {
        "prefixes": _TOPICS if "topic:" in str(draft.maps) else {},
        "codelists": draft.codelists,
        "sources": {"records": _source(draft, rows)},
        "ignore": _ignored(draft),
        "let": draft.let,
        "mappings": {MAIN: main, **draft.maps},
    }
    return {key: value for key, value in parts.items() if value}


def _key(draft: Draft, rows: Sequence[Row]) -> None:
    keys = [row for row in rows if row.target and row.target.kind == "key"]
    if len(keys) != 1:
        where = keys[1].place if keys else Cell("Mapping", 1, "Target")
        message = "Several fields are the record key." if keys else "No field is the record key."
        remedy = "Give exactly one field the target 'record key': the number of the record."
        draft.issues.append(problem(Cell(where.sheet, where.row, "Target"), message, remedy))
    for row in keys[:1]:
        draft.key = draft.text(row)
        if row.steps or row.codes:
            remedy = "Leave it out; the key is taken as it stands."
            draft.wrong(row, "Transformation", "The record key has no transformation.", remedy)


def _direct(draft: Draft, row: Row) -> None:
    target = row.target
    if target is None or target.node or not draft.text(row):
        return
    if target.kind == "level":
        _level(draft, row)
    elif target.kind == "qualification":
        key = f"qualification:{draft.settled(row)}"
        draft.rules.append(rule(target.predicates, key, target))
    elif target.kind not in {"key", "filter"}:
        found = draft.third(row)
        if target.name == "title" and not _more_titles(draft, row):
            found = _required(found)
        draft.rules.append(rule(target.predicates, found, target))


def _more_titles(draft: Draft, row: Row) -> bool:
    return any(other.target is row.target and other.place != row.place for other in draft.book.rows)


def _required(found: object) -> object:
    """A record without its title cannot be published: it is told once, where it is read."""
    if isinstance(found, list):
        value, tag = found
        return {"value": value, "language": str(tag).removesuffix("~lang"), "required": True}
    return {**found, "required": True} if isinstance(found, dict) else found


def _level(draft: Draft, row: Row) -> None:
    assert row.target is not None
    framework = row.detail.strip()
    if framework not in draft.levels:
        near = [name for name in draft.levels if name[:2] == framework[:2].lower()]
        some = ", ".join(near or sorted(draft.levels)[:12])
        remedy = f"Write its id, such as {some}; `qcp ontology` and ontology/frameworks list all."
        message = "Which framework are the levels of?" if not framework else "Unknown framework."
        draft.wrong(row, "Detail", message, remedy, framework)
        return
    _check_levels(draft, row, framework)
    word = draft.settled(row)
    nqf = draft.remembered("nqf", {"value": word, "lookup": {"levels": framework}})
    eqf = draft.remembered("eqf", {"value": word, "lookup": {"levels": framework, "to": "eqf"}})
    draft.rules += [
        {"p": "elm:NQFLevel", "o": {"value": nqf, "type": "iri"}},
        {"p": "elm:EQFLevel", "o": {"value": eqf, "type": "iri"}},
        {
            "p": "qcp:sourceLevel",
            "o": {"value": draft.text(row), "transform": ["squeeze"], "type": "literal"},
            "when": {"value": eqf, "empty": True},
            "graph": "provenance",
        },
    ]


def _check_levels(draft: Draft, row: Row, framework: str) -> None:
    """The words of a code list for levels must be levels of the framework."""
    codes = draft.book.codes.get(row.codes)
    known = draft.levels[framework]
    for place, cells in codes.rows if codes else ():
        if cells["target"] and cells["target"] not in known:
            where = Cell(place.sheet, place.row, "target")
            remedy = f"Its levels are: {', '.join(known)}. Leave it empty with a reason otherwise."
            message = f"{framework} has no such level."
            draft.issues.append(problem(where, message, remedy, value=cells["target"]))


def _publisher(draft: Draft) -> None:
    owner = draft.book.register.get("owner", "")
    country = draft.book.register.get("country", "")
    if not owner or not country:
        return
    subject = f"organisation:{fields.slug(owner)}"
    kept: Table = {"shared": True}
    draft.rules.append({"p": "dcterms:publisher", "o": {"mapping": "publisher"}})
    name = f"{draft.language or 'en'}~lang"
    draft.maps["publisher"] = {**kept, "subjects": subject, "predicateobjects": [
        ["a", "elm:Organisation"], ["rov:legalName", owner, name], ["skos:prefLabel", owner, name],
        {"p": "elm:location", "o": {"mapping": "publisher-location"}},
    ]}  # fmt: skip
    draft.maps["publisher-location"] = {
        **kept, "subjects": f"{subject}#location", "predicateobjects": [
            ["a", "dcterms:Location"], {"p": "elm:address", "o": {"mapping": "publisher-address"}},
        ]}  # fmt: skip
    draft.maps["publisher-address"] = {
        **kept, "subjects": f"{subject}#address",
        "predicateobjects": [["a", "elm:Address"], ["elm:countryCode", f"country:{country}"]],
    }  # fmt: skip


def _source(draft: Draft, rows: Sequence[Row]) -> Table:
    settings = draft.book.register
    form = settings.get("format", "csv")
    table: Table = {
        "access": settings.get("file", ""),
        "referenceFormulation": register.FORMATS.get(form, "csv"),
        "iterator": settings.get("iterator", "") if form in {"xml", "json", "rdf"} else "",
        "options": register.options(settings),
        "key": draft.key,
    }
    tests = [_filter(draft, row) for row in rows if row.target and row.target.kind == "filter"]
    if tests:
        table |= {"where": tests, "otherwise": "skip"}
    return {key: value for key, value in table.items() if value}


def _filter(draft: Draft, row: Row) -> Table:
    words = [" ".join(word.split()) for word in row.detail.split(";") if word.strip()]
    if not words:
        remedy = "Write the words in the column Detail, separated by semicolons: Approved; Live."
        draft.wrong(row, "Detail", "Records with which words are taken?", remedy)
    test: Table = {"value": draft.text(row)}
    if row.steps:
        test["transform"] = steps.as_yaml(row.steps)
    return {**test, "in": words}


def _ignored(draft: Draft) -> Table:
    mapped = {row.field for row in draft.book.rows if row.target is not None}
    return {
        row.field: row.ignore for row in draft.book.rows if row.ignore and row.field not in mapped
    }


def _undecided(book: Book) -> list[Issue]:
    """Return the fields that nobody decided on: one by one, or together where they are many."""
    decided = {row.field for row in book.rows if row.target is not None}
    decided |= {name for row in book.rows for name in _named(row, book.form)}
    patterns = [row.field for row in book.rows if row.ignore]
    left = [
        row
        for row in book.rows
        if row.field not in decided
        and not any(fnmatchcase(row.field, pattern) for pattern in patterns)
    ]
    message = "The field {!r} is neither mapped nor ignored."
    if len(left) > MAX_UNDECIDED:
        names = ", ".join(row.field for row in left[:MAX_UNDECIDED])
        message = f"{len(left)} fields are neither mapped nor ignored: {names} …"
        left = left[:1]
    return [
        problem(
            Cell(row.place.sheet, row.place.row, "Target"),
            message.format(row.field) if "{!r}" in message else message,
            "Choose a target, or say in 'Ignore because' why it is left out; in a row of its own "
            "the field may be a pattern, such as Funding*.",
            severity="warning",
        )
        for row in left
    ]


def _named(row: Row, form: Form) -> list[str]:
    """Return the fields that a template names."""
    if row.target is None or "$(" not in row.field:
        return []
    try:
        return [r.text for r in template(row.field, form, {}).references]
    except ValueError:
        return []


def _unused_lists(book: Book, draft: Draft) -> list[Issue]:
    named = {row.codes for row in book.rows}  # also by rows that cannot be used as they are
    return [
        problem(
            Cell(CODES + name, 1),
            "No row of the mapping names this code list.",
            f"Write {name!r} in the column 'Code list' of the field, or remove the sheet.",
            severity="info",
        )
        for name in book.codes
        if name not in draft.codelists and name not in named
    ]


def _code_file(draft: Draft, codes: CodeSheet) -> str:
    """Write a code list as CSV; columns that nobody filled are left out."""
    used = [
        name
        for name in CODE_COLUMNS
        if name in {"source", "target"} or any(cells[name] for _, cells in codes.rows)
    ]
    if "reason" not in used:
        used.append("reason")
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(used)
    for place, cells in codes.rows:
        if not cells["target"] and not cells["reason"]:
            where = Cell(place.sheet, place.row, "target")
            remedy = "Fill it in, or say in the column reason why the word stands for nothing."
            message = f"The word {cells['source']!r} has no target yet."
            draft.issues.append(problem(where, message, remedy, value=cells["source"]))
        writer.writerow([cells[name] for name in used])
    return stream.getvalue()
