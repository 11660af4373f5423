"""Turtle for people: our prefixes, the thing first, its fragments after it, everything sorted.

Written by hand because general serialisers rewrite durations and dates, or take ten times longer.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from qcp_graph.namespaces import PREFIXES, expand
from qcp_graph.terms import RDF_TYPE, Triple

# Local names that need no escape in Turtle 1.1 (PN_LOCAL without '.', ':' and '%').
_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?\Z")
_INTEGER: Final = re.compile(r"[+-]?[0-9]+\Z")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]*\.[0-9]+\Z")
_BY_NAMESPACE: Final = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_INTEGER_TAIL: Final = f"^^<{expand('xsd:integer')}>"
_DECIMAL_TAIL: Final = f"^^<{expand('xsd:decimal')}>"
_BOOLEAN: Final = {f'"{value}"^^<{expand("xsd:boolean")}>': value for value in ("true", "false")}


def write(triples: Iterable[Triple], first: str) -> str:
    """Return a Turtle document; ``first`` is the IRI whose description comes first.

    >>> print(write([("<http://x/a>", "<http://purl.org/dc/terms/title>", '"A"@en')], "http://x/a"))
    @prefix dcterms: <http://purl.org/dc/terms/> .
    <BLANKLINE>
    <http://x/a>
        dcterms:title "A"@en .
    <BLANKLINE>
    """
    used: set[str] = set()
    return _document(_blocks(triples, first, used), used)


def write_graphs(graphs: Mapping[str, Iterable[Triple]], first: str) -> str:
    """Return a TriG document of named graphs (their IRIs as N-Triples terms), sorted by name."""
    used: set[str] = set()
    blocks = []
    for name in sorted(graphs):
        content = "\n".join(_blocks(graphs[name], first, used))
        blocks.append(f"{_name(name, used)} {{\n{content}}}\n")
    return _document(blocks, used)


def _document(blocks: Sequence[str], used: Iterable[str]) -> str:
    head = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in sorted(used))
    return "\n".join([head, *blocks]) if head else "\n".join(blocks)


def _blocks(triples: Iterable[Triple], first: str, used: set[str]) -> list[str]:
    about: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in sorted(set(triples)):
        about[subject][predicate].append(value)
    return [
        _subject(subject, about[subject], used)
        for subject in sorted(about, key=lambda s: _rank(s, first))
    ]


def _rank(subject: str, first: str) -> tuple[int, str]:
    if subject == f"<{first}>":
        return 0, subject
    return (1 if subject.startswith(f"<{first}#") else 2), subject


def _subject(subject: str, properties: dict[str, list[str]], used: set[str]) -> str:
    lines = []
    for predicate in sorted(properties, key=lambda p: (p != RDF_TYPE, p)):
        name = "a" if predicate == RDF_TYPE else _term(predicate, used)
        values = [_term(value, used) for value in properties[predicate]]
        gap = ",\n        " if sum(map(len, values)) > 80 else ", "
        lines.append(f"    {name} {gap.join(values)}")
    return f"{_term(subject, used)}\n" + " ;\n".join(lines) + " .\n"


def _term(term: str, used: set[str]) -> str:
    if term.startswith("<"):
        return _name(term, used)
    if short := _BOOLEAN.get(term):
        return short
    if term.endswith(">"):
        end = term.rindex('"^^<')
        text, datatype = term[1:end], term[end + 3 :]
        if term.endswith(_INTEGER_TAIL) and _INTEGER.match(text):
            return text
        if term.endswith(_DECIMAL_TAIL) and _DECIMAL.match(text):
            return text
        return f'"{text}"^^{_name(datatype, used)}'
    return term


def _name(term: str, used: set[str]) -> str:
    iri = term[1:-1]
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix = _BY_NAMESPACE.get(iri[:cut])
    if prefix is None or not _LOCAL.match(iri[cut:]):
        return term
    used.add(prefix)
    return f"{prefix}:{iri[cut:]}"
