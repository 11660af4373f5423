"""Values, conditions and objects of a register's mapping as RML term maps and FnO functions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from qcp_graph.mapping import functions
from qcp_graph.mapping.faces import Remark
from qcp_graph.mapping.paths import Form, Reference, Template
from qcp_graph.mapping.rml.fno import INPUT, LIBRARY
from qcp_graph.mapping.rml.templates import escaped
from qcp_graph.mapping.rml.turtle import Node
from qcp_graph.mapping.rml.vocabulary import OURS, RML
from qcp_graph.mapping.spec import (
    CodeListSpec,
    Comparison,
    Condition,
    Junction,
    LanguageMap,
    MappingReference,
    Object,
    Step,
    Value,
)
from qcp_graph.namespaces import expand
from qcp_graph.terms import literal

TRUE: Final = literal("true", datatype="http://www.w3.org/2001/XMLSchema#boolean")
JSON: Final = expand("rdf:JSON")
_KINDS: Final[Mapping[str, str]] = {
    "let": "a named value (let)", "join": "a column of a side table (joins)",
    "index": "the number of the item (@index)",
}  # fmt: skip


@dataclass
class ValueWriter:
    """Writes values; what other engines do not understand is kept as remarks."""

    form: Form
    codelists: Mapping[str, CodeListSpec] = field(default_factory=dict)
    remarks: dict[Remark, None] = field(default_factory=dict)

    def native(self, reference: Reference, where: object) -> str:
        """Return a reference in the words of the format, ours where it has none."""
        if reference.kind in _KINDS or reference.up:
            what = _KINDS.get(reference.kind, "a reference to an iteration around it (^)")
            self.remark(what, where)
            return reference.text
        if reference.kind == "item":
            return {"json": "$"}.get(self.form, ".")
        if self.form == "json" and not reference.text.startswith("$"):
            return f"$.{reference.text}"
        return reference.text

    def remark(self, what: str, where: object) -> None:
        """Keep that something is said in our own words."""
        outcome = "kept in the extension of docs/rml.md; other engines do not understand it"
        self.remarks[Remark(what, str(where), outcome)] = None

    def value(self, value: Value) -> Node:
        """Return a value as the node of a term map."""
        node = self.base(value.template, value.place)
        for step in value.steps:
            node = self.step(step, node)
        if value.default is not None:
            self.remark("a default", value.place)
            inputs = {INPUT: [node], OURS + "default": [self.value(value.default)]}
            node = _call(OURS + "default", inputs)
        return node

    def base(self, template: Template, where: object) -> Node:
        """Return a template as constant, reference or template."""
        if template.constant is not None:
            return Node().add(RML + "constant", literal(template.constant))
        if template.single is not None:
            return Node().add(RML + "reference", literal(self.native(template.single, where)))
        text = "".join(
            escaped(part) if isinstance(part, str) else f"{{{escaped(self.native(part, where))}}}"
            for part in template.parts
        )
        return Node().add(RML + "template", literal(text))

    def step(self, step: Step, inner: Node) -> Node:
        """Return a function or look-up around a value."""
        if step.lookup:
            self.remark("a code list (lookup)", step.place)
            name = Node().add(RML + "constant", self._codelist(step.name))
            return _call(OURS + "lookup", {INPUT: [inner], OURS + "codelist": [name]})
        inputs: dict[str, list[Node]] = {INPUT: [inner]}
        for key, argument in named(step).items():
            texts = (argument,) if isinstance(argument, str) else argument
            inputs[LIBRARY + key] = [Node().add(RML + "constant", literal(t)) for t in texts]
        return _call(LIBRARY + step.name, inputs)

    def _codelist(self, name: str) -> str:
        """Return the name of a code list, or all of one that is described where it is used."""
        if not name.startswith("(inline"):
            return literal(name)
        spec = self.codelists[name]
        stated = {
            part.name: getattr(spec, part.name)
            for part in fields(spec)
            if part.name not in {"name", "place"} and getattr(spec, part.name) != part.default
        }
        return as_json(stated)

    def condition(self, condition: Condition) -> Node:
        """Return a condition as a function execution."""
        if isinstance(condition, Junction):
            members = [self.condition(member) for member in condition.members]
            return _call(OURS + condition.kind, {OURS + "member": members})
        return self._comparison(condition)

    def _comparison(self, test: Comparison) -> Node:
        operands = [Node().add(RML + "constant", literal(text)) for text in test.operands]
        inputs = {INPUT: [self.value(test.value)], OURS + "operand": operands}
        return _call(OURS + test.operator, inputs)

    def object(self, found: Object, names: Mapping[str, str]) -> Node:
        """Return an object map; ``names`` are the IRIs of the triples maps."""
        content = found.content
        if isinstance(content, MappingReference):
            term = names.get(content.name, f"<{content.name}>")
            node = Node().add(RML + "parentTriplesMap", term)
        elif isinstance(content, LanguageMap):
            self.remark("a table of languages (languageMap)", content.place)
            node = self.value(Value(Template((content.reference,)), content.place, content.steps))
            node.add(OURS + "languages", TRUE)
        else:
            node = self.value(content)
            self._kind(node, found)
        self._language(node, found)
        if found.when is not None:
            self.remark("a condition (when)", found.place)
            node.add(RML + "condition", self.condition(found.when))
        if found.required:
            self.remark("a required value", found.place)
            node.add(OURS + "required", TRUE)
        return node

    def _kind(self, node: Node, found: Object) -> None:
        if found.iri and RML + "constant" in node.about:
            text = found.content.template.constant if isinstance(found.content, Value) else ""
            node.about[RML + "constant"] = [f"<{text}>"]
            return
        kind = ("UnsafeIRI" if found.raw else "IRI") if found.iri else "Literal"
        if found.iri or RML + "template" in node.about:
            node.add(RML + "termType", f"<{RML}{kind}>")
        if found.raw and not found.iri:
            node.add(OURS + "raw", TRUE)

    def _language(self, node: Node, found: Object) -> None:
        if found.language is not None:
            tag = found.language.constant
            if tag is not None:
                node.add(RML + "language", literal(tag))
            else:
                node.add(RML + "languageMap", self.base(found.language, found.place))
        if found.datatype:
            node.add(RML + "datatype", f"<{found.datatype}>")


def as_json(value: object) -> str:
    """Return plain data as a literal (RDF 1.2 §5.3, rdf:JSON)."""
    return literal(json.dumps(value, ensure_ascii=False), datatype=JSON)


def named(step: Step) -> dict[str, str | tuple[str, ...]]:
    """Return a step's arguments by name; the one without a name is the function's first."""
    if not step.arguments:
        return {}
    function = functions.library().get(step.name)
    first = next(iter(function.parameters), "") if function else ""
    return {key or first or "argument": value for key, value in step.arguments.items()}


def _call(function: str, inputs: Mapping[str, list[Node]]) -> Node:
    execution = Node().add(RML + "function", f"<{function}>")
    for parameter, values in inputs.items():
        for value in values:
            given = Node().add(RML + "parameter", f"<{parameter}>")
            constant = value.about.get(RML + "constant") if len(value.about) == 1 else None
            if constant:
                given.add(RML + "inputValue", *constant)
            else:
                given.add(RML + "inputValueMap", value)
            execution.add(RML + "input", given)
    return Node().add(RML + "functionExecution", execution)
