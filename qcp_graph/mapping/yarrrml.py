"""YARRRML as a face of the mapping language: YAML text in, YAML text out."""

from collections.abc import Sequence
from pathlib import Path

from qcp_graph.mapping import nodes, parse
from qcp_graph.mapping.faces import Register, Remark
from qcp_graph.mapping.fields import plain
from qcp_graph.mapping.nodes import Table
from qcp_graph.mapping.problems import fault
from qcp_graph.mapping.sheet.dump import dump


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
      b: [x, "1", 2, "No"]
    """
    data = {key: plain(node) for key, node in root.entries.items()}
    return dump(data, spaced=frozenset({"mappings"}))
