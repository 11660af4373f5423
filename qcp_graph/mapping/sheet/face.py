"""A mapping folder as a sheet: the rows, the register and the code lists it has."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from qcp_graph.mapping import codelist_files, nodes, parse
from qcp_graph.mapping.faces import Register, Remark
from qcp_graph.mapping.nodes import Listing, Node, Scalar, Table
from qcp_graph.mapping.sheet import recognise
from qcp_graph.mapping.sheet.book import CODES, Book, Cell, CodeSheet, Row
from qcp_graph.mapping.sheet.fields import slug
from qcp_graph.mapping.spec import CodeListSpec, Document, Input

_SOURCE: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id",), "title": ("title", "en"), "description": ("description", "en"),
    "country": ("country",), "owner": ("owner", "name"), "owner_homepage": ("owner", "homepage"),
    "licence": ("licence", "label"), "licence_iri": ("licence", "iri"),
    "frequency": ("frequency",), "homepage": ("homepage",), "address": ("address",),
    "minimum": ("minimum",),
}  # fmt: skip
_OPTIONS: Final = ("delimiter", "encoding", "sheet", "header")


def book(root: Table, folder: Path, register: Register) -> tuple[Book, list[Remark]]:
    """Return the sheet of a mapping, and what a sheet cannot say of it.

    :raises UsageError: for a faulty mapping or code list.
    """
    document = parse.document(root, register.iris, register.source_id)
    ignored = root.entries.get("ignore")
    reasons = _texts(ignored) if isinstance(ignored, Table) else {}
    rows, remarks = recognise.rows(document, reasons)
    used = {row.codes for row in rows if row.codes}
    codes = {
        name: _codes(name, spec, folder)
        for name, spec in document.codelists.items()
        if name in used
    }
    names: dict[str, str] = {}
    for name in codes:
        names[name] = _sheet_name(name, names.values())
    renamed = [_renamed(row, names) for row in rows]
    lists = {names[name]: sheet for name, sheet in codes.items()}
    return Book(_register(folder, document), renamed, lists), remarks


def _sheet_name(name: str, taken: Collection[str]) -> str:
    """Return a name that a sheet of a workbook can have and none has yet."""
    plain = "".join(c if c.isalnum() or c in " -_" else "-" for c in name)[:22].strip("- ")
    return plain if plain and plain not in taken else slug(plain, list(taken), 21)


def _renamed(row: Row, names: Mapping[str, str]) -> Row:
    from dataclasses import replace

    return replace(row, codes=names.get(row.codes, row.codes))


def _codes(name: str, spec: CodeListSpec, folder: Path) -> CodeSheet:
    rows = []
    for number, entry in enumerate(codelist_files.read(spec, folder), start=2):
        cells = {column: getattr(entry, column) for column in codelist_files.COLUMNS}
        rows.append((Cell(CODES + name, number), cells))
    return CodeSheet(name, rows, spec.missing, spec.casefold)


def _register(folder: Path, document: Document) -> dict[str, str]:
    path = folder / "source.yaml"
    root = nodes.read(path, path.name) if path.is_file() else None
    found = {name: _at(root, keys) for name, keys in _SOURCE.items()} if root else {}
    if root and isinstance(listed := root.entries.get("languages"), Listing):
        found["languages"] = ", ".join(i.text for i in listed.items if isinstance(i, Scalar))
    first: Input = next(iter(document.inputs.values()))
    found |= {"file": first.pattern, "format": first.format, "iterator": first.iterator}
    found |= {name: str(first.options[name]) for name in _OPTIONS if name in first.options}
    return {name: value for name, value in found.items() if value}


def _at(node: Node | None, keys: Sequence[str]) -> str:
    for key in keys:
        node = node.entries.get(key) if isinstance(node, Table) else None
    return " ".join(node.text.split()) if isinstance(node, Scalar) else ""


def _texts(table: Table) -> dict[str, str]:
    return {k: node.text for k, node in table.entries.items() if isinstance(node, Scalar)}
