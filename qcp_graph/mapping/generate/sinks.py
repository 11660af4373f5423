"""What a generated function makes of a triple: a quad for the pipeline, or a line of N-Quads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from qcp_graph.mapping.generate.code import Code
from qcp_graph.mapping.spec import Role


class Sink(Protocol):
    """How triples are written; every method returns an expression."""

    def term(self, subject: str, predicate: str, term: str, role: Role) -> str:
        """A triple whose object is in a variable."""

    def text(self, subject: str, predicate: str, text: str, tail: str, role: Role) -> str:
        """A triple whose object is the escaped text in a variable with an ending such as @fr."""

    def fixed(self, subject: str, predicate: str, term: str, role: Role) -> str:
        """A triple whose object is constant."""

    def quads(self, quads: str) -> str:
        """Some quads as the closures make them."""


@dataclass(frozen=True)
class Quads:
    """Triples as quads."""

    code: Code

    def term(self, subject: str, predicate: str, term: str, role: Role) -> str:
        """A triple whose object is in a variable."""
        return f"({subject}, {self.code.bind(predicate)}, {term}, {self.code.bind(role)})"

    def text(self, subject: str, predicate: str, text: str, tail: str, role: Role) -> str:
        """A triple whose object is the escaped text in a variable with an ending such as @fr."""
        end = self.code.bind(f'"{tail}')
        return self.term(subject, predicate, f"f'\"{{{text}}}{{{end}}}'", role)

    def fixed(self, subject: str, predicate: str, term: str, role: Role) -> str:
        """A triple whose object is constant."""
        return self.term(subject, predicate, self.code.bind(term), role)

    def quads(self, quads: str) -> str:
        """Some quads as the closures make them."""
        return quads


@dataclass(frozen=True)
class Lines:
    """Triples as N-Quads lines with their line ends; ``graphs`` is role → graph IRI."""

    code: Code
    graphs: Mapping[str, str]

    def _line(self, subject: str, middle: str, term: str, end: str) -> str:
        return f"f'{{{subject}}}{{{self.code.bind(middle)}}}{term}{{{self.code.bind(end)}}}'"

    def _end(self, role: str) -> str:
        return f" <{self.graphs[role]}> .\n"

    def term(self, subject: str, predicate: str, term: str, role: Role) -> str:
        """A triple whose object is in a variable."""
        return self._line(subject, f" {predicate} ", f"{{{term}}}", self._end(role))

    def text(self, subject: str, predicate: str, text: str, tail: str, role: Role) -> str:
        """A triple whose object is the escaped text in a variable with an ending such as @fr."""
        end = f'"{tail}{self._end(role)}'
        return self._line(subject, f' {predicate} "', f"{{{text}}}", end)

    def fixed(self, subject: str, predicate: str, term: str, role: Role) -> str:
        """A triple whose object is constant."""
        end = self.code.bind(f" {predicate} {term}{self._end(role)}")
        return f"{subject} + {end}"

    def quads(self, quads: str) -> str:
        """Some quads as the closures make them."""
        ends = {role: self._end(role) for role in self.graphs}
        return f"lines_of({quads}, {self.code.bind(ends)})"
