"""The state of one record on its way through the mapping, and how values are taken from it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from qcp_graph.mapping.problems import fault
from qcp_graph.model.issue import Issue, Severity
from qcp_graph.model.record import JsonValue, Locator
from qcp_graph.terms import Quad

Texts: TypeAlias = Sequence[str]
Step: TypeAlias = str | int


class RejectedError(Exception):
    """The record cannot be mapped; its issues say why."""


class Run:
    """One record: its joined rows, and the issues and quads found so far."""

    __slots__ = ("by_key", "issues", "joined", "key", "locator", "quads", "shared", "source")

    def __init__(
        self,
        source: str,
        key: str,
        locator: Locator,
        joined: Mapping[str, Sequence[Mapping[str, JsonValue]]],
    ) -> None:
        self.source = source
        self.key = key
        self.locator = locator
        self.joined = joined
        self.by_key: dict[str, dict[str, list[JsonValue]]] = {}
        self.issues: list[Issue] = []
        self.quads: dict[Quad, None] = {}
        self.shared: dict[Quad, None] = {}

    def issue(
        self, code: str, message: str, *, severity: Severity = "warning", field: str = "",
        rule: str = "", value: str = "", remedy: str = "",
    ) -> None:  # fmt: skip
        """Keep an issue of this record."""
        self.issues.append(
            Issue(
                code, severity, message, self.source, self.key, str(self.locator), field, rule,
                whole_characters(value[:500]), remedy,
            )
        )  # fmt: skip


class Frame:
    """One iteration: the item, its number, the iteration around it, and what was computed in it."""

    __slots__ = ("children", "index", "item", "memo", "parent", "run", "subjects")

    def __init__(self, item: JsonValue, parent: "Frame | None", index: int, run: Run) -> None:
        self.item = item
        self.parent = parent
        self.index = index
        self.run = run
        self.memo: dict[int, tuple[Texts, Sequence[Issue]]] | None = None
        self.subjects: dict[str, Texts] | None = None
        self.children: dict[int, list[Frame]] | None = None


def whole_characters(text: str) -> str:
    """Replace halves of characters, which no file and no database takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


Getter: TypeAlias = Callable[[Frame], Texts]


def texts(value: JsonValue) -> Texts:
    """Return the texts of a value: lists flattened, blank texts left out, numbers canonical.

    >>> texts([1.0, True, " ", {"#text": "a", "@id": "1"}, [2.5]])
    ['1', 'true', 'a', '2.5']
    """
    if type(value) is str:
        return (value,) if value and not value.isspace() else ()
    if value is None:
        return ()
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, int):
        return (_integer(value),)
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value),)
    if isinstance(value, str):
        return texts(str(value))
    if isinstance(value, Mapping):
        return texts(value.get("#text"))
    return [text for item in value for text in texts(item)]


def _integer(value: int) -> str:
    # Python refuses to print numbers of more than 4300 digits, which hostile JSON may hold.
    return str(value) if value.bit_length() < 4000 else hex(value)


def select(value: JsonValue, steps: Sequence[Step]) -> list[JsonValue]:
    """Return what a path leads to; lists on the way and at the end are flattened.

    >>> select({"a": [{"b": [1, 2]}, {"b": 3}]}, ["a", "b"])
    [1, 2, 3]
    """
    found: list[JsonValue] = _flat(value)
    for step in steps:
        following: list[JsonValue] = []
        if isinstance(step, int):
            following = found[step : step + 1]
        else:
            for item in found:
                if (type(item) is dict or isinstance(item, Mapping)) and step in item:
                    following.extend(_flat(item[step]))
        found = following
    return found


def _flat(value: JsonValue) -> list[JsonValue]:
    kind = type(value)  # asked first: isinstance with an abstract class is slow
    if kind is dict or kind is str or value is None:
        return [value]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [inner for item in value for inner in _flat(item)]
    return [value]


def path_getter(steps: tuple[Step, ...]) -> Getter:
    """Return a function that takes the texts at a path below the item of a frame."""
    if len(steps) == 1 and isinstance(steps[0], str):
        return _name_getter(steps[0])
    if len(steps) == 2 and isinstance(steps[0], str) and isinstance(steps[1], str):
        return _two_getter(steps[0], steps[1])

    def many(frame: Frame) -> Texts:
        found = select(frame.item, steps)
        return texts(found[0]) if len(found) == 1 else [t for value in found for t in texts(value)]

    return many


def _name_getter(name: str) -> Getter:
    steps = (name,)

    def one(frame: Frame) -> Texts:
        item = frame.item
        value = item.get(name) if type(item) is dict else select(item, steps)
        if type(value) is str:
            return (value,) if value and not value.isspace() else ()
        return texts(value)

    return one


def _two_getter(outer: str, inner: str) -> Getter:
    steps = (outer, inner)

    def two(frame: Frame) -> Texts:
        item = frame.item
        if type(item) is dict:
            value = item.get(outer)
            if type(value) is dict:
                return texts(value.get(inner))
            if value is None:
                return ()
        return [text for value in select(item, steps) for text in texts(value)]

    return two


def climbed(getter: Getter, levels: int) -> Getter:
    """Return a getter that reads from an enclosing iteration."""
    if not levels:
        return getter

    def outer(frame: Frame) -> Texts:
        return getter(enclosing(frame, levels))

    return outer


def enclosing(frame: Frame, levels: int) -> Frame:
    """Return the iteration some levels up."""
    for _ in range(levels):
        if frame.parent is None:
            raise fault("QCP-MAP-TEMPLATE", "There is no enclosing iteration.", frame.run.locator)
        frame = frame.parent
    return frame


def item_texts(frame: Frame) -> Texts:
    """Return the item itself (``$(.)``)."""
    return texts(frame.item)


def item_index(frame: Frame) -> Texts:
    """Return the number of the item, from 1 (``$(@index)``)."""
    return (str(frame.index),)


def item_file(frame: Frame) -> Texts:
    """Return the name of the file the record or row stands in (``$(@file)``)."""
    return (frame.run.locator.file,)


def keys_of(getter: Getter, frame: Frame) -> Sequence[str]:
    """Return the keys a record or row gives: white space squeezed, each once."""
    found = getter(frame)
    if len(found) == 1:
        key = whole_characters(" ".join(found[0].split()))
        return (key,) if key else ()
    keys = (whole_characters(" ".join(text.split())) for text in found)
    return tuple(dict.fromkeys(key for key in keys if key))


def rows_by_key(getter: Getter, rows: Sequence[JsonValue], run: Run) -> dict[str, list[JsonValue]]:
    """Return rows by each of their keys, in order."""
    found: dict[str, list[JsonValue]] = {}
    for row in rows:
        for key in keys_of(getter, Frame(row, None, 1, run)):
            found.setdefault(key, []).append(row)
    return found
