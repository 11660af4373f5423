"""An RML document as a graph of resources, each knowing how a message names it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from qcp_graph.errors import UsageError
from qcp_graph.mapping.nodes import Place
from qcp_graph.mapping.problems import fault, hint
from qcp_graph.mapping.rml.vocabulary import PROPERTIES, RML, canonical, is_old, local
from qcp_graph.namespaces import expand

MAX_BYTES: Final = 4 * 1024**2
MAX_DEPTH: Final = 40
# Relative IRIs of a document without a base of its own; replaced before anything is written.
NO_BASE: Final = "http://mapping.invalid/"
Subject: TypeAlias = ox.NamedNode | ox.BlankNode
Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
_WORD: Final = re.compile(r"[\w.-]*[\w-]")
_TYPE: Final = expand("rdf:type")


class Graph:
    """The triples of a mapping document; words of the original RML are read as the new ones."""

    def __init__(self, name: str, text: str, base: str) -> None:
        self.name = name
        self.base = base
        self.old = False
        self._text = text
        self._lines: dict[str, int] | None = None
        self._triples: dict[Subject, dict[str, dict[Node, None]]] = {}

    def add(self, subject: Subject, predicate: str, value: Node) -> None:
        """Keep a triple."""
        self.old = self.old or is_old(predicate)
        self._triples.setdefault(subject, {}).setdefault(canonical(predicate), {})[value] = None

    def values(self, subject: Subject, predicate: str) -> list[Node]:
        """Return the objects of a subject and a predicate, in the document's order."""
        return list(self._triples.get(subject, {}).get(predicate, ()))

    def predicates(self, subject: Subject) -> Iterator[str]:
        """Yield the predicates of a subject."""
        return iter(self._triples.get(subject, {}))

    def subjects(self) -> list[Subject]:
        """Return all subjects, in the document's order."""
        return list(self._triples)

    def line_of(self, name: str) -> int:
        """Return the first line, after the prefixes, on which a name stands as a word, else 1."""
        if self._lines is None:
            self._lines = {}
            for number, line in enumerate(self._text.splitlines(), start=1):
                if not line.lstrip().startswith(("@prefix", "@base", "PREFIX", "#")):
                    for word in _WORD.findall(line):
                        self._lines.setdefault(word, number)
        return self._lines.get(name, 1)


def read(path: Path, name: str = "") -> Graph:
    """Read a Turtle file.

    :raises UsageError: QCP-MAP-FILE or QCP-RML-SYNTAX, with line and column.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise fault("QCP-MAP-FILE", f"The file cannot be read: {error.strerror}.", path) from error
    if size > MAX_BYTES:
        raise fault("QCP-MAP-FILE", f"The file is larger than {MAX_BYTES} bytes.", path)
    return parse(content, name or path.name)


def parse(content: bytes, name: str) -> Graph:
    """Parse Turtle; see :func:`read`."""
    parser = ox.parse(content, format=ox.RdfFormat.TURTLE, base_iri=NO_BASE)
    text = content.decode("utf-8", "replace")
    graph = Graph(name, text, "")
    try:
        for quad in parser:
            subject, value = quad.subject, quad.object
            if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
                raise _syntax(name, "Statements about statements are not supported")
            graph.add(subject, quad.predicate.value, value)
    except SyntaxError as error:
        raise _syntax(name, str(error.msg), error.lineno or 0) from error
    graph.base = _base(parser.base_iri)
    return graph


def _base(found: str | None) -> str:
    return "" if not found or found == NO_BASE else found


def _syntax(name: str, message: str, line: int = 0) -> UsageError:
    where = f"{name} line {line}" if line else name
    return fault("QCP-RML-SYNTAX", f"The mapping is not valid Turtle: {message}.", where,
                 "Correct the file at that place.")  # fmt: skip


@dataclass(frozen=True)
class Resource:
    """A node of the mapping with the way that leads to it: ``TriplesMap1, objectMap``."""

    graph: Graph
    node: Node
    path: tuple[str, ...]
    line: int

    @property
    def where(self) -> str:
        """The place, as a message gives it."""
        return f"{self.graph.name} line {self.line} ({', '.join(self.path)})"

    @property
    def place(self) -> Place:
        """The place, as rules of the plan give it."""
        return Place(f"{self.graph.name} ({', '.join(self.path)})", self.line)

    def fault(self, code: str, message: str, remedy: str = "") -> UsageError:
        """Return the error of a fault here."""
        return fault(code, message, self.where, remedy or "Correct it; docs/rml.md explains it.")

    def has(self, name: str) -> bool:
        """Tell whether a property is stated."""
        return bool(self.terms(name))

    def terms(self, name: str) -> list[Node]:
        """Return the values of a property; ``name`` is a word of RML or a full IRI."""
        if isinstance(self.node, ox.Literal):
            return []
        return self.graph.values(self.node, name if ":" in name else RML + name)

    def each(self, name: str) -> list["Resource"]:
        """Return the values of a property as resources."""
        found = self.terms(name)
        if len(self.path) > MAX_DEPTH:
            raise self.fault("QCP-RML-MAPPING", "The mapping nests too deep, or in a circle.")
        word = local(name) if ":" in name else name
        labels = (
            [f"{word} {n}" for n in range(1, len(found) + 1)]
            if len(found) > 1
            else [word] * len(found)
        )
        return [
            Resource(self.graph, node, (*self.path, label), self._line(node))
            for node, label in zip(found, labels, strict=True)
        ]

    def _line(self, node: Node) -> int:
        if isinstance(node, ox.NamedNode) and node.value.startswith(self.graph.base or NO_BASE):
            return self.graph.line_of(local(node.value))
        return self.line

    def one(self, name: str) -> "Resource | None":
        """Return the only value of a property, if there is one."""
        found = self.each(name)
        if len(found) > 1:
            message = f"There are {len(found)} values of {name}; only one is allowed."
            raise self.fault("QCP-RML-MAPPING", message, "Keep one of them.")
        return found[0] if found else None

    def text(self, name: str) -> str | None:
        """Return the only value of a property as text."""
        found = self.one(name)
        if found is None:
            return None
        if not isinstance(found.node, ox.Literal):
            raise found.fault("QCP-RML-MAPPING", f"{name} must be a text in quotation marks.")
        return found.node.value

    def name(self, name: str) -> str:
        """Return the only value of a property as IRI, the original RML's words as the new ones."""
        found = self.one(name)
        if found is None:
            return ""
        if not isinstance(found.node, ox.NamedNode):
            raise found.fault("QCP-RML-MAPPING", f"{name} must be an IRI.")
        return canonical(found.node.value)

    def types(self) -> set[str]:
        """Return the classes of the resource."""
        found = self.terms(_TYPE)
        return {canonical(node.value) for node in found if isinstance(node, ox.NamedNode)}

    def check_words(self) -> None:
        """Refuse words of the RML namespaces that RML does not have."""
        if isinstance(self.node, ox.Literal):
            raise self.fault("QCP-RML-MAPPING", "A text stands where a node is meant.")
        for predicate in self.graph.predicates(self.node):
            if predicate.startswith(RML) and predicate[len(RML) :] not in PROPERTIES:
                word = predicate[len(RML) :]
                raise self.fault(
                    "QCP-RML-VOCABULARY", f"RML has no property {word[:80]!r}.",
                    hint(word, PROPERTIES) or "docs/rml.md lists what is supported.",
                )  # fmt: skip
