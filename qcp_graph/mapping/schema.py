"""The JSON Schema of ``mapping.yaml`` (draft 2020-12), made of the parser's own words.

``mapping.schema.json`` beside this module is what it gives; a test holds the two together. The
schema lets an editor complete and check; whether names exist only the loader knows.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from qcp_graph.mapping import fields, functions, parse, parse_rules, parse_straight, parse_values
from qcp_graph.mapping.codelist_files import MATCHES
from qcp_graph.model.reader_options import OPTIONS, Option

FILE: Final = "mapping.schema.json"
DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
_TEXT: Final[Schema] = {"type": ["string", "number", "boolean"]}
_FLAG: Final[Schema] = {"enum": [True, False, "true", "false"]}
_NUMBER: Final[Schema] = {"type": ["integer", "string"], "pattern": "^[0-9]+$"}
_KINDS: Final[Mapping[str, Schema]] = {
    "character": {"type": "string", "maxLength": 1},
    "number": _NUMBER,
    "texts": {"type": "array", "items": _TEXT},
    "names": {"type": "object"},
    "flag": _FLAG,
    "choice": {"type": "string"},
    "header": {"anyOf": [_NUMBER, {"const": "auto"}, {"type": "array", "items": _NUMBER}]},
}
_MEANINGS: Final[Mapping[str, str]] = {
    "access": "Glob over the names of the files", "key": "What identifies a record",
    "referenceFormulation": "Kind of the file", "iterator": "Which part of the file is a record",
    "where": "Condition for a record", "otherwise": "What a record outside of `where` is",
    "foreach": "Runs once for each item inside the record", "within": "Lies in another mapping",
    "shared": "Several records describe the same node", "main": "Its subject is the record's IRI",
    "transform": "Functions, in order", "lookup": "A code list", "default": "Where nothing is said",
    "missing": "What happens to a word that is not in the list", "required": "Without it: rejected",
    "ignore": "Fields left out, each with the reason", "let": "Named values",
    "casefold": "Capitals do not matter", "many": "A word may have several targets",
}  # fmt: skip


def schema() -> Schema:
    """Return the schema."""
    ref = _ref
    return {
        "$schema": DRAFT,
        "$id": "https://w3id.org/qcp-graph/schema/mapping.json",
        "title": "Mapping of a register (YARRRML with extensions, docs/mapping.md)",
        **_table(parse.TOP_KEYS, {
            "prefixes": _named({"type": "string"}), "codelists": _named(ref("codelist")),
            "sources": _named(ref("source")), "joins": _named(ref("join")),
            "ignore": _named(_TEXT), "let": _named(ref("value")), "mappings": _named(ref("map")),
            "authors": {},
        }),
        "$defs": _definitions(),
    }  # fmt: skip


def _definitions() -> Schema:
    ref = _ref
    texts = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
    formats = {"enum": list(parse.FORMATS)}
    reader = {
        "access": _TEXT, "referenceFormulation": formats, "iterator": _TEXT,
        "options": {"type": ["object", "null"]}, "where": ref("condition"),
    }  # fmt: skip
    value = {
        "value": _TEXT, "constant": _TEXT, "default": ref("value"), "lookup": ref("lookup"),
        "transform": {"anyOf": [ref("step"), {"type": "array", "items": ref("step")}]},
        "function": _TEXT, "parameters": {"type": "array"},
    }  # fmt: skip
    several = {"anyOf": [ref("condition"), {"type": "array", "items": ref("condition")}]}
    tests = {
        "equals": texts, "in": texts, "matches": texts, "exists": _FLAG, "empty": _FLAG,
        "all": several, "any": several, "not": {"anyOf": [texts, several]},
    }  # fmt: skip
    objects = {"anyOf": [ref("object"), {"type": "array", "items": ref("object")}]}
    return {
        "step": _steps(),
        "lookup": {"anyOf": [_TEXT, ref("codelist")]},
        "codelist": _table(parse_values.LIST_KEYS, {
            "file": _TEXT, "levels": _TEXT, "to": {"enum": ["iri", "eqf"]}, "casefold": _FLAG,
            "many": _FLAG, "missing": {"enum": ["drop", "reject", "note", "keep"]},
        }),
        **{f"options-{form}": _options(form) for form in OPTIONS},
        "source": {"allOf": _by_format(), **_table(parse.SOURCE_KEYS, {
            **reader, "key": _TEXT, "otherwise": {"enum": ["reject", "skip"]},
            "construct": {"anyOf": [_TEXT, _table(parse_straight.ROLES, {})]},
            "copy": {"anyOf": [_TEXT, _table(parse_straight.COPY_KEYS, {})]},
        }, required=("access", "referenceFormulation", "key"))},
        "join": {"allOf": _by_format(), **_table(parse.JOIN_KEYS, {
            **reader, "key": ref("value"), "sources": texts, "optional": _FLAG,
            "on": {"anyOf": [ref("value"), {"type": "array", "items": ref("value")}]},
        }, required=("access", "referenceFormulation"))},
        "value": {"anyOf": [_TEXT, _table(parse_values.VALUE_KEYS, value)]},
        "condition": {"anyOf": [
            _table(parse_values.TEST_KEYS, {**value, **tests}),
            {"type": "array", "items": ref("condition")},
        ]},
        "object": {"anyOf": [
            _TEXT,
            {"type": "array", "items": {"anyOf": [_TEXT, {"type": "object"}]}, "maxItems": 2},
            _table(parse_values.OBJECT_KEYS, {
                **value, "languageMap": _TEXT, "mappings": _TEXT, "raw": _FLAG, "language": _TEXT,
                "type": {"enum": ["iri", "literal"]}, "datatype": _TEXT, "required": _FLAG,
                "when": ref("condition"),
            }),
        ]},
        "rule": {"anyOf": [
            {"type": "array", "minItems": 2, "maxItems": 3},
            _table(parse_rules.RULE_KEYS, {
                "p": texts, "o": objects, "graph": {"enum": ["data", "provenance"]},
                "when": ref("condition"),
            }),
        ]},
        "map": _table(parse.MAP_KEYS, {
            "sources": texts, "subjects": objects, "within": _TEXT, "when": ref("condition"),
            "predicateobjects": {"type": "array", "items": ref("rule")},
            "foreach": {"anyOf": [_TEXT, {"type": "object"}]},
            "shared": _FLAG, "main": _FLAG, "let": _named(ref("value")),
        }),
        "match": {"enum": list(MATCHES)},
    }  # fmt: skip


def _by_format() -> list[Schema]:
    """The options that a source may have depend on its format."""
    return [
        {
            "if": {"properties": {"referenceFormulation": {"const": name}}},
            "then": {"properties": {"options": _ref(f"options-{form}")}},
        }
        for name, form in parse.FORMATS.items()
    ]


def _options(form: str) -> Schema:
    properties = {
        name: {**_KINDS.get(option.kind, _TEXT), "description": _words(option)}
        | ({"enum": list(option.choices)} if option.choices else {})
        for name, option in OPTIONS[form].items()
    }
    return {"type": ["object", "null"], "additionalProperties": False, "properties": properties}


def _words(option: Option) -> str:
    return option.meaning + (f" (default: {option.default})" if option.default else "")


def _steps() -> Schema:
    """A step is a function's name, or one name with its arguments; registers may add their own."""
    library = functions.library()
    calls = {
        name: {"description": function.doc.splitlines()[0] if function.doc else ""}
        for name, function in library.items()
    }
    names = {"anyOf": [{"enum": list(library)}, {"type": "string", "pattern": r"^\w+$"}]}
    called = {"type": "object", "maxProperties": 1, "minProperties": 1,
              "properties": {**calls, "lookup": _ref("lookup")}}  # fmt: skip
    return {"anyOf": [names, called]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _named(inner: Schema) -> Schema:
    return {"type": ["object", "null"], "additionalProperties": inner}


def _table(
    known: Sequence[str], kinds: Mapping[str, Schema], required: Sequence[str] = ()
) -> Schema:
    """Return a table of which only the known keys exist, under all their names."""
    aliases = {alias: name for alias, name in fields.ALIASES.items()
               if name in known and alias not in known}  # fmt: skip
    properties: dict[str, Schema] = {}
    for key in (*known, *sorted(aliases)):
        name = aliases.get(key, key)
        properties[key] = {**kinds.get(name, {}), **_described(name)}
    table: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    needed = [key for key in required if key not in aliases.values()]
    return {**table, "required": needed} if needed else table


def _described(name: str) -> Schema:
    return {"description": _MEANINGS[name]} if name in _MEANINGS else {}
