"""``copy: elm``: what is ELM already passes as it is, as far as the model knows it.

Names of things become ours (:mod:`~qcp_graph.mapping.copy_names`); literals are checked; a text
where the model wants a node, as registers write it, becomes the node's one text.
"""

import hashlib
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from qcp_graph import elm_model
from qcp_graph.iris import Iris
from qcp_graph.mapping.audit import Ignore
from qcp_graph.mapping.copy_names import CONCEPT, NAMES, ORGANISATION, Naming, Target
from qcp_graph.mapping.frames import Run
from qcp_graph.mapping.literals import CHECKS
from qcp_graph.mapping.rdf_names import Expander, Tree, is_literal, items, properties, texts
from qcp_graph.mapping.spec import Input
from qcp_graph.mapping.straight import STRING, Report, Trace, iri_term, literal_term, reporter
from qcp_graph.mapping.vocabulary import is_safe_iri
from qcp_graph.model.record import JsonValue
from qcp_graph.model.source import Source
from qcp_graph.namespaces import expand
from qcp_graph.terms import RDF_TYPE, Quad

MAX_DEPTH: Final = 60
_XSD: Final = expand("xsd:")
_LANG: Final = expand("rdf:langString")
_LITERAL: Final = expand("rdfs:Literal")
_DATE: Final = expand("xsd:date")
_TIME: Final = expand("xsd:dateTime")
# A text in the place of a node that is little more than a text: what it becomes.
_WRAPPED: Final = (
    (expand("elm:WebResource"), expand("elm:contentUrl"), expand("xsd:anyURI")),
    (expand("elm:Note"), expand("elm:noteLiteral"), _LANG),
)
# Official vocabularies say themselves what their concepts are called.
_OFFICIAL: Final = ("http://data.europa.eu/", "http://publications.europa.eu/")
_REMEMBERED: Final = 50_000

# Contact points may be those of persons, and this graph holds no personal data.
PERSONAL: Final = frozenset({expand("elm:contactPoint"), expand("elm:emailAddress")})

Path = tuple[str, ...]
Sink = MutableMapping[Quad, None]


@cache
def copied(classes: tuple[str, ...]) -> elm_model.Properties:
    """Return the properties that are copied of a node of some classes."""
    known = dict(elm_model.properties_of(classes))
    if ORGANISATION in classes:
        known[NAMES[1]] = known[NAMES[0]]
    return {name: values for name, values in known.items() if name not in PERSONAL}


def passed_over(predicate: str) -> bool:
    """Tell whether a property is left out for good: personal, or without a place in ELM 3.1."""
    return predicate in PERSONAL or elm_model.renamed().get(predicate) == ""


@dataclass(frozen=True)
class Rules:
    """What is copied: all the model knows, but what is ignored by name or left to the mapping."""

    names: Expander
    naming: Naming
    leave: frozenset[str]
    ignore: Ignore
    place: str
    language: str
    _skipped: dict[Path, bool] = field(default_factory=dict)

    @classmethod
    def of(
        cls, spec: Input, inputs: Sequence[Input], source: Source, iris: Iris, ignore: Ignore
    ) -> "Rules":
        """Return the rules of one of the inputs of a source."""
        assert spec.copy is not None
        own = spec.options.get("prefixes", {})
        names = Expander(dict(own) if isinstance(own, Mapping) else {})
        records = [
            names.iri(name)
            for other in inputs
            if other.copy is not None
            for name in other.iterator.replace(",", " ").split()
        ]
        naming = Naming(iris, source.id, records, spec.copy.classes, names)
        language = source.languages[0] if len(source.languages) == 1 else ""
        return cls(
            names, naming, frozenset(spec.copy.leave), ignore, str(spec.copy.place), language
        )

    def skips(self, path: Path) -> bool:
        """Tell whether a property is left out, by its path from the record."""
        found = self._skipped.get(path)
        if found is None:
            found = len(path) == 1 and self.names.iri(path[0]) in self.leave
            found = found or self.ignore.covers("/".join(path[:n]) for n in range(1, len(path) + 1))
            if len(self._skipped) < _REMEMBERED:
                self._skipped[path] = found
        return found


@dataclass(frozen=True)
class Copier:
    """Copies records of one source; see :class:`~qcp_graph.mapping.straight.Straight`."""

    rules: Rules

    def content(self) -> str:
        """Return the model's tables, for the fingerprint."""
        return repr((sorted(elm_model.properties().items()), sorted(elm_model.renamed().items())))

    def add(self, data: Tree, subject: str, run: Run, trace: Trace) -> None:
        """Add what is said of a record, and of the nodes behind it."""
        target = self.rules.naming.record(data, subject)
        root = str(data.get("@id", ""))
        nameless = frozenset(self.rules.naming.nameless(data))
        one = _Copy(self.rules, run, root, subject, nameless, trace)
        one.node(data, target, run.quads, ())


@dataclass(frozen=True)
class _Copy:
    """One record on its way; ``root`` is its IRI in the source, ``main`` the one it has here.

    ``nameless`` are organisations of which the source gives no name: nothing is said of them.
    """

    rules: Rules
    run: Run
    root: str
    main: str
    nameless: frozenset[str]
    trace: Trace

    def node(self, tree: Tree, target: Target, sink: Sink, trail: Path) -> None:
        """Add what is said of a node."""
        start = f"<{target.iri}>"
        stated = ", ".join(texts(tree.get("@type", ())))
        for name in target.classes:
            self._add(sink, (start, RDF_TYPE, f"<{name}>", "data"), (*trail, "@type"), stated)
        known = copied(target.classes)
        for name, value in properties(tree):
            predicate = self.rules.names.iri(name)
            path = (*trail, name)
            if predicate not in known or len(path) > MAX_DEPTH or self.rules.skips(path):
                continue
            report = reporter(self.run, "/".join(path), self.rules.place)
            for item in items(value):
                if is_literal(item):
                    term = self._text(item, known[predicate], target, sink, report)
                else:
                    term = self._node(item, known[predicate], target, sink, path, report)
                if term:
                    self._add(sink, (start, f"<{predicate}>", term, "data"), path, item)
                if term and predicate in NAMES and ORGANISATION in target.classes:
                    for other in NAMES:  # docs/data-model.md: both say the same
                        self._add(sink, (start, f"<{other}>", term, "data"), path, item)

    def _add(self, sink: Sink, quad: Quad, path: Path, item: JsonValue = "") -> None:
        sink[quad] = None
        shown = item.get("#text", "") if isinstance(item, Mapping) else item
        self.trace[quad] = f"{self.rules.place} copy", [("/".join(path), str(shown))]

    def _node(
        self, item: JsonValue, expected: Sequence[str], owner: Target, sink: Sink, path: Path,
        report: Report,
    ) -> str:  # fmt: skip
        if not isinstance(item, Mapping):
            return ""
        if all(name.startswith(_XSD) or name in {_LANG, _LITERAL} for name in expected):
            return self._misplaced(item, expected, report)
        if str(item.get("@id") or item.get("@local", "")) in self.nameless:
            report(
                "QCP-MAP-VALUE", "The body has no name, so nothing is said of it.",
                str(item.get("@id", "")), "Give its name.",
            )  # fmt: skip
            return iri_term(str(item["@id"]), report) if "@id" in item else ""
        found = self.rules.naming.target(item, expected, owner, self.root, self.main)
        term = iri_term(found.iri, report)
        if term and found.described and self._worth(item, found):
            inside = found.section == owner.section  # a part of what is being described
            here = self.run.shared if found.shared else sink if inside else self.run.quads
            self.node(item, found, here, path)
        return term

    def _worth(self, item: Tree, found: Target) -> bool:
        """Tell whether to repeat what is said: not of official concepts, nor where nothing is."""
        if CONCEPT in found.classes:
            official = found.iri.startswith(_OFFICIAL)
            return not official and next(properties(item), None) is not None
        return True

    def _misplaced(self, item: Tree, expected: Sequence[str], report: Report) -> str:
        """Take the IRI of a node for the address that the model wants as a literal."""
        iri = item.get("@id")
        if isinstance(iri, str) and expand("xsd:anyURI") in expected:
            return literal_term(iri, "", expand("xsd:anyURI"), report)
        report(
            "QCP-MAP-VALUE", "A thing stands where the model has a text.", str(iri or ""),
            "Give the text.",
        )  # fmt: skip
        return ""

    def _text(
        self, item: JsonValue, expected: Sequence[str], owner: Target, sink: Sink, report: Report
    ) -> str:
        text, language, datatype = self._parts(item)
        if any(name.startswith(_XSD) or name in {_LANG, _LITERAL} for name in expected):
            return self._literal(text, language, datatype, expected, report)
        for name, predicate, wanted in _WRAPPED:
            if name in expected:
                term = self._literal(text, language, datatype, (wanted,), report)
                return self._wrapped(term, name, predicate, owner, sink) if term else ""
        if is_safe_iri(text):
            return f"<{text}>"
        report("QCP-MAP-VALUE", "A text stands where the model has a thing.", text, "Name it.")
        return ""

    def _parts(self, item: JsonValue) -> tuple[str, str, str]:
        if not isinstance(item, Mapping):
            return str(item), "", ""
        datatype = str(item.get("@datatype", ""))
        return (
            str(item.get("#text", "")),
            str(item.get("@language", "")),
            self.rules.names.iri(datatype) if datatype else "",
        )

    def _wrapped(self, term: str, name: str, predicate: str, owner: Target, sink: Sink) -> str:
        local = hashlib.sha256(term.encode()).hexdigest()[:12]
        node = f"<{self.rules.naming.fragment(owner.owner, (name,), local)}>"
        self._add(sink, (node, RDF_TYPE, f"<{name}>", "data"), ())
        self._add(sink, (node, f"<{predicate}>", term, "data"), ())
        return node

    def _literal(
        self, text: str, language: str, datatype: str, expected: Sequence[str], report: Report
    ) -> str:
        if not text.strip():
            return ""
        if language or (datatype and datatype != STRING):
            return literal_term(text, language, datatype, report)
        if _LANG in expected:
            if self.rules.language:
                return literal_term(text, self.rules.language, "", report)
            report(
                "QCP-MAP-LANGUAGE", "The text does not say which language it is in.", text,
                "State its language, or name the register's only language in source.yaml.",
            )  # fmt: skip
            return ""
        # Syntaxes without datatypes write a date as a text: it is one where the model says so.
        wanted = expected[0] if len(expected) == 1 and expected[0] in CHECKS else ""
        if wanted == _TIME and CHECKS[_DATE][0](text.strip()):
            wanted = _DATE
        return literal_term(text, "", wanted, report)
