"""YARRRML as a face of the mapping language: YAML text in, YAML text out."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from qcp_graph.mapping import nodes, parse
from qcp_graph.mapping.faces import Register, Remark
from qcp_graph.mapping.nodes import Listing, Node, Table
from qcp_graph.mapping.problems import fault

_SHORT: Final = 90
_INTEGER: Final = re.compile(r"(?:0[0-7]*|[1-9]\d*)\Z", re.ASCII)


def read(path: Path, register: Register) -> tuple[Table, Sequence[Remark]]:
    """Return the tree of a YAML file, once it is known to be a mapping."""
    root = nodes.read(path, path.name)
    parse.document(root, register.iris, register.source_id)
    return root, ()


def write(root: Table, path: Path, register: Register) -> Sequence[Remark]:
    """Write a tree as YAML; comments are not part of the tree."""
    parse.document(root, register.iris, register.source_id)
    save(path, text(root))
    return ()


def save(path: Path, content: str) -> None:
    """Write a text file whole.

    :raises UsageError: QCP-MAP-FILE when that is not possible.
    """
    try:
        path.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"The file cannot be written: {error.strerror}."
        raise fault("QCP-MAP-FILE", message, path, "Check the folder and its permissions.") from (
            error
        )


def text(root: Table) -> str:
    """Return a tree as YAML that :func:`~qcp_graph.mapping.nodes.parse` reads back the same.

    >>> print(text(nodes.parse('a: {b: [x, "1", 2, "No"]}', "m")), end="")
    a:
      b: [x, '1', 2, 'No']
    """
    return yaml.dump(
        _styled(root), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_SHORT
    )


class _Flow(list[Any]):
    """A list that is written in brackets."""


class _Bare(str):
    """A text that is written without quotation marks, which make a number or flag of it."""


class _Quoted(str):
    """A text that would be a number or flag without quotation marks."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True  # the language refuses them


def _represent_flow(dumper: yaml.SafeDumper, value: _Flow) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


def _represent_bare(dumper: yaml.SafeDumper, value: _Bare) -> yaml.Node:
    # PyYAML leaves the quotation marks out where the tag is what it would guess (YAML 1.1).
    kind = "int" if _INTEGER.match(value) else "str" if value.isdigit() else "bool"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", str(value))


def _represent_quoted(dumper: yaml.SafeDumper, value: _Quoted) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(value), style="'")


_Dumper.add_representer(_Flow, _represent_flow)
_Dumper.add_representer(_Bare, _represent_bare)
_Dumper.add_representer(_Quoted, _represent_quoted)


def _styled(node: Node) -> Any:
    if isinstance(node, Listing):
        items = [_styled(item) for item in node.items]
        flat = all(isinstance(item, str) for item in items)
        return _Flow(items) if flat and sum(len(item) + 2 for item in items) < _SHORT else items
    if isinstance(node, Table):
        return {key: _styled(value) for key, value in node.entries.items()}
    if node.text in {"true", "false"} or (node.text.isascii() and node.text.isdigit()):
        return _Quoted(node.text) if node.quoted else _Bare(node.text)
    return node.text
