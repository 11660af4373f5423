"""Strict audit: each field of the source is used, ignored by name, or reported once.

A tree of the names that the mapping uses is walked along each record. A table whose names and
kinds of values were met before costs one look into a dictionary; only those of its names are
visited again that may hold something new.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.paths import Form, written
from qcp_graph.model.issue import Issue
from qcp_graph.model.record import JsonValue, Locator

MAX_REPORTED: Final = 500
MAX_REMEMBERED: Final = 20_000
MAX_SHAPES: Final = 100_000  # names in all shapes together
_PLAIN: Final = frozenset({str, int, float, bool, type(None)})


@dataclass(slots=True)
class Node:
    """A name of the source: ``leaf`` is used itself, ``tree`` with all below it.

    ``shapes`` are the tables met so far, names and kinds of values, with the names to visit again.
    """

    path: tuple[str, ...]
    inner: dict[str, "Node"] = field(default_factory=dict)
    leaf: bool = False
    tree: bool = False
    wanted: dict[str, tuple[str, Place]] = field(default_factory=dict)
    shapes: dict[tuple[object, ...], tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _Unused:
    """A field that nothing uses: how often it had a value, and where first."""

    locator: Locator
    value: str
    count: int = 1


class Ignore:
    """The fields that a mapping ignores by name; ``*`` stands for any text."""

    def __init__(self, patterns: Sequence[tuple[str, Place]], source: str) -> None:
        self._patterns = [(text, _pattern(text), place) for text, place in patterns]
        self._source = source
        self._hit: set[str] = set()
        self.passed: dict[str, tuple[str, Place]] = {}
        """The first fields that were ignored, each with the pattern that names it."""

    def covers(self, paths: Iterator[str]) -> bool:
        """Tell whether a pattern names one of some paths (a field, and all it is a part of)."""
        for path in paths:
            for text, pattern, place in self._patterns:
                if pattern.match(path):
                    self._hit.add(text)
                    if len(self.passed) < MAX_REPORTED:
                        self.passed[path] = text, place
                    return True
        return False

    def unneeded(self, absent: Iterable[str] = ()) -> Iterator[Issue]:
        """Yield an issue for each pattern that met no field; ``absent`` are joins without rows."""
        silent = tuple(f"join:{name}/" for name in absent)
        for text, _pattern, place in self._patterns:
            if text not in self._hit and not text.startswith(silent):
                yield Issue(
                    "QCP-MAP-IGNORED", "info",
                    "The field is ignored by name, but no record of the delivery has it.",
                    self._source, field=text, rule=str(place),
                    remedy="Remove it from `ignore` when the source has dropped it for good.",
                )  # fmt: skip


class Audit:
    """Watches the records of one input, or the rows of a side table (``start`` names it)."""

    def __init__(self, form: Form, ignore: Ignore, source: str, start: str = "") -> None:
        self._form = form
        self._source = source
        self._start = start
        self._root = Node(())
        self._ignore = ignore
        self._unused: dict[str, _Unused] = {}
        self._remembered = 0
        self._shaped = 0
        self._others: Sequence[Audit] = ()
        self.records = 0
        self._overflow = 0

    def used(self, names: tuple[str, ...], text: str, place: Place, *, tree: bool = False) -> None:
        """Take note of a field that the mapping uses; ``tree`` with all that lies below it."""
        node = self.expected(names, text, place)
        node.leaf = True
        node.tree = node.tree or tree

    def expected(self, names: tuple[str, ...], text: str, place: Place) -> Node:
        """Take note of a field that must be there, be it only for what lies below it."""
        node = self._root
        for name in names:
            node.wanted.setdefault(name, (text, place))
            node = node.inner.setdefault(name, Node((*node.path, name)))
        return node

    def names(self) -> frozenset[str] | None:
        """Return the outermost names that the mapping reads; None when it reads whole records.

        To be asked before the first record: what is met later is remembered beside them.
        """
        root = self._root
        return None if root.leaf or root.tree else frozenset(root.inner)

    def see(self, data: Mapping[str, JsonValue], locator: Locator) -> None:
        """Compare one record with what the mapping uses."""
        self.records += 1
        self._walk(self._root, data, locator)

    def _walk(self, node: Node, data: Mapping[str, JsonValue], locator: Locator) -> None:
        shape = (*data, *map(type, data.values()))
        names = node.shapes.get(shape)
        if names is None:
            self._first(node, data, locator, shape)
            return
        for name in names:
            self._visit(node, name, data[name], locator)

    def _first(
        self, node: Node, data: Mapping[str, JsonValue], locator: Locator,
        shape: tuple[object, ...],
    ) -> None:  # fmt: skip
        for name in node.wanted.keys() & data.keys():
            del node.wanted[name]
        for name, value in data.items():
            self._visit(node, name, value, locator)
        self._shaped += len(data) + 1
        if self._shaped <= MAX_SHAPES:
            inner = node.inner
            node.shapes[shape] = tuple(
                name for name, value in data.items() if not _settled(inner.get(name), value)
            )

    def _visit(self, node: Node, name: str, value: JsonValue, locator: Locator) -> None:
        child = node.inner.get(name)
        if child is None:
            if value is not None and value != "":
                self._new(node, name, value, locator)
        elif child.tree:
            if child.wanted:
                self._meet(child, value)
        elif type(value) is not str and value is not None:
            self._inside(child, value, locator)
        elif not child.leaf and value:
            self._report(child, value, locator)

    def _meet(self, node: Node, value: JsonValue) -> None:
        """Strike off what is wanted inside a table that is used as a whole."""
        if isinstance(value, Mapping):
            for name in node.wanted.keys() & value.keys():
                del node.wanted[name]
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for item in value:
                self._meet(node, item)

    def _inside(self, node: Node, value: JsonValue, locator: Locator) -> None:
        if type(value) is list:  # asked first: isinstance with an abstract class is slow
            for item in value:
                if type(item) is dict:
                    self._walk(node, item, locator)
                else:
                    self._inside(node, item, locator)
        elif type(value) is dict or isinstance(value, Mapping):
            self._walk(node, value, locator)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for item in value:
                self._inside(node, item, locator)
        elif not node.leaf and value is not None and value != "":
            self._report(node, value, locator)

    def _new(self, node: Node, name: str, value: JsonValue, locator: Locator) -> None:
        if name == "#text" and node.leaf:
            return
        child = Node((*node.path, name))
        self._remembered += 1
        if self._remembered <= MAX_REMEMBERED:
            node.inner[name] = child
        if self._ignored(child.path):
            child.leaf = child.tree = True
        elif isinstance(value, str | bool | int | float):
            self._report(child, value, locator)
        else:
            self._inside(child, value, locator)

    def _ignored(self, path: tuple[str, ...]) -> bool:
        return self._ignore.covers(self._text(path[:n]) for n in range(1, len(path) + 1))

    def _text(self, path: tuple[str, ...]) -> str:
        return self._start + written(path, self._form)

    def _report(self, node: Node, value: JsonValue, locator: Locator) -> None:
        text = self._text(node.path)
        known = self._unused.get(text)
        if known is not None:
            known.count += 1
        elif self._ignored(node.path):
            node.leaf = True
        elif len(self._unused) < MAX_REPORTED:
            self._unused[text] = _Unused(locator, str(value)[:500])
        else:
            self._overflow += 1

    def issues(self, others: Sequence["Audit"] = ()) -> list[Issue]:
        """Return what was found: fields that nothing uses, and rules whose field never came.

        ``others`` watch other inputs of the delivery, whose records may have those fields.
        """
        if not self.records:
            return []
        self._others = others
        return [*self._unmapped(), *self._unmet(self._root)]

    def met(self, path: Sequence[str]) -> bool:
        """Tell whether a record had a field."""
        node = self._root
        for name in path:
            if name not in node.inner or name in node.wanted:
                return False
            node = node.inner[name]
        return bool(self.records)

    def _unmapped(self) -> Iterator[Issue]:
        for path, found in sorted(self._unused.items()):
            yield Issue(
                "QCP-MAP-UNMAPPED", "warning",
                f"The field is neither mapped nor ignored; it has a value {found.count} time(s).",
                self._source, locator=str(found.locator), field=path, value=found.value,
                remedy="Map it, or name it with a reason under `ignore` in mapping.yaml.",
            )  # fmt: skip
        if self._overflow:
            yield Issue(
                "QCP-MAP-UNMAPPED", "warning",
                f"More fields than {MAX_REPORTED} are neither mapped nor ignored "
                f"({self._overflow} further values).",
                self._source, remedy="Ignore a whole part of the record with a pattern such as a.*",
            )  # fmt: skip

    def _unmet(self, node: Node) -> Iterator[Issue]:
        for name, (text, place) in node.wanted.items():
            if any(other.met((*node.path, name)) for other in self._others):
                continue
            yield Issue(
                "QCP-MAP-UNUSED", "warning",
                f"No record of the delivery has the field {self._text((*node.path, name))!r}, "
                "which the mapping uses.",
                self._source, field=text, rule=str(place),
                remedy="Check its spelling, or whether the source has dropped it.",
            )  # fmt: skip
        for name, inner in node.inner.items():
            if name not in node.wanted:
                yield from self._unmet(inner)


def _settled(node: Node | None, value: JsonValue) -> bool:
    """Tell whether no value of this kind can be news: the field is used, or all below it is."""
    if node is None:
        return False
    return not node.wanted if node.tree else node.leaf and type(value) in _PLAIN


def _pattern(text: str) -> re.Pattern[str]:
    pieces = [re.escape(piece) for piece in text.removeprefix("./").split("*")]
    return re.compile(".*".join(pieces) + r"\Z", re.DOTALL)
