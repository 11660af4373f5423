"""How far from a focus node a plan looks: what must be at hand to judge records one by one."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from qcp_graph.validation import paths
from qcp_graph.validation.shape import Shape


@dataclass
class Reach:
    """What a plan reads beyond the triples of the focus nodes and the types of their values.

    ``hops`` are the predicates whose values' own properties are read, ``inverse`` those followed
    backwards, ``depth`` the most hops in a row. ``backward`` says that what lies at the other end
    of an inverse step is read as well, ``asks`` that there is SPARQL. ``whole`` is the reason why
    nothing less than a whole graph can be judged, or "".
    """

    hops: set[str] = field(default_factory=set)
    inverse: set[str] = field(default_factory=set)
    depth: int = 0
    backward: bool = False
    whole: str = ""
    asks: bool = False
    _depths: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, shapes: Iterable[Shape]) -> "Reach":
        """Return what shapes read, with all that they refer to."""
        reach = cls()
        for shape in shapes:
            reach.depth = max(reach.depth, reach._visit(shape))
        return reach

    def _visit(self, shape: Shape) -> int:
        """Return how many hops a shape reads, judged at a node; 0: not even the node's triples."""
        if id(shape) in self._depths:
            return self._depths[id(shape)]
        inner = max(
            (self._visit(s) for s in (*shape.children, *_asked(shape))),
            default=0,
        )
        if shape.closed is not None:
            inner = max(inner, 1)
        if any(check.pair for check in shape.checks):
            inner = max(inner, 1 if not shape.path else 0)
        if any(check.solve is not None for check in shape.checks):
            self.asks = True
            self.whole = self.whole or f"the shape {shape.term} asks a question in SPARQL"
        depth = inner
        if shape.path:
            depth = self._follow(paths.parse(shape.path), reads=inner > 0) + inner
        if shape.condition is not None:
            depth = max(depth, self._visit(shape.condition))
        self._depths[id(shape)] = depth
        return depth

    def _follow(self, path: paths.Path, *, reads: bool) -> int:
        """Note the predicates of a path; return its length."""
        match path.operator:
            case "":
                if reads:
                    self.hops.add(path.predicate)
                return 1
            case "^":
                return self._back(path.operands[0], reads=reads)
            case "/":
                last = len(path.operands) - 1
                steps = enumerate(path.operands)
                return sum(self._follow(p, reads=reads or i < last) for i, p in steps)
            case "|" | "?":
                return max(self._follow(p, reads=reads) for p in path.operands)
            case _:
                self.whole = self.whole or f"the path {path} has any length"
                return 1

    def _back(self, path: paths.Path, *, reads: bool) -> int:
        if path.operator != "":
            self.whole = self.whole or f"the path ^({path}) leads back over several steps"
            return 1
        self.inverse.add(path.predicate)
        self.backward = self.backward or reads
        return 1


def _asked(shape: Shape) -> Iterable[Shape]:
    return (s for check in shape.checks for s in check.shapes)
