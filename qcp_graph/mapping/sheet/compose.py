"""From a :class:`Book` to the content of ``mapping.yaml``: tables and texts, ready to be written.

One source, one main mapping; a row becomes a triple of the qualification, or of a node of its own
(:mod:`qcp_graph.mapping.sheet.compose_nodes`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from qcp_graph.mapping.paths import Form
from qcp_graph.mapping.sheet import fields, register, steps
from qcp_graph.mapping.sheet.book import CODES, Book, Cell, CodeSheet, Row, problem
from qcp_graph.mapping.sheet.targets import Target
from qcp_graph.mapping.vocabulary import VIRTUAL
from qcp_graph.model.issue import Issue
from qcp_graph.namespaces import PREFIXES

MAIN: Final = "qualification"
DATATYPES: Final[Mapping[str, str]] = {
    "date": "xsd:date", "duration": "xsd:duration", "boolean": "xsd:boolean", "url": "xsd:anyURI",
}  # fmt: skip
# Concepts whose IRI can be made of the code itself.
STARTS: Final[Mapping[str, str]] = {"elm:ISCEDFCode": "iscedf:", "elm:EQFLevel": "eqf:"}

_VIRTUAL: Final = (*VIRTUAL, "framework")

Table = dict[str, object]


@dataclass
class Draft:
    """A mapping in the making: its parts in the order of the file, and what is wrong."""

    book: Book
    levels: Mapping[str, Sequence[str]]
    key: str = ""
    codelists: Table = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    let: Table = field(default_factory=dict)
    rules: list[object] = field(default_factory=list)
    maps: dict[str, Table] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    @property
    def form(self) -> Form:
        """How references into the source are written."""
        return self.book.form

    @property
    def slugs(self) -> list[str]:
        """The names of files that are taken."""
        return [name.removesuffix(".csv") for name in self.files.values()]

    @property
    def language(self) -> str:
        """The only language of the register's texts; empty when there are several."""
        known = register.languages(self.book.register)
        return known[0] if len(known) == 1 else ""

    def wrong(self, row: Row, column: str, message: str, remedy: str, value: str = "") -> None:
        """Keep a fault of a row."""
        where = Cell(row.place.sheet, row.place.row, column)
        self.issues.append(problem(where, message, remedy, value=value))

    def remembered(self, name: str, value: Table) -> str:
        """Give a value a name (``let``) and return its reference."""
        found = fields.slug(name, self.let)
        self.let[found] = value
        return f"$(let:{found})"

    def text(self, row: Row) -> str:
        """Return the template of a row's field; a fault is kept and gives an empty text."""
        try:
            return fields.source(row, self.form).template
        except ValueError as error:
            remedy = "Write the field as the template shows it, or a text in quotation marks."
            self.wrong(row, "Source field", f"Not a field: {error}.", remedy, row.field)
            return ""

    def value(self, row: Row, text: str = "") -> Table:
        """Return the value of a row as a table: template, transformation, code list."""
        table: Table = {"value": text or self.text(row)}
        if row.steps:
            table["transform"] = steps.as_yaml(row.steps)
        if row.codes and (name := self.codelist(row)):
            table["lookup"] = name
        return table

    def settled(self, row: Row) -> str:
        """Return one reference for a row, whatever its transformation."""
        value = self.value(row)
        if set(value) == {"value"}:
            return str(value["value"])
        assert row.target is not None
        return self.remembered(row.target.name, value)

    def codelist(self, row: Row) -> str:
        """Return the name of a row's code list; one that does not exist is a fault."""
        codes = self.book.codes.get(row.codes)
        if codes is None:
            known = ", ".join(self.book.codes) or "none yet"
            remedy = f"Add the sheet {CODES + row.codes!r}, or name one of: {known}."
            self.wrong(row, "Code list", "There is no such code list.", remedy, row.codes)
            return ""
        if codes.name not in self.codelists:
            self.files[codes.name] = f"{fields.slug(codes.name, self.slugs)}.csv"
            self.codelists[codes.name] = _listed(codes, self.files[codes.name])
        return codes.name

    def third(self, row: Row, text: str = "") -> object:
        """Return a row as the object of a triple, as short as the language allows."""
        assert row.target is not None
        value = self.value(row, text)
        kind = _kind(row)
        if kind == "text":
            return self._literal(row, value)
        if kind == "concept":
            return self._concept(row, value)
        if kind == "url" and not row.steps:
            value["transform"] = ["url_fix"]
        datatype = DATATYPES.get(kind, "")
        if (kind == "any" and row.language) or row.language.startswith("xsd:"):
            datatype = row.language
        if datatype:
            value["datatype"] = datatype
        elif set(value) == {"value"} and not _looks_like_iri(str(value["value"])):
            return value["value"]
        elif kind == "plain":
            value["type"] = "literal"
        return value

    def _literal(self, row: Row, value: Table) -> object:
        language = row.language.lower() or self.language
        if not language and register.languages(self.book.register):
            remedy = "Write the language of the text, such as en or fr."
            self.wrong(row, "Language or datatype", "Which language is the text in?", remedy)
        if set(value) == {"value"} and "~" not in language:
            return [value["value"], f"{language}~lang"]
        return {**value, "language": language}

    def _concept(self, row: Row, value: Table) -> object:
        assert row.target is not None
        start = STARTS.get(row.target.predicates[0], "")
        if row.codes or row.language == "iri":
            self._check_concepts(row)
            return {**value, "type": "iri"}
        text = str(value["value"])
        if start and text.startswith("$("):
            return f"{start}{self.settled(row)}"
        if _looks_like_iri(text) and set(value) == {"value"}:
            return text
        message = f"The target {row.target.name!r} takes concepts, not words."
        remedy = "Name a code list; where the field holds whole IRIs, write iri as datatype."
        self.wrong(row, "Code list", message, remedy)
        return text

    def _check_concepts(self, row: Row) -> None:
        codes = self.book.codes.get(row.codes)
        for place, cells in codes.rows if codes else ():
            prefix, colon, local = cells["target"].partition(":")
            known = prefix in PREFIXES or prefix in _VIRTUAL or local.startswith("//")
            if cells["target"] and not (colon and known and " " not in local):
                where = Cell(place.sheet, place.row, "target")
                message = "The target is no concept."
                remedy = f"Write a prefixed name or an IRI. {row.target and row.target.meaning}."
                found = problem(where, message, remedy, value=cells["target"])
                self.issues.append(found)


def _kind(row: Row) -> str:
    assert row.target is not None
    if row.target.kind != "any":
        return row.target.kind
    if row.codes or row.language == "iri":
        return "concept"
    return "any" if ":" in row.language or not row.language else "text"


def _looks_like_iri(text: str) -> bool:
    prefix, colon, rest = text.partition(":")
    return bool(colon) and prefix.isalnum() and not rest.startswith((" ", "/"))


def _listed(codes: CodeSheet, file: str) -> Table:
    table: Table = {"file": file, "missing": codes.missing}
    if codes.casefold:
        table["casefold"] = True
    return table


def rule(predicates: Sequence[str], found: object, target: Target) -> object:
    """Return a predicate-object pair; the short form where nothing more is to be said."""
    predicate: object = predicates[0] if len(predicates) == 1 else list(predicates)
    plain = isinstance(found, str | list) and len(predicates) == 1
    if plain and not target.provenance:
        return [predicate, *found] if isinstance(found, list) else [predicate, found]
    objects = [found] if isinstance(found, list) else found
    table: Table = {"p": predicate, "o": objects}
    if target.provenance:
        table["graph"] = "provenance"
    return table
