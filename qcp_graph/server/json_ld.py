"""JSON-LD of a document, compacted with our context and referring to it by address."""

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.serializers.jsonld import from_rdf

from qcp_graph import assets
from qcp_graph.errors import InternalError


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
        _ = json.loads(text)["@context"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InternalError(
            "QCP-WEB-CONTEXT",
            "The JSON-LD context cannot be read.",
            where=str(path),
            remedy="Install qcp-graph again.",
        ) from error
    return text


def write(triples: Iterable[ox.Triple], iri: str, context_iri: str, context: Path) -> bytes:
    """Return a JSON-LD 1.1 document whose nodes stand in ``@graph``, the thing itself first.

    Nothing is fetched: ``context_iri`` is only named, its content comes from the file ``context``.
    """
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add((_term(triple.subject), _term(triple.predicate), _term(triple.object)))
    terms = json.loads(context_text(context))["@context"]
    content: Any = from_rdf(  # type: ignore[no-untyped-call]
        graph, context_data=terms, auto_compact=False
    )
    key = _identifier_key(terms)
    nodes = content.get("@graph", [content] if key in content else [])
    nodes.sort(key=lambda node: _rank(str(node.get(key, "")), iri))
    document = {"@context": context_iri, "@graph": [_ordered(node, key) for node in nodes]}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _term(term: Any) -> URIRef | Literal:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    # rdflib would rewrite durations and dates (PT60H becomes P2DT12H) when it normalises.
    datatype = term.datatype.value
    plain = datatype == "http://www.w3.org/2001/XMLSchema#string"
    return Literal(term.value, datatype=None if plain else URIRef(datatype), normalize=False)


def _identifier_key(context: Any) -> str:
    """Return the name that the context gives to ``@id``."""
    parts = context if isinstance(context, list) else [context]
    for part in parts:
        for name, meaning in part.items() if isinstance(part, dict) else ():
            if meaning == "@id":
                return str(name)
    return "@id"


def _rank(name: str, iri: str) -> tuple[int, str]:
    if name == iri:
        return 0, name
    return (1 if name.startswith(iri + "#") else 2), name


def _ordered(node: dict[str, Any], key: str) -> dict[str, Any]:
    first = (key, "type", "@type")
    return dict(sorted(node.items(), key=lambda item: (item[0] not in first, item[0])))
