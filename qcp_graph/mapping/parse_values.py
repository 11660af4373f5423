"""From the tree to values, conditions and objects (:mod:`qcp_graph.mapping.spec`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from qcp_graph.mapping import parse_functions, vocabulary
from qcp_graph.mapping.fields import Fields, items, scalar, texts
from qcp_graph.mapping.nodes import Listing, Node, Place, Scalar, Table
from qcp_graph.mapping.parse_functions import KEYS as FUNCTION_KEYS
from qcp_graph.mapping.paths import Form, Reference, Template, template
from qcp_graph.mapping.problems import fault, unknown
from qcp_graph.mapping.spec import (
    Argument,
    CodeListSpec,
    Comparison,
    Condition,
    Junction,
    LanguageMap,
    MappingReference,
    Missing,
    Object,
    Step,
    Value,
)
from qcp_graph.namespaces import PREFIXES

VALUE_KEYS: Final = ("value", "constant", "transform", "lookup", *FUNCTION_KEYS, "default")
OBJECT_KEYS: Final = (
    *VALUE_KEYS, "languageMap", "mappings", "type", "raw", "language", "datatype", "when",
    "required",
)  # fmt: skip
TEST_KEYS: Final = (
    *VALUE_KEYS[:-1], "equals", "not", "in", "matches", "exists", "empty", "all", "any",
)  # fmt: skip
KINDS: Final = ("value", "constant", "languageMap", "mappings", "function")
LIST_KEYS: Final = ("file", "levels", "to", "missing", "casefold", "many")
_OBJECT_ALIASES: Final = {"v": "value", "mapping": "mappings", "condition": "when"}
_LANGUAGE: Final = re.compile(r"(.+)~lang\Z")


@dataclass
class Names:
    """What a part of the mapping may refer to, and how its references are written."""

    form: Form
    prefixes: Mapping[str, str]
    joins: Mapping[str, Form]
    codelists: dict[str, CodeListSpec] = field(default_factory=dict)
    outer: Form | None = None

    def template(self, node: Node, what: str = "value") -> Template:
        """Parse a template."""
        written = scalar(node, what)
        try:
            return template(written.text, self.form, self.joins, self.outer)
        except ValueError as error:
            raise fault("QCP-MAP-TEMPLATE", f"Bad reference: {error}.", written.place) from error

    def reference(self, node: Node, what: str) -> Reference:
        """Parse a text that is one reference, ``$(…)`` or its bare path."""
        written = scalar(node, what)
        text = written.text if written.text.startswith("$(") else f"$({written.text})"
        single = self.template(replace(written, text=text), what).single
        if single is None:
            message = f"{what} must be one reference, such as $(A)."
            raise fault("QCP-MAP-TEMPLATE", message, node.place)
        return single

    def value(self, node: Node) -> Value:
        """Parse a value: a template, or a table of :data:`VALUE_KEYS`."""
        if isinstance(node, Table):
            return self.content(Fields(node, "a value", VALUE_KEYS, _OBJECT_ALIASES))
        return Value(self.template(node), node.place)

    def content(self, fields: Fields) -> Value:
        """Parse the keys ``value constant function transform lookup default`` of a table."""
        default = fields.get("default")
        last = self.value(default) if default else None
        if "function" in fields:
            if {"value", "constant"} & {*fields}:
                raise fault("QCP-MAP-KEYWORD", "Give value or function, not both.", fields.place)
            called = parse_functions.value(fields, self)
            return replace(called, steps=(*called.steps, *self.steps(fields)), default=last)
        if "constant" in fields:
            if "value" in fields:
                raise fault("QCP-MAP-KEYWORD", "Give value or constant, not both.", fields.place)
            text = fields.text("constant")
            base = Template((text,) if text else ())
        else:
            base = self.template(fields.need("value"))
        return Value(base, fields.place, self.steps(fields), last)

    def steps(self, fields: Fields) -> tuple[Step, ...]:
        """Parse ``transform``, then ``lookup``."""
        node = fields.get("transform")
        found = [self._step(item) for item in items(node)] if node else []
        if lookup := fields.get("lookup"):
            found.append(self._lookup(lookup))
        return tuple(found)

    def _step(self, node: Node) -> Step:
        if isinstance(node, Scalar):
            return Step(node.text, node.place)
        if isinstance(node, Listing) or len(node.entries) != 1:
            message = "A step is a function name, or one name with its arguments."
            raise fault("QCP-MAP-KEYWORD", message, node.place, "For example: - split: {on: ';'}")
        (name, arguments), *_ = node.entries.items()
        if name == "lookup":
            return self._lookup(arguments)
        return Step(name, node.place, _arguments(arguments))

    def _lookup(self, node: Node) -> Step:
        if isinstance(node, Table):
            name = f"(inline {len(self.codelists)})"
            self.codelists[name] = codelist("(inline)", node, node.place)
            return Step(name, node.place, lookup=True)
        name = scalar(node, "lookup").text
        if name not in self.codelists:
            raise unknown("QCP-MAP-NAME", "code list", name, self.codelists, node.place)
        return Step(name, node.place, lookup=True)

    def condition(self, node: Node) -> Condition:
        """Parse ``when``: one condition, or a list of which all must hold."""
        members = tuple(self._test(item) for item in items(node))
        return members[0] if len(members) == 1 else Junction("all", members)

    def _test(self, node: Node) -> Condition:
        fields = Fields(node, "a condition", TEST_KEYS, {"v": "value"})
        given = [key for key in TEST_KEYS[len(VALUE_KEYS) - 1 :] if key in fields]
        if "function" in fields and not given:
            return parse_functions.condition(fields, self)
        if not {"value", "constant", "function"} & {*fields}:
            return self._junction(fields)
        value = self.content(fields)
        if len(given) != 1 or given[0] in {"all", "any"}:
            message = "A condition needs exactly one of equals, not, in, matches, exists, empty."
            raise fault("QCP-MAP-KEYWORD", message, fields.place)
        return _comparison(fields, value, given[0])

    def _junction(self, fields: Fields) -> Condition:
        names: tuple[Literal["all", "any"], ...] = ("all", "any")
        for name in names:
            if name in fields:
                inner = fields.need(name)
                return Junction(name, tuple(self._test(item) for item in items(inner)))
        if "not" in fields:
            return Junction("none", (self.condition(fields.need("not")),))
        message = "A condition needs a value, or all, any, not with conditions."
        raise fault("QCP-MAP-KEYWORD", message, fields.place)

    def object(self, node: Node, *, iri: bool = False) -> Object:
        """Parse an object: a text with YARRRML's ``~iri``, or a table of :data:`OBJECT_KEYS`."""
        if isinstance(node, Listing):
            raise fault("QCP-MAP-KEYWORD", "An object is a text or a table.", node.place)
        if isinstance(node, Scalar):
            return self._short(node, iri)
        fields = Fields(node, "an object", OBJECT_KEYS, _OBJECT_ALIASES)
        kinds = [k for k in KINDS if k in fields]
        if len(kinds) != 1:
            message = f"An object needs exactly one of {', '.join(KINDS)}."
            raise fault("QCP-MAP-KEYWORD", message, fields.place)
        return self._object(fields, kinds[0], iri)

    def _object(self, fields: Fields, kind: str, iri: bool) -> Object:
        condition = fields.get("when")
        language = fields.get("language")
        datatype = fields.text("datatype", "")
        found = Object(
            self._content(fields, kind),
            fields.place,
            raw=fields.flag("raw"),
            language=self.template(language, "language") if language else None,
            datatype=vocabulary.name(datatype, self.prefixes, fields.line("datatype"))
            if datatype
            else "",
            when=self.condition(condition) if condition else None,
            required=fields.flag("required"),
        )
        _check_datatype(found)
        stated = fields.choice("type", ("", "iri", "literal")) if "type" in fields else ""
        plain = found.language is None and not found.datatype
        return self._typed(found, stated or ("iri" if iri else ""), plain)

    def _content(self, fields: Fields, kind: str) -> Value | LanguageMap | MappingReference:
        if kind == "mappings":
            return MappingReference(fields.text("mappings"), fields.line("mappings"))
        if kind == "languageMap":
            reference = self.reference(fields.need("languageMap"), "languageMap")
            return LanguageMap(reference, fields.place, self.steps(fields))
        return self.content(fields)

    def _short(self, node: Scalar, iri: bool) -> Object:
        forced = node.text.endswith("~iri")
        text = replace(node, text=node.text.removesuffix("~iri"))
        found = Object(Value(self.template(text), node.place), node.place)
        return self._typed(found, "iri" if iri or forced else "", plain=True)

    def _typed(self, found: Object, stated: str, plain: bool) -> Object:
        """Decide between IRI and literal, and write prefixes out where it is an IRI."""
        if not isinstance(found.content, Value):
            return found
        value = found.content
        first = value.template.parts[0] if value.template.parts else ""
        prefixed = isinstance(first, str) and vocabulary.looks_prefixed(first)
        levels = any(s.lookup and self.codelists[s.name].levels for s in value.steps[-1:])
        if stated == "literal" or not (stated == "iri" or levels or (prefixed and plain)):
            return found
        if not plain:
            message = "An IRI has neither language nor datatype."
            raise fault("QCP-MAP-KEYWORD", message, found.place)
        return replace(found, iri=True, content=self._iri_value(value))

    def _iri_value(self, value: Value) -> Value:
        default = self._iri_value(value.default) if value.default else None
        parts = value.template.parts
        if parts and isinstance(parts[0], str) and not value.steps:
            start = vocabulary.expanded(parts[0], self.prefixes, value.place)
            return replace(value, template=Template((start, *parts[1:])), default=default)
        return replace(value, default=default)

    def qualified(self, found: Object, node: Node) -> Object:
        """Apply YARRRML's third member: ``fr~lang`` or a datatype."""
        text = scalar(node, "language or datatype").text
        match = _LANGUAGE.match(text)
        plain = replace(found, iri=False)
        if match:
            return replace(plain, language=self.template(Scalar(match.group(1), node.place)))
        found = replace(plain, datatype=vocabulary.name(text, self.prefixes, node.place))
        _check_datatype(found)
        return found


def _check_datatype(found: Object) -> None:
    if found.datatype and found.language is not None:
        raise fault("QCP-MAP-KEYWORD", "Give language or datatype, not both.", found.place)
    if found.datatype == PREFIXES["rdf"] + "langString":
        raise fault("QCP-MAP-KEYWORD", "Write the language instead of rdf:langString.", found.place)


def _comparison(fields: Fields, value: Value, key: str) -> Condition:
    place = fields.line(key)
    if key in {"exists", "empty"}:
        wanted = fields.choice(key, ("false", "true")) == "true"
        test = Comparison(value, "exists", (), place)
        return test if wanted == (key == "exists") else Junction("none", (test,))
    operands = texts(
        fields.need(key) if key != "equals" else fields.get(key) or fields.need(key), key
    )
    if key == "matches":
        return Comparison(value, "matches", operands, place)
    test = Comparison(value, "in", operands, place)
    return Junction("none", (test,)) if key == "not" else test


def _arguments(node: Node) -> dict[str, Argument]:
    """Return named arguments; a bare value is the function's first (named ``""``)."""
    if isinstance(node, Table):
        return {key: _argument(value) for key, value in node.entries.items()}
    return {"": _argument(node)}


def _argument(node: Node) -> Argument:
    return texts(node, "an argument") if isinstance(node, Listing) else scalar(node, "it").text


def codelist(name: str, node: Node, place: Place) -> CodeListSpec:
    """Parse the description of a code list."""
    fields = Fields(node, f"the code list {name!r}", LIST_KEYS)
    if ("file" in fields) == ("levels" in fields):
        raise fault("QCP-MAP-KEYWORD", "A code list needs either file or levels.", place)
    if "to" in fields and "levels" not in fields:
        raise fault("QCP-MAP-KEYWORD", "`to` belongs to levels.", fields.line("to"))
    to: Literal["iri", "eqf"] = "eqf" if fields.choice("to", ("iri", "eqf")) == "eqf" else "iri"
    missing: Mapping[str, Missing]
    missing = {"drop": "drop", "reject": "reject", "keep": "keep", "note": "note"}
    return CodeListSpec(
        name,
        place,
        fields.text("file", ""),
        fields.text("levels", ""),
        to,
        missing[fields.choice("missing", tuple(missing))],
        fields.flag("casefold"),
        fields.flag("many"),
    )
