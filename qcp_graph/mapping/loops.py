"""Iterations inside a record: which items a mapping runs over, and how two mappings meet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qcp_graph.mapping.frames import Frame, Getter, Step, Texts, keys_of, rows_by_key, select
from qcp_graph.model.record import JsonValue

Items = Callable[[Frame], Sequence[JsonValue]]


@dataclass(frozen=True, slots=True)
class LoopNode:
    """An iteration; ``number`` 0 is the record itself.

    ``path`` is its absolute path in the record (None for computed texts), ``join`` the side table
    whose rows it runs over.
    """

    number: int
    parent: "LoopNode | None" = None
    items: Items | None = None
    path: tuple[Step, ...] | None = ()
    join: str = ""

    @property
    def depth(self) -> int:
        """How many iterations lie around it."""
        return 0 if self.parent is None else self.parent.depth + 1

    def lineage(self) -> list["LoopNode"]:
        """Return the iterations from the record down to this one."""
        return [] if self.parent is None else [*self.parent.lineage(), self]

    def outer(self, levels: int) -> "LoopNode | None":
        """Return the iteration some levels up."""
        return self if not levels else (self.parent.outer(levels - 1) if self.parent else None)


def path_items(steps: tuple[Step, ...]) -> Items:
    """Return the items at a path: lists flattened, nothing for what is empty."""

    def items(frame: Frame) -> Sequence[JsonValue]:
        return [v for v in select(frame.item, steps) if v is not None and v != "" and v != {}]

    return items


def join_items(name: str) -> Items:
    """Return the joined rows of the record."""
    return lambda frame: frame.run.joined.get(name, ())


def keyed_items(name: str, key: Getter, on: Getter) -> Items:
    """Return the joined rows of which a key is one of the values of the iteration around."""

    def items(frame: Frame) -> Sequence[JsonValue]:
        run = frame.run
        known = run.by_key.get(name)
        if known is None:
            known = run.by_key[name] = rows_by_key(key, run.joined.get(name, ()), run)
        return [row for wanted in keys_of(on, frame) for row in known.get(wanted, ())]

    return items


def text_items(getter: Callable[[Frame], Texts]) -> Items:
    """Return computed texts as items."""
    return getter


def frames_of(lineage: Sequence[LoopNode], start: Frame) -> list[Frame]:
    """Return the frames of the last iteration of a lineage below a frame."""
    found = [start]
    for loop in lineage:
        found = [inner for frame in found for inner in frames_inside(loop, frame)]
    return found


def frames_inside(loop: LoopNode, frame: Frame) -> list[Frame]:
    """Return the frames of an iteration directly inside a frame, made once."""
    if frame.children is None:
        frame.children = {}
    known = frame.children.get(loop.number)
    if known is None:
        assert loop.items is not None
        run = frame.run
        known = [Frame(v, frame, n, run) for n, v in enumerate(loop.items(frame), start=1)]
        frame.children[loop.number] = known
    return known


def meeting(here: LoopNode, there: LoopNode) -> tuple[int, list[LoopNode]]:
    """Return how many iterations to climb from ``here``, and the lineage down to ``there``."""
    ours, theirs = here.lineage(), there.lineage()
    common = 0
    while common < min(len(ours), len(theirs)) and ours[common] is theirs[common]:
        common += 1
    return len(ours) - common, theirs[common:]
