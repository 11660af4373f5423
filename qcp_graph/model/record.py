"""A record as a reader delivers it, and as the mapping leaves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from qcp_graph.model.issue import Issue
from qcp_graph.terms import Quad

JsonValue: TypeAlias = (
    bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None
)


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a record stands in its snapshot.

    ``file`` is the name inside the snapshot; ``path`` a row (``row 12``), an XPath
    (``/FICHES/FICHE[3]``, with the line), a JSON Pointer (``/fachklassen/3``) or a cell range.
    """

    file: str
    path: str = ""

    def __str__(self) -> str:
        return f"{self.file} {self.path}".rstrip()


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One record of a source: nested JSON-like data and its place.

    XML elements become mappings from child name to a list or a single value; attributes are
    ``@name``, mixed text ``#text``. CSV rows become flat mappings of strings. ``plain``: its reader
    knows that no text of it was encoded twice.
    """

    data: Mapping[str, JsonValue]
    locator: Locator
    plain: bool = field(default=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MappedRecord:
    """What the mapping made of one record.

    ``quads`` belong to this record alone; ``shared`` to nodes that several records describe
    (organisations). ``rejected`` records have no quads and at least one issue that says why.
    """

    key: str
    locator: Locator
    iri: str
    quads: Sequence[Quad] = ()
    shared: Sequence[Quad] = ()
    issues: Sequence[Issue] = ()
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class PreparedRecord:
    """A record with its key, its joined rows and the hash that decides whether it is new work."""

    key: str
    digest: bytes
    record: SourceRecord
    joined: Mapping[str, Sequence[Mapping[str, JsonValue]]] = field(default_factory=dict)
