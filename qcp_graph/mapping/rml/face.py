"""RML as a face of the mapping language: a register's mapping written as RML, RML read as one."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from qcp_graph.errors import InternalError
from qcp_graph.mapping import parse, yarrrml
from qcp_graph.mapping.faces import Register, Remark
from qcp_graph.mapping.nodes import MAX_DEPTH, Listing, Node, Place, Scalar, Table
from qcp_graph.mapping.paths import Reference
from qcp_graph.mapping.problems import fault
from qcp_graph.mapping.rml import graph
from qcp_graph.mapping.rml.read_tree import TreeReader
from qcp_graph.mapping.rml.write import Writer
from qcp_graph.mapping.rml.write_values import named
from qcp_graph.mapping.spec import CodeListSpec, Document, Step


def read(path: Path, register: Register) -> tuple[Table, Sequence[Remark]]:
    """Return an RML file as the tree of ``mapping.yaml``.

    :raises UsageError: for a faulty document, or one of which nothing can be said in a register.
    """
    return _read(graph.read(path), register)


def _read(found: graph.Graph, register: Register) -> tuple[Table, Sequence[Remark]]:
    reader = TreeReader(found, register)
    root = _node(reader.tree(), Place(found.name, 1))
    assert isinstance(root, Table)
    parse.document(root, register.iris, register.source_id)
    return root, reader.remarks


def write(root: Table, path: Path, register: Register) -> Sequence[Remark]:
    """Write a mapping as RML, once it is known that reading it gives the same mapping.

    :raises InternalError: QCP-RML-ROUND when it does not: then something would be lost.
    """
    document = parse.document(root, register.iris, register.source_id)
    writer = Writer(root, document, register.source_id)
    content = writer.text()
    again, _ = _read(graph.parse(content.encode(), path.name), register)
    reread = parse.document(again, register.iris, register.source_id)
    if different := difference(document, reread):
        raise InternalError(
            "QCP-RML-ROUND", "RML cannot hold all that the mapping says; nothing was written.",
            where=different, remedy="Tell the maintainers, with the mapping.",
        )  # fmt: skip
    yarrrml.save(path, content)
    return _gathered(writer.remarks)


def _gathered(remarks: Mapping[Remark, None]) -> list[Remark]:
    """Return one remark for all that is alike, with its first place."""
    found: dict[str, list[Remark]] = {}
    for remark in remarks:
        found.setdefault(remark.what, []).append(remark)
    return [
        Remark(what, same[0].where + (f" and {len(same) - 1} more" if len(same) > 1 else ""),
               same[0].outcome)
        for what, same in found.items()
    ]  # fmt: skip


def _node(value: Any, place: Place, depth: int = 0) -> Node:
    if depth > MAX_DEPTH:
        raise fault("QCP-RML-MAPPING", f"Nesting deeper than {MAX_DEPTH}.", place)
    if isinstance(value, Mapping):
        entries = {str(key): _node(item, place, depth + 1) for key, item in value.items()}
        return Table(entries, dict.fromkeys(entries, place), place)
    if isinstance(value, list | tuple):
        return Listing(tuple(_node(item, place, depth + 1) for item in value), place)
    if isinstance(value, bool):
        return Scalar(str(value).lower(), place)
    return Scalar(str(value), place, quoted=isinstance(value, str))


def difference(one: Document, other: Document) -> str:
    """Return where two mappings say different things, whatever their lines; nothing if alike."""
    return _differ(_said(one, one.codelists), _said(other, other.codelists), "mapping")


def _differ(one: Any, other: Any, way: str) -> str:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            if key not in one or key not in other:
                return f"{way}, {key}"
            if found := _differ(one[key], other[key], f"{way}, {key}"):
                return found
        return ""
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True), start=1)
        return next((d for n, (a, b) in pairs if (d := _differ(a, b, f"{way} {n}"))), "")
    return "" if one == other else f"{way}: {str(one)[:80]} or {str(other)[:80]}"


def _said(value: Any, lists: Mapping[str, CodeListSpec]) -> Any:
    """Return what a part of a mapping says: no places, no spellings of references."""
    if isinstance(value, Place):
        return None
    if isinstance(value, Reference):
        return [value.kind, value.up, value.name, list(value.steps)]
    if isinstance(value, Step):
        name: Any = value.name
        if value.lookup and name.startswith("(inline"):
            name = [*lists[name].identity, lists[name].missing]
        arguments = {key: [a] if isinstance(a, str) else list(a) for key, a in named(value).items()}
        return [name, value.lookup, arguments]
    if is_dataclass(value):
        return {part.name: _said(getattr(value, part.name), lists) for part in fields(value)}
    if isinstance(value, Mapping):
        return {k: _said(v, lists) for k, v in value.items() if not str(k).startswith("(inline")}
    if isinstance(value, list | tuple):
        return [_said(item, lists) for item in value]
    return value
