"""A register's mapping as RML: the standard's words where it has them, else our extension."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from qcp_graph.mapping.faces import Remark
from qcp_graph.mapping.fields import Fields, plain
from qcp_graph.mapping.nodes import Table
from qcp_graph.mapping.parse import SOURCE_KEYS, TOP_KEYS
from qcp_graph.mapping.paths import Form
from qcp_graph.mapping.rml import turtle
from qcp_graph.mapping.rml.fno import LIBRARY
from qcp_graph.mapping.rml.turtle import Node
from qcp_graph.mapping.rml.vocabulary import OURS, RML
from qcp_graph.mapping.rml.write_values import TRUE, ValueWriter, as_json
from qcp_graph.mapping.spec import (
    UNLISTED,
    Document,
    Input,
    Loop,
    Rule,
    TriplesMap,
    Value,
)
from qcp_graph.namespaces import PREFIXES
from qcp_graph.terms import RDF_TYPE, iri_of, literal

BASE: Final = "https://w3id.org/qcp-graph/mapping/"
_FORMULATIONS: Final[Mapping[str, str]] = {
    "csv": RML + "CSV", "json": RML + "JSONPath", "xml": RML + "XPath",
    "jsonl": OURS + "JSONLines", "xlsx": OURS + "XLSX", "rdf": OURS + "RDF", "sql": OURS + "SQL",
}  # fmt: skip
_STANDARD: Final = ("access", "referenceFormulation", "iterator")
_TYPE: Final = iri_of(RDF_TYPE)


class Writer:
    """Writes one mapping; ``root`` is its tree, ``document`` what it says."""

    def __init__(self, root: Table, document: Document, source_id: str) -> None:
        self._fields = Fields(root, "a mapping", TOP_KEYS)
        self._document = document
        self._base = f"{BASE}{source_id}"
        self._names = {name: f"<{self._base}#{quote(name, safe='')}>" for name in document.maps}
        self._inputs = {n: f"<{self._base}#source-{quote(n, safe='')}>" for n in document.inputs}
        self.remarks: dict[Remark, None] = {}

    def text(self) -> str:
        """Return the mapping as Turtle."""
        subjects = [(f"<{self._base}>", self._whole())]
        subjects += [(self._inputs[n], self._input(i)) for n, i in self._document.inputs.items()]
        for name, spec in self._document.maps.items():
            subjects += self._map(name, spec)
        own = {"rml": RML, "qm": OURS, "fn": LIBRARY}
        prefixes = dict(sorted((PREFIXES | dict(self._document.prefixes)).items()))
        return turtle.document(subjects, own | prefixes, self._base)

    def _values(self, form: Form) -> ValueWriter:
        return ValueWriter(form, self._document.codelists, self.remarks)

    def _whole(self) -> Node:
        """Return what concerns no single map: lists, side tables, fields left out, named values."""
        about = Node().add(_TYPE, f"<{OURS}Mapping>")
        for key in ("prefixes", "codelists", "joins", "ignore"):
            found = {name: plain(node) for name, node, _ in self._fields.entries(key)}
            if found:
                about.add(OURS + key, as_json(found))
        first = next(iter(self._document.inputs.values()))
        self._lets(about, self._document.let, self._values(first.form))
        for key, what in (("codelists", "code lists"), ("joins", "side tables")):
            if key in self._fields:
                self._values(first.form).remark(what, self._fields.line(key))
        return about

    def _lets(self, about: Node, lets: Mapping[str, Value], values: ValueWriter) -> None:
        for name, value in lets.items():
            about.add(OURS + "let", values.value(value).add(OURS + "name", literal(name)))

    def _input(self, spec: Input) -> Node:
        """Return a logical source; what RML has no word for is kept as it is."""
        file = Node().add(_TYPE, f"<{RML}FilePath>").add(RML + "root", f"<{RML}MappingDirectory>")
        about = Node().add(_TYPE, f"<{RML}LogicalSource>")
        file.add(RML + "path", literal(spec.pattern))
        if spec.form == "table":
            file.add(RML + "null", literal(""))  # an empty cell is no value here
        about.add(RML + "source", file)
        about.add(RML + "referenceFormulation", f"<{_FORMULATIONS[spec.format]}>")
        if spec.iterator:
            about.add(RML + "iterator", literal(spec.iterator))
        entry = {name: node for name, node, _ in self._fields.entries("sources")}[spec.name]
        more = Fields(entry, "a source", SOURCE_KEYS)
        kept = {key: plain(node) for key in SOURCE_KEYS if (node := more.get(key)) is not None}
        own = {key: value for key, value in kept.items() if key not in _STANDARD}
        return about.add(OURS + "source", as_json({"name": spec.name, **own}))

    def _map(self, name: str, spec: TriplesMap) -> list[tuple[str, Node]]:
        """Return a triples map; one for each further source, which says the same of it."""
        values = self._values(self._item_form(spec))
        shared = Node()
        self._lets(shared, spec.let, values)
        subjects = [values.object(found, self._names) for found in spec.subjects]
        if spec.when is not None:
            subjects[0].add(RML + "condition", values.condition(spec.when))
            values.remark("a condition (when)", spec.place)
        shared.add(RML + "subjectMap", subjects[0])
        shared.add(OURS + "furtherSubject", *subjects[1:])
        for rule in spec.rules:
            if not _is_derived(rule):
                shared.add(RML + "predicateObjectMap", self._rule(rule, values))
        head = Node().add(_TYPE, f"<{RML}TriplesMap>")
        head.add(RML + "logicalSource", self._inputs[spec.sources[0]])
        head.add(OURS + "furtherSource", *[self._inputs[n] for n in spec.sources[1:]])
        self._place(head, spec)
        return [(self._names[name], Node({**head.about, **shared.about}))]

    def _place(self, head: Node, spec: TriplesMap) -> None:
        """Say where the map runs: which iteration, within which other, for what node."""
        outer = self._values(self._around(spec))
        if len(spec.sources) > 1:
            outer.remark("several sources of one mapping", spec.place)
        if spec.loop is not None:
            outer.remark("an iteration inside the record (foreach)", spec.place)
            head.add(OURS + "foreach", self._loop(spec.loop, outer))
        if spec.within:
            head.add(OURS + "within", self._names[spec.within])
        for flag, stated in (("shared", spec.shared), ("main", spec.main)):
            if stated:
                head.add(OURS + flag, TRUE)

    def _loop(self, loop: Loop, values: ValueWriter) -> Node:
        if loop.value is not None:
            return values.value(loop.value)
        assert loop.reference is not None
        if loop.reference.kind == "join":
            node = Node().add(OURS + "join", literal(loop.reference.name))
            return node.add(OURS + "on", values.value(loop.on)) if loop.on else node
        return Node().add(OURS + "path", literal(loop.reference.text))

    def _rule(self, rule: Rule, values: ValueWriter) -> Node:
        about = Node().add(RML + "predicate", *[f"<{iri}>" for iri in rule.predicates])
        for found in rule.objects:
            node = values.object(found, self._names)
            constant = node.about.get(RML + "constant")
            if constant and len(node.about) == 1:
                about.add(RML + "object", *constant)
            else:
                about.add(RML + "objectMap", node)
        if rule.role != "data":
            about.add(RML + "graph", f"<{OURS}{rule.role}>")
        if rule.when is not None:
            values.remark("a condition (when)", rule.place)
            about.add(RML + "condition", values.condition(rule.when))
        return about

    def _item_form(self, spec: TriplesMap) -> Form:
        """Return how references into a map's items are written: rows of a join differ."""
        loop = spec.loop.reference if spec.loop is not None else None
        if loop is not None and loop.kind == "join":
            return self._document.joins[loop.name].form
        return self._around(spec)

    def _around(self, spec: TriplesMap) -> Form:
        if spec.within:
            return self._item_form(self._document.maps[spec.within])
        return self._document.inputs[spec.sources[0]].form


def _is_derived(rule: Rule) -> bool:
    """Tell whether a rule follows from another (words that a code list keeps as a note)."""
    contents = [found.content for found in rule.objects]
    return any(
        UNLISTED in step.arguments
        for content in contents
        if isinstance(content, Value)
        for step in content.steps
    )
