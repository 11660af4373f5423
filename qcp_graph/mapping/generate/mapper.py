"""The generated functions of one input, made when the first record needs them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from qcp_graph.mapping.compile_rules import CompiledMap
from qcp_graph.mapping.compile_values import Values
from qcp_graph.mapping.frames import Frame, RejectedError
from qcp_graph.mapping.generate.maps import generate
from qcp_graph.mapping.generate.sinks import Quads
from qcp_graph.model.record import JsonValue
from qcp_graph.terms import Quad

Found: TypeAlias = tuple[str, list[Quad], list[Quad]]


@dataclass
class Mapper:
    """Maps the records of one input; ``label`` names it in tracebacks."""

    maps: Sequence[CompiledMap]
    main: CompiledMap
    values: Values
    label: str

    @cached_property
    def _quads(self) -> Callable[[JsonValue, Frame], Found | None]:
        try:
            return generate(self.maps, self.main, self.values, Quads, self.label)
        except SyntaxError:  # iterations nested deeper than the compiler takes
            return lambda data, frame: None

    def quads(self, frame: Frame) -> Found | None:
        """Return subject, quads and shared quads of a record (not yet each once).

        ``None`` where the closures must decide: about its subject, or whether it is rejected.
        """
        if type(frame.item) is not dict:
            return None
        try:
            return self._quads(frame.item, frame)
        except RejectedError:
            return None
