"""Turtle with nested nodes, as a person would write it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

_LOCAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


@dataclass
class Node:
    """A node without a name: terms and nodes by predicate (IRIs), in the order of their coming."""

    about: dict[str, list["Term"]] = field(default_factory=dict)

    def add(self, predicate: str, *values: "Term") -> "Node":
        """Add values of a predicate; return the node."""
        if values:
            self.about.setdefault(predicate, []).extend(values)
        return self


Term: TypeAlias = str | Node


def document(subjects: Sequence[tuple[str, Node]], prefixes: Mapping[str, str], base: str) -> str:
    """Return a Turtle document; ``subjects`` are IRI terms with what is said about them.

    >>> print(document([("<http://a/b>", Node().add("http://p/q", '"x"'))], {"p": "http://p/"}, ""))
    @prefix p: <http://p/> .
    <BLANKLINE>
    <http://a/b>
        p:q "x" .
    <BLANKLINE>
    """
    writer = _Writer(prefixes, base)
    body = [writer.subject(name, node) for name, node in subjects]
    used = [f"@prefix {name}: <{iri}> ." for name, iri in prefixes.items() if name in writer.used]
    head = [f"@base <{base}> ."] if base else []
    return "\n".join([*head, *used, "", *body])


class _Writer:
    def __init__(self, prefixes: Mapping[str, str], base: str) -> None:
        # Longest first: the nearest namespace wins.
        self._prefixes = sorted(prefixes.items(), key=lambda pair: -len(pair[1]))
        self._base = base
        self.used: set[str] = set()

    def subject(self, name: str, node: Node) -> str:
        return f"{self._term(name)}\n    " + self._about(node, 1) + " .\n"

    def _about(self, node: Node, depth: int) -> str:
        pad = "    " * depth
        return f" ;\n{pad}".join(self._pairs(node, depth))

    def _pairs(self, node: Node, depth: int) -> Iterator[str]:
        for predicate, values in node.about.items():
            name = "a" if f"<{predicate}>" == _TYPE else self._term(f"<{predicate}>")
            yield f"{name} " + ", ".join(self._value(value, depth) for value in values)

    def _value(self, value: Term, depth: int) -> str:
        if isinstance(value, str):
            return self._term(value)
        if not value.about:
            return "[ ]"
        inner = list(self._pairs(value, depth + 1))
        flat = "; ".join(inner)
        if "\n" not in flat and len(flat) + 4 * depth < 90:
            return f"[ {flat} ]"
        pad = "    " * (depth + 1)
        return f"[\n{pad}" + f" ;\n{pad}".join(inner) + "\n" + "    " * depth + "]"

    def _term(self, term: str) -> str:
        if not term.startswith("<"):
            text, sign, kind = term.rpartition("^^")
            return f"{text}^^{self._term(kind)}" if sign and kind.startswith("<") else term
        iri = term[1:-1]
        for name, start in self._prefixes:
            if iri.startswith(start) and _LOCAL.match(iri[len(start) :]):
                self.used.add(name)
                return f"{name}:{iri[len(start) :]}"
        if self._base and iri.startswith(self._base):
            return f"<{iri[len(self._base) :]}>"
        return term
