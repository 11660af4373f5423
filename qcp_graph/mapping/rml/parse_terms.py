"""Term maps of an RML document: expressions, term types, languages, datatypes, functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import pyoxigraph as ox

from qcp_graph.mapping.compile_terms import is_language
from qcp_graph.mapping.problems import hint
from qcp_graph.mapping.rml import templates
from qcp_graph.mapping.rml.graph import Resource
from qcp_graph.mapping.rml.model import (
    Call,
    Constant,
    Expression,
    Reference,
    Target,
    TermMap,
    TermType,
)
from qcp_graph.mapping.rml.parse_sources import target
from qcp_graph.mapping.rml.vocabulary import FNO, local
from qcp_graph.terms import parts, term_of

TERM_TYPES: Final[Mapping[str, TermType]] = {
    "IRI": "iri", "URI": "uri", "UnsafeIRI": "unsafe", "UnsafeURI": "unsafe",
    "BlankNode": "blank", "Literal": "literal",
}  # fmt: skip
ROLES: Final[Mapping[str, tuple[TermType, ...]]] = {
    "subject": ("iri", "uri", "unsafe", "blank"),
    "predicate": ("iri", "uri", "unsafe"),
    "object": ("iri", "uri", "unsafe", "blank", "literal"),
    "graph": ("iri", "uri", "unsafe", "blank"),
    "language": ("literal",),
    "datatype": ("iri", "uri", "unsafe"),
    "value": ("iri", "uri", "unsafe", "blank", "literal"),
}
_EXPRESSIONS: Final = ("constant", "template", "reference", "functionExecution", "functionValue")
EXECUTES: Final = FNO + "executes"


def is_rml_language(tag: str) -> bool:
    """Tell whether a text is a language tag that may be written: BCP 47 has none whose first part
    has more than three letters.

    >>> is_rml_language("es"), is_rml_language("spanish"), is_rml_language("zh-Hant-TW")
    (True, False, True)
    """
    return is_language(tag) and len(tag.split("-", 1)[0]) <= 3


@dataclass
class Terms:
    """Reads term maps; the targets they name are numbered as they come."""

    targets: dict[str, tuple[int, Target]] = field(default_factory=dict)

    def shortcuts(self, about: Resource, word: str, role: str) -> list[TermMap]:
        """Return term maps given in full (``predicateMap``) or as constants (``predicate``)."""
        full = [self.term_map(found, role) for found in about.each(f"{word}Map")]
        return full + [self.constant(found, role) for found in about.each(word)]

    def constant(self, about: Resource, role: str) -> TermMap:
        """Return the term map of a constant."""
        if isinstance(about.node, ox.BlankNode):
            raise about.fault(
                "QCP-RML-MAPPING", "A constant must be an IRI or a literal, not a blank node.",
                f"For an expression write rml:{role}Map [ … ] instead of rml:{role} [ … ].",
            )  # fmt: skip
        kind: TermType = "literal" if isinstance(about.node, ox.Literal) else "iri"
        self._check_role(about, kind, role)
        if role == "language":
            self._check_language(about, about.node.value)
        return TermMap(Constant(term_of(about.node)), kind, about.place)

    def term_map(self, about: Resource, role: str) -> TermMap:
        """Interpret a term map; ``role`` is one of :data:`ROLES`."""
        if isinstance(about.node, ox.Literal):
            raise about.fault("QCP-RML-MAPPING", f"A {role} map is a node, not a text.")
        about.check_words()
        expression = self._expression(about)
        found = TermMap(
            expression,
            "iri",
            about.place,
            self._only(about, "language", "language"),
            self._only(about, "datatype", "datatype"),
            self.targets_of(about),
            self.condition(about),
        )
        found = replace(found, type=self._type(about, found, role), stated=about.has("termType"))
        self._check_literal(about, found)
        if role == "language" and isinstance(expression, Constant):
            self._check_language(about, parts(expression.term)[0])
        return found

    def _expression(self, about: Resource) -> Expression:
        given = [word for word in _EXPRESSIONS if about.has(word)]
        if len(given) > 1:
            message = f"The term map has several expressions: {', '.join(given)}."
            raise about.fault("QCP-RML-MAPPING", message, "Keep one of them.")
        if not given:
            if local(about.name("termType")) == "BlankNode":
                return None
            message = "The term map has no constant, template, reference or function."
            raise about.fault("QCP-RML-MAPPING", message)
        read: Mapping[str, Callable[[Resource], Expression]] = {
            "constant": self._constant_of, "template": _template, "reference": _reference,
            "functionExecution": self.call, "functionValue": self._old_call,
        }  # fmt: skip
        return read[given[0]](about)

    def _constant_of(self, about: Resource) -> Expression:
        found = about.one("constant")
        assert found is not None
        return self.constant(found, "value").expression

    def _only(self, about: Resource, word: str, role: str) -> TermMap | None:
        found = self.shortcuts(about, word, role)
        if len(found) > 1:
            raise about.fault("QCP-RML-MAPPING", f"There are several values of {word}.")
        return found[0] if found else None

    def _type(self, about: Resource, found: TermMap, role: str) -> TermType:
        kind = _default_type(found, role)
        stated = about.name("termType")
        if stated:
            word = local(stated)
            if word not in TERM_TYPES:
                message = f"Unknown term type {word[:80]!r}."
                raise about.fault("QCP-RML-VOCABULARY", message, hint(word, TERM_TYPES))
            kind = TERM_TYPES[word]
            if isinstance(found.expression, Constant):
                _check_constant(about, found.expression, kind)
        self._check_role(about, kind, role)
        return kind

    def _check_role(self, about: Resource, kind: TermType, role: str) -> None:
        if kind not in ROLES[role]:
            allowed = ", ".join(w for w, k in TERM_TYPES.items() if k in ROLES[role])
            message = f"A {role} cannot be a {'literal' if kind == 'literal' else 'blank node'}."
            raise about.fault("QCP-RML-MAPPING", message, f"Possible term types: {allowed}.")

    def _check_literal(self, about: Resource, found: TermMap) -> None:
        if found.language is None and found.datatype is None:
            return
        if found.language is not None and found.datatype is not None:
            raise about.fault("QCP-RML-MAPPING", "Give a language or a datatype, not both.")
        if found.type != "literal":
            raise about.fault("QCP-RML-MAPPING", "Only literals have a language or a datatype.")

    def _check_language(self, about: Resource, tag: str) -> None:
        if not is_rml_language(tag):
            message = f"{tag[:80]!r} is not a language tag (BCP 47)."
            raise about.fault("QCP-RML-MAPPING", message, "Write en, fr, pt-br …")

    def reference(self, text: str, about: Resource) -> TermMap:
        """Return the term map of a bare reference."""
        return TermMap(Reference(text), "literal", about.place)

    def targets_of(self, about: Resource) -> frozenset[int]:
        """Return the numbers of the targets that a term map names."""
        found = set()
        for item in about.each("logicalTarget"):
            name = str(item.node)
            if name not in self.targets:
                self.targets[name] = (len(self.targets), target(item))
            found.add(self.targets[name][0])
        return frozenset(found)

    def condition(self, about: Resource) -> Call | None:
        """Return the function that decides whether there is a term (RML-FNML)."""
        found = about.one("condition")
        return self.call(found) if found else None

    def call(self, about: Resource) -> Call:
        """Interpret ``rml:functionExecution`` with ``rml:return``."""
        execution = about.one("functionExecution")
        if execution is None:
            raise about.fault("QCP-RML-FUNCTION", "There is no rml:functionExecution.")
        execution.check_words()
        function = self._named(execution, "function")
        if not function:
            raise execution.fault("QCP-RML-FUNCTION", "The execution names no rml:function.")
        inputs = tuple(self._input(item) for item in execution.each("input"))
        return Call(function, inputs, self._named(about, "return"), execution.place)

    def _named(self, about: Resource, word: str) -> str:
        if name := about.name(word):
            return name
        full = about.one(f"{word}Map")
        return full.name("constant") if full else ""

    def _input(self, about: Resource) -> tuple[str, TermMap]:
        about.check_words()
        name = self._named(about, "parameter")
        values = self.shortcuts(about, "inputValue", "value")
        if not name or len(values) != 1:
            message = "An input needs one rml:parameter and one rml:inputValue or inputValueMap."
            raise about.fault("QCP-RML-FUNCTION", message)
        return name, values[0]

    def _old_call(self, about: Resource) -> Call:
        """Interpret ``fnml:functionValue``: what the function gets is written as triples."""
        value = about.one("functionValue")
        assert value is not None
        function = ""
        inputs = []
        for rule in value.each("predicateObjectMap"):
            for predicate in self.shortcuts(rule, "predicate", "predicate"):
                name = (
                    predicate.expression.term if isinstance(predicate.expression, Constant) else ""
                )
                for found in self.shortcuts(rule, "object", "value"):
                    if name == f"<{EXECUTES}>" and isinstance(found.expression, Constant):
                        function = found.expression.term[1:-1]
                    else:
                        inputs.append((name[1:-1], found))
        if not function:
            message = "The function value has no predicate fno:executes."
            raise value.fault("QCP-RML-FUNCTION", message)
        return Call(function, tuple(inputs), self._named(about, "return"), value.place)


def _default_type(found: TermMap, role: str) -> TermType:
    if role in {"language", "value"}:
        return "literal"
    expression = found.expression
    if isinstance(expression, Constant):
        return "literal" if expression.term.startswith('"') else "iri"
    literal = isinstance(expression, Reference | Call) or found.language or found.datatype
    return "literal" if role == "object" and literal else "iri"


def _check_constant(about: Resource, constant: Constant, kind: TermType) -> None:
    literal = constant.term.startswith('"')
    if literal != (kind == "literal") or kind == "blank":
        message = "The term type does not fit the constant."
        raise about.fault("QCP-RML-MAPPING", message, "Leave rml:termType out.")


def _template(about: Resource) -> Expression:
    try:
        return templates.template(about.text("template") or "")
    except ValueError as error:
        raise about.fault("QCP-RML-REFERENCE", f"The template is malformed: {error}.") from error


def _reference(about: Resource) -> Expression:
    text = about.text("reference") or ""
    if not text.strip():
        raise about.fault("QCP-RML-REFERENCE", "The reference is empty.")
    return Reference(text)
