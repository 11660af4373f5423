"""Reads the W3C SHACL test suite: manifests, expected reports, results in a comparable form."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse

from qcp_graph.terms import curie, iri_of
from qcp_graph.validation import Result
from qcp_graph.validation.compiler import read_path
from qcp_graph.validation.shapes_graph import ShapesGraph

Row = tuple[str, str, str, str, str, str]
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"


@dataclass(frozen=True)
class Case:
    """One test: its name, its files, and the report it expects, or that there is none."""

    name: str
    data: Path
    shapes: Path
    conforms: bool
    rows: Counter[Row]
    failure: bool = False


def manifests(path: Path) -> Iterator[Path]:
    """Yield the files with tests below a manifest."""
    graph = ShapesGraph.read([path])
    node = f"<{path.resolve().as_uri()}>"
    included = graph.values(node, f"<{MF}include>")
    for child in included:
        yield from manifests(_file(child))
    if not included:
        yield path


def cases(path: Path) -> Iterator[Case]:
    """Yield the tests of one file."""
    graph = ShapesGraph.read([path])
    for entries in graph.values(f"<{path.resolve().as_uri()}>", f"<{MF}entries>"):
        for node in graph.members(entries, node_name(path)):
            yield _case(graph, node)


def node_name(path: Path) -> str:
    """Return a name for messages."""
    return f"<{path.name}>"


def _case(graph: ShapesGraph, node: str) -> Case:
    action = graph.one(node, f"<{MF}action>")
    report = graph.one(node, f"<{MF}result>")
    failure = report == f"<{SHT}Failure>"
    return Case(
        name=iri_of(node).rpartition("/")[2],
        data=_file(graph.one(action, f"<{SHT}dataGraph>")),
        shapes=_file(graph.one(action, f"<{SHT}shapesGraph>")),
        conforms=graph.one(report, curie("sh:conforms")).startswith('"true"'),
        rows=Counter(_row(graph, item) for item in graph.values(report, curie("sh:result"))),
        failure=failure,
    )


def _row(graph: ShapesGraph, item: str) -> Row:
    path = graph.one(item, curie("sh:resultPath"))
    return (
        blank(graph.one(item, curie("sh:focusNode"))),
        str(read_path(graph, path, item)) if path else "",
        blank(graph.one(item, curie("sh:value"))),
        graph.one(item, curie("sh:sourceConstraintComponent")),
        graph.one(item, curie("sh:resultSeverity")),
        named(graph.one(item, curie("sh:sourceShape"))),
    )


def row(result: Result, named_shapes: frozenset[str]) -> Row:
    """Return a result as it is compared; blank nodes are all the same."""
    focus, path, value, component, severity, shape = result.key
    known = shape if shape in named_shapes else "_:"
    return blank(focus), path, blank(value), component, severity, known


def blank(term: str) -> str:
    """Return a term, or "_:" for a blank node: labels differ from one reading to the next."""
    return "_:" if term.startswith("_:") else term


named = blank


def _file(term: str) -> Path:
    return Path(unquote(urlparse(iri_of(term)).path))
