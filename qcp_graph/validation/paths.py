"""Property paths (SHACL §2.3.1): read from a shapes graph, written as SPARQL 1.1, followed.

The text form is canonical: ``<p>``, ``^<p>``, ``(<p>/<q>)``, ``(<p>|<q>)``, ``<p>*``, ``<p>+``,
``<p>?``, where compound operands are in parentheses.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from qcp_graph.terms import curie
from qcp_graph.validation.graph import View

Follow = Callable[[View, str], Sequence[str]]
"""From a data graph and a focus node to its value nodes, each once."""

Operator = Literal["", "^", "/", "|", "*", "+", "?"]
PARAMETERS: Final[dict[str, Operator]] = {
    curie("sh:inversePath"): "^",
    curie("sh:alternativePath"): "|",
    curie("sh:zeroOrMorePath"): "*",
    curie("sh:oneOrMorePath"): "+",
    curie("sh:zeroOrOnePath"): "?",
}
_TOKEN: Final = re.compile(r"<[^>]*>|[()^/|*+?]")


@dataclass(frozen=True, slots=True)
class Path:
    """A property path: a predicate (operator ``""``) or an operator with its operands."""

    operator: Operator
    predicate: str = ""
    operands: tuple["Path", ...] = ()

    def __str__(self) -> str:
        if self.operator == "":
            return self.predicate
        inner = [str(operand) for operand in self.operands]
        if self.operator in "/|":
            return f"({self.operator.join(inner)})"
        operand = inner[0] if self.operands[0].operator in ("", "/", "|") else f"({inner[0]})"
        return f"^{operand}" if self.operator == "^" else operand + self.operator


def parse(text: str) -> Path:
    """Read the canonical text form back; the inverse of ``str``.

    >>> str(parse("(<http://a/p>/^<http://a/q>)"))
    '(<http://a/p>/^<http://a/q>)'

    :raises ValueError: for anything that ``str`` does not write.
    """
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text:
        raise ValueError(f"not a property path: {text[:200]!r}")
    tokens.reverse()
    path = _unary(tokens)
    if tokens:
        raise ValueError(f"not a property path: {text[:200]!r}")
    return path


def _unary(tokens: list[str]) -> Path:
    if tokens and tokens[-1] == "^":
        tokens.pop()
        return Path("^", operands=(_primary(tokens),))
    path = _primary(tokens)
    if tokens and tokens[-1] in ("*", "+", "?"):
        operator: Operator = tokens.pop()  # type: ignore[assignment]
        return Path(operator, operands=(path,))
    return path


def _primary(tokens: list[str]) -> Path:
    first = tokens.pop() if tokens else ""
    if first.startswith("<"):
        return Path("", predicate=first)
    if first != "(":
        raise ValueError("a property path ends too early")
    operands = [_unary(tokens)]
    operator: Operator = ""
    while tokens and tokens[-1] in ("/", "|"):
        operator = tokens.pop()  # type: ignore[assignment]
        operands.append(_unary(tokens))
    if not tokens or tokens.pop() != ")":
        raise ValueError("a parenthesis of a property path is not closed")
    return Path(operator, operands=tuple(operands)) if operator else operands[0]


def follow(path: Path) -> Follow:
    """Compile a path into the function that finds the value nodes of a focus node."""
    match path.operator:
        case "":
            predicate = path.predicate
            return lambda view, node: view.properties(node).get(predicate, ())
        case "^":
            return _inverted(path.operands[0])
        case "/":
            return _sequence([follow(step) for step in path.operands])
        case "|":
            return _alternative([follow(step) for step in path.operands])
        case "?":
            step = follow(path.operands[0])
            return lambda view, node: _once((node, *step(view, node)))
        case "*":
            return _repeated(follow(path.operands[0]), start=True)
        case "+":
            return _repeated(follow(path.operands[0]), start=False)


def _inverted(path: Path) -> Follow:
    if path.operator == "":
        predicate = path.predicate
        return lambda view, node: view.sources(predicate, node)
    return follow(_invert(path))


def _invert(path: Path) -> Path:
    """Push an inverse down to the predicates: ``^(p/q)`` is ``(^q/^p)`` (SPARQL 1.1 §18.4)."""
    match path.operator:
        case "":
            return Path("^", operands=(path,))
        case "^":
            return path.operands[0]
        case "/":
            return Path("/", operands=tuple(_invert(step) for step in reversed(path.operands)))
        case operator:
            return Path(operator, operands=tuple(_invert(step) for step in path.operands))


def _sequence(steps: Sequence[Follow]) -> Follow:
    def find(view: View, node: str) -> Sequence[str]:
        nodes: Sequence[str] = (node,)
        for step in steps:
            nodes = _once(value for n in nodes for value in step(view, n))
        return nodes

    return find


def _alternative(steps: Sequence[Follow]) -> Follow:
    return lambda view, node: _once(value for step in steps for value in step(view, node))


def _repeated(step: Follow, *, start: bool) -> Follow:
    def find(view: View, node: str) -> Sequence[str]:
        found: dict[str, None] = {node: None} if start else {}
        queue = [node]
        while queue:
            values = step(view, queue.pop())
            view.spend(len(values))
            for value in values:
                if value not in found:
                    found[value] = None
                    queue.append(value)
        return list(found)

    return find


def _once(values: Iterable[str]) -> Sequence[str]:
    return list(dict.fromkeys(values))
