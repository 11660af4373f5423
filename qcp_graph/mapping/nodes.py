"""YAML as a tree that remembers its lines: what a message needs, and nothing that can run.

Scalars stay text (``No`` is Norwegian or a word, never *false*; ``007`` keeps its zeros); tags,
anchors, aliases and repeated keys are refused, size and depth are bounded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import yaml

from qcp_graph.mapping.problems import fault

MAX_BYTES: Final = 2 * 1024**2
MAX_DEPTH: Final = 40
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Place(NamedTuple):
    """A line of a file, counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file} line {self.line}"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text; ``quoted`` tells ``""`` from nothing."""

    text: str
    place: Place
    quoted: bool = False

    @property
    def empty(self) -> bool:
        """Nothing was written (``key:``)."""
        return not self.text and not self.quoted


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """Keys with values, and the place of each key."""

    entries: Mapping[str, "Node"]
    places: Mapping[str, Place]
    place: Place


Node: TypeAlias = Scalar | Listing | Table


def read(path: Path, name: str) -> Table:
    """Read a YAML file whose top level is a table; ``name`` is how messages call it.

    :raises UsageError: QCP-MAP-FILE or QCP-MAP-YAML, naming the line.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise fault("QCP-MAP-FILE", f"The file cannot be read: {error.strerror}.", path) from error
    if size > MAX_BYTES:
        raise fault("QCP-MAP-FILE", f"The file is larger than {MAX_BYTES} bytes.", path)
    try:
        return parse(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        raise fault("QCP-MAP-FILE", "The file is not UTF-8.", path, "Save it as UTF-8.") from error


def parse(text: str, name: str) -> Table:
    """Parse YAML text; see :func:`read`."""
    try:
        root = _Builder(name).build(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1 if mark else 1)
        raise fault("QCP-MAP-YAML", f"Not valid YAML: {error.problem}.", place) from error
    except yaml.YAMLError as error:
        first = str(error).splitlines()[0][:200]
        raise fault("QCP-MAP-YAML", f"Not valid YAML: {first}.", Place(name, 1)) from error
    if not isinstance(root, Table):
        raise fault("QCP-MAP-YAML", "The file is not a table of keys and values.", Place(name, 1))
    return root


@dataclass(slots=True)
class _Open:
    """A list or table that is being read."""

    place: Place
    table: bool
    items: list[Node]


class _Builder:
    """Builds the tree from parser events, without recursion."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stack: list[_Open] = []
        self._root: Node | None = None

    def build(self, text: str) -> Node | None:
        """Return the only document, or None for an empty file."""
        documents = 0
        for event in self._events(text):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._refused(event, "A second document (---)")
            elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise self._refused(event, "An anchor or alias (& or *)")
            elif getattr(event, "tag", None):
                raise self._refused(event, "A tag (!)")
            else:
                self._take(event)
        return self._root

    def _events(self, text: str) -> Iterator[yaml.Event]:
        events: Iterator[yaml.Event] = yaml.parse(text, Loader=_Loader)
        yield from events

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            # The C parser says "" where the other one says None: not quoted.
            self._put(Scalar(event.value, self._place(event), bool(event.style)))
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            if len(self._stack) >= MAX_DEPTH:
                raise self._refused(event, f"Nesting deeper than {MAX_DEPTH}")
            table = isinstance(event, yaml.MappingStartEvent)
            self._stack.append(_Open(self._place(event), table, []))
        elif isinstance(event, yaml.SequenceEndEvent):
            done = self._stack.pop()
            self._put(Listing(tuple(done.items), done.place))
        elif isinstance(event, yaml.MappingEndEvent):
            self._put(_table(self._stack.pop()))

    def _put(self, node: Node) -> None:
        if self._stack:
            self._stack[-1].items.append(node)
        else:
            self._root = node

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self._name, mark.line + 1 if mark else 1)

    def _refused(self, event: yaml.Event, what: str) -> Exception:
        return fault(
            "QCP-MAP-YAML",
            f"{what} is not allowed here.",
            self._place(event),
            "Write the text out; quote a value that begins with & * or !.",
        )


def _table(done: _Open) -> Table:
    entries: dict[str, Node] = {}
    places: dict[str, Place] = {}
    for key, value in zip(done.items[::2], done.items[1::2], strict=True):
        if not isinstance(key, Scalar):
            raise fault("QCP-MAP-YAML", "A key must be a text.", key.place)
        if key.text in entries:
            raise fault(
                "QCP-MAP-YAML",
                f"The key {key.text[:80]!r} is there twice; first in line {places[key.text].line}.",
                key.place,
                "Keep one of them.",
            )
        entries[key.text] = value
        places[key.text] = key.place
    return Table(entries, places, done.place)


def canonical(node: Node) -> object:
    """Return the content without lines and without the order of keys, for a fingerprint."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Listing):
        return [canonical(item) for item in node.items]
    return {key: canonical(value) for key, value in sorted(node.entries.items())}
