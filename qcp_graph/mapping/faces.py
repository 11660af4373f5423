"""The faces of the mapping language: YARRRML, RML and spreadsheet, each read and written.

All meet in one tree (:class:`~qcp_graph.mapping.nodes.Table`, the content of ``mapping.yaml``): a
face reads its own files into it and writes it out. A face is a module with ``read`` and ``write``
as :class:`Face` has them, and an entry in :data:`FACES` for each kind of file.
"""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, cast

from qcp_graph.iris import Iris
from qcp_graph.mapping.nodes import Table
from qcp_graph.mapping.problems import fault

FACES: Final[Mapping[str, str]] = {
    ".yaml": "qcp_graph.mapping.yarrrml",
    ".yml": "qcp_graph.mapping.yarrrml",
    ".ttl": "qcp_graph.mapping.rml.face",
}


@dataclass(frozen=True, slots=True)
class Register:
    """Whose mapping it is: what the prefixes ``qualification:`` … stand for depends on it."""

    source_id: str
    iris: Iris


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a face cannot say as others would: what, where, and what became of it.

    ``lost`` tells that the target says less than the source.
    """

    what: str
    where: str
    outcome: str
    lost: bool = False


class Face(Protocol):
    """A way to write mappings down."""

    def read(self, path: Path, register: Register) -> tuple[Table, Sequence[Remark]]:
        """Return the mapping in a file as the tree of ``mapping.yaml``.

        :raises UsageError: naming file, place, what is wrong and what to do.
        """

    def write(self, root: Table, path: Path, register: Register) -> Sequence[Remark]:
        """Write a mapping to a file; nothing is written when it cannot be done."""


def face_of(path: Path) -> Face:
    """Return the face of a kind of file.

    :raises UsageError: QCP-MAP-FACE for a kind that no face reads.
    """
    name = FACES.get(path.suffix.lower())
    if name is None:
        raise fault(
            "QCP-MAP-FACE",
            f"{path.suffix or 'A name without ending'} is no kind of mapping file.",
            path.name,
            f"Known kinds are: {', '.join(FACES)}.",
        )
    return cast(Face, importlib.import_module(name))


def convert(source: Path, target: Path, register: Register) -> list[Remark]:
    """Read a mapping in one face and write it in another; return what needs a person's eye.

    :raises UsageError: when it is faulty; then nothing is written.
    """
    writer = face_of(target)
    root, remarks = face_of(source).read(source, register)
    return [*remarks, *writer.write(root, target, register)]
