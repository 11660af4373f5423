"""The generated functions of one input, made when the first record needs them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias, TypeVar

from qcp_graph.mapping.compile_rules import CompiledMap
from qcp_graph.mapping.compile_values import Values
from qcp_graph.mapping.frames import Frame, RejectedError
from qcp_graph.mapping.generate.code import Code
from qcp_graph.mapping.generate.maps import generate
from qcp_graph.mapping.generate.sinks import Lines, Quads, Sink
from qcp_graph.model.record import JsonValue
from qcp_graph.terms import Quad

T = TypeVar("T")
Found: TypeAlias = tuple[str, list[T], list[T], bool]
Generated: TypeAlias = Callable[[JsonValue, Frame], Found[Any] | None]


@dataclass
class Mapper:
    """Maps the records of one input; ``label`` names it in tracebacks."""

    maps: Sequence[CompiledMap]
    main: CompiledMap
    values: Values
    label: str

    _made: dict[tuple[tuple[str, str], ...], Generated] = field(default_factory=dict)

    def quads(self, frame: Frame) -> tuple[str, Iterable[Quad], Iterable[Quad]] | None:
        """Return subject, quads and shared quads of a record, each once.

        ``None`` where the closures must decide: about its subject, or whether it is rejected.
        """
        found = _called(self._made.get(()) or self._make((), Quads), frame)
        if found is None or not found[3]:
            return found and found[:3]
        subject, quads, shared, _ = found
        return subject, dict.fromkeys(quads), dict.fromkeys(shared)

    def lines(self, frame: Frame, graphs: Mapping[str, str]) -> Sequence[str] | None:
        """Return a record as N-Quads lines, each once; ``graphs`` is role → graph IRI."""
        key = tuple(graphs.items())
        made = self._made.get(key) or self._make(key, partial(Lines, graphs=dict(graphs)))
        found = _called(made, frame)
        if found is None:
            return None
        lines = found[1] + found[2]
        return list(dict.fromkeys(lines)) if found[3] else lines

    def _make(self, key: tuple[tuple[str, str], ...], sink: Callable[[Code], Sink]) -> Generated:
        try:
            made = generate(self.maps, self.main, self.values, sink, self.label)
        except SyntaxError:  # iterations nested deeper than the compiler takes
            made = _never
        self._made[key] = made
        return made


def _never(_data: JsonValue, _frame: Frame) -> None:
    return None


def _called(function: Generated, frame: Frame) -> Found[Any] | None:
    if type(frame.item) is not dict:
        return None
    try:
        return function(frame.item, frame)
    except RejectedError:
        return None
