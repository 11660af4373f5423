"""How an export went."""

from collections.abc import Callable
from dataclasses import dataclass, field

from qcp_graph.exports import LeftOut

Advance = Callable[[float], object]


@dataclass
class Outcome:
    """How an export went: what was written, and what was left out, each once."""

    form: str
    register: str
    release: str
    records: int = 0
    written: int = 0
    left_out: dict[LeftOut, None] = field(default_factory=dict)
