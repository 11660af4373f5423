"""An RML document as the tree of ``mapping.yaml``: ours without loss, others as far as it can say.

What cannot be said is left out with a remark that names it; nothing goes silently.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

import pyoxigraph as ox

from qcp_graph.errors import UsageError
from qcp_graph.mapping.faces import Register, Remark
from qcp_graph.mapping.paths import Form
from qcp_graph.mapping.rml import shorten
from qcp_graph.mapping.rml.graph import Graph, Resource
from qcp_graph.mapping.rml.model import Constant, TermMap
from qcp_graph.mapping.rml.parse import Reader, class_iri, mapping
from qcp_graph.mapping.rml.parse_terms import Terms
from qcp_graph.mapping.rml.read_joins import Joins
from qcp_graph.mapping.rml.read_sources import Sources, numbered
from qcp_graph.mapping.rml.read_values import Plain, ValueReader, cannot, plain_json
from qcp_graph.mapping.rml.vocabulary import DEFAULT_GRAPH, OURS, R2RML, local
from qcp_graph.mapping.vocabulary import looks_prefixed
from qcp_graph.mapping.vocabulary import prefixes as known_prefixes
from qcp_graph.namespaces import expand
from qcp_graph.terms import XSD_STRING, iri_of, parts

_LEFT: Final = "left out"
_DEFAULT: Final = frozenset({DEFAULT_GRAPH, R2RML + "defaultGraph"})
_TYPE: Final = expand("rdf:type")


class TreeReader:
    """Reads one document; ``remarks`` say what became of what a register's mapping cannot say."""

    def __init__(self, graph: Graph, register: Register) -> None:
        self._graph = graph
        self._terms = Terms()
        self.remarks: list[Remark] = []
        self._whole = self._document()
        own = self._json("prefixes")
        self._prefixes = {**known_prefixes(register.iris, register.source_id, {}), **own}
        if self._whole is None:
            mapping(graph)  # a mapping of others must be one as the standard has it
        self._maps = Reader(graph).triples_maps()
        if not self._maps:
            raise Resource(graph, ox.BlankNode(), ("document",), 1).fault(
                "QCP-RML-MAPPING", "The document has no triples map."
            )
        self._names = _names(self._maps)
        self._sources = Sources(self._maps, self.remarks)
        self._joins = Joins(self._sources)

    def tree(self) -> Plain:
        """Return the mapping as plain data.

        :raises UsageError: QCP-RML-… for a document that is faulty in itself.
        """
        maps = {self._names[m.node]: found for m in self._maps if (found := self._map(m))}
        if not maps:
            raise cannot(f"any of it; {self.remarks[0].what}", self._maps[0].place)
        whole = {key: self._json(key) for key in ("prefixes", "codelists")}
        first = self._sources.form(self._maps[0])
        tree = {
            **whole,
            "sources": self._sources.tables(self._maps, self._key_of),
            "joins": {**self._json("joins"), **self._joins.tables},
            "ignore": self._json("ignore"),
            "let": self._lets(self._whole, self._values(first)) if self._whole else {},
            "mappings": maps,
        }
        return {key: value for key, value in tree.items() if value}

    def _document(self) -> Resource | None:
        for node in self._graph.subjects():
            about = Resource(self._graph, node, ("mapping",), 1)
            if OURS + "Mapping" in about.types():
                return about
        return None

    def _json(self, word: str) -> Plain:
        text = self._whole.text(OURS + word) if self._whole else None
        return plain_json(text, self._whole.where) if text and self._whole else {}

    def _values(self, form: Form, about: Resource | None = None) -> ValueReader:
        base = about.name("baseIRI") if about else ""
        return ValueReader(form, self._prefixes, base=base or self._graph.base)

    def _key_of(self, about: Resource) -> str:
        """Return the references of a subject: what tells the records of a foreign mapping apart."""
        subjects = self._terms.shortcuts(about, "subject", "subject")
        values = self._values(self._sources.form(about), about)
        text = str(values.value(subjects[0]).get("value", "")) if subjects else ""
        return "-".join(part.partition(")")[0].join(("$(", ")")) for part in text.split("$(")[1:])

    def _map(self, about: Resource) -> Plain:
        values = self._values(self._item_form(about, 0), about)
        try:
            full = about.each("subjectMap")
            subjects = [self._terms.term_map(found, "subject") for found in full[:1]]
            subjects += [self._terms.constant(found, "subject") for found in about.each("subject")]
            further = about.each(OURS + "furtherSubject")
            subjects += [self._terms.term_map(found, "subject") for found in further]
            objects = [self._term(values, found, typed=False) for found in subjects]
        except UsageError as error:
            self._lost(error)
            return {}
        for found in objects:
            found.pop("when", None)
        found = {
            "sources": self._sources.names_of(about),
            **self._place(about),
            "let": self._lets(about, values),
            "subjects": shorten.subject(objects[0]) if len(objects) == 1 else objects,
            "when": values.condition(c) if subjects and (c := subjects[0].condition) else None,
            "predicateobjects": [*self._classes(full, values), *self._rules(about, values)],
        }
        return {key: value for key, value in found.items() if value}

    def _place(self, about: Resource) -> Plain:
        """Return where a map runs: ``foreach within shared main``."""
        found: Plain = {}
        outer = self._values(self._around(about, 0))
        loop = about.one(OURS + "foreach")
        if loop is not None:
            found["foreach"] = self._loop(loop, outer)
        within = about.one(OURS + "within")
        if within is not None:
            found["within"] = self._name_of(within)
        flags = {flag: about.text(OURS + flag) for flag in ("shared", "main")}
        return found | {flag: text for flag, text in flags.items() if text}

    def _loop(self, loop: Resource, outer: ValueReader) -> Any:
        if path := loop.text(OURS + "path"):
            return path
        if join := loop.text(OURS + "join"):
            on = loop.one(OURS + "on")
            if on is None:
                return f"join:{join}"
            return {"join": join, "on": outer.value(self._terms.term_map(on, "value"))}
        return outer.value(self._terms.term_map(loop, "value"))

    def _item_form(self, about: Resource, depth: int) -> Form:
        loop = about.one(OURS + "foreach")
        join = loop.text(OURS + "join") if loop else None
        if join:
            table = self._json("joins").get(join)
            return self._sources.join_form(table if isinstance(table, dict) else {})
        return self._around(about, depth)

    def _around(self, about: Resource, depth: int) -> Form:
        within = about.one(OURS + "within")
        if within is None or depth > len(self._maps):
            return self._sources.form(about)
        return self._item_form(within, depth + 1)

    def _lets(self, about: Resource, values: ValueReader) -> Plain:
        found: Plain = {}
        for let in about.each(OURS + "let"):
            value = shorten.value(values.value(self._terms.term_map(let, "value")))
            found[let.text(OURS + "name") or ""] = value
        return found

    def _classes(self, subjects: list[Resource], values: ValueReader) -> Iterator[Any]:
        for subject in subjects:
            for found in subject.each("class"):
                yield ["a", values.compact(class_iri(found))]
            for graph in self._terms.shortcuts(subject, "graph", "graph"):
                self._graph_of(graph)

    def _rules(self, about: Resource, values: ValueReader) -> Iterator[Any]:
        for rule in about.each("predicateObjectMap"):
            try:
                yield shorten.pair(self._rule(rule, about, values))
            except UsageError as error:
                self._lost(error)

    def _rule(self, about: Resource, triples_map: Resource, values: ValueReader) -> Plain:
        predicates = self._terms.shortcuts(about, "predicate", "predicate")
        if not all(isinstance(found.expression, Constant) for found in predicates):
            raise cannot("a predicate that depends on the record", about.place)
        names = [values.text(found.expression, found.place, iri=True) for found in predicates]
        typed = names == [values.compact(_TYPE)]
        objects = [self._object(found, triples_map, values) for found in about.each("objectMap")]
        constants = [self._terms.constant(found, "object") for found in about.each("object")]
        objects += [self._term(values, found, typed) for found in constants]
        condition = self._terms.condition(about)
        found: Plain = {
            "p": names[0] if len(names) == 1 else names,
            "o": objects[0] if len(objects) == 1 else objects,
        }
        roles = {self._graph_of(g) for g in self._terms.shortcuts(about, "graph", "graph")}
        if "provenance" in roles:
            found["graph"] = "provenance"
        if condition is not None:
            found["when"] = values.condition(condition)
        return found

    def _graph_of(self, graph: TermMap) -> str:
        """Return the role that a graph stands for; of others there are none in a register."""
        term = graph.expression.term if isinstance(graph.expression, Constant) else ""
        if term == f"<{OURS}provenance>":
            return "provenance"
        if not term or iri_of(term) not in _DEFAULT:
            shown = iri_of(term) if term else "a graph that depends on the record"
            self._lost(cannot(f"the graph {shown}", graph.place))
        return ""

    def _object(self, about: Resource, triples_map: Resource, values: ValueReader) -> Plain:
        if about.has("parentTriplesMap"):
            parent = about.one("parentTriplesMap")
            assert parent is not None
            if not about.has("joinCondition"):
                found: Plain = {"mapping": self._name_of(parent)}
                if condition := self._terms.condition(about):
                    found["when"] = values.condition(condition)
            else:
                found = self._joins.object(about, parent, triples_map, self._terms, values)
        else:
            found = self._term(values, self._terms.term_map(about, "object"), typed=False)
        for word in ("required", "raw"):
            if about.text(OURS + word):
                found[word] = "true"
        if about.text(OURS + "languages"):
            found["languageMap"] = found.pop("value")
            found.pop("type", None)
        return shorten.value(found)

    def _term(self, values: ValueReader, spec: TermMap, typed: bool) -> Plain:
        """Return an object or subject."""
        if spec.type == "blank":
            raise cannot("a blank node: give the node an IRI, such as a fragment", spec.place)
        if spec.type == "uri":
            raise cannot("a URI of ASCII alone (rml:URI)", spec.place)
        iri = spec.type != "literal"
        found = values.value(spec, iri=iri)
        if iri:
            found["type"] = "iri"
            if spec.type == "unsafe":
                found["raw"] = "true"
        found |= self._literal(values, spec)
        if spec.condition is not None:
            found["when"] = values.condition(spec.condition)
        first = str(found.get("value", found.get("constant", "")))
        if not iri and looks_prefixed(first) and not {"language", "datatype"} & set(found):
            found["type"] = "literal"
        return found

    def _literal(self, values: ValueReader, spec: TermMap) -> Plain:
        """Return language or datatype, which a constant has in itself."""
        if spec.language is not None:
            return {"language": values.text(spec.language.expression, spec.place)}
        if spec.datatype is not None:
            if not isinstance(spec.datatype.expression, Constant):
                raise cannot("a datatype that depends on the record", spec.place)
            return {"datatype": values.compact(iri_of(spec.datatype.expression.term))}
        if spec.type == "literal" and isinstance(spec.expression, Constant):
            _, language, datatype = parts(spec.expression.term)
            if language:
                return {"language": language}
            return {"datatype": values.compact(datatype)} if datatype != XSD_STRING else {}
        return {}

    def _name_of(self, about: Resource) -> str:
        if about.node not in self._names:
            raise about.fault("QCP-RML-MAPPING", "There is no such triples map.")
        return self._names[about.node]

    def _lost(self, error: UsageError) -> None:
        """Keep what a register's mapping cannot say; a faulty document is a fault all the same."""
        if error.code != "QCP-RML-REGISTER":
            raise error
        self.remarks.append(Remark(error.message, error.where, _LEFT, lost=True))


def _names(maps: list[Resource]) -> Mapping[object, str]:
    """Return a name for each triples map: the last part of its IRI, numbered where it repeats."""
    found: dict[object, str] = {}
    taken: Counter[str] = Counter()
    for about in maps:
        node = about.node
        name = unquote(local(node.value)) if isinstance(node, ox.NamedNode) else "map"
        found[node] = numbered(name, taken)
    return found
