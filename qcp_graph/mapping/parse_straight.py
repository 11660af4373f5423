"""``construct`` and ``copy`` of a source: what goes from RDF into the graph without rules."""

from collections.abc import Mapping
from typing import Final

from qcp_graph.mapping import vocabulary
from qcp_graph.mapping.fields import Fields, scalar, texts
from qcp_graph.mapping.nodes import Node, Table
from qcp_graph.mapping.problems import fault, unknown
from qcp_graph.mapping.spec import Copy, Role

ROLES: Final[tuple[Role, ...]] = ("data", "provenance")
COPY_KEYS: Final = ("model", "leave", "classes")


def both(fields: Fields, prefixes: Mapping[str, str]) -> tuple[Mapping[Role, str], Copy | None]:
    """Return what a source constructs and copies."""
    return constructs(fields), copied(fields, prefixes)


def constructs(fields: Fields) -> Mapping[Role, str]:
    """Return the query files of a source by the role of their triples: `construct: file.rq`."""
    node = _rdf_only(fields, "construct")
    if node is None:
        return {}
    if not isinstance(node, Table):
        return {"data": scalar(node, "'construct'").text}
    inner = Fields(node, "'construct'", ROLES, aliases={})
    return {role: inner.text(role) for role in ROLES if role in inner}


def copied(fields: Fields, prefixes: Mapping[str, str]) -> Copy | None:
    """Return what a source copies: `copy: elm`, or a table with `leave` and `classes`."""
    node = _rdf_only(fields, "copy")
    if node is None:
        return None
    if not isinstance(node, Table):
        _model(scalar(node, "'copy'").text, fields)
        return Copy("elm", node.place)
    inner = Fields(node, "'copy'", COPY_KEYS, aliases={})
    _model(inner.text("model"), fields)
    left = inner.get("leave")
    return Copy(
        "elm",
        node.place,
        tuple(vocabulary.name(t, prefixes, inner.line("leave")) for t in texts(left, "'leave'"))
        if left
        else (),
        {
            vocabulary.name(key, prefixes, place): vocabulary.name(
                scalar(value, "a class").text, prefixes, place
            )
            for key, value, place in inner.entries("classes")
        },
    )


def _model(name: str, fields: Fields) -> None:
    if name != "elm":
        raise unknown("QCP-MAP-KEYWORD", "model to copy", name, ("elm",), fields.line("copy"))


def _rdf_only(fields: Fields, key: str) -> Node | None:
    node = fields.get(key)
    if node is not None and fields.text("referenceFormulation") != "rdf":
        message = f"{key!r} needs referenceFormulation: rdf."
        raise fault("QCP-MAP-KEYWORD", message, fields.line(key))
    return node
