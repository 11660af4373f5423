"""The standard validation report as triples (SHACL §3.6)."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from qcp_graph.terms import RDF_TYPE, Triple, curie, literal
from qcp_graph.validation import paths
from qcp_graph.validation.result import Result
from qcp_graph.validation.shapes_graph import FIRST, NIL, REST

_BOOLEAN: Final = curie("xsd:boolean")
_OPERATORS: Final = {operator: term for term, operator in paths.PARAMETERS.items()}


def report(results: Iterable[Result], iri: str = "urn:qcp:report") -> Iterator[Triple]:
    """Yield a ``sh:ValidationReport`` as triples, result by result.

    Results are fragments of the report's IRI, named by what they say, so that the same results give
    the same triples. Only a path of several steps is a blank node, with a label that is stable too:
    an IRI in its place would be a predicate (SHACL §2.3.1). What is yielded last says whether the
    data conforms: it is known only then.
    """
    node = f"<{iri}>"
    yield node, RDF_TYPE, curie("sh:ValidationReport")
    seen: Counter[str] = Counter()
    focus = ""
    for result in results:
        if result.focus != focus:
            focus = result.focus
            seen.clear()  # all results of a focus node come together: memory stays bounded
        name = hashlib.sha256("\n".join(result.key).encode()).hexdigest()[:32]
        seen[name] += 1
        suffix = f"-{seen[name]}" if seen[name] > 1 else ""
        item = f"<{iri}#result-{name}{suffix}>"
        yield node, curie("sh:result"), item
        yield from _result(item, result, f"_:path{name}{seen[name]}")
    conforms = "false" if focus else "true"
    yield node, curie("sh:conforms"), f'"{conforms}"^^{_BOOLEAN}'


def _result(item: str, result: Result, label: str) -> Iterator[Triple]:
    yield item, RDF_TYPE, curie("sh:ValidationResult")
    yield item, curie("sh:focusNode"), result.focus
    if result.path:
        path, extra = _path(paths.parse(result.path), label)
        yield item, curie("sh:resultPath"), path
        yield from extra
    if result.value:
        yield item, curie("sh:value"), result.value
    yield item, curie("sh:sourceShape"), result.shape
    yield item, curie("sh:sourceConstraintComponent"), result.component
    yield item, curie("sh:resultSeverity"), result.rule.severity
    for language, text in result.rule.messages:
        yield item, curie("sh:resultMessage"), literal(text, language=language)


def _path(path: paths.Path, name: str) -> tuple[str, list[Triple]]:
    """Return the node of a path and the triples that describe it."""
    if path.operator == "":
        return path.predicate, []
    inner = [_path(operand, f"{name}n{i}") for i, operand in enumerate(path.operands, 1)]
    triples = [triple for _, extra in inner for triple in extra]
    nodes = [operand for operand, _ in inner]
    if path.operator == "/":
        return name, triples + _list(nodes, name)
    if path.operator == "|":
        members = _list(nodes, f"{name}l")
        return name, [*triples, (name, _OPERATORS["|"], f"{name}l"), *members]
    return name, [*triples, (name, _OPERATORS[path.operator], nodes[0])]


def _list(nodes: list[str], name: str) -> list[Triple]:
    """Return an RDF list whose first node is ``name``."""
    cells = [name, *(f"{name}c{i}" for i in range(2, len(nodes) + 1)), NIL]
    triples: list[Triple] = []
    for member, cell, following in zip(nodes, cells, cells[1:], strict=False):
        triples += [(cell, FIRST, member), (cell, REST, following)]
    return triples
