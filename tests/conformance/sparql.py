"""The W3C suites of the SPARQL 1.1 protocol, service description and result formats."""

import csv
import io
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import httpx
import pyoxigraph as ox
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF
from rdflib.term import Node

from qcp_graph.server.app import create_app
from qcp_graph.settings import Settings
from tests.conformance import suite
from tests.server.conftest import PlainPages, publish, served

FOLDER: Final = Path("conformance/sparql/sparql11")
BASE: Final = "https://example.org/"
MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
HT: Final = Namespace("http://www.w3.org/2011/http#")
CNT: Final = Namespace("http://www.w3.org/2011/content#")
SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
_VALUES: Final = dict.fromkeys(
    ("csv03", "tsv03"),
    "expects numbers as they were written (1.0E6, xsd:negativeInteger); the store keeps values",
)
_KINDS: Final = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": ("application/sparql-results+json", "application/sparql-results+xml"),
    "RDF": ("text/turtle", "application/rdf+xml", "application/n-triples"),
}


def all_cases(shared: Path) -> suite.Suite:
    """Return the suite's section."""
    folder = shared / FOLDER
    protocol = [case for case in _protocol(folder / "protocol") if _readable(case.name)]
    formats = [*_formats(folder / "csv-tsv-res"), *_formats(folder / "json-res")]
    about = (
        "The W3C test suites, run over HTTP against the public endpoint. Of the protocol tests, "
        "those that update a graph and look at the change do not apply to a read-only endpoint; "
        "malformed updates must be refused, and are run. [The endpoint](http.md)"
    )
    groups = [
        suite.Group("SPARQL 1.1 Protocol: queries", protocol[:13], 1.0, {}),
        suite.Group("SPARQL 1.1 Protocol: bad requests", protocol[13:], 1.0, {}),
        suite.Group("SPARQL 1.1 Service Description", _description(), 1.0, {}),
        suite.Group("SPARQL 1.1 result formats: CSV, TSV, JSON", formats, 0.8, _VALUES),
    ]
    return suite.Suite("SPARQL", about, groups)


def _readable(name: str) -> bool:
    return name.startswith(("query_", "bad_"))


def _manifest(folder: Path) -> tuple[Graph, list[Node]]:
    graph = Graph().parse(folder / "manifest.ttl", publicID=f"{folder.as_uri()}/")
    head = next(graph.objects(None, MF.entries))
    return graph, list(Collection(graph, head))


# --- protocol -----------------------------------------------------------------------------------


def _protocol(folder: Path) -> Iterator[suite.Case]:
    graph, entries = _manifest(folder)
    for entry in entries:
        name = str(entry).rpartition("#")[2]
        yield suite.Case(name, partial(_exchange, graph, entry, folder))


def _exchange(graph: Graph, entry: Node, folder: Path) -> str:
    action = graph.value(entry, MF.action)
    head = graph.value(action, HT.requests)
    assert head is not None
    with _served(_data(folder)) as client:
        differences = (_request(graph, request, client) for request in Collection(graph, head))
        return next(filter(None, differences), "")


def _request(graph: Graph, request: Node, client: httpx.Client) -> str:
    path = str(graph.value(request, HT.absolutePath)).replace("/sparql/", "/sparql", 1)
    headers = {}
    if (fields := graph.value(request, HT.headers)) is not None:
        for node in Collection(graph, fields):
            headers[str(graph.value(node, HT.fieldName))] = str(graph.value(node, HT.fieldValue))
    content = b""
    if (body := graph.value(request, HT.body)) is not None:
        encoding = str(graph.value(body, CNT.characterEncoding))
        content = str(graph.value(body, CNT.chars)).encode(encoding)
    method = str(graph.value(request, HT.methodName))
    answer = client.request(method, path, headers=headers, content=content)
    expected = graph.value(request, HT.resp)
    assert expected is not None
    return _judge(graph, expected, answer)


def _judge(graph: Graph, expected: Node, answer: httpx.Response) -> str:
    classes = {str(node)[-3] for node in graph.objects(expected, MF.expectedStatus)}
    if str(answer.status_code)[0] not in classes:
        return f"status {answer.status_code}, expected {sorted(classes)}"
    kind = answer.headers.get("content-type", "").partition(";")[0]
    form = graph.value(expected, MF.expectedFormat)
    if form is not None and kind not in _KINDS[str(form)]:
        return f"{kind} is not {form}"
    truth = graph.value(expected, MF.expectedBoolean)
    if isinstance(truth, Literal) and answer.json().get("boolean") is not truth.toPython():
        return f"not {truth}"
    return ""


def _data(folder: Path) -> dict[str, Path]:
    names = {f"http://kasei.us/2009/09/sparql/data/data{n}.rdf": f"data{n}.nt" for n in (1, 2, 3)}
    return {name: folder / file for name, file in names.items()}


@contextmanager
def _served(graphs: dict[str, Path]) -> Iterator[httpx.Client]:
    with tempfile.TemporaryDirectory() as home:
        publish(Path(home), "r1", "".join(_graph(name, path) for name, path in graphs.items()))
        app = create_app(Settings(base_iri=BASE, home=Path(home)), PlainPages())
        with served(app) as client:
            yield client


def _graph(name: str, path: Path) -> str:
    quads = ox.parse(path=str(path), base_iri=BASE)
    return f"<{name}> {{ {''.join(f'{quad.triple} .' for quad in quads)} }}\n"


# --- service description --------------------------------------------------------------------------


def _description() -> list[suite.Case]:
    return [
        suite.Case("returns-rdf", _returns_rdf),
        suite.Case("has-endpoint-triple", _has_endpoint),
        suite.Case("conforms-to-schema", _conforms),
    ]


def _described() -> Graph:
    with _served({}) as client:
        answer = client.get("/sparql", headers={"Accept": "text/turtle"})
    return Graph().parse(data=answer.text, format="turtle")


def _returns_rdf() -> str:
    return "" if len(_described()) else "no triples"


def _has_endpoint() -> str:
    found = set(_described().objects(None, SD.endpoint))
    return "" if found == {URIRef(BASE + "sparql")} else f"{found}"


def _conforms() -> str:
    """Check domains and ranges of the vocabulary, which the test states in prose only."""
    graph = _described()
    ranges = {
        SD.defaultDataset: (SD.Service, SD.Dataset),
        SD.defaultGraph: (SD.Dataset, SD.Graph),
        SD.namedGraph: (SD.Dataset, SD.NamedGraph),
        SD.graph: (SD.NamedGraph, SD.Graph),
    }
    for predicate, (domain, reach) in ranges.items():
        for subject, value in graph.subject_objects(predicate):
            if (subject, RDF.type, domain) not in graph or (value, RDF.type, reach) not in graph:
                return f"{subject} {predicate} {value}"
    services = list(graph.subjects(RDF.type, SD.Service))
    needed = (SD.endpoint, SD.supportedLanguage, SD.resultFormat)
    return "" if all(graph.value(s, p) is not None for s in services for p in needed) else "lacks"


# --- result formats -------------------------------------------------------------------------------


def _formats(folder: Path) -> Iterator[suite.Case]:
    graph, entries = _manifest(folder)
    for entry in entries:
        name = str(entry).rpartition("#")[2]
        action = graph.value(entry, MF.action)
        result = graph.value(entry, MF.result)
        files = [
            Path(str(node).removeprefix("file://"))
            for node in (graph.value(action, QT.query), graph.value(action, QT.data), result)
        ]
        yield suite.Case(name, partial(_same_answer, *files))


def _same_answer(query: Path, data: Path, result: Path) -> str:
    media_type = {
        ".csv": "text/csv",
        ".tsv": "text/tab-separated-values",
        ".srj": "application/sparql-results+json",
    }[result.suffix]
    with _served({BASE + "data": data}) as client:
        answer = client.post(
            "/sparql",
            content=query.read_bytes(),
            headers={"Content-Type": "application/sparql-query", "Accept": media_type},
        )
    if answer.status_code != 200:
        return answer.text
    ours, expected = (_rows(text, result.suffix) for text in (answer.content, result.read_bytes()))
    return "" if ours == expected else f"{ours} instead of {expected}"


def _rows(content: bytes, suffix: str) -> Any:
    """Return the multiset of rows, whose columns ``SELECT *`` may give in any order."""
    if suffix == ".csv":
        lines = list(csv.reader(io.StringIO(content.decode(), newline="")))
        return Counter(_row(lines[0], row) for row in lines[1:])
    if suffix == ".srj" and "boolean" in (document := json.loads(content)):
        return document["boolean"]
    form = ox.QueryResultsFormat.JSON if suffix == ".srj" else ox.QueryResultsFormat.TSV
    found = ox.parse_query_results(content, form)
    assert not isinstance(found, ox.QueryBoolean)
    names = [variable.value for variable in found.variables]
    return Counter(_row(names, [str(value or "") for value in row]) for row in found)


def _row(names: Sequence[str], values: Sequence[str]) -> frozenset[tuple[str, str]]:
    plain = ("_:" if value.startswith("_:") else value for value in values)
    return frozenset(zip(names, plain, strict=True))
