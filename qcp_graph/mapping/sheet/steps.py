r"""Transformations as a cell writes them: ``trim; split(";"); replace("^0+", by="")``.

Functions of ``docs/functions.md`` in order, separated by semicolons. Arguments stand in brackets:
bare words, texts in double quotes (``\"`` for a quotation mark), or lists ``["a", "b"]``.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from qcp_graph.mapping import functions

Argument: TypeAlias = str | tuple[str, ...]
_TOKEN: Final = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<mark>[;(),=\[\]])|(?P<word>[^\s;(),=\[\]"]+))'
)
_WORD: Final = re.compile(r"[A-Za-z0-9_./:+-]+\Z")
MAX_LENGTH: Final = 10_000


@dataclass(frozen=True, slots=True)
class Call:
    """One function with its arguments; the name ``""`` stands for the first one."""

    name: str
    arguments: Mapping[str, Argument]


def parse(cell: str) -> tuple[Call, ...]:
    r"""Read a cell of transformations.

    >>> [(c.name, dict(c.arguments)) for c in parse('trim; drop(["n/a", "-"]); pad(4, fill="0")')]
    [('trim', {}), ('drop', {'': ('n/a', '-')}), ('pad', {'': '4', 'fill': '0'})]

    :raises ValueError: saying what is wrong, in words for the person who wrote the cell.
    """
    if len(cell) > MAX_LENGTH:
        raise ValueError(f"it is longer than {MAX_LENGTH} characters")
    reader = _Reader(_tokens(cell))
    found: list[Call] = []
    while not reader.done:
        if reader.take(";"):
            continue
        found.append(reader.call())
        if not reader.done and not reader.take(";"):
            raise ValueError(f"a semicolon is missing after {found[-1].name!r}")
    return tuple(found)


def check(calls: Sequence[Call]) -> None:
    """Hold calls against the library.

    :raises ValueError: naming the nearest function, or the argument that is wrong.
    """
    library = functions.library()
    for call in calls:
        function = library.get(call.name)
        if function is None:
            raise ValueError(f"there is no function {call.name!r}.{_near(call.name, library)}")
        function.bind(call.arguments)


def _near(name: str, known: Mapping[str, object]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f" Did you mean {near[0]!r}?" if near else ""


def write(calls: Sequence[Call]) -> str:
    """Write calls as a cell; :func:`parse` reads them back.

    >>> write(parse('split( ";" ) ;unique'))
    'split(";"); unique'
    """
    return "; ".join(_written(call) for call in calls)


def as_yaml(calls: Sequence[Call]) -> list[object]:
    """Return the calls as ``transform`` of a mapping file takes them."""
    return [_step(call) for call in calls]


def _step(call: Call) -> object:
    if not call.arguments:
        return call.name
    plain = {k: list(v) if isinstance(v, tuple) else v for k, v in call.arguments.items()}
    if list(plain) == [""]:
        return {call.name: plain[""]}
    function = functions.library().get(call.name)
    first = next(iter(function.parameters), "") if function else ""
    return {call.name: {name or first: value for name, value in plain.items()}}


def _written(call: Call) -> str:
    if not call.arguments:
        return call.name
    inner = ", ".join(
        f"{name}={_quoted(value)}" if name else _quoted(value)
        for name, value in call.arguments.items()
    )
    return f"{call.name}({inner})"


def _quoted(value: Argument) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_text(item) for item in value)}]"
    return value if _WORD.match(value) else _text(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _tokens(cell: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    end = len(cell.rstrip())
    while place < end:
        match = _TOKEN.match(cell, place)
        if not match:
            raise ValueError(f"the quotation mark in {cell[place : place + 40]!r} is not closed")
        kind = match.lastgroup or ""
        found.append((kind, match.group(kind)))
        place = match.end()
    return found


@dataclass
class _Reader:
    """Walks along the tokens of one cell."""

    tokens: Sequence[tuple[str, str]]
    place: int = 0

    @property
    def done(self) -> bool:
        return self.place >= len(self.tokens)

    def take(self, mark: str) -> bool:
        """Step over a mark, when it is next."""
        if not self.done and self.tokens[self.place] == ("mark", mark):
            self.place += 1
            return True
        return False

    def next(self, wanted: str) -> tuple[str, str]:
        if self.done:
            raise ValueError(f"{wanted} is missing at the end")
        self.place += 1
        return self.tokens[self.place - 1]

    def call(self) -> Call:
        kind, name = self.next("a function")
        if kind != "word":
            raise ValueError(f"a function's name is expected where {name!r} stands")
        arguments: dict[str, Argument] = {}
        if self.take("("):
            while not self.take(")"):
                key, value = self._argument(name)
                if key in arguments:
                    raise ValueError(f"{name} has two arguments where one is expected")
                arguments[key] = value
                if not self.take(",") and not self.take(")"):
                    raise ValueError(f"the bracket after {name!r} is not closed")
                if self.tokens[self.place - 1] == ("mark", ")"):
                    break
        return Call(name, arguments)

    def _argument(self, name: str) -> tuple[str, Argument]:
        value = self._value(name)
        if isinstance(value, str) and self.take("="):
            return value, self._value(name)
        return "", value

    def _value(self, name: str) -> Argument:
        if self.take("["):
            items: list[str] = []
            while not self.take("]"):
                items.append(self._plain(name))
                self.take(",")
            return tuple(items)
        return self._plain(name)

    def _plain(self, name: str) -> str:
        kind, value = self.next(f"the bracket after {name!r}")
        if kind == "mark":
            raise ValueError(f"an argument of {name} is expected where {value!r} stands")
        if kind == "word":
            return value
        try:
            return str(json.loads(value))
        except ValueError:  # a backslash of a pattern that JSON does not know: taken as it is
            return value[1:-1].replace('\\"', '"')
