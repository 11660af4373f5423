"""A record as field → texts, each field written as a mapping refers to it."""

import re
from collections.abc import Mapping
from typing import Final

from qcp_graph.mapping.frames import texts
from qcp_graph.mapping.paths import SEPARATORS, Form
from qcp_graph.model.record import JsonValue

MAX_DEPTH: Final = 40
MAX_TEXTS: Final = 200


def leaves(data: Mapping[str, JsonValue], form: Form) -> dict[str, list[str]]:
    r"""Return the texts of all fields of a record; empty fields are there without texts.

    >>> leaves({"a": [{"b": 1}, {"b": "x", "c.d": None}]}, "json")
    {'a.b': ['1', 'x'], 'a.c\\.d': []}
    >>> leaves({"A": {"#text": "t", "@id": "7"}}, "xml")
    {'A': ['t'], 'A/@id': ['7']}
    >>> leaves({"@id": "i", "x:p": {"#text": "t", "@language": "en", "@@en": "t"}}, "rdf")
    {'@id': ['i'], 'x:p': ['t']}
    """
    found: dict[str, list[str]] = {}
    _walk(data, "", form, found, 0)
    return found


def _walk(value: JsonValue, path: str, form: Form, found: dict[str, list[str]], depth: int) -> None:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if form == "rdf" and _beside(key, path):
                continue
            name = path if key == "#text" and path else _below(path, key, form)
            _walk(inner, name, form, found, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _walk(item, path, form, found, depth + 1)
    else:
        known = found.setdefault(path, [])
        if len(known) < MAX_TEXTS:
            known.extend(texts(value))


def _beside(key: str, path: str) -> bool:
    """Tell what says no more than the field it stands beside, in a record of RDF."""
    return key[:1] == "@" and (bool(path) or key not in {"@id", "@local", "@type"})


def _below(path: str, key: str, form: Form) -> str:
    name = key
    if form == "json":
        name = re.sub(r"([\\.\[\]])", r"\\\1", key)
    return f"{path}{SEPARATORS[form]}{name}" if path else name
