"""What generated functions call: plain values, and what to do about all others.

A *plain* value is a text, ``None`` for none, or :data:`UNUSUAL` for everything that the closures
have to judge: several values, problems, forms that only they know.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from qcp_graph.mapping.compile_rules import CompiledMap
from qcp_graph.mapping.compile_values import encoded_text
from qcp_graph.mapping.emission import emit
from qcp_graph.mapping.frames import Frame, RejectedError, Run, Step, Texts, select, texts
from qcp_graph.mapping.literals import CONTROL
from qcp_graph.model.record import JsonValue, Locator
from qcp_graph.terms import Quad, is_iri

MAX_KEPT: Final = 2048  # results of one rule that are remembered
MAX_KEY: Final = 48  # characters of a text whose result is remembered


class Unusual:
    """The kind of :data:`UNUSUAL`."""

    def __repr__(self) -> str:
        return "UNUSUAL"


UNUSUAL: Final = Unusual()
Plain: TypeAlias = str | Unusual | None
Several: TypeAlias = str | Unusual | tuple[str, ...] | None


def text_of(value: object) -> Plain:
    """Return the only text of a value that is not a text itself.

    >>> text_of(3), text_of([]), text_of(["a", "b"]), text_of({"#text": "x", "@id": "1"})
    ('3', None, UNUSUAL, 'x')
    """
    if type(value) is int and -(10**15) < value < 10**15:
        return str(value)
    if isinstance(value, Unusual):
        return value
    found = texts(value)  # type: ignore[arg-type]
    if len(found) > 1:
        return UNUSUAL
    return found[0] if found else None


def below(value: object) -> Unusual | None:
    """Return what lies below a value that is no table: nothing, or it takes the closures."""
    return None if isinstance(value, str | int | float) else UNUSUAL


def no_fields(item: object) -> Callable[[str], object]:
    """Return how the fields of an item that is no dict are read."""
    if isinstance(item, Mapping):
        return item.get
    return _below_item if isinstance(item, Sequence) and not isinstance(item, str) else _nothing


def _nothing(_name: str) -> None:
    return None


def _below_item(_name: str) -> Unusual:
    return UNUSUAL


def items_at(item: JsonValue, steps: tuple[Step, ...]) -> Sequence[JsonValue]:
    """Return the items of a loop: those at a path, lists flattened, without the empty ones."""
    value = item
    for step in steps:
        if type(value) is not dict:
            return _selected(item, steps)
        value = value.get(step)
    if value is None or value == "":
        return ()
    if type(value) is dict:
        return (value,) if value else ()
    if type(value) is list and all(type(inner) is dict and inner for inner in value):
        return value
    return _selected(item, steps)


def _selected(item: JsonValue, steps: tuple[Step, ...]) -> Sequence[JsonValue]:
    return [v for v in select(item, steps) if v is not None and v != "" and v != {}]


def items_of(frames: Sequence[Frame]) -> Sequence[JsonValue]:
    """Return the items of a loop whose frames its closure has made."""
    return [frame.item for frame in frames]


def lines_of(quads: Iterable[Quad], ends: Mapping[str, str]) -> list[str]:
    """Return N-Quads lines; ``ends`` is role → graph, full stop and line end."""
    return [f"{s} {p} {o}{ends[role]}" for s, p, o, role in quads]


def joined_text(rows: Sequence[JsonValue], steps: tuple[Step, ...]) -> Plain:
    """Return the only text of a column in the only joined row."""
    if len(rows) != 1:
        return UNUSUAL if rows else None
    return text_of(select(rows[0], steps))


def segment(text: str) -> Plain:
    """Return a text as a part of an IRI."""
    part = encoded_text(text)
    return part if part.isascii() or is_iri(f"http://x/{part}") else UNUSUAL


def segment_of(value: object) -> Plain:
    """Return the only text of a value that is not a text itself, as a part of an IRI."""
    text = text_of(value)
    return segment(text) if isinstance(text, str) else text


def escape(text: str) -> Plain:
    """Return a text as literals write it, without the quotation marks."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    plain = plain.replace("\n", "\\n").replace("\r", "\\r")
    # All that is left to find is not printable, and so are a few characters that may stay.
    return UNUSUAL if not plain.isprintable() and CONTROL.search(text) else plain


def general(
    rule: Callable[[Frame, str, dict[Quad, None]], None], frame: Frame, subject: str,
) -> dict[Quad, None]:  # fmt: skip
    """Return the triples of a rule, made by its closure."""
    quads: dict[Quad, None] = {}
    rule(frame, subject, quads)
    return quads


def general_map(compiled: CompiledMap, frame: Frame) -> dict[Quad, None]:
    """Return the triples of one iteration of a mapping, made by its closures."""
    quads: dict[Quad, None] = {}
    emit(compiled, frame, quads)
    return quads


def subject_of(compiled: CompiledMap, frame: Frame) -> Plain:
    """Return the only subject of an iteration, found by its closure."""
    found = compiled.subjects_in(frame)
    if len(found) > 1:
        return UNUSUAL
    return found[0] if found else None


class Memo(dict[object, Several]):
    """What a function of one text gives, remembered for short texts while nothing is wrong.

    ``compute`` takes a frame whose item is the text, as a sequence of one or none.
    """

    def __init__(self, compute: Callable[[Frame], Texts], *, several: bool) -> None:
        super().__init__({UNUSUAL: UNUSUAL})
        self._compute = compute
        self._several = several
        self._run = Run("", "", Locator(""), {})
        self._frame = Frame(None, None, 1, self._run)

    def __missing__(self, text: str | None) -> Several:
        found = self._found(() if text is None else (text,))
        # What came first comes often; a rule whose values are all different is not worth more.
        if len(self) < MAX_KEPT and (text is None or len(text) <= MAX_KEY):
            self[text] = found
        return found

    def _found(self, given: tuple[str, ...]) -> Several:
        self._frame.item = given
        try:
            found = self._compute(self._frame)
        except RejectedError:
            self._run.issues.clear()
            return UNUSUAL
        if self._run.issues:
            self._run.issues.clear()
            return UNUSUAL
        if len(found) < 2:
            return found[0] if found else None
        return tuple(dict.fromkeys(found)) if self._several else UNUSUAL


def given_texts(frame: Frame) -> Texts:
    """Return the texts that a :class:`Memo` hands to its function."""
    item = frame.item
    assert isinstance(item, tuple)
    return item
