"""JSON-LD of a document, compacted with our context and referring to it by address.

Written by hand: rdflib turns ill-formed numbers and doubles into other values. The writer uses the
term definitions that say ``@id``, ``@type`` and ``@container`` (``@language``, ``@set``); for
everything else it writes full IRIs, which every context leaves alone.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from qcp_graph import assets
from qcp_graph.errors import InternalError
from qcp_graph.namespaces import expand

_RDF_TYPE: Final = expand("rdf:type")
_XSD_STRING: Final = expand("xsd:string")
_KNOWN_KEYS: Final = {"@id", "@type", "@container"}


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the context that stands for a property."""

    name: str
    coercion: str = ""
    container: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """The terms of a context: by property IRI; the names of classes; which terms are lists."""

    properties: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    identifier: str = "@id"
    type: str = "@type"


def context_path(workspace: Path | None) -> Path:
    """Return where our JSON-LD context lies: in the workspace, else in the project."""
    paths = [root / "ontology" / "context.jsonld" for root in assets.roots(workspace)]
    return next((path for path in paths if path.is_file()), paths[-1])


@lru_cache(maxsize=8)
def context_text(path: Path) -> bytes:
    """Return our context as it is published under ``/context.jsonld``.

    :raises InternalError: when it is missing or not a JSON-LD context.
    """
    try:
        text = path.read_bytes()
        if not isinstance(json.loads(text)["@context"], dict):
            raise TypeError("the context is not an object")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InternalError(
            "QCP-WEB-CONTEXT",
            "The JSON-LD context cannot be read.",
            where=str(path),
            remedy="Install qcp-graph again.",
        ) from error
    return text


@lru_cache(maxsize=8)
def load(path: Path) -> Context:
    """Return the terms of a context file."""
    raw = json.loads(context_text(path))["@context"]
    properties: dict[str, tuple[Term, ...]] = {}
    classes: dict[str, str] = {}
    keywords = {"@id": "@id", "@type": "@type"}
    for name, meaning in raw.items():
        if meaning in ("@id", "@type"):
            keywords[meaning] = name
        elif not name.startswith("@"):
            _read(name, meaning, raw, properties, classes)
    terms = [term for group in properties.values() for term in group]
    lists = frozenset(term.name for term in terms if term.container == "@set")
    return Context(properties, classes, lists, keywords["@id"], keywords["@type"])


def _read(
    name: str,
    meaning: Any,
    raw: Mapping[str, Any],
    properties: dict[str, tuple[Term, ...]],
    classes: dict[str, str],
) -> None:
    definition = {"@id": meaning} if isinstance(meaning, str) else meaning
    if not isinstance(definition, dict) or not set(definition) <= _KNOWN_KEYS:
        return
    iri = _expanded(definition["@id"], raw)
    term = Term(name, _expanded(definition.get("@type", ""), raw), definition.get("@container", ""))
    if term.container in {"", "@language", "@set"}:
        properties[iri] = (*properties.get(iri, ()), term)
        if isinstance(meaning, str):
            classes.setdefault(iri, name)


def _expanded(name: str, raw: Mapping[str, Any]) -> str:
    prefix, colon, local = name.partition(":")
    namespace = raw.get(prefix)
    return namespace + local if colon and isinstance(namespace, str) else name


def write(triples: Iterable[ox.Triple], iri: str, context_iri: str, path: Path) -> bytes:
    """Return a JSON-LD 1.1 document whose nodes stand in ``@graph``, the thing itself first.

    Nothing is fetched: ``context_iri`` is only named, its content comes from the file ``path``.
    """
    context = load(path)
    nodes: dict[str, dict[str, Any]] = {}
    for triple in triples:
        subject = _iri(triple.subject)
        node = nodes.setdefault(subject, {context.identifier: subject})
        _add(node, triple.predicate.value, triple.object, context)
    ordered = sorted(nodes, key=lambda name: _rank(name, iri))
    graph = [_tidy(nodes[name], context) for name in ordered]
    document = {"@context": context_iri, "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _add(node: dict[str, Any], predicate: str, value: Any, context: Context) -> None:
    if predicate == _RDF_TYPE:
        name = _iri(value)
        node.setdefault(context.type, []).append(context.classes.get(name, name))
        return
    term = next((t for t in context.properties.get(predicate, ()) if _suits(t, value)), None)
    if term is None:
        node.setdefault(predicate, []).append(_value_object(value))
    elif term.container == "@language":
        node.setdefault(term.name, {}).setdefault(value.language, []).append(value.value)
    else:
        plain = term.coercion or (isinstance(value, ox.Literal) and _is_plain(value))
        node.setdefault(term.name, []).append(value.value if plain else _value_object(value))


def _suits(term: Term, value: Any) -> bool:
    """Tell whether a term gives a value back unchanged when the document is read."""
    if term.container == "@language":
        return isinstance(value, ox.Literal) and bool(value.language)
    if term.coercion == "@id":
        return isinstance(value, ox.NamedNode)
    if term.coercion:
        return isinstance(value, ox.Literal) and value.datatype.value == term.coercion
    return True


def _value_object(value: Any) -> dict[str, str]:
    if not isinstance(value, ox.Literal):
        return {"@id": _iri(value)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if _is_plain(value):
        return {"@value": value.value}
    return {"@value": value.value, "@type": value.datatype.value}


def _is_plain(value: ox.Literal) -> bool:
    return not value.language and value.datatype.value == _XSD_STRING


def _iri(term: Any) -> str:
    return str(term.value)


def _rank(name: str, iri: str) -> tuple[int, str]:
    if name == iri:
        return 0, name
    return (1 if name.startswith(iri + "#") else 2), name


def _tidy(node: dict[str, Any], context: Context) -> dict[str, Any]:
    """Order the members and unwrap lists of one, except where the context promises a list."""
    first = (context.identifier, context.type)
    ordered = sorted(node.items(), key=lambda item: (item[0] not in first, item[0]))
    return {key: value if key in context.lists else _single(value) for key, value in ordered}


def _single(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _single(item) for key, item in value.items()}
    return value[0] if isinstance(value, list) and len(value) == 1 else value
